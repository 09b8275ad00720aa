"""What users declare beyond the built-in rules: names of fields, and expressions that RE2 runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from healing.expressions import Expression, Patterns, compiled, labelled
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import PLACEHOLDER, placeholder

_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class DeclaredPattern:
    """One expression of a user. Placeholders are no part of what it hides, whatever it matches."""

    kind: str
    expression: Expression

    @property
    def patterns(self) -> tuple[Expression]:
        return (self.expression,)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        taken = [found.span() for found in PLACEHOLDER.finditer(text)]
        return self.expression.sub(lambda match: self._hidden(match, taken), text)

    def _hidden(self, match: Any, taken: list[tuple[int, int]]) -> str:
        group = self.expression.groupindex.get("secret", 0)
        start, end = match.start(group), match.end(group)
        begin, text = match.start(), match.string
        if start < 0:
            return str(match.group())
        pieces = "".join(self._pieces(text, start, end, taken))
        return f"{text[begin:start]}{pieces}{text[end : match.end()]}"

    def _pieces(self, text: str, start: int, end: int, taken: list[tuple[int, int]]) -> Iterator[str]:
        for opening, closing in (span for span in taken if span[0] < end and span[1] > start):
            yield self._piece(text[start : max(start, opening)])
            yield text[max(start, opening) : min(end, closing)]
            start = min(end, closing)
        yield self._piece(text[start:end])

    def _piece(self, text: str) -> str:
        return placeholder(self.kind) if _WORD.search(text) else text


def declared_patterns(patterns: Patterns) -> tuple[DeclaredPattern, ...]:
    """Raises ValueError that says which expression or kind is wrong, and why."""
    return tuple(DeclaredPattern(kind, compiled(expression)) for kind, expression in labelled(patterns))
