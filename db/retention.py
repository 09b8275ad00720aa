"""Old events leave in small steps, so that writers never wait long; their hourly roll-ups stay."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from db.connection import writing
from healing.schema import event_details, events

CHUNK = 1_000


def delete_events_before(engine: Engine, moment: datetime, chunk: int = CHUNK) -> int:
    """Deletes all events before `moment`, `chunk` at a time; returns how many. Raises DatabaseAwayError."""
    deleted = 0
    while step := _delete_chunk(engine, moment, chunk):
        deleted += step
    return deleted


def delete_events_older_than(engine: Engine, days: float, now: datetime) -> int:
    """Deletes events that occurred more than `days` ago; returns how many. Raises DatabaseAwayError."""
    return delete_events_before(engine, now - timedelta(days=days))


def _delete_chunk(engine: Engine, moment: datetime, chunk: int) -> int:
    oldest = (
        sa.select(events.c.id)
        .where(events.c.occurred_at < moment)
        .order_by(events.c.occurred_at, events.c.id)
        .limit(chunk)
    )
    with writing(engine) as connection:
        ids = list(connection.execute(oldest).scalars())
        if ids:
            connection.execute(sa.delete(event_details).where(event_details.c.event_id.in_(ids)))
            connection.execute(sa.delete(events).where(events.c.id.in_(ids)))
    return len(ids)
