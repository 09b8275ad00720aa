"""Secrets out of any object: plain data in its place, bounded, without a stranger's `__repr__`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any, TypeAlias

from healing.redaction import bound as bounds
from healing.redaction.budget import Budget
from healing.redaction.contexts import authorization_value, cookie_value
from healing.redaction.names import SecretNames, describes
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.plausible import is_opaque_key, is_reference
from healing.redaction.reading import Reader, hides, reader, scalar_text
from healing.redaction.text import CUT, Texts
from healing.redaction.vocabulary import PERSONAL

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"
"""What JSON can hold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one value: `characters` of a string, `total` over all strings, `nodes` over all containers."""

    depth: int = 8
    items: int = 100
    nodes: int = 1000
    characters: int = 16_384
    total: int = 65_536


_NAMING_KEYS = frozenset({"name", "key", "field", "header", "Name", "Key"})
_DESCRIBED_KEYS = frozenset({"value", "Value", "VALUE"})
_MAX_WORDS = 64
_SMALL = 10**12
"""Whole numbers below it are shorter than any number with a checksum."""
_OPEN_DSN = re.compile(r"[a-z0-9+]{2,40}://[^@\s]{0,1024}")


class Walk:
    """One pass over one value; it holds what of the limits is spent."""

    def __init__(self, limits: Limits, texts: Texts, budget: Budget) -> None:
        self._limits = limits
        self._texts = texts
        self._names = texts.names
        self._budget = budget
        self._nodes = limits.nodes
        self._characters = limits.total
        self._open: set[int] = set()

    def value(self, value: object, depth: int = 0, *, paired: bool = False) -> Plain:
        """`paired`: it stands among lists of two, which are as good as pairs."""
        if value is None or value is True or value is False:
            return value
        cls: type[Any] = type(value)
        try:
            how = reader(cls)
            return self._scalar(value, cls) if how is None else self._container(value, how, depth, paired=paired)
        except Exception:  # noqa: BLE001 - a stranger's object may raise anything when it is read
            return placeholder("unreadable")

    def text(self, text: str) -> str:
        if self._characters <= 0:
            return CUT
        limit = self._limits.characters
        redacted = self._texts.redacted(text, limit, self._budget)
        self._characters -= max(min(len(text), limit), len(redacted))
        return redacted

    def _scalar(self, value: object, cls: type) -> Plain:
        if cls is str:
            return self.text(value)  # type: ignore[arg-type]
        if hides(cls):
            return f"{cls.__name__}({placeholder('secret')})"
        if issubclass(cls, int):
            return self._whole(int.__int__(value))  # type: ignore[arg-type]
        if issubclass(cls, float):
            number = float.__float__(value)  # type: ignore[arg-type]
            return number if math.isfinite(number) else str(number)
        return self.text(scalar_text(value, cls))

    def _whole(self, number: int) -> Plain:
        if -_SMALL < number < _SMALL:
            return number
        if number.bit_length() > 256:
            return CUT
        redacted = self.text(str(number))
        return redacted if PLACEHOLDER.search(redacted) else number

    def _container(self, value: object, how: Reader, depth: int, *, paired: bool) -> Plain:
        if depth >= self._limits.depth or id(value) in self._open:
            return CUT
        self._open.add(id(value))
        try:
            parts = list(islice(how.parts(value), self._limits.items + 1))
            if how.keyed:
                return self._mapping(parts, depth + 1)
            return self._list(parts, depth + 1, is_pair=len(parts) == 2 and (paired or type(value) is not list))
        finally:
            self._open.discard(id(value))

    def _goes_on(self, index: int) -> bool:
        self._nodes -= 1
        return index < self._limits.items and self._nodes >= 0 and not self._budget.is_spent()

    def _list(self, items: list[object], depth: int, *, is_pair: bool) -> list[Plain]:
        plain: list[Plain] = []
        kind: str | None = None
        paired = all(type(item) is list and len(item) == 2 for item in items)
        statement: list[str | None] = []
        header: list[str | None] = []
        for index, item in enumerate(items):
            if not self._goes_on(index):
                return [*plain, CUT]
            own = self.value(item, depth, paired=paired)
            if statement and type(own) is list:
                own, statement = bound(own, statement), []
            elif type(own) is str and index < 3:
                statement = bounds.kinds_of_parameters(own, self._names) or statement
            elif index == 0 and len(items) > 1:
                header = bounds.kinds_of_columns(own, self._names)
            elif header and type(own) is list and len(own) == len(header):
                own = bound(own, header)
            plain.append(own if kind is None or _is_flag(own) else hidden(kind, own, self._names))
            kind = self._announced(own, is_pair=is_pair)
        return self._command(plain)

    def _command(self, plain: list[Plain]) -> list[Plain]:
        """`plain` without the secrets that only a command's own order of words tells."""
        words = [item for item in plain if type(item) is str]
        if len(words) < 2 or len(words) != len(plain) or len(words) > _MAX_WORDS:
            return plain
        return [*bounds.arguments(words, self._names)]

    def _announced(self, item: Plain, *, is_pair: bool) -> str | None:
        """The kind of the item after this one, where this one names it: a flag of a command, the head of a pair."""
        if type(item) is not str or len(item) > 128 or not (is_pair or _is_flag(item)):
            return None
        return None if "=" in item or " " in item else self._names.kind(item)

    def _mapping(self, parts: Iterable[tuple[object, object]], depth: int) -> dict[str, Plain]:
        plain: dict[str, Plain] = {}
        described: str | None = None
        rejected: str | None = None
        beside = _Beside(self._names)
        for index, (key, item) in enumerate(parts):
            if not self._goes_on(index) or (name := self._key(key)) == CUT:
                return {**plain, CUT: CUT}
            own = beside.value(name, self.value(item, depth))
            kind = self._names.kind(name) or (described if name in _DESCRIBED_KEYS else None)
            if kind is None and type(own) is str and is_opaque_key(name, own):
                kind = "api_key"
            if name == "loc" and type(own) is list and own and type(own[-1]) is str:
                rejected = self._names.kind(own[-1])
            if name == "input" and kind is None and rejected is not None:
                kind = rejected
            if name in _NAMING_KEYS and type(own) is str:
                described = self._names.kind(own)
            plain[_free(name, plain)] = own if kind is None else hidden(kind, own, self._names)
        return _manifest(plain) if plain.get("kind") == "Secret" else plain

    def _key(self, key: object) -> str:
        if type(key) is str:
            return self.text(key)
        plain = self.value(key, self._limits.depth - 1)
        return plain if type(plain) is str else self.text(str(tuple(plain) if type(plain) is list else plain))


class _Beside:
    """What the parts of one mapping say of each other: a statement of its parameters, columns of their rows."""

    def __init__(self, names: SecretNames) -> None:
        self._names = names
        self._kinds: dict[frozenset[str], list[str | None]] = {}

    def value(self, name: str, plain: Plain) -> Plain:
        name = name.lower()
        if name in bounds.STATEMENTS and type(plain) is str:
            self._kinds[bounds.PARAMETERS_OF] = bounds.kinds_of_parameters(plain, self._names)
        if name in bounds.COLUMNS and type(plain) is list:
            self._kinds[bounds.ROWS] = bounds.kinds_of_columns(plain, self._names)
        kinds = next((kinds for listed, kinds in self._kinds.items() if name in listed and kinds), [])
        return bound(plain, kinds) if kinds and type(plain) is list else plain


def bound(plain: list[Plain], kinds: list[str | None]) -> list[Plain]:
    """A row, or rows, of which each item at the place of a kind is hidden."""
    if plain and all(type(row) is list for row in plain):
        return [bound(row, kinds) for row in plain if type(row) is list]
    return [part if kind is None else hidden(kind, part) for part, kind in zip(plain, cycle(kinds), strict=False)]


def _manifest(plain: dict[str, Plain]) -> dict[str, Plain]:
    """A Secret of Kubernetes: its data are secrets whatever their names."""
    return {name: hidden("secret", item) if name in {"data", "stringData"} else item for name, item in plain.items()}


def _is_flag(item: Plain) -> bool:
    return type(item) is str and len(item) > 1 and item[0] == "-"


def _free(name: str, taken: dict[str, Plain]) -> str:
    """`name`, numbered where redaction has made two names the same."""
    number, free = 2, name
    while free in taken:
        free = f"{name} ({number})"
        number += 1
    return free


def hidden(kind: str, plain: Plain, names: SecretNames | None = None) -> Plain:
    """`plain` with its parts hidden and its shape kept; flags (True, False, None) are no secrets.

    Where `names` are given, what only describes the secret, as the name of its user does, stays.
    """
    if plain is None or type(plain) is bool:
        return plain
    if type(plain) is list:
        return plain if kind in PERSONAL else [hidden(kind, part, names) for part in plain]
    if type(plain) is dict:
        return plain if kind in PERSONAL else {name: _part(kind, name, plain[name], names) for name in plain}
    return _hidden_text(kind, plain) if type(plain) is str else placeholder(kind)


def _part(kind: str, name: str, part: Plain, names: SecretNames | None) -> Plain:
    own = None if names is None else names.kind(name)
    if names is not None and own is None and kind != "cookie" and type(part) is not dict and describes(name):
        return part
    return hidden(own or kind, part, names)


def _hidden_text(kind: str, text: str) -> str:
    if text in {"", CUT} or PLACEHOLDER.fullmatch(text) or is_reference(text):
        return text
    if kind == "authorization":
        return authorization_value(text)
    if kind == "cookie":
        return cookie_value(text)
    if kind == "dsn" and (PLACEHOLDER.search(text) or _OPEN_DSN.fullmatch(text)):
        return text
    return placeholder(kind)
