"""Secrets in SQL: literals beside secret columns, parameters by the columns that they are bound to, rows in errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import cycle

from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder
from healing.redaction.rule import Rule

_LITERAL = r"b?'(?:[^'\\]|\\.|''){0,4096}'?|b?\"(?:[^\"\\]|\\.){0,4096}\"?"
_MARK = r"(?:\?|%s|%\(\w{1,64}\)s|:\w{1,64}|\$\d{1,3})"
_INSERT = (
    r"(?is)\b(?:insert|replace)\s{1,4}(?:or \w{1,10} )?into\s{1,4}[^\s(]{1,128}\s{0,4}"
    r"\((?P<columns>[^()]{1,4096})\)\s{0,4}"
)


class InsertRule:
    """`INSERT INTO t (name, password) VALUES ('bob', 'x')`: literals by their column."""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        rows = rf"values\s{{0,4}}(?P<rows>\((?:{_LITERAL}|[^'\"]){{1,4096}})"
        item = rf"(?s)(?P<literal>{_LITERAL})|(?P<bare>[^\s,()'\"]{{1,256}})|(?P<row>\()"
        return re.compile(_INSERT + rows), re.compile(item)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if "values" not in lowered:
            return text
        return self.patterns[0].sub(lambda match: self._statement(match, names), text)

    def _statement(self, match: re.Match[str], names: SecretNames) -> str:
        kinds = [names.kind(column) for column in match["columns"].split(",")]
        if not any(kinds):
            return match[0]
        before = match[0][: match.start("rows") - match.start()]
        return before + "".join(_bound(match["rows"], self.patterns[1], kinds))


def _bound(rows: str, item: re.Pattern[str], kinds: list[str | None]) -> Iterator[str]:
    """The text of `rows` with each literal hidden whose place has a kind; a bracket begins the places anew."""
    done = 0
    places = cycle(kinds)
    for found in item.finditer(rows):
        if found["row"]:
            places = cycle(kinds)
            continue
        kind = next(places)
        if kind is None or found["literal"] is None:
            continue
        yield rows[done : found.start()] + _hidden(found["literal"], kind)
        done = found.end()
    yield rows[done:]


def _hidden(literal: str, kind: str) -> str:
    opening = literal[:2] if literal[:1] == "b" else literal[:1]
    if literal in {"''", '""'}:
        return literal
    return f"{opening}{placeholder(kind)}{opening[-1]}"


class ParametersRule:
    """SQLAlchemy's `[parameters: (...)]`: by the statement's columns; every text where these cannot be told."""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return (
            re.compile(r"\[parameters: (?P<parameters>[(\[][^\r\n]{1,16384})"),
            re.compile(rf"{_INSERT}values\s{{0,4}}\((?P<marks>[^()]{{1,4096}})\)"),
            re.compile(rf"(?i)(?P<column>[\w.]{{1,128}})[\"`\]]?\s{{0,4}}(?:=|<>|!=|<=?|>=?|i?like)\s{{0,4}}{_MARK}"),
            re.compile(_MARK),
            re.compile(rf"(?s)(?P<literal>{_LITERAL})|(?P<bare>[^\s,()\[\]'\"][^,()\[\]'\"]{{0,256}})|(?P<row>\()"),
        )

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if "[parameters: " not in lowered:
            return text
        return self.patterns[0].sub(lambda match: self._parameters(match, names), text)

    def _parameters(self, match: re.Match[str], names: SecretNames) -> str:
        kinds = self._kinds(match.string[max(0, match.start() - 8192) : match.start()], names)
        return "[parameters: " + "".join(_bound(match["parameters"], self.patterns[4], kinds))

    def _kinds(self, before: str, names: SecretNames) -> list[str | None]:
        _, insert, compared, mark, _ = self.patterns
        statement = before[before.rfind("[SQL: ") :] if "[SQL: " in before else ""
        inserted = insert.search(statement)
        if inserted is not None:
            columns = inserted["columns"].split(",")
        else:
            columns = [found["column"] for found in compared.finditer(statement)]
        if not columns or len(columns) != len(mark.findall(statement)):
            return ["parameter"]
        return [names.kind(column) for column in columns]


class DuplicateEntryRule:
    """MySQL's `Duplicate entry 'x' for key 'users.api_token'`."""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str]]:
        return (re.compile(r"(?i)duplicate entry '(?P<secret>[^'\r\n]{1,1024})' for key '(?P<name>[^'\r\n]{1,128})'"),)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if "duplicate entry" not in lowered:
            return text
        return self.patterns[0].sub(lambda match: self._entry(match, names), text)

    def _entry(self, match: re.Match[str], names: SecretNames) -> str:
        kind = names.kind(match["name"])
        return match[0] if kind is None else match[0].replace(match["secret"], placeholder(kind), 1)


SQL = (
    InsertRule(),
    ParametersRule(),
    DuplicateEntryRule(),
    Rule(
        "password",
        ("identified ",),
        r"(?i)identified (?:with [\w'\"]{1,60} )?(?:by|as) (?:password )?'(?P<secret>[^'\r\n]{1,512})",
    ),
    Rule("row", ("failing row contains",), r"(?i)failing row contains \((?P<secret>[^\r\n]{1,8192})"),
    Rule("parameter", ("$1 = '",), r"\$\d{1,3} = '(?P<secret>[^'\r\n]{1,4096})"),
)
