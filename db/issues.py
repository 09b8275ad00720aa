"""Active issues: the fingerprints whose latest event of a period was not helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.period import Period
from healing.schema import events
from healing.vocabulary import Outcome

UNHELPED = (Outcome.FAILED, Outcome.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Issue:
    """The latest event of a fingerprint, which failed, and the first failure since the last good one."""

    event_id: str
    fingerprint: str
    source: str
    error_type: str
    message: str
    outcome: str
    occurred_at: datetime
    since: datetime


def count_issues(connection: Connection, period: Period) -> int:
    query = sa.select(sa.func.count()).select_from(_latest_unhelped(period).subquery())
    return connection.execute(query).scalar_one()


def active_issues(connection: Connection, period: Period, limit: int) -> list[Issue]:
    """The latest `limit` issues, newest first."""
    query = _latest_unhelped(period).order_by(events.c.occurred_at.desc(), events.c.id.desc()).limit(limit)
    return [
        Issue(
            event_id=row.id,
            fingerprint=row.fingerprint,
            source=row.source,
            error_type=row.error_type,
            message=row.message,
            outcome=row.outcome,
            occurred_at=row.occurred_at,
            since=_since(connection, period, row.fingerprint),
        )
        for row in connection.execute(query)
    ]


def _latest_unhelped(period: Period) -> sa.Select[Any]:
    """One index seek per fingerprint, however many events there are: grouping them would read all."""
    fingerprints = _fingerprints()
    latest = (
        sa.select(events.c.id)
        .where(events.c.fingerprint == fingerprints.c.fingerprint, *_within(period))
        .order_by(events.c.occurred_at.desc(), events.c.id.desc())
        .limit(1)
        .correlate(fingerprints)
        .scalar_subquery()
    )
    return (
        sa.select(events)
        .select_from(fingerprints.join(events, events.c.id == latest))
        .where(events.c.outcome.in_(UNHELPED))
    )


def _fingerprints() -> sa.CTE:
    lowest = sa.select(sa.func.min(events.c.fingerprint).label("fingerprint")).cte("fingerprints", recursive=True)
    next_one = (
        sa.select(sa.func.min(events.c.fingerprint))
        .where(events.c.fingerprint > lowest.c.fingerprint)
        .scalar_subquery()
    )
    return lowest.union_all(sa.select(next_one).where(lowest.c.fingerprint.is_not(None)))


def _since(connection: Connection, period: Period, fingerprint: str) -> datetime:
    own = (events.c.fingerprint == fingerprint, *_within(period))
    last_good = (
        sa.select(events.c.occurred_at)
        .where(*own, events.c.outcome.not_in(UNHELPED))
        .order_by(events.c.occurred_at.desc())
        .limit(1)
    )
    bound = connection.execute(last_good).scalar_one_or_none()
    after_it = () if bound is None else (events.c.occurred_at > bound,)
    first = sa.select(sa.func.min(events.c.occurred_at)).where(*own, *after_it)
    found: datetime = connection.execute(first).scalar_one()
    return found


def _within(period: Period) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return events.c.occurred_at >= period.start, events.c.occurred_at < period.end
