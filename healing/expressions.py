"""Regular expressions that users write, run by RE2: its work grows with the text and no faster.

Python's own engine can be made to run for hours by one careless expression, and holds the whole process meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

LONGEST = 1_000
"""Characters of one expression."""
KIND = "declared"
"""The kind of what an expression finds that was given none."""

Patterns: TypeAlias = "Mapping[str, str] | Iterable[str | tuple[str, str]]"
"""Expressions, or kinds with their expressions."""


class Found(Protocol):
    """A match; groups are asked for by number."""

    string: str

    def group(self, group: int = 0) -> str | None: ...

    def start(self, group: int = 0) -> int: ...

    def end(self, group: int = 0) -> int: ...


class Expression(Protocol):
    """A compiled expression, with the part of the interface of `re.Pattern` that is used."""

    pattern: str
    groupindex: Mapping[str, int]

    def match(self, text: str) -> Found | None: ...

    def search(self, text: str) -> Found | None: ...

    def sub(self, replacement: Callable[[Any], str], text: str) -> str: ...


@lru_cache(maxsize=256)
def compiled(expression: str) -> Expression:
    """Raises ValueError that says what is wrong with the expression, or how to install RE2 where it is missing."""
    if len(expression) > LONGEST:
        raise ValueError(f"an expression of {len(expression)} characters is too long: {LONGEST} at most")
    try:
        import re2
    except ModuleNotFoundError as error:
        raise ValueError('expressions of your own need RE2: pip install "healing[re2]"') from error
    options = re2.Options()
    options.log_errors = False
    try:
        found: Expression = re2.compile(expression, options)
    except re2.error as error:
        raise ValueError(f"{expression!r} is no expression that RE2 knows: {_reason(error)}") from None
    if found.match("") is not None:
        raise ValueError(f"{expression!r} also matches where nothing is")
    return found


_KIND = re.compile(r"[a-z_]{1,30}")


def labelled(patterns: Patterns) -> tuple[tuple[str, str], ...]:
    """Kinds with their expressions; raises ValueError for what is no kind and TypeError for what is no expression."""
    if isinstance(patterns, Mapping):
        listed = [(kind, expression) for kind, expression in patterns.items()]
    else:
        listed = [(item[0], item[1]) if isinstance(item, tuple) else (KIND, item) for item in patterns]
    for kind, expression in listed:
        if not isinstance(expression, str):
            raise TypeError(f"must be an expression, got {expression!r}")
        if not isinstance(kind, str) or _KIND.fullmatch(kind) is None:
            raise ValueError(f"{kind!r} is no kind: 1 to 30 small letters and underscores")
    return tuple(listed)


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
