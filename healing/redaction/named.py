"""Secrets that are known by the name before them: assignments, flags, pairs, tags, prose.

A name is searched first and its value only where the name is a secret's, so that harmless text costs one scan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from healing.forks import cached_property
from healing.redaction.budget import OverTimeError
from healing.redaction.names import SecretNames, describes, ends_in_a_term, may_end_a_term
from healing.redaction.placeholders import placeholder
from healing.redaction.plausible import (
    Value,
    any_value,
    is_like_a_password,
    is_no_cache_key,
    is_no_flag,
    is_no_secret,
    is_no_syntax,
    is_of_a_column,
    is_plausible,
    is_random,
)
from healing.redaction.rule import anchors
from healing.redaction.vocabulary import PERSONAL_BY_SHAPE, word_set

_ELSEWHERE = frozenset({"authorization", "cookie"})
"""Kinds whose values have parts worth keeping, and rules of their own in `contexts`."""

_STOP = r"\s\"'`<>;&,(){}\[\]"
QUOTED = (
    r"[ \t]{0,3}(?:(?:\\n|\r?\n)[ \t]{0,20})?(?:[bBuUrRfFNE@]{1,2})?(?:\"{2}(?=\")|'{2}(?='))?"
    r"(?P<quote>\\{0,7}[\"'`]|&(?:quot|#3[49]);)"
    r"(?P<quoted>(?:(?!(?P=quote))(?:\\[^\r\n]|[^\\\r\n])"
    r"|(?<=[^\"'`])(?P=quote)(?P=quote)(?=[\w ])(?=[^\"'`\r\n]{1,64}[\"'`])){0,4096})"
)
_ITEMS = (
    r"[ \t]{0,3}(?!\[redacted:)[\[({]{1,3}(?P<items>"
    r"[ \t]{0,3}b?\\{0,3}[\"'](?:\[redacted:[a-z_]{1,30}\]|[^\[\](){}\r\n]){0,2048})"
)
_LONG = r"[ \t]{0,3}(?P<triple>\"{3}|'{3})(?P<long>(?:(?!(?P=triple))[^\x00]){1,1024})"
_HELD = r"[ \t]{0,3}(?!\[redacted:)[\[({<](?P<held>[^\s\[\](){}<>\"',]{5,256})(?=[\])}>])"
BARE = (
    r"[ \t]{0,20}(?:(?:!!|&)[A-Za-z]{1,20} )?"
    rf"(?P<bare>(?:\[redacted:[a-z_]{{1,30}}\]|(?!\\[nrt][\w.-]{{1,40}}[=:]|\|[\w.-]{{1,40}}=)[^{_STOP}]"
    rf"|(?<=[^\s=:])[;&,(){{}}\[\]\"'<>](?=[^{_STOP}](?![\w.-]{{0,40}}(?: [\w.-]{{1,30}}){{0,2}}[=:]))){{1,1024}})"
)
_TAG_TEXT = (
    r"\s{0,20}(?:<!\[CDATA\[)?(?P<bare>(?:\[redacted:[a-z_]{1,30}\]|[^<&\r\n\]]|&(?!lt;)){1,1024})"
    r"(?=\s{0,20}(?:<|&lt;|\]|$))"
)
_ENTRIES = r"[ \t]{0,20}- (?P<bare>[^\s:]{1,512}(?:\r?\n[ \t]{0,20}- [^\s:]{1,512}){0,64})"
_BLOCK = r"(?P<lead>[ \t]{1,20})(?P<bare>[^\r\n]{1,512}(?:\r?\n(?P=lead)[^\r\n]{1,512}){0,64})"
_CELL = r"[ ]{0,20}(?P<bare>[^|\s]{1,256})(?=[ ]{0,40}\|)"
_ROW_VALUE = r"\((?P<bare>[^()\r\n]{1,1024})"

_BREAK = r"(?:\\{1,2}r\\{1,2}n|\\{1,2}n|\r?\n)"
_NAME = r"(?P<name>[A-Za-z_][\w.$-]{0,127}+)"
_Q = r"\\{0,2}[\"']"
_KEY_OWNERS = word_set(
    "api access secret private signing encryption account shared auth session service master license licence connection"
    " deploy webhook unseal recovery pre preshared"
)


@dataclass(frozen=True)
class NamedRule:
    """`before` ends where a value may begin and holds the group `name`; the last group of `value` is the secret.

    `needles` are those of `Rule`. `accepts` judges the name and its value beyond what holds for all of them.
    `folded`: `before` is matched in lower case. Where many names come before one and the same long value, none of which
    is a secret, the text is given up.
    """

    needles: tuple[str, ...]
    before: str
    value: str = f"(?:{_LONG}|{QUOTED}|{_ITEMS}|{_HELD}|{BARE})"
    accepts: Callable[[str, Value], bool] = any_value
    folded: bool = False

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        return re.compile(self.before), re.compile(self.value)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        for needle in self.needles:
            if needle in lowered:
                return "".join(self._pieces(text, lowered if self.folded else text, names))
        return text

    def _pieces(self, text: str, searched: str, names: SecretNames) -> Iterator[str]:
        value_pattern = self.patterns[1]
        done, left = 0, 16_384 + 2 * len(text)
        for name, kind, at in self._names(searched, names):
            if at < done or kind == "dsn":
                continue
            value = value_pattern.match(text, at)
            if value is None or not self._is_secret(kind, name, value):
                left -= 8 if value is None else value.end() - at
                if left < 0:
                    raise OverTimeError
                continue
            start, end = value.span(value.lastgroup or 0)
            yield text[done:start] + self._hidden(kind, value, names)
            done = end
        yield text[done:]

    def _hidden(self, kind: str, value: Value, names: SecretNames) -> str:
        if value.lastgroup != "items" or value.string[value.start("items") - 1] != "{":
            return placeholder(kind)
        return _PAIR.sub(lambda pair: _hidden_pair(kind, pair, names), value["items"])

    def _names(self, searched: str, names: SecretNames) -> Iterator[tuple[str, str, int]]:
        """Each name of a secret, its kind, and the place at which its value may begin."""
        for found in self.patterns[0].finditer(searched):
            kind = names.kind(found["name"])
            if kind is not None:
                yield found["name"], kind, found.end()

    def _is_secret(self, kind: str, name: str, value: Value) -> bool:
        if kind in _ELSEWHERE and (value.lastgroup != "items" or "[redacted:" in value["items"]):
            return False
        if kind == "credentials" and value.lastgroup == "items" and "[redacted:" in value["items"]:
            return False
        if kind in PERSONAL_BY_SHAPE and value.lastgroup == "bare" and "@" not in value["bare"]:
            return False
        return is_plausible(name, value) and self.accepts(name, value)


class Assignments(NamedRule):
    """`name = value` in all its forms, read backwards from the sign: most words of a text are not followed by one."""

    def _names(self, searched: str, names: SecretNames) -> Iterator[tuple[str, str, int]]:
        mirrored, length, kind_of = searched[::-1], len(searched), names.mirrored_kind
        found = [
            match
            for match in self.patterns[0].finditer(mirrored)
            if (kind_of(match[1]) is not None or may_end_a_term(match[1][::-1]))
            and not mirrored.startswith(":detcader[", match.end(1))
        ]
        for match in reversed(found):
            name = _whole_name(match)
            kind = names.kind(name)
            if kind is not None:
                yield name, kind, length - match.start()


@dataclass(frozen=True)
class NameBehind(NamedRule):
    """`before` is the sign alone: the name that ends before it is looked up from there."""

    def _names(self, searched: str, names: SecretNames) -> Iterator[tuple[str, str, int]]:
        for sign in self.patterns[0].finditer(searched):
            found = _ENDS_IN_A_NAME.match(searched[max(0, sign.start() - 160) : sign.start()][::-1])
            kind = None if found is None else names.kind(found["eman"][::-1])
            if found is not None and kind is not None:
                yield found["eman"][::-1], kind, sign.end()


class WeakKeys(NamedRule):
    """`key: x`: most keys are of caches and dictionaries, so only what looks random is one of a service."""

    def _names(self, searched: str, names: SecretNames) -> Iterator[tuple[str, str, int]]:
        for place in anchors(searched, self.needles):
            found = self.patterns[0].match(searched, place)
            if found is not None:
                yield found["name"], "api_key", found.end()


_PAIR = re.compile(
    r"(?P<q>\\{0,3}[\"'])(?P<name>[^\"'\r\n\\:]{1,128})(?P=q)[ ]?:[ ]?"
    r"(?P<value>b?(?P<r>\\{0,3}[\"'])(?P<quoted>(?:(?!(?P=r))[^\r\n]){0,2048})(?P=r)?|(?P<bare>[^\s,\"'{}\[\]]{1,256}))"
)


def _hidden_pair(kind: str, pair: re.Match[str], names: SecretNames) -> str:
    """One `"name": "value"` of an object under a secret's name: what only describes the secret stays."""
    own = names.kind(pair["name"])
    group = "quoted" if pair["bare"] is None else "bare"
    if is_no_secret(pair[group]) or (own is None and kind != "cookie" and describes(pair["name"])):
        return pair[0]
    start, end = pair.start(group) - pair.start(), pair.end(group) - pair.start()
    return f"{pair[0][:start]}{placeholder(own or kind)}{pair[0][end:]}"


_ENDS_IN_A_NAME = re.compile(r"[ \t]{0,20}[\"']?(?P<eman>[\w.$-]{1,128})")


@dataclass(frozen=True)
class Changed(NamedRule):
    """`"[redacted:password]" -> "x"`: what a hidden value is changed to."""

    def _names(self, searched: str, names: SecretNames) -> Iterator[tuple[str, str, int]]:
        for found in _HIDDEN_BEFORE.finditer(searched):
            yield found["kind"], found["kind"], found.end()


_HIDDEN_BEFORE = re.compile(
    r"\[redacted:(?P<kind>[a-z_]{1,30})\][\"'`]?[ ]{0,3}(?:->|→|=>|changed to|was changed to|replaced (?:by|with))[ ]"
)
_WORDS_BEFORE = re.compile(r"(?: [^\W\d][\w'-]{0,20}){1,3}")


def _whole_name(match: re.Match[str]) -> str:
    """The name, with the word before it where it takes two to be one: `API key`, `session ID`."""
    name = match["eman"][::-1]
    words = _WORDS_BEFORE.match(match.string, match.end()) if may_end_a_term(name) else None
    if words is not None:
        before = words[0][::-1]
        together = ends_in_a_term(f"{before} {name}")
        if together is not None and (name.lower() not in {"key", "keys"} or together.split()[0] in _KEY_OWNERS):
            return together
    escaped = match.string[match.end("eman") : match.end("eman") + 1] == "\\" and name[0] in "nrt"
    return name[1:] if escaped else name


_MIRRORED_ASSIGNMENT = (
    r"[=:>](?:(?<=>)=|(?<==)[=:]?|(?<=:)(?<!::)(?!:))[ \t.]{0,40}"
    r"(?:(?:dedivorp|desu|nevig|si|saw|deretne) )?"
    r"(?:\]?[\"'`]\\{0,7}|\](?!\w{1,30}:detcader)|\*{2}|;(?:touq|[94]3#)&)?(?P<eman>[\w$][\w.$-]{0,127}+)"
)

_KEYS = ("key", "clave", "jeton", "schlüssel", "clé", "clef", "chave", "chiave")
_WEAK_KEY = rf"(?<![\w.-])(?P<name>(?:{'|'.join(_KEYS)})(?: api)?)[\"']?[ ]?[:=]"
_RANDOM = r"[ \t]{0,3}[\"']?(?P<bare>(?=[^\s\"']{0,64}[A-Za-z])(?=[^\s\"']{0,64}\d)[\w.+/=!@#$%-]{8,512})"

NAMED = (
    NamedRule(("auth",), r"\b(?P<name>auth)[\"']?[=:] ?[\[(]b?[\"'][^\"'\r\n]{1,64}[\"'], ?", QUOTED),
    Assignments(("=", ":"), _MIRRORED_ASSIGNMENT, accepts=is_no_syntax),
    NamedRule(
        ("-",),
        rf"-(?<![\w-].)-?{_NAME}(?:{_Q},(?=[ ]{{0,2}}b?{_Q})|[ ](?=[^ ]))",
        accepts=is_no_flag,
    ),
    NamedRule(
        ("',", '",'), rf"[(\[](?:(?<=\()|(?<=\[\[)|(?<=\], \[)|(?<=\],\[))[ ]?b?{_Q}{_NAME}{_Q},(?=[ ]{{0,2}}b?{_Q})"
    ),
    NamedRule(
        ("set(", "put(", "setattr(", "env("),
        rf"(?:set|put|setattr|env)\((?:[\w.]{{1,64}}, ?|[\"'][\w.-]{{1,64}}[\"'], ?)[\"']{_NAME}[\"'], ?(?=[\"'])",
        QUOTED,
    ),
    NamedRule(
        ("value",),
        rf"{_Q}(?:name|key|field|header){_Q} ?: ?{_Q}{_NAME}{_Q}, ?{_Q}value{_Q} ?:",
        folded=True,
    ),
    NamedRule(
        ("value=",),
        rf"(?:name|key|id)=[\"']{_NAME}[\"']"
        rf"(?:[ ,]{{1,2}}[\w-]{{1,30}}=[\"'][^\"'<>]{{0,100}}[\"']){{0,5}}[ ,]{{1,2}}value=",
        QUOTED,
        folded=True,
    ),
    NamedRule(("</", "&lt;/"), rf"(?:<|&lt;)(?:\w{{1,40}}:)?{_NAME}(?: [^<>&]{{0,200}})?(?:>|&gt;)", _TAG_TEXT),
    NamedRule(
        ("</",), rf"<\w{{1,40}} (?:name|key|id)=[\"']{_NAME}[\"'](?: [^<>]{{0,100}})?>(?:\s{{0,20}}<value>)?", _TAG_TEXT
    ),
    NamedRule(("</key>",), rf"<key>{_NAME}</key>\s{{0,20}}<\w{{1,20}}>", _TAG_TEXT),
    NamedRule(
        ("value:",), rf"(?:name|key): [\"']?{_NAME}[\"']?\r?\n[ \t]{{0,40}}value:", f"(?:{QUOTED}|{BARE})", folded=True
    ),
    NameBehind((": |", ": >"), r":[ ]{1,3}[|>][+-]?\d?[ ]{0,3}\r?\n", _BLOCK),
    NameBehind((":\n", ":\r\n"), r":[ ]{0,3}\r?\n(?=[ \t]{0,20}- )", _ENTRIES, is_random),
    NameBehind((" | ",), r"\|(?<= .)(?= )", _CELL, is_like_a_password),
    NameBehind(("->",), r"->", f"(?:{QUOTED}|{BARE})", is_like_a_password),
    Changed((" -> ", " → ", " => ", " changed to "), "", f"(?:{QUOTED}|{BARE})"),
    NameBehind(("reg_sz",), r"REG_SZ(?:[ \t]|\\t){1,8}", BARE),
    NamedRule(
        ("input_value=",),
        rf"(?m)^{_NAME}\r?\n[ ]{{2}}[^\r\n]{{1,300}}\[type=\w{{1,60}}, input_value=",
        f"(?:{QUOTED}|{BARE})",
    ),
    NamedRule(
        ("loc",),
        rf"{_Q}loc{_Q}: ?[\[(](?:[^\[\](){{}}]{{0,200}}, ?)?{_Q}{_NAME}{_Q},?[\])][^{{}}]{{0,400}}?{_Q}input{_Q}:",
        f"(?:{QUOTED}|{BARE})",
    ),
    NamedRule(
        ("env ", "setx ", "configure set ", "config set "),
        rf"(?i:env|setx|config(?:ure)? set)(?: --\w{{1,20}})?[ ]{{1,3}}{_NAME}[ \t]{{1,8}}",
        f"(?:{QUOTED}|{BARE})",
        is_like_a_password,
    ),
    NamedRule(
        ("form-data",),
        rf"form-data; ?name=\\{{0,2}}[\"']?(?P<name>[\w.$\[\]-]{{1,128}})\\{{0,2}}[\"']?"
        rf"(?:{_BREAK}[\w-]{{1,40}}: ?[^\r\n\\]{{1,200}}){{0,4}}{_BREAK}{_BREAK}",
        r"(?P<quoted>(?:(?!\\r|\\n)[^\r\n]){1,2048})",
    ),
    NamedRule(("name=",), rf"name=\"{_NAME}\"(?:\\r\\n){{2}}", r"(?P<bare>[^\r\n\\]{1,1024})"),
    NamedRule(("variable ",), rf"variable \"{_NAME}\"\s{{0,4}}\{{[^{{}}]{{0,300}}?default\s{{0,20}}=", QUOTED),
    WeakKeys(_KEYS, _WEAK_KEY, _RANDOM, is_no_cache_key, folded=True),
    NamedRule((":: ",), rf"(?m)^{_NAME}::[ ]", BARE),
    NameBehind((" '",), r"[ ](?=')", QUOTED, is_of_a_column),
    NamedRule(("key (",), r"\bkey \((?P<name>\w{1,64})\)=", _ROW_VALUE, folded=True),
)
