"""Secrets that are known by the name before them: assignments, flags, pairs, tags, prose.

A name is searched first and its value only where the name is a secret's, so that harmless text costs one scan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from healing.redaction.names import PERSONAL_BY_SHAPE, SecretNames, word_set
from healing.redaction.placeholders import placeholder
from healing.redaction.plausible import (
    Value,
    any_value,
    is_like_a_token,
    is_no_flag,
    is_no_quoted_word,
    is_no_syntax,
    is_plausible,
)

_ELSEWHERE = frozenset({"authorization", "cookie"})
"""Kinds whose values have parts worth keeping, and rules of their own in `contexts`."""

_STOP = r"\s\"'`<>;&,(){}\[\]"
_QUOTED = (
    r"[ \t]{0,3}(?:[bBuUrRfF]{1,2})?(?P<quote>\\{0,3}[\"'`])"
    r"(?P<quoted>(?:(?!(?P=quote))(?:\\[^\r\n]|[^\\\r\n])){0,4096})"
)
_ITEMS = (
    r"[ \t]{0,3}(?!\[redacted:)[\[({]{1,3}(?P<items>"
    r"[ \t]{0,3}b?\\{0,3}[\"'](?:\[redacted:[a-z_]{1,30}\]|[^\[\](){}\r\n]){0,2048})"
)
_BARE = (
    rf"[ \t]{{0,3}}(?P<bare>(?:\[redacted:[a-z_]{{1,30}}\]|(?!\\[nrt][\w.-]{{1,40}}[=:])[^{_STOP}]"
    rf"|(?<=[^\s=:])[;&,(){{}}\[\]\"'<>](?=[^{_STOP}](?![\w.-]{{0,40}}[=:]))){{1,1024}})"
)
_WORD = r"(?P<bare>[^\s\"'`<>;,(){}\[\]]{4,1024})"
_TAG_TEXT = r"(?P<bare>[^<\r\n]{1,1024})(?=<|$)"
_ROW_VALUE = r"\((?P<bare>[^()\r\n]{1,1024})"

_NAME = r"(?P<name>[A-Za-z_][\w.$-]{0,127}+)"
_Q = r"\\{0,2}[\"']"
_SPOKEN = (
    r"(?P<name>[past](?<![\w.-].)(?:(?<=p)(?:assword|asswd|wd|assphrase|asscode|in)|(?<=s)ecret(?:[ _-]key)?"
    r"|(?<=t)oken|(?<=a)(?:pi[ _-]?key|(?:ccess|uth)[ _-](?:key|token)))|private[ _-]key)"
)
_SECOND_WORDS = frozenset({"key", "keys", "id", "code", "codes", "phrase", "token"})
_SECOND_WORDS_MIRRORED = frozenset(
    spelling[::-1] for word in _SECOND_WORDS for spelling in (word, word.upper(), word.title())
)
_FIRST_WORDS = word_set(
    "api access secret private signing encryption account shared auth authentication refresh bearer session security "
    "client verification one-time login service master seed recovery backup pass"
)


@dataclass(frozen=True)
class NamedRule:
    """`before` ends where a value may begin and holds the group `name`; the last group of `value` is the secret.

    `needles` are those of `Rule`. `accepts` judges the name and its value beyond what holds for all of them.
    `folded`: `before` is matched in lower case.
    """

    needles: tuple[str, ...]
    before: str
    value: str = f"(?:{_QUOTED}|{_ITEMS}|{_BARE})"
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
        done = 0
        for name, kind, at in self._names(searched, names):
            if at < done:
                continue
            value = value_pattern.match(text, at)
            if value is None or not self._is_secret(kind, name, value):
                continue
            start, end = value.span(value.lastgroup or 0)
            yield text[done:start] + placeholder(kind)
            done = end
        yield text[done:]

    def _names(self, searched: str, names: SecretNames) -> Iterator[tuple[str, str, int]]:
        """Each name of a secret, its kind, and the place at which its value may begin."""
        for found in self.patterns[0].finditer(searched):
            kind = names.kind(found["name"])
            if kind is not None:
                yield found["name"], kind, found.end()

    def _is_secret(self, kind: str, name: str, value: Value) -> bool:
        if kind in _ELSEWHERE and (value.lastgroup != "items" or "[redacted:" in value["items"]):
            return False
        if kind == "dsn" or (kind in PERSONAL_BY_SHAPE and value.lastgroup == "bare"):
            return False
        return is_plausible(name, value) and self.accepts(name, value)


class Assignments(NamedRule):
    """`name = value` in all its forms, read backwards from the sign: most words of a text are not followed by one."""

    def _names(self, searched: str, names: SecretNames) -> Iterator[tuple[str, str, int]]:
        mirrored, length = searched[::-1], len(searched)
        found = [
            match
            for match in self.patterns[0].finditer(mirrored)
            if names.mirrored_kind(match["eman"]) is not None or match["eman"] in _SECOND_WORDS_MIRRORED
        ]
        for match in reversed(found):
            name = _whole_name(match)
            kind = names.kind(name)
            if kind is not None:
                yield name, kind, length - match.start()


def _whole_name(match: re.Match[str]) -> str:
    """The name, with the word before it where it takes two to be one: `API key`, `session ID`."""
    name, first = match["eman"][::-1], (match["drow"] or "")[::-1]
    if first.lower() in _FIRST_WORDS and name.lower() in _SECOND_WORDS:
        return f"{first} {name}"
    escaped = match.string[match.end("eman") : match.end("eman") + 1] == "\\" and name[0] in "nrt"
    return name[1:] if escaped else name


_MIRRORED_ASSIGNMENT = (
    r"(?:[=:>](?:(?<=>)=|(?<==)[=:]?|(?<=:)(?<!::)(?!:))|(?:22%)?[AaDd]3%|[dD]300u\\)[ \t]{0,3}"
    r"(?:(?:dedivorp|desu|nevig|si|saw) )?(?:\]?[\"'`]\\{0,3}|\]|22%)?(?P<eman>[\w$][\w.$-]{0,127}+)"
    r"(?: (?P<drow>[A-Za-z-]{2,20}))?"
)

NAMED = (
    Assignments(("=", ":", "%3", "\\u003d"), _MIRRORED_ASSIGNMENT, accepts=is_no_syntax),
    NamedRule(
        ("-",),
        rf"-(?<![\w-].)-?{_NAME}(?:{_Q},(?=[ ]{{0,2}}b?{_Q})|[ ](?=[^ ]))",
        accepts=is_no_flag,
    ),
    NamedRule(
        ("',", '",'), rf"[(\[](?:(?<=\()|(?<=\[\[)|(?<=\], \[)|(?<=\],\[))[ ]?b?{_Q}{_NAME}{_Q},(?=[ ]{{0,2}}b?{_Q})"
    ),
    NamedRule(
        ("value",),
        rf"{_Q}(?:name|key|field|header){_Q} ?: ?{_Q}{_NAME}{_Q}, ?{_Q}value{_Q} ?:",
        folded=True,
    ),
    NamedRule(("value=",), rf"<\w{{1,40}} (?:name|key)=[\"']{_NAME}[\"'] value=", _QUOTED, folded=True),
    NamedRule(("</",), rf"<(?:\w{{1,40}}:)?{_NAME}(?: [^<>]{{0,200}})?>", _TAG_TEXT),
    NamedRule(
        ("word ", "wd ", "phrase ", "passcode ", "secret ", "token ", "key "),
        rf"{_SPOKEN}(?: (?:was|is|of|for user \S{{1,64}} is))? (?=['\"`])",
        _QUOTED,
        is_no_quoted_word,
        folded=True,
    ),
    NamedRule((" is ", " was "), rf"{_SPOKEN} (?:is|was) ", _WORD, is_like_a_token, folded=True),
    NamedRule(("key (",), r"\bkey \((?P<name>\w{1,64})\)=", _ROW_VALUE, folded=True),
)
