"""Characters that only look like those of a rule, and those that are not seen at all, undone before the rules look."""

from __future__ import annotations

import re

_UNSEEN = "\u00ad\u034f\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_ALIKE = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(
        map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"),
        " ",
    )
    | dict.fromkeys(map(ord, "“”„‟«»＂"), '"')
    | dict.fromkeys(map(ord, "‘’‚‛＇"), "'")
    | dict.fromkeys(map(ord, "‐‑‒–−﹣"), "-")
    | dict.fromkeys(map(ord, "：꞉﹕∶"), ":")
    | dict.fromkeys(map(ord, "＝﹦"), "=")
)
_FOLDED = re.compile(f"[{re.escape(_UNSEEN + ''.join(map(chr, _ALIKE)))}]")
_TABLE = {**_ALIKE, **dict.fromkeys(map(ord, _UNSEEN))}


def unfolded(text: str) -> str:
    """`text` with ASCII in the place of full-width letters, odd spaces, quotes and dashes; unseen characters go."""
    if text.isascii() or not _FOLDED.search(text):
        return text
    return text.translate(_TABLE)
