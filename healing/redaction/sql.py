"""Secrets in SQL: literals beside secret columns, parameters by the columns that they are bound to, rows in errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

from healing.forks import cached_property
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder
from healing.redaction.rule import Anchored, Layer, Rule, anchors

_LITERAL = r"[bBnNeE]?'(?:[^'\\]|\\.|''){0,4096}'?|b?\"(?:[^\"\\]|\\.){0,4096}\"?"
_MARK = (
    r"(?:\?|%s|%\((?P<percent>\w{1,64})\)s|(?<![:\w]):(?P<colon>[A-Za-z_]\w{0,63})"
    r"|\$\d{1,3}(?:::\w{1,40}(?:\(\d{1,4}\))?(?:\[\])?)?)"
)
_REACH = 4_096
_Kinds = list[str | None]


def _columns_before(text: str, place: int) -> list[str]:
    """`a, b` of the `(a, b)` that ends at `place`."""
    before = text[max(0, place - _REACH) : place].rstrip()
    opening = before.rfind("(") if before.endswith(")") else -1
    return before[opening + 1 : -1].split(",") if opening >= 0 else []


class InsertRule:
    """`INSERT INTO t (name, password) VALUES ('bob', 'x')`: literals by column, also where the head is cut off."""

    needles = ("values",)

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        rows = rf"(?is)values?\s{{0,4}}(?P<rows>\((?:{_LITERAL}|(?!\]\s|\[parameters)[^'\";]){{1,4096}})"
        item = rf"(?s)(?P<literal>{_LITERAL})|(?P<bare>[^\s,()'\"]{{1,256}})|(?P<row>\()"
        return re.compile(rows), re.compile(item)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        places = anchors(lowered, ("values",))
        return "".join(self._pieces(text, places, names)) if places else text

    def _pieces(self, text: str, places: list[int], names: SecretNames) -> Iterator[str]:
        done = 0
        for place in places:
            if place < done:
                continue
            kinds = [names.kind(column) for column in _columns_before(text, place)]
            rows = self.patterns[0].match(text, place) if any(kinds) else None
            if rows is not None:
                yield text[done : rows.start("rows")]
                yield from _bound(rows["rows"], self.patterns[1], kinds)
                done = rows.end()
        yield text[done:]


def _bound(rows: str, item: re.Pattern[str], kinds: _Kinds) -> Iterator[str]:
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
    opening = literal[:2] if literal[:1] not in "'\"" else literal[:1]
    if literal in {"''", '""'}:
        return literal
    return f"{opening}{placeholder(kind)}{opening[-1]}"


class ParametersRule:
    """SQLAlchemy's `[parameters: ...]`: by the statement's columns; every text where these cannot be told.

    Parameters with names (`{'name': 'bob'}`) go by the column that the name stands beside, else by the name itself.
    """

    needles = ("[parameters: ",)

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return (
            re.compile(r"\[parameters: (?P<parameters>[(\[{][^\r\n]{1,16384})"),
            re.compile(r"(?i)values\s{0,4}\((?P<marks>[^\[\]]{1,4096})"),
            re.compile(
                rf"(?i)(?P<column>[\w.]{{1,128}})[\"`\]]?\s{{0,4}}(?:=|<>|!=|<=?|>=?|i?like|limit|offset)\s{{0,4}}{_MARK}"
                rf"|\b(?P<word>limit|offset)\s{{1,4}}(?:\?|%s|\$\d{{1,3}})"
            ),
            re.compile(_MARK),
            re.compile(rf"(?s)(?P<literal>{_LITERAL})|(?P<bare>[^\s,()\[\]'\"][^,()\[\]'\"]{{0,256}})|(?P<row>\()"),
            re.compile(rf"(?s)'(?P<name>\w{{1,128}})': (?P<value>{_LITERAL})"),
        )

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if "[parameters: " not in lowered:
            return text
        return self.patterns[0].sub(lambda match: self._parameters(match, names), text)

    def _parameters(self, match: re.Match[str], names: SecretNames) -> str:
        before = match.string[max(0, match.start() - 8192) : match.start()]
        statement = before[before.rfind("[SQL: ") :] if "[SQL: " in before else ""
        parameters = match["parameters"]
        if parameters.lstrip("[").startswith("{"):
            return "[parameters: " + self._by_name(parameters, self._kinds_by_name(statement, names), names)
        return "[parameters: " + "".join(_bound(parameters, self.patterns[4], self._kinds(statement, names)))

    def _by_name(self, parameters: str, kinds: dict[str, str | None], names: SecretNames) -> str:
        def hidden(pair: re.Match[str]) -> str:
            kind = kinds.get(pair["name"]) or names.kind(pair["name"])
            return pair[0] if kind is None else f"'{pair['name']}': {_hidden(pair['value'], kind)}"

        return self.patterns[5].sub(hidden, parameters)

    def kinds_of(self, statement: str, names: SecretNames) -> _Kinds:
        """The kinds of the parameters of a statement; one for all where they cannot be told apart."""
        if self._marks(statement):
            kinds = self._kinds(statement, names)
            return kinds if kinds != ["parameter"] or self._names_a_secret(statement, names) else []
        return []

    def _names_a_secret(self, statement: str, names: SecretNames) -> bool:
        return any(names.kind(word) for word in re.findall(r"[A-Za-z_]\w{2,63}", statement))

    def _kinds(self, statement: str, names: SecretNames) -> _Kinds:
        columns, marks = self._columns(statement), self._marks(statement)
        if not columns or len(columns) != len(marks):
            return ["parameter"]
        return [names.kind(column) for column in columns]

    def _kinds_by_name(self, statement: str, names: SecretNames) -> dict[str, str | None]:
        columns, marks = self._columns(statement), self._marks(statement)
        if not columns or len(marks) % len(columns):
            return {}
        return {mark: names.kind(column) for column, mark in zip(cycle(columns), marks, strict=False)}

    def _marks(self, statement: str) -> list[str]:
        return [found["percent"] or found["colon"] or "" for found in self.patterns[3].finditer(statement)]

    def _columns(self, statement: str) -> list[str]:
        inserted = self.patterns[1].search(statement)
        if inserted is not None:
            return [column.strip() for column in _columns_before(statement, inserted.start())]
        return [found["column"] or found["word"] for found in self.patterns[2].finditer(statement)]


class DuplicateEntryRule:
    """MySQL's `Duplicate entry 'x' for key 'users.api_token'`."""

    needles = ("duplicate entry",)

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


class KeyDetailRule:
    """PostgreSQL's `Key (user_id, token)=(7, x) already exists`: by column, as far as the values can be told apart."""

    needles = ("key (",)

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str]]:
        return (
            re.compile(
                r"(?i)\bkey \((?P<names>(?:[^()=\r\n]|\([^()\r\n]{0,100}\)){1,200}+)\)="
                r"\((?P<values>(?:[^()\r\n]|\([^()\r\n]{0,200}\)){1,1024}+)"
            ),
        )

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if "key (" not in lowered:
            return text
        return self.patterns[0].sub(lambda match: self._detail(match, names), text)

    def _detail(self, match: re.Match[str], names: SecretNames) -> str:
        kinds = [names.kind(re.sub(r"::\w{1,40}|[()]", " ", column).strip()) for column in match["names"].split(",")]
        values = match["values"].split(", ")
        if not any(kinds):
            return match[0]
        if len(values) != len(kinds):
            values, kinds = [match["values"]], [next(kind for kind in kinds if kind)]
        shown = [_shown(value, kind) for value, kind in zip(values, kinds, strict=True)]
        return f"{match[0][: match.start('values') - match.start()]}{', '.join(shown)}"


def _shown(value: str, kind: str | None) -> str:
    return value if kind is None or value.startswith("[redacted:") else placeholder(kind)


class NamedLiteralRule:
    """`'x' AS password`, `token IN ('x', 'y')`, `api_key LIKE 'x%'`."""

    needles = ("' as ", " in (", "like ")

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return (
            re.compile(r"(?i)(?P<literal>'(?:[^'\\\r\n]|\\.|''){1,512}') as [\"`]?(?P<name>[\w.]{1,128})"),
            re.compile(
                rf"(?i)(?P<name>[\w.]{{1,128}}+)[\"`\]]? (?:not )?(?:in \(|i?like )"
                rf"(?P<values>(?:{_LITERAL})(?:, ?(?:{_LITERAL})){{0,100}})"
            ),
            re.compile(_LITERAL),
        )

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        aliased, listed, literal = self.patterns
        if "' as " in lowered:
            text = aliased.sub(lambda match: _with(match, "literal", literal, names), text)
        if " in (" in lowered or "like " in lowered:
            text = listed.sub(lambda match: _with(match, "values", literal, names), text)
        return text


def _with(match: re.Match[str], group: str, literal: re.Pattern[str], names: SecretNames) -> str:
    kind = names.kind(match["name"])
    if kind is None:
        return match[0]
    start, end = match.start(group) - match.start(), match.end(group) - match.start()
    hidden = literal.sub(lambda found: _hidden(found[0], kind), match[group])
    return f"{match[0][:start]}{hidden}{match[0][end:]}"


_ACCOUNT = re.compile(r"(?i)\b(?:create|alter|grant|set|user|role|to|link|connect|@)\b[^\r\n]{0,200}\Z")
_NO_ACCOUNT = re.compile(r"(?i)\b(?:is|are|was|be|being|revision|record|row|entity|resource|object|one|not) \Z")


def _is_of_an_account(match: re.Match[str]) -> bool:
    """`IDENTIFIED BY` of SQL, not the words of a sentence."""
    before = match.string[max(0, match.start() - 200) : match.start()]
    if match[0][:10].isupper() or not before:
        return True
    return _NO_ACCOUNT.search(before) is None and _ACCOUNT.search(before) is not None


class FailingRow:
    """PostgreSQL's `Failing row contains (7, x, 2024-01-01)`: of its columns nothing is known, so plain values stay."""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return (
            re.compile(r"(?i)failing row contains \((?P<row>[^\r\n]{1,8192}+)"),
            re.compile(
                r"(?:null|true|false|t|f|-?\d{1,12}(?:\.\d{1,9})?|[a-z]{1,12}(?:-[a-z]{1,8})?"
                r"|\d{4}-\d\d-\d\d(?:[ T][\d:.]{4,18}(?:[+-]\d\d(?::?\d\d)?|Z)?)?|\[redacted:[a-z_]{1,30}\])"
            ),
        )

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if "failing row contains" not in lowered:
            return text
        return self.patterns[0].sub(self._row, text)

    def _row(self, match: re.Match[str]) -> str:
        row = match["row"]
        end = row.rfind(")") if ")" in row else len(row)
        return f"{match[0][: match.start('row') - match.start()]}{self._values(row[:end])}{row[end:]}"

    def _values(self, row: str) -> str:
        shown: list[str] = []
        for value in row.split(", "):
            plain = self.patterns[1].fullmatch(value) is not None
            if plain or shown[-1:] != [placeholder("row")]:
                shown.append(value if plain else placeholder("row"))
        return ", ".join(shown)


PARAMETERS = ParametersRule()
SQL: tuple[Layer, ...] = (
    InsertRule(),
    PARAMETERS,
    DuplicateEntryRule(),
    KeyDetailRule(),
    NamedLiteralRule(),
    Anchored(
        "password",
        ("identified ",),
        r"(?i)identified (?:with [\w'\"]{1,60} )?(?:by|as) (?:values )?(?:password )?"
        r"(?:'(?=[^'\r\n])|\"|(?=[^\s'\";]))(?P<secret>(?!\[redacted:|password\b)[^'\"\r\n;\s]{1,512}|(?<=['\"])[^'\"\r\n]{1,512})",
        _is_of_an_account,
    ),
    Anchored("password", ("password(", "password ("), r"(?i)password ?\(\s?['\"](?P<secret>[^'\"\r\n]{1,512})"),
    Anchored(
        "password", ("set password for ",), r"(?i)set password for [^\r\n=]{1,128}= ?['\"](?P<secret>[^'\"\r\n]{1,512})"
    ),
    Anchored("secret", ("crypt(", "hmac("), r"(?i)\w{4,5}\((?:[\w.]{1,64}, ?)?'(?P<secret>[^'\r\n]{1,512})"),
    FailingRow(),
    Rule("parameter", ("$1 = '",), r"\$\d{1,3} = '(?P<secret>[^'\r\n]{1,4096})"),
)
