"""Batches of events into the database: events, details, roll-ups and patterns, in one transaction each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from healing.capture import format_traceback
from healing.clock import Clock
from healing.database import ensure_schema, insert, open_engine, write
from healing.event import Opening
from healing.pairing import Finished
from healing.pattern_store import apply_trials, changed_since
from healing.patterns import PatternFigures, Tally
from healing.redaction import Redactor
from healing.schema import event_details, event_rollups, events
from healing.settings import Settings
from healing.vocabulary import REPAIRS

_OWN_COLUMNS = frozenset({"full_message", "frames", "diagnosis", "plan"})
"""Keys of an opening's details that are not part of the column `context`."""
_ROLLUP_KEY = ("hour", "source", "category", "outcome")
_MOST_RUNS = 2**31 - 1
_LONGEST_TYPE = 200
_LONGEST_MESSAGE = 300
_LONGEST_SOURCE = 200
_LONGEST_FINGERPRINT = 32


@dataclass(frozen=True, slots=True)
class Record:
    """An event as rows."""

    finished: Finished
    event: dict[str, Any]
    details: dict[str, Any]


def record(finished: Finished, redactor: Redactor) -> Record:
    """`redactor` is for the source lines of the traceback; all else has been redacted.

    Raises ValueError, TypeError, KeyError or OverflowError for values that no column takes."""
    return Record(finished, _event_row(finished), _details_row(finished, redactor))


def _event_row(finished: Finished) -> dict[str, Any]:
    opening, closing = finished.opening, finished.closing
    return {
        "id": _id(opening.id),
        "occurred_at": datetime.fromtimestamp(opening.occurred_at, UTC),
        "source": _fitting(opening.source, _LONGEST_SOURCE),
        "category": opening.category,
        "severity": opening.severity,
        "fingerprint": _fitting(opening.fingerprint, _LONGEST_FINGERPRINT),
        "error_type": opening.error_type[:_LONGEST_TYPE],
        "message": opening.message[:_LONGEST_MESSAGE],
        "outcome": closing.outcome,
        "stop_reason": closing.stop_reason,
        "strategy": closing.strategy,
        "decided_by": closing.decided_by,
        "runs": _count(closing.runs),
        "healing_ms": _finite(closing.healing_ms),
        "critical": bool(opening.critical),
        "parent_id": None if opening.parent_id is None else _id(opening.parent_id),
    }


def _id(text: str) -> str:
    if len(bytes.fromhex(text)) != 16:
        raise ValueError(f"{text!r} is no event's id")
    return text


def _fitting(name: str, longest: int) -> str:
    if len(name) > longest:
        raise ValueError(f"{name[:longest]!r}… is {len(name)} characters long, at most {longest} fit")
    return name


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"{number!r} milliseconds")
    return number


def _count(number: int) -> int:
    if not 0 <= number <= _MOST_RUNS:
        raise ValueError(f"{number!r} runs")
    return number


def _details_row(finished: Finished, redactor: Redactor) -> dict[str, Any]:
    opening, closing = finished.opening, finished.closing
    said = opening.details
    return {
        "event_id": opening.id,
        "fingerprint_version": opening.fingerprint_version,
        "message": said.get("full_message", opening.message),
        "traceback": _traceback(opening, redactor),
        "note": closing.note,
        "context": {key: value for key, value in said.items() if key not in _OWN_COLUMNS},
        "diagnosis": said.get("diagnosis", {}),
        "plan": said.get("plan", []) if closing.plan is None else closing.plan,
        "trials": [{name: getattr(trial, name) for name in trial.__slots__} for trial in closing.trials],
    }


def _traceback(opening: Opening, redactor: Redactor) -> str:
    said = opening.details
    if "frames" not in said:
        return ""
    message = said.get("full_message", opening.message)
    return format_traceback(opening.error_type, message, said["frames"], said["chain"], redactor=redactor)


def store(connection: Connection, records: Sequence[Record], half_life: float, *, now: float) -> int:
    """Insert what is not there yet, and count only that in roll-ups and patterns. Needs a transaction
    that may write.

    Returns the number of events inserted. `half_life` is in seconds, `now` Unix time.
    """
    by_id = {item.event["id"]: item for item in sorted(records, key=lambda item: item.finished.opening.id)}
    if not by_id:
        return 0
    statement = insert(connection, events).on_conflict_do_nothing().returning(events.c.id)
    new = set(connection.scalars(statement, [item.event for item in by_id.values()]))
    fresh = [item for event_id, item in by_id.items() if event_id in new]
    if fresh:
        connection.execute(insert(connection, event_details), [item.details for item in fresh])
        _add_to_rollups(connection, fresh)
        apply_trials(connection, _tallies(fresh), half_life, now=now)
    return len(fresh)


def _add_to_rollups(connection: Connection, fresh: Sequence[Record]) -> None:
    counts: Counter[tuple[datetime, str, str, str]] = Counter()
    healing_ms: Counter[tuple[datetime, str, str, str]] = Counter()
    for row in (item.event for item in fresh):
        hour = row["occurred_at"].replace(minute=0, second=0, microsecond=0)
        key = (hour, row["source"], row["category"], row["outcome"])
        counts[key] += 1
        healing_ms[key] += row["healing_ms"]
    statement = insert(connection, event_rollups)
    table, added = event_rollups.c, statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(event_rollups.primary_key),
            set_={
                "events": table.events + added.events,
                "healing_ms_sum": table.healing_ms_sum + added.healing_ms_sum,
            },
        ),
        [
            dict(zip(_ROLLUP_KEY, key, strict=True), events=counts[key], healing_ms_sum=healing_ms[key])
            for key in sorted(counts)
        ],
    )


def _tallies(fresh: Sequence[Record]) -> list[Tally]:
    return [
        Tally(
            fingerprint=item.finished.opening.fingerprint,
            strategy=trial.strategy,
            source=item.finished.opening.source,
            successes=int(trial.succeeded),
            failures=int(not trial.succeeded),
            at=item.finished.opening.occurred_at,
        )
        for item in fresh
        for trial in item.finished.closing.trials
        if trial.strategy in REPAIRS
    ]


class Delivery:
    """The way into one database, open. Methods raise what SQLAlchemy raises."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Raises SchemaError too, OSError without the database's folder, ImportError without its driver."""
        self._half_life = settings.pattern_half_life_days * 86_400
        self._redactor = Redactor.of(settings)
        self._clock = clock
        self._engine = open_engine(settings.database_url)
        try:
            ensure_schema(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    def prepare(self, finished: Sequence[Finished]) -> tuple[list[Record], list[Finished]]:
        """Events as rows, and those that cannot be."""
        records: list[Record] = []
        unfit: list[Finished] = []
        for event in finished:
            try:
                records.append(record(event, self._redactor))
            except Exception:  # noqa: BLE001 - a line of another version, or damaged on disk, may break anywhere
                unfit.append(event)
        return records, unfit

    def send(self, records: Sequence[Record]) -> list[Finished]:
        """Store events; returns those that the database refuses, found by halving."""
        if not records:
            return []
        try:
            with write(self._engine) as connection:
                store(connection, records, self._half_life, now=self._clock.time())
        except (sa.exc.DataError, sa.exc.IntegrityError):
            if len(records) == 1:
                return [records[0].finished]
            half = len(records) // 2
            return self.send(records[:half]) + self.send(records[half:])
        return []

    def patterns_changed_since(self, since: float) -> list[PatternFigures]:
        """`since` is Unix time in seconds."""
        with self._engine.connect() as connection:
            return changed_since(connection, min(since, self._clock.time()))

    def close(self) -> None:
        self._engine.dispose()
