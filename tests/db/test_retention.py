from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from db.events import feed
from db.retention import delete_events_before, delete_events_older_than
from healing.schema import event_details, event_rollups
from tests.factories import NOW, ago, details, event, insert, insert_details


def rows_in(engine: Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_old_events_go_with_their_details_and_their_rollups_stay(engine: Engine) -> None:
    old = [event(occurred_at=ago(days=31, minutes=number)) for number in range(7)]
    young = event(occurred_at=ago(days=29))
    insert(engine, *old, young)
    insert_details(engine, *(details(row["id"]) for row in (*old, young)))
    rollups = rows_in(engine, event_rollups)

    assert delete_events_older_than(engine, days=30, now=NOW) == 7

    assert [row.id for row in feed(engine, 10)] == [young["id"]]
    assert rows_in(engine, event_details) == 1
    assert rows_in(engine, event_rollups) == rollups


def test_a_backlog_goes_in_as_many_steps_as_it_needs(engine: Engine) -> None:
    insert(engine, *(event(occurred_at=ago(days=40)) for _ in range(5)))
    assert delete_events_before(engine, ago(days=30), chunk=2) == 5
    assert delete_events_before(engine, ago(days=30), chunk=2) == 0
