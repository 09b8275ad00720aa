"""What a developer declared about a wrapped function."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

from healing.errors import DeclarationError
from healing.vocabulary import Category, Mode, Strategy


class _Missing:
    """The absence of a default, where None is a default like any other."""

    def __repr__(self) -> str:
        return "<missing>"


MISSING: Any = _Missing()

DEFAULT_FINGERPRINT = "{{ default }}"
"""Within an operation's own fingerprint, what stands for the one that the error would have without it."""

FingerprintParts: TypeAlias = "Sequence[str] | Callable[[Any], object]"
"""Texts, or a callable from the exception to texts; errors of an operation with the same texts are one error."""

LONGEST_SOURCE = 200
"""Characters of an operation's name that the tables hold."""


@dataclass(frozen=True, slots=True)
class Cache:
    """How FALLBACK_TO_CACHE keeps last good results.

    `ttl`: seconds for which a result counts as fresh. `max_stale`: seconds past `ttl` for which it may still stand in
    for a failed call. `key`: from the call's arguments to a hashable value; by default all arguments, which must then
    be hashable or JSON-serialisable. `max_entries`: results kept per operation; the least recently used goes first.
    """

    ttl: float = 300.0
    max_stale: float = 86_400.0
    key: Callable[..., Hashable] | None = None
    max_entries: int = 1024

    def __post_init__(self) -> None:
        if self.ttl < 0 or self.max_stale < 0:
            raise DeclarationError(f"Cache(ttl={self.ttl}, max_stale={self.max_stale}): seconds cannot be negative")
        if self.max_entries < 1:
            raise DeclarationError(f"Cache(max_entries={self.max_entries}): keep at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A wrapped function and the facts declared about it; the arguments are those of `self_healing`."""

    source: str
    function: Callable[..., Any]
    category: Category = Category.GENERAL
    idempotent: bool = False
    atomic: bool = False
    critical: bool = False
    budget: float = 10.0
    attempts: int = 4
    strategies: frozenset[Strategy] = frozenset(Strategy)
    default: Any = MISSING
    default_factory: Callable[[], Any] | None = None
    skippable: bool = False
    cache: Cache | None = None
    endpoints: tuple[str, ...] = ()
    clears: tuple[Any, ...] = ()
    resets: tuple[Any, ...] = ()
    session: Any = None
    queue: bool = False
    dependency: str | None = None
    fingerprint: FingerprintParts | None = None
    redact_keys: tuple[str, ...] = ()
    redact_patterns: tuple[str, ...] = ()
    mode: Mode | None = None
    """None follows the settings: the source's own mode, else the process's."""
    declared: dict[str, Any] = field(init=False, compare=False)
    """The facts that differ from their defaults, as names and short texts for an event's page."""

    def __post_init__(self) -> None:
        self._require("source", str, f"a text of 1 to {LONGEST_SOURCE} characters")
        if not 0 < len(self.source) <= LONGEST_SOURCE:
            raise DeclarationError(f"source={self.source!r} must be a text of 1 to {LONGEST_SOURCE} characters")
        for name in ("idempotent", "atomic", "critical", "skippable", "queue"):
            self._require(name, bool, "True or False")
        self._require("attempts", int, "a whole number, at least 1, the first run included")
        self._require("budget", int | float, "a number of seconds, 0 or more")
        if self.attempts < 1 or not self.budget >= 0:
            raise DeclarationError(f"{self.source}: attempts={self.attempts}, budget={self.budget}: too little")
        if self.dependency is not None:
            self._require("dependency", str, "the name of a health check")
        if self.default is not MISSING and self.default_factory is not None:
            raise DeclarationError(f"{self.source}: give default or default_factory, not both")
        if self.default_factory is not None and not callable(self.default_factory):
            raise DeclarationError(f"{self.source}: default_factory={self.default_factory!r} must be callable")
        if len(self.endpoints) == 1:
            raise DeclarationError(f"{self.source}: endpoints needs at least two addresses to switch between")
        object.__setattr__(self, "declared", _declared(self))

    def _require(self, name: str, kind: Any, wanted: str) -> None:
        value = getattr(self, name)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise DeclarationError(f"{self.source}: {name}={value!r} must be {wanted}")

    @property
    def has_default(self) -> bool:
        return self.default is not MISSING or self.default_factory is not None


def function_name(function: Callable[..., Any]) -> str:
    """`module.qualname`; of an object that can be called, its type's."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"


def _declared(operation: Operation) -> dict[str, Any]:
    named = [spec for spec in fields(operation) if spec.name not in {"source", "function", "declared"}]
    values = {spec.name: (getattr(operation, spec.name), spec.default) for spec in named}
    return {
        name: _fact(value) for name, (value, default) in values.items() if value is not default and value != default
    }


def _fact(value: Any) -> Any:
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (Sequence, frozenset)):
        return sorted(str(item) if isinstance(item, str) else type(item).__name__ for item in value)
    return type(value).__name__
