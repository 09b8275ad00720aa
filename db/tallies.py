"""Counts of events over time: whole hours come from the roll-ups, the edges from the events themselves.

Both parts are read in one statement, so that an event that arrives meanwhile is counted once or not yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.period import HOUR, Period, ceiling, floor
from healing.schema import event_rollups, events


@dataclass(frozen=True, slots=True)
class Tally:
    """Events of one source that ended one way within one bucket; `healing_ms` is their sum."""

    bucket: datetime
    source: str
    outcome: str
    events: int
    healing_ms: float


@dataclass(frozen=True, slots=True)
class Total:
    """Events of a period that ended one way; `healing_ms` is their sum."""

    events: int
    healing_ms: float


def tallies(connection: Connection, period: Period, width: timedelta) -> list[Tally]:
    """Every non-empty (bucket, source, outcome) of the period, oldest bucket first.

    Buckets narrower than an hour are counted from the events, so keep such a period short.
    """
    counted = _counted(period, whole_hours=width >= HOUR).subquery()
    seconds = int(width.total_seconds())
    number = (_epoch(connection, counted.c.at) // sa.literal(seconds, sa.Integer)).label("number")
    query = (
        sa.select(number, counted.c.source, counted.c.outcome, *_sums(counted))
        .group_by(number, counted.c.source, counted.c.outcome)
        .order_by(number)
    )
    return [
        Tally(
            datetime.fromtimestamp(row.number * seconds, UTC),
            row.source,
            row.outcome,
            row.events,
            row.healing_ms,
        )
        for row in connection.execute(query)
    ]


def totals(connection: Connection, period: Period) -> dict[str, Total]:
    """The period's events by outcome."""
    counted = _counted(period, whole_hours=True).subquery()
    query = sa.select(counted.c.outcome, *_sums(counted)).group_by(counted.c.outcome)
    return {row.outcome: Total(row.events, row.healing_ms) for row in connection.execute(query)}


def _sums(counted: sa.Subquery) -> tuple[sa.Label[int], sa.Label[float]]:
    return sa.func.sum(counted.c.events).label("events"), sa.func.sum(counted.c.healing_ms).label("healing_ms")


def _counted(period: Period, *, whole_hours: bool) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    first, last = ceiling(period.start, HOUR), floor(period.end, HOUR)
    if not whole_hours or first >= last:
        return _single_events(period.start, period.end)
    return sa.union_all(_single_events(period.start, first), _rolled_up(first, last), _single_events(last, period.end))


def _single_events(start: datetime, end: datetime) -> sa.Select[Any]:
    return sa.select(
        events.c.occurred_at.label("at"),
        events.c.source,
        events.c.outcome,
        sa.literal_column("1", sa.Integer).label("events"),
        events.c.healing_ms.label("healing_ms"),
    ).where(events.c.occurred_at >= start, events.c.occurred_at < end)


def _rolled_up(start: datetime, end: datetime) -> sa.Select[Any]:
    return sa.select(
        event_rollups.c.hour.label("at"),
        event_rollups.c.source,
        event_rollups.c.outcome,
        event_rollups.c.events,
        event_rollups.c.healing_ms_sum.label("healing_ms"),
    ).where(event_rollups.c.hour >= start, event_rollups.c.hour < end)


def _epoch(connection: Connection, moment: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    if connection.dialect.name == "sqlite":
        # strftime rounds to milliseconds: 59.9996 would fall into the next minute.
        return sa.cast(sa.func.strftime("%s", sa.func.substr(moment, 1, len("2026-11-23 14:32:08"))), sa.Integer)
    return sa.cast(sa.func.floor(sa.extract("epoch", moment)), sa.BigInteger)
