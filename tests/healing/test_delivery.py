from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from healing.clock import SystemClock
from healing.database import ensure_schema, open_engine, write
from healing.delivery import Delivery, record, store
from healing.event import Closing, Opening
from healing.pairing import Finished
from healing.redaction import Redactor
from healing.schema import event_details, event_rollups, events, patterns
from healing.settings import Settings
from healing.vocabulary import Outcome, Strategy
from tests.healing.sample_events import a_closing, a_trial, an_opening

NOW = 1_795_460_000.0
HOUR = datetime.fromtimestamp(NOW, UTC).replace(minute=0, second=0, microsecond=0)
DAY = 86_400.0


def finished(opening: Opening | None = None, closing: Closing | None = None) -> Finished:
    opening = an_opening(occurred_at=NOW) if opening is None else opening
    return Finished(opening, a_closing(opening) if closing is None else closing, b"line\n")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    ensure_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def delivery(database_url: str) -> Iterator[Delivery]:
    delivery = Delivery(Settings(database_url=database_url), SystemClock())
    yield delivery
    delivery.close()


def put(engine: Engine, *all_finished: Finished) -> int:
    with write(engine) as connection:
        return store(connection, [record(item, Redactor()) for item in all_finished], DAY, now=NOW)


def rows(engine: Engine, table: sa.Table) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def test_an_event_is_stored_with_its_details(engine: Engine) -> None:
    parent = an_opening()
    opening = an_opening(
        occurred_at=NOW,
        parent_id=parent.id,
        details={
            "function": "app.create_contact",
            "arguments": {"data": "<redacted>"},
            "full_message": "locked\nfor long",
            "frames": [["app", "create_contact", "app.py", 7, True]],
            "chain": [],
            "diagnosis": {"rule": "sqlite_locked"},
            "plan": [{"strategy": "retry_with_backoff"}],
        },
    )

    put(engine, finished(opening))

    (row,) = rows(engine, events)
    assert row["id"] == opening.id
    assert row["parent_id"] == parent.id
    assert row["occurred_at"] == datetime.fromtimestamp(NOW, UTC)
    assert (row["outcome"], row["strategy"], row["runs"]) == ("healed", "retry_with_backoff", 2)
    (details,) = rows(engine, event_details)
    assert details["message"] == "locked\nfor long"
    assert details["context"] == {"function": "app.create_contact", "arguments": {"data": "<redacted>"}, "chain": []}
    assert details["diagnosis"] == {"rule": "sqlite_locked"}
    assert details["plan"] == [{"strategy": "retry_with_backoff"}]
    assert details["trials"][0]["elapsed_ms"] == 20.5
    assert "create_contact" in details["traceback"]
    assert "locked\nfor long" in details["traceback"]


def test_an_event_without_details_is_stored_too(engine: Engine) -> None:
    put(engine, finished(an_opening(details={})))

    (details,) = rows(engine, event_details)
    assert (details["message"], details["traceback"], details["context"]) == ("database is locked", "", {})


def test_what_is_delivered_twice_is_stored_and_counted_once(engine: Engine) -> None:
    first, second = finished(), finished()

    assert put(engine, first, first) == 1
    assert put(engine, first, second) == 1
    assert put(engine, first, second) == 0

    assert len(rows(engine, events)) == 2
    assert len(rows(engine, event_details)) == 2
    assert [row["events"] for row in rows(engine, event_rollups)] == [2]
    assert [row["successes"] for row in rows(engine, patterns)] == [2]


def test_the_first_outcome_to_arrive_stands(engine: Engine) -> None:
    opening = an_opening()
    put(engine, finished(opening))
    put(engine, finished(opening, a_closing(opening, outcome=Outcome.INTERRUPTED)))

    assert [row["outcome"] for row in rows(engine, events)] == ["healed"]


def test_events_are_counted_by_hour_source_category_and_outcome(engine: Engine) -> None:
    failed = an_opening(occurred_at=NOW)
    put(engine, finished(), finished(), finished(an_opening(occurred_at=NOW + 3600)))
    put(engine, finished(), finished(failed, a_closing(failed, outcome=Outcome.FAILED, healing_ms=1.0)))

    found = {
        ((row["hour"] - HOUR).total_seconds(), row["outcome"]): (row["events"], row["healing_ms_sum"])
        for row in rows(engine, event_rollups)
    }
    assert found == {(0, "healed"): (3, 361.5), (0, "failed"): (1, 1.0), (3600, "healed"): (1, 120.5)}


def test_each_trial_of_a_repair_counts_and_a_fallback_does_not(engine: Engine) -> None:
    opening = an_opening(occurred_at=NOW)
    trials = (
        a_trial(succeeded=False),
        a_trial(succeeded=True),
        a_trial(Strategy.RESET_CONNECTION, succeeded=False),
        a_trial(Strategy.USE_DEFAULT_VALUE, succeeded=True),
    )

    put(engine, finished(opening, a_closing(opening, *trials)))

    found = {row["strategy"]: (row["successes"], row["failures"]) for row in rows(engine, patterns)}
    assert found == {"retry_with_backoff": (1, 1), "reset_connection": (0, 1)}


def test_an_event_without_a_trial_teaches_nothing(engine: Engine) -> None:
    opening = an_opening()

    put(engine, finished(opening, replace(a_closing(opening), strategy=None, trials=())))

    assert rows(engine, patterns) == []


def test_long_texts_for_people_are_shortened_to_their_columns(engine: Engine) -> None:
    put(engine, finished(an_opening(message="m" * 400, error_type="t" * 400)))

    (row,) = rows(engine, events)
    assert (len(row["message"]), len(row["error_type"])) == (300, 200)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "abc"},
        {"id": "xyz"},
        {"parent_id": "ff"},
        {"source": "s" * 201},
        {"fingerprint": "f" * 33},
        {"occurred_at": 1e300},
        {"occurred_at": "yesterday"},
    ],
)
def test_an_opening_that_no_column_takes_is_told_apart(delivery: Delivery, changes: dict[str, Any]) -> None:
    good, bad = finished(), finished(an_opening(**changes))

    records, unfit = delivery.prepare([bad, good])

    assert [item.finished for item in records] == [good]
    assert unfit == [bad]


@pytest.mark.parametrize(
    "changes", [{"runs": -1}, {"runs": 2**40}, {"healing_ms": float("nan")}, {"healing_ms": "long"}]
)
def test_a_closing_that_no_column_takes_is_told_apart(delivery: Delivery, changes: dict[str, Any]) -> None:
    opening = an_opening()
    bad = finished(opening, a_closing(opening, **changes))

    assert delivery.prepare([bad]) == ([], [bad])


def test_a_row_that_a_constraint_refuses_is_found_and_the_others_are_stored(delivery: Delivery, engine: Engine) -> None:
    all_finished = [finished() for _ in range(7)]
    records, _ = delivery.prepare(all_finished)
    records[4].details["note"] = None

    assert delivery.send(records) == [all_finished[4]]

    stored = {row["id"] for row in rows(engine, events)}
    assert stored == {item.opening.id for item in all_finished} - {all_finished[4].opening.id}
    assert [row["events"] for row in rows(engine, event_rollups)] == [6]


def test_nothing_to_store_changes_nothing(delivery: Delivery, engine: Engine) -> None:
    assert delivery.send([]) == []
    assert put(engine) == 0

    assert rows(engine, events) == []


def test_two_deliveries_of_the_same_events_at_once_store_them_once(database_url: str, engine: Engine) -> None:
    deliveries = [Delivery(Settings(database_url=database_url), SystemClock()) for _ in range(2)]
    batches = [deliveries[0].prepare([finished() for _ in range(20)])[0] for _ in range(5)]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda delivery: [delivery.send(batch) for batch in batches], deliveries))

    assert len(rows(engine, events)) == 100
    assert sum(row["events"] for row in rows(engine, event_rollups)) == 100
    for delivery in deliveries:
        delivery.close()


def test_the_plan_that_was_followed_goes_over_the_one_at_the_error(engine: Engine) -> None:
    opening = an_opening(occurred_at=NOW, details={"plan": [{"strategy": "retry_with_backoff"}]})
    followed = [{"strategy": "switch_api_endpoint"}]
    other = replace(opening, id="e" * 32)
    put(engine, finished(opening), finished(other, a_closing(other, plan=followed)))
    with engine.connect() as connection:
        query = sa.select(event_details.c.event_id, event_details.c.plan)
        found = {row.event_id: row.plan for row in connection.execute(query)}
    assert found == {opening.id: opening.details["plan"], other.id: followed}
