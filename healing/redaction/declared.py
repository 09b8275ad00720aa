"""Secrets that users declare by expressions of their own."""

from __future__ import annotations

from typing import Any

from healing.expressions import Expression, compiled
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder

KIND = "declared"


class DeclaredRule:
    """An RE2 expression; its group `secret` is what goes, without one all that matches."""

    def __init__(self, expression: str) -> None:
        self._expression: Expression = compiled(expression)
        self._group = self._expression.groupindex.get("secret", 0)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if self._expression.search(text) is None:
            return text
        return self._expression.sub(self._replacement, text)

    def _replacement(self, match: Any) -> str:
        start, end = match.start(self._group) - match.start(), match.end(self._group) - match.start()
        whole: str = match.group()
        return f"{whole[:start]}{placeholder(KIND)}{whole[end:]}" if end > start else whole
