"""Which names (of keys, columns, headers, flags, variables) hold secret values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from healing.redaction import languages
from healing.redaction.placeholders import PLACEHOLDER
from healing.redaction.vocabulary import (
    ANYWHERE,
    CLAVE_OWNERS,
    DESCRIPTIVE,
    GLUED,
    HARMLESS_AFTER,
    HARMLESS_BEFORE,
    HARMLESS_BEFORE_TOKEN,
    HARMLESS_BEFORE_TOKENS,
    ID_IS_HARMLESS_AFTER,
    KEY_OWNERS,
    LAST,
    PASS_OWNERS,
    PERSONAL,
    PIN_OWNERS,
)

MAX_NAME = 128
"""Characters of a name that are looked at; longer names keep their end, where the meaning is."""

MAX_WORDS = 24

_WORD = re.compile(r"[A-Z]{2,128}(?![a-z])|[A-Z]?[a-z]{1,128}|[A-Z]|[^\W\d_A-Za-z]{1,128}")


_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ß": "ss", "Ł": "L", "Ø": "O"})
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """Without accents, in Latin script and Greek."""
    if word.isascii():
        return word
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))
    return unicodedata.normalize("NFC", bare).translate(_UNDECOMPOSED)


def _words(name: str) -> tuple[str, ...]:
    name = PLACEHOLDER.sub(" ", name[-MAX_NAME:])
    found: list[str] = _WORD.findall(plain(name))
    return tuple(word.lower() for word in found[-MAX_WORDS:])


def _terms(*tables: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {
        _words(spelling): kind
        for table in tables
        for kind, terms in table.items()
        for term in terms.split(",")
        for spelling in (term, term.translate(_WRITTEN_OUT))
    }


def _key_terms() -> dict[tuple[str, ...], str]:
    kinds = {"private": "private_key", "ssh": "private_key", "secret": "secret"}
    owners = KEY_OWNERS.split()
    return {(owner, key): kinds.get(owner, "api_key") for owner in owners for key in ("key", "keys")}


_ANYWHERE_TERMS = _terms(ANYWHERE, languages.NAMES) | _key_terms()
_LAST_TERMS = _terms(LAST, languages.LAST)
_FIRST_WORDS = frozenset(term[0] for term in (*_ANYWHERE_TERMS, *_LAST_TERMS))
_GLUED = GLUED | {plain(ending): kind for ending, kind in languages.GLUED.items()}
_GLUED_ENDINGS = tuple(_GLUED)
_LAST_WORDS = frozenset(term[-1] for term in (*_ANYWHERE_TERMS, *_LAST_TERMS) if len(term) > 1)


@lru_cache(maxsize=4096)
def may_end_a_term(word: str) -> bool:
    """Whether a name of several words ends in `word`."""
    return plain(word).lower() in _LAST_WORDS


def ends_in_a_term(spoken: str) -> str | None:
    """The words at the end of `spoken` that name a secret together, joined by spaces."""
    words = _words(spoken)
    return next((" ".join(words[at:]) for at in range(len(words) - 1) if words[at:] in _ANYWHERE_TERMS), None)


def describes(name: str) -> bool:
    """Whether a value under `name` says something about the secret beside it."""
    return _words(name)[-1:] != () and _words(name)[-1] in DESCRIPTIVE


class SecretNames:
    """Names that hold secrets: the built-in ones and a user's `extra` ones, in any spelling (snake, camel, header)."""

    def __init__(self, extra: Iterable[str] = (), *, personal_data: bool = True) -> None:
        self._extra = tuple(words for words in (_words(name) for name in extra) if words)
        self._personal_data = personal_data
        self.kind = lru_cache(maxsize=4096)(self._kind)
        self.mirrored_kind = lru_cache(maxsize=4096)(lambda mirrored: self._kind(mirrored[::-1]))

    def _kind(self, name: str) -> str | None:
        """The kind of secret that a value under this name is, None where it is none."""
        words = _words(name)
        if any(_holds(words, extra) for extra in self._extra):
            return "declared"
        kind = _secret_kind(words)
        return None if kind in PERSONAL and not self._personal_data else kind


def _holds(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _secret_kind(words: tuple[str, ...]) -> str | None:
    for at, word in enumerate(words):
        if word not in _FIRST_WORDS and not word.endswith(_GLUED_ENDINGS):
            continue
        for length in (4, 3, 2, 1):
            term = words[at : at + length]
            if len(term) < length:
                continue
            kind = _term_kind(words[:at], term, words[at + length :])
            if kind is not None:
                return kind
    return None


def _term_kind(before: tuple[str, ...], term: tuple[str, ...], after: tuple[str, ...]) -> str | None:
    kind = _LAST_TERMS.get(term)
    if kind is not None:
        return kind if not after and _owned(before, term[0]) else None
    kind = _ANYWHERE_TERMS.get(term) or (_glued_kind(term[0]) if len(term) == 1 else None)
    if kind is None or _is_harmless(kind, before, term, after):
        return None
    return kind


def _owned(before: tuple[str, ...], word: str) -> bool:
    """Whether `pass` and `pin`, which are plain words too, are meant as secrets."""
    owners = {"pass": PASS_OWNERS, "pin": PIN_OWNERS, "clave": CLAVE_OWNERS}.get(word)
    return owners is None or not before or before[-1] in owners


def _glued_kind(word: str) -> str | None:
    return next((kind for ending, kind in _GLUED.items() if word.endswith(ending)), None)


def _is_harmless(kind: str, before: tuple[str, ...], term: tuple[str, ...], after: tuple[str, ...]) -> bool:
    if not HARMLESS_AFTER.isdisjoint(after):
        return True
    if kind != "password" and before[-1:] and before[-1] in HARMLESS_BEFORE:
        return True
    if after[:1] in {("id",), ("ids",)} and kind in ID_IS_HARMLESS_AFTER:
        return True
    if term == ("token",):
        return bool(before) and before[-1] in HARMLESS_BEFORE_TOKEN
    return term == ("tokens",) and bool(before) and before[-1] in HARMLESS_BEFORE_TOKENS
