"""An event as it travels: an opening line at the error, a closing line at the outcome.

Both are plain data, already redacted, and turn into one JSON line each of the spool.
`details` holds what only the page of one event reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from healing.vocabulary import Category, DecidedBy, Outcome, Severity, StopReason, Strategy


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known when a call has just failed. `occurred_at` is Unix time in seconds."""

    id: str
    occurred_at: float
    source: str
    category: Category
    severity: Severity
    fingerprint: str
    fingerprint_version: int
    error_type: str
    message: str
    critical: bool
    parent_id: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    """Keys: function, declared (arguments of `self_healing` that differ from their defaults),
    arguments, chain, notes, frames ([module, function, file, line, in_app], outermost first),
    diagnosis, plan ([strategy, kind, taken, reason]), process (host, pid, thread, task, release, environment);
    where they were asked for, locals ([function, line, values]) and breadcrumbs ([Unix time, level, logger, text])."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of the operation under a strategy. Times are in milliseconds since the error."""

    number: int
    strategy: Strategy
    waited_ms: float
    started_ms: float
    elapsed_ms: float
    succeeded: bool
    error_type: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """How the event ended. `runs` counts executions of the function, the first one included."""

    id: str
    outcome: Outcome
    stop_reason: StopReason
    strategy: Strategy | None
    decided_by: DecidedBy
    runs: int
    healing_ms: float
    trials: tuple[Trial, ...] = ()
    note: str = ""
    """One sentence for a person: what was decided last, and why."""
    plan: list[dict[str, Any]] | None = None
    """The plan that was last followed, where it is not the opening's."""


class Sink(Protocol):
    """Where events go: the journal, or a test's list."""

    def opened(self, opening: Opening) -> None: ...

    def closed(self, closing: Closing) -> None: ...

    def recorded(self, opening: Opening, closing: Closing) -> None: ...

    def flush(self, timeout: float) -> bool: ...

    def close(self) -> None: ...
