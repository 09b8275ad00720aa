"""One event with everything that is known of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from db.connection import reading
from db.events import EventRow, to_row
from healing.schema import event_details, events, patterns

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the diagnosis said; `retry_after_s` is in seconds."""

    category: str = ""
    transient: bool = False
    executed: str = ""
    severity: str = ""
    rule: str = ""
    reason: str = ""
    retry_after_s: float | None = None
    known: bool = True
    own: bool = False
    """Whether the rule was one of the service's own."""


@dataclass(frozen=True, slots=True)
class Step:
    """A strategy that was taken into the plan or left out, and why."""

    strategy: str = ""
    kind: str = ""
    taken: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One more run of the operation. Times are in milliseconds since the error."""

    number: int = 0
    strategy: str = ""
    waited_ms: float = 0.0
    started_ms: float = 0.0
    elapsed_ms: float = 0.0
    succeeded: bool = False
    error_type: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """A row of `healing_event_details`."""

    message: str
    traceback: str
    note: str
    context: dict[str, Any]
    diagnosis: Opinion
    plan: tuple[Step, ...]
    trials: tuple[TrialRow, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of `healing_patterns`: what a strategy has done for this fingerprint so far."""

    strategy: str
    successes: int
    failures: int
    success_weight: float
    failure_weight: float
    updated_at: datetime
    ruling: str | None
    ruled_by: str | None
    ruled_at: datetime | None

    @property
    def rate(self) -> float | None:
        """The share of successes, recent ones counting more; None before the first try."""
        weight = self.success_weight + self.failure_weight
        return self.success_weight / weight if weight else None


Part = TypeVar("Part", Opinion, Step, TrialRow)


@dataclass(frozen=True, slots=True)
class EventRecord:
    """`details` is None where they were not kept."""

    row: EventRow
    details: Details | None
    patterns: tuple[Pattern, ...]


def is_event_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def event(engine: Engine, event_id: str) -> EventRecord | None:
    """None where no event has this id. Raises DatabaseAwayError."""
    if not is_event_id(event_id):
        return None
    with reading(engine) as connection:
        row = connection.execute(sa.select(events).where(events.c.id == event_id)).one_or_none()
        if row is None:
            return None
        return EventRecord(to_row(row), _details(connection, event_id), _patterns(connection, row.fingerprint))


def _details(connection: Connection, event_id: str) -> Details | None:
    query = sa.select(event_details).where(event_details.c.event_id == event_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Details(
        message=row.message,
        traceback=row.traceback,
        note=row.note,
        context=row.context,
        diagnosis=_parsed(Opinion, row.diagnosis),
        plan=tuple(_parsed(Step, item) for item in row.plan),
        trials=tuple(_parsed(TrialRow, item) for item in row.trials),
    )


def _parsed(part: type[Part], found: dict[str, Any]) -> Part:
    """A service of another version may write more names or fewer: unknown ones are dropped, absent ones default."""
    return part(**{spec.name: found[spec.name] for spec in fields(part) if spec.name in found})


def _patterns(connection: Connection, fingerprint: str) -> tuple[Pattern, ...]:
    kept = [column for column in patterns.c if column.name not in {"fingerprint", "source"}]
    query = sa.select(*kept).where(patterns.c.fingerprint == fingerprint).order_by(patterns.c.strategy)
    return tuple(Pattern(*row) for row in connection.execute(query))
