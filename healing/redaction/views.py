"""Secrets within encodings: each piece is decoded, looked at by all layers, and encoded again or replaced whole.

A view takes the text, the text in lower case, and the function that redacts what was decoded.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Protocol
from urllib.parse import unquote

from healing.redaction.placeholders import PLACEHOLDER, placeholder

Redact = Callable[[str], str]


class View(Protocol):
    def __call__(self, text: str, lowered: str, *, redact: Redact) -> str: ...


_PIECE = re.compile(r"[^\s\"'<>`]{3,4096}+")
_TELLING = re.compile(r"%(?:25)?(?:3[aAdD]|2[25]|40)")


def percent(text: str, lowered: str, *, redact: Redact) -> str:
    """URL-encoded values, also those that were encoded twice."""
    if "%" not in text or _TELLING.search(text) is None:
        return text
    return _PIECE.sub(lambda match: _encoded_again(match[0], redact), text)


def _encoded_again(piece: str, redact: Redact) -> str:
    if _TELLING.search(piece) is None:
        return piece
    decoded = unquote(piece)
    redacted = redact(decoded)
    if redacted == decoded or not decoded.isprintable():
        return piece
    head = piece[: piece.index("%")]
    if not redacted.startswith(head):
        head = ""
    rest = piece[len(head) :]
    encoded = set(unquote("".join(_ESCAPED.findall(rest)))) - set(_ESCAPED.sub("", rest))
    return head + _outside_placeholders(redacted[len(head) :], lambda part: "".join(_percented(part, encoded)))


_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2}){1,1024}")


def _percented(part: str, encoded: set[str]) -> list[str]:
    return ["".join(f"%{byte:02X}" for byte in mark.encode()) if mark in encoded else mark for mark in part]


def _outside_placeholders(text: str, change: Callable[[str], str]) -> str:
    done, pieces = 0, []
    for hidden in PLACEHOLDER.finditer(text):
        pieces += [change(text[done : hidden.start()]), hidden[0]]
        done = hidden.end()
    return "".join([*pieces, change(text[done:])])


_ESCAPE = re.compile(r"(\\{1,7})u00(2[0-9a-fA-F]|3[a-fA-F])")


def script(text: str, lowered: str, *, redact: Redact) -> str:
    """Signs that JSON writes as `\\u0022`: the text is read without them, and where it changes written anew."""
    first = _ESCAPE.search(text) if "\\u00" in text else None
    if first is None:
        return text
    marks = {chr(int(found[2], 16)) for found in _ESCAPE.finditer(text)} - set(_ESCAPE.sub("", text))
    decoded = _ESCAPE.sub(lambda match: chr(int(match[2], 16)), text)
    redacted = redact(decoded)
    if redacted == decoded:
        return text
    escaped = {ord(mark): f"{first[1]}u{ord(mark):04x}" for mark in marks}
    return _outside_placeholders(redacted, lambda part: part.translate(escaped))


_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:[A-Za-f][A-HQ-Xg-nw-z0-3][\w+/-]{2}){4}[A-Za-z0-9+/_-]{0,8192}(?:={1,2}|(?:%3[Dd]){1,2})?"
)
_HEX = re.compile(r"(?<![A-Za-z0-9])(?:0x)?((?:[2-7][0-9A-Fa-f]|0[9aAdD]){10,4096})(?![A-Za-z0-9])")
_TEXT = re.compile(r"[\t\n\r -~\u00a0-\U0010ffff]{8,16384}")
_ACCOUNT = re.compile(r"[\w.@+-]{1,64}:(?=[^\d]{0,64}\d)(?=\d{0,64}[^\d])[^\s:]{6,128}")
_NUMBERED = re.compile(
    r"(?i)[a-z_]{1,64}:(?:[0-9a-f]{8}-[0-9a-f-]{27}|[a-z]{1,12}[_-]?\d{1,20}|[0-9a-f]{16,64}|[\d.:/-]{1,64})"
)


_RUN = re.compile(r"[A-Za-z0-9+/_-]{16}")
_TO_RUNS = str.maketrans({chr(code): " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "+/_-")})


def _may_be_wrapped(run: str) -> bool:
    return len(run) >= 16 and (_BASE64.match(run) is not None or _HEX.match(run) is not None)


def wrapped(text: str, lowered: str, *, redact: Redact) -> str:
    """Base64 and hexadecimal digits that hold a text with a secret: what tells it goes whole."""
    if _RUN.search(text) is None or not any(map(_may_be_wrapped, text.translate(_TO_RUNS).split())):
        return text

    def seen(match: re.Match[str], decode: Callable[[str], str]) -> str:
        kind = _kind(decode(match[0]), redact)
        return match[0] if kind is None else placeholder(kind)

    text = _BASE64.sub(lambda match: seen(match, _from_base64), text)
    return _HEX.sub(lambda match: seen(match, _from_hex), text)


def _from_base64(encoded: str) -> str:
    digits = re.sub(r"(?:=|%3[Dd]){1,6}$", "", encoded).replace("-", "+").replace("_", "/")
    digits = digits[:-1] if len(digits) % 4 == 1 else digits
    try:
        return _as_text(base64.b64decode(digits + "=" * (-len(digits) % 4)))
    except ValueError:
        return ""


def _from_hex(encoded: str) -> str:
    return _as_text(bytes.fromhex(encoded.lower().removeprefix("0x")))


def _as_text(data: bytes) -> str:
    text = data.decode("utf-8", "ignore")
    return text if len(text) >= len(data) * 3 // 4 and _TEXT.fullmatch(text) else ""


def _kind(decoded: str, redact: Redact) -> str | None:
    if not decoded:
        return None
    if _ACCOUNT.fullmatch(decoded):
        return None if _NUMBERED.fullmatch(decoded) else "credentials"
    found = PLACEHOLDER.search(redact(decoded))
    if found is None or PLACEHOLDER.search(decoded):
        return None
    return found[0][len("[redacted:") : -1]


VIEWS: tuple[View, ...] = (script, percent, wrapped)
