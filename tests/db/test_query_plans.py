"""The reads use the indexes of `healing.schema`; a plan that scans the table grows with the history."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from db import events as reads
from db.event import event as one_event
from db.filters import EventFilter, from_query
from db.overview import overview
from db.period import RANGES
from db.retention import delete_events_older_than
from tests.factories import FINGERPRINT, NOW, ago, event, insert

MONTH = from_query([("range", "30d")], NOW)
KEY = reads.Key(ago(days=3), "0" * 32)

READS: dict[str, Callable[[Engine], object]] = {
    "overview": lambda engine: overview(engine, RANGES["30d"], NOW),
    "overview of an hour": lambda engine: overview(engine, RANGES["1h"], NOW),
    "newest page": lambda engine: reads.newest_page(engine, MONTH),
    "older page": lambda engine: reads.older_page(engine, MONTH, KEY),
    "newer page": lambda engine: reads.newer_page(engine, MONTH, KEY),
    "page of a source": lambda engine: reads.newest_page(engine, EventFilter(period=MONTH.period, source=("a",))),
    "page of a fingerprint": lambda engine: reads.newest_page(
        engine, EventFilter(period=MONTH.period, fingerprint=FINGERPRINT)
    ),
    "feed": lambda engine: reads.feed(engine, 8),
    "similar events": lambda engine: reads.recent_of(engine, FINGERPRINT, 8),
    "count": lambda engine: reads.count(engine, MONTH),
    "stream": lambda engine: list(reads.stream(engine, MONTH)),
    "version": lambda engine: reads.version(engine, NOW),
    "first event": reads.first_at,
    "one event": lambda engine: one_event(engine, "0" * 32),
    "retention": lambda engine: delete_events_older_than(engine, 30, NOW),
}


@pytest.mark.parametrize("name", READS)
def test_no_read_scans_the_events(sqlite_engine: Engine, name: str) -> None:
    insert(sqlite_engine, *(event(occurred_at=ago(hours=number)) for number in range(60)))
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")

    plans = plans_of(sqlite_engine, READS[name])

    assert plans
    assert [step for step in plans if is_scan_without_index(step)] == []


@pytest.mark.parametrize("name", ["newest page", "older page", "page of a source", "page of a fingerprint", "feed"])
def test_no_page_is_sorted_after_reading(sqlite_engine: Engine, name: str) -> None:
    insert(sqlite_engine, *(event(occurred_at=ago(hours=number)) for number in range(60)))
    assert [step for step in plans_of(sqlite_engine, READS[name]) if "TEMP B-TREE" in step] == []


def test_a_deep_page_starts_at_its_key(sqlite_engine: Engine) -> None:
    (step,) = plans_of(sqlite_engine, READS["older page"])
    assert "USING INDEX ix_healing_events_occurred_at_id" in step
    assert "occurred_at>" in step
    assert "occurred_at<" in step


def test_issues_seek_once_per_fingerprint(sqlite_engine: Engine) -> None:
    steps = plans_of(sqlite_engine, READS["overview"])
    seeks = [step for step in steps if "ix_healing_events_fingerprint_occurred_at_id (fingerprint=" in step]
    assert seeks


def is_scan_without_index(step: str) -> bool:
    return step.startswith(("SCAN healing_events", "SCAN healing_event_rollups")) and "USING" not in step


def plans_of(engine: Engine, read: Callable[[Engine], object]) -> list[str]:
    """The steps of SQLite's plans for every query that `read` sends."""
    sent: list[tuple[str, tuple[object, ...]]] = []

    def remember(
        _c: Connection, _cursor: object, statement: str, parameters: tuple[object, ...], *_rest: object
    ) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", remember)
    read(engine)
    sa.event.remove(engine, "before_cursor_execute", remember)
    with engine.connect() as connection:
        return [
            row.detail
            for statement, parameters in sent
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
