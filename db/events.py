"""Lists of events, narrow columns only: pages by key, the feed, the count, the stream for an export.

Every list but the feed is bounded in time, and none uses OFFSET: its cost grows with the depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from db.connection import reading
from db.filters import EventFilter, conditions
from db.period import HOUR, Period
from healing.schema import event_rollups, events

PAGE_ROWS = 50
STREAM_ROWS = 5_000
COUNT_LIMIT = 100_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row of `healing_events`."""

    id: str
    occurred_at: datetime
    source: str
    category: str
    severity: str
    fingerprint: str
    error_type: str
    message: str
    outcome: str
    stop_reason: str
    strategy: str | None
    decided_by: str
    runs: int
    healing_ms: float
    critical: bool
    parent_id: str | None


COLUMNS = tuple(spec.name for spec in fields(EventRow))


@dataclass(frozen=True, slots=True)
class Key:
    """The place of an event in the order of time."""

    occurred_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """Rows, newest first, and the keys to go on from; None where there is nothing further."""

    rows: tuple[EventRow, ...]
    newer: Key | None
    older: Key | None


@dataclass(frozen=True, slots=True)
class Version:
    """Differs when events came in since: late deliveries show in the counts of the roll-ups."""

    latest_id: str | None
    events: int
    healing_ms: float


def newest_page(engine: Engine, wanted: EventFilter, size: int = PAGE_ROWS) -> EventPage:
    """The newest events of the filter. Raises DatabaseAwayError."""
    rows = _fetch(engine, _descending(wanted), size + 1)
    return EventPage(tuple(rows[:size]), None, _further(rows, size))


def older_page(engine: Engine, wanted: EventFilter, key: Key, size: int = PAGE_ROWS) -> EventPage:
    """The events next older than `key`. Raises DatabaseAwayError."""
    rows = _fetch(engine, _descending(wanted).where(_place() < _bound(key)), size + 1)
    return EventPage(tuple(rows[:size]), _key(rows[0]) if rows else key, _further(rows, size))


def newer_page(engine: Engine, wanted: EventFilter, key: Key, size: int = PAGE_ROWS) -> EventPage:
    """The events next newer than `key`; the newest page where these are too few. Raises DatabaseAwayError."""
    query = sa.select(events).where(*conditions(wanted), _place() > _bound(key)).order_by(*_order(ascending=True))
    rows = _fetch(engine, query, size + 1)
    if len(rows) <= size:
        return newest_page(engine, wanted, size)
    shown = rows[:size][::-1]
    return EventPage(tuple(shown), _key(shown[0]), _key(shown[-1]))


def feed(engine: Engine, count: int) -> list[EventRow]:
    """The latest events, newest first. Raises DatabaseAwayError."""
    return _fetch(engine, sa.select(events).order_by(*_order(ascending=False)), count)


def recent_of(engine: Engine, fingerprint: str, count: int) -> list[EventRow]:
    """The latest events of a fingerprint, newest first. Raises DatabaseAwayError."""
    query = sa.select(events).where(events.c.fingerprint == fingerprint).order_by(*_order(ascending=False))
    return _fetch(engine, query, count)


def count(engine: Engine, wanted: EventFilter) -> int:
    """How many events the filter matches; COUNT_LIMIT + 1 stands for any more. Raises DatabaseAwayError."""
    matching = sa.select(sa.literal(1)).select_from(events).where(*conditions(wanted)).limit(COUNT_LIMIT + 1)
    with reading(engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(matching.subquery())).scalar_one()


def stream(engine: Engine, wanted: EventFilter, chunk: int = STREAM_ROWS) -> Iterator[EventRow]:
    """Every event of the filter, newest first, in memory `chunk` at a time. Raises DatabaseAwayError.

    Each chunk is a query of its own: a long reader would keep SQLite's write-ahead log from being reset.
    """
    query = _descending(wanted)
    rows = _fetch(engine, query, chunk)
    while rows:
        yield from rows
        rows = _fetch(engine, query.where(_place() < _bound(_key(rows[-1]))), chunk) if len(rows) == chunk else []


def sources(engine: Engine, period: Period) -> list[str]:
    """The sources that had events in the period's hours, in alphabetical order. Raises DatabaseAwayError."""
    query = (
        sa.select(event_rollups.c.source)
        .where(event_rollups.c.hour > period.start - HOUR, event_rollups.c.hour < period.end)
        .distinct()
        .order_by(event_rollups.c.source)
    )
    with reading(engine) as connection:
        return list(connection.execute(query).scalars())


def version(engine: Engine, now: datetime) -> Version:
    """Cheap enough to ask every two seconds. Raises DatabaseAwayError."""
    latest = sa.select(events.c.id).order_by(*_order(ascending=False)).limit(1).scalar_subquery()
    recent = event_rollups.c.hour >= now - DAY
    counted = sa.select(
        latest.label("latest_id"),
        sa.func.coalesce(sa.func.sum(event_rollups.c.events), 0).label("events"),
        sa.func.coalesce(sa.func.sum(event_rollups.c.healing_ms_sum), 0.0).label("healing_ms"),
    ).where(recent)
    with reading(engine) as connection:
        row = connection.execute(counted).one()
    return Version(row.latest_id, row.events, row.healing_ms)


def first_at(engine: Engine) -> datetime | None:
    """When the oldest event that is kept occurred; None in an empty database. Raises DatabaseAwayError."""
    with reading(engine) as connection:
        found: datetime | None = connection.execute(sa.select(sa.func.min(events.c.occurred_at))).scalar_one()
    return found


def to_row(row: Row[Any]) -> EventRow:
    return EventRow(*(getattr(row, name) for name in COLUMNS))


def _fetch(engine: Engine, query: sa.Select[Any], limit: int) -> list[EventRow]:
    with reading(engine) as connection:
        return [to_row(row) for row in connection.execute(query.limit(limit))]


def _descending(wanted: EventFilter) -> sa.Select[Any]:
    return sa.select(events).where(*conditions(wanted)).order_by(*_order(ascending=False))


def _order(*, ascending: bool) -> tuple[sa.ColumnElement[Any], ...]:
    if ascending:
        return events.c.occurred_at.asc(), events.c.id.asc()
    return events.c.occurred_at.desc(), events.c.id.desc()


def _place() -> sa.Tuple:
    return sa.tuple_(events.c.occurred_at, events.c.id)


def _bound(key: Key) -> sa.Tuple:
    return sa.tuple_(sa.literal(key.occurred_at, events.c.occurred_at.type), sa.literal(key.id, events.c.id.type))


def _key(row: EventRow) -> Key:
    return Key(row.occurred_at, row.id)


def _further(rows: list[EventRow], size: int) -> Key | None:
    return _key(rows[size - 1]) if len(rows) > size else None
