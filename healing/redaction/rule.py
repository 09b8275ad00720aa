"""What a rule of redaction is: one row of a table of patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from healing.forks import cached_property
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder


class Layer(Protocol):
    """`lowered` is `text` in lower case, made once for all layers."""

    @property
    def patterns(self) -> Sequence[object]: ...

    def apply(self, text: str, lowered: str, names: SecretNames) -> str: ...


def always(match: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True)
class Rule:
    """One row of a table of patterns.

    `expression` marks the secret by the group `secret`; without one, all that matches is the secret.
    `needles`, in lower case: a text that holds none of them holds no match, so the pattern need not run.
    `accepts` has the last word on a match, for what a pattern cannot say (checksums, plausibility).
    """

    kind: str
    needles: tuple[str, ...]
    expression: str
    accepts: Callable[[re.Match[str]], bool] = always

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str]]:
        return (re.compile(self.expression),)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        for needle in self.needles:
            if needle in lowered:
                return self.patterns[0].sub(self._replacement, text)
        return text

    def _replacement(self, match: re.Match[str]) -> str:
        if not self.accepts(match):
            return match[0]
        if "secret" not in match.re.groupindex:
            return placeholder(self.kind)
        start, end = match.start("secret") - match.start(), match.end("secret") - match.start()
        return f"{match[0][:start]}{placeholder(self.kind)}{match[0][end:]}"


class Anchored(Rule):
    """A rule whose pattern begins with a needle: it is tried where one stands, and nowhere else."""

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        places = anchors(lowered, self.needles)
        return "".join(self._pieces(text, places)) if places else text

    def _pieces(self, text: str, places: list[int]) -> Iterator[str]:
        done = 0
        for place in places:
            match = self.patterns[0].match(text, place) if place >= done else None
            if match is None or not self.accepts(match):
                continue
            group = "secret" if "secret" in match.re.groupindex else 0
            yield text[done : match.start(group)] + placeholder(self.kind)
            done = match.end(group)
        yield text[done:]


def anchors(lowered: str, needles: tuple[str, ...]) -> list[int]:
    """Where the needles stand, from left to right."""
    places = []
    for needle in needles:
        at = lowered.find(needle)
        while at >= 0:
            places.append(at)
            at = lowered.find(needle, at + 1)
    return sorted(places) if len(needles) > 1 else places


class Headed(Layer, Protocol):
    @property
    def needles(self) -> tuple[str, ...]: ...

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]: ...


_HEAD = re.compile(r"[^\W_]{1,3}")
_TO_WORDS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})


class HeadTable:
    """Rules whose needles all begin where a word begins: the heads of a text's words tell which of them may match."""

    def __init__(self, rules: tuple[Headed, ...]) -> None:
        self.rules = rules
        self._by_head: dict[str, list[int]] = {}
        for number, rule in enumerate(rules):
            for head in {found[0] for needle in rule.needles if (found := _HEAD.search(needle)) is not None}:
                self._by_head.setdefault(head, []).append(number)

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(pattern for rule in self.rules for pattern in rule.patterns)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        heads = self._by_head.keys() & {word[:3] for word in set(lowered.translate(_TO_WORDS).split())}
        for number in sorted({number for head in heads for number in self._by_head[head]}):
            changed = self.rules[number].apply(text, lowered, names)
            if changed != text:
                text, lowered = changed, changed.lower()
        return text
