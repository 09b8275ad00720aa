"""Secrets in tables: a header names the columns, and the cells below one that is a secret's go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from healing.forks import cached_property
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder
from healing.redaction.plausible import is_no_secret, is_token_like
from healing.redaction.vocabulary import PERSONAL

_MAX_ROWS = 200
_HEADER_LENGTH = range(7, 1_024)
_HINTS = [
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "pin",
    "auth",
    "cred",
    "senha",
    "clave",
    "kennwort",
    "contrase",
    "wachtwoord",
    "schl",
    "parola",
    "otp",
    "psk",
    "cookie",
    "cvv",
    "session",
    "card",
    "iban",
    "ssn",
    "code",
]
_RULER = re.compile(r"[\s|+:=-]{3,1024}")
_HEAD_CELL = re.compile(r"[ ]{0,40}[\"'`]?[^\W\d][\w. -]{0,48}[\"'`]?[ ]{0,40}")
_SEPARATORS = (",", ";", "\t", "|", "  ")
_WIDE_CELL = re.compile(r"\S(?:\S|[ ](?![ ])){0,255}")
_ANY_VALUE = frozenset({"password", "otp", "card", "declared", *PERSONAL})
"""Kinds of columns whose cells need not look like a token."""
_Kinds = list[str | None]


class TableRule:
    """Rows of CSV and of tables drawn with bars or tabs, as long as they have as many cells as their header."""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return re.compile(r"\\r\\n|\\n|\r?\n"), _HEAD_CELL

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        is_one_line = "\n" not in text and "\\n" not in text
        if is_one_line or not any(hint in lowered for hint in _HINTS):
            return text
        return "".join(self._lines(text, names))

    def _lines(self, text: str, names: SecretNames) -> Iterator[str]:
        kinds: _Kinds = []
        separator, rows, done = "", 0, 0
        for start, end in self._spans(text):
            line = text[start:end]
            if rows > 0 and (_RULER.fullmatch(line) or self._is_row(line, separator, kinds)):
                yield text[done:start] + _hidden(line, separator, kinds)
                done, rows = end, rows - 1
                continue
            separator, kinds = self._header(line, names)
            rows = _MAX_ROWS if kinds else 0
        yield text[done:]

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        start = 0
        for found in self.patterns[0].finditer(text):
            yield start, found.start()
            start = found.end()
        yield start, len(text)

    def _header(self, line: str, names: SecretNames) -> tuple[str, _Kinds]:
        if len(line) not in _HEADER_LENGTH:
            return "", []
        for separator in _SEPARATORS:
            cells = _heads(line, separator) if separator in line else []
            if len(cells) < 2 or not all(map(self.patterns[1].fullmatch, cells)):
                continue
            kinds = [names.kind(cell.strip(" \"'`").replace(" ", "_")) for cell in cells]
            return (separator, kinds) if any(kinds) else ("", [])
        return "", []

    def _is_row(self, line: str, separator: str, kinds: _Kinds) -> bool:
        return len(_cells(line, separator)) == len(kinds)


def _heads(line: str, separator: str) -> list[str]:
    if separator.isspace() and separator != "\t":
        return _WIDE_CELL.findall(line)
    return line.strip("|'\" ").split(separator)


def _cells(line: str, separator: str) -> list[tuple[int, int]]:
    """Where the cells of a row stand; a separator within double quotes is none."""
    if separator == "  ":
        return [found.span() for found in _WIDE_CELL.finditer(line)]
    inner = line.strip().strip("|") if separator == "|" else line
    start = line.find(inner)
    spans, at, quoted = [], start, False
    for place, sign in enumerate(inner, start):
        if sign == '"':
            quoted = not quoted
        elif sign == separator and not quoted:
            spans.append((at, place))
            at = place + 1
    return [*spans, (at, start + len(inner))]


def _hidden(line: str, separator: str, kinds: _Kinds) -> str:
    pieces, done = [], 0
    for (start, end), kind in zip(_cells(line, separator), kinds, strict=False):
        cell = line[start:end]
        bare = cell.strip(" \"'")
        if kind is None or is_no_secret(bare) or bare.strip("-+=") == "":
            continue
        if kind not in _ANY_VALUE and not is_token_like(bare):
            continue
        at = start + cell.find(bare)
        pieces.append(line[done:at] + placeholder(kind))
        done = at + len(bare)
    return "".join([*pieces, line[done:]])
