from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from db.connection import reading
from db.period import HOUR, RANGES, Period, floor
from db.tallies import Total, tallies, totals
from healing.vocabulary import Outcome
from tests.factories import NOW, ago, event, failed, insert

SPREAD = timedelta(days=3)

happenings = st.lists(
    st.tuples(
        st.timedeltas(timedelta(0), SPREAD),
        st.sampled_from(["orders", "rates"]),
        st.sampled_from(list(Outcome)),
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def filled() -> list[tuple[datetime, str, str]]:
    """Moments on and next to the edges of hours, where roll-ups and single events meet."""
    offsets = [
        timedelta(microseconds=-1),
        timedelta(0),
        timedelta(microseconds=1),
        timedelta(minutes=29, seconds=59),
    ]
    hours = [floor(NOW, HOUR) - timedelta(hours=back) for back in range(1, 60)]
    outcomes = list(Outcome)
    return [
        (hour + offset, f"source-{number % 3}", outcomes[(number + place) % len(outcomes)])
        for number, hour in enumerate(hours)
        for place, offset in enumerate(offsets)
    ]


PERIODS = [
    RANGES["1h"].period(NOW),
    RANGES["24h"].period(NOW),
    Period(floor(NOW, HOUR) - timedelta(hours=5), floor(NOW, HOUR)),
    Period(floor(NOW, HOUR) - timedelta(hours=5, microseconds=1), floor(NOW, HOUR) + timedelta(microseconds=1)),
    Period(NOW - timedelta(hours=3), NOW - timedelta(hours=2, minutes=50)),
]


@pytest.mark.parametrize("width", [timedelta(minutes=1), HOUR, 3 * HOUR])
@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_tallies_equal_a_count_of_the_events_themselves(
    engine: Engine, filled: list[tuple[datetime, str, str]], period: Period, width: timedelta
) -> None:
    insert(engine, *(event(occurred_at=at, source=source, outcome=outcome) for at, source, outcome in filled))

    with reading(engine) as connection:
        found = tallies(connection, period, width)

    expected = Counter(
        (floor(at, width), source, outcome) for at, source, outcome in filled if period.start <= at < period.end
    )
    assert {(tally.bucket, tally.source, tally.outcome): tally.events for tally in found} == expected
    assert all(tally.healing_ms == pytest.approx(120.0 * tally.events) for tally in found)


def test_totals_add_events_and_healing_times_by_outcome(engine: Engine) -> None:
    insert(
        engine,
        event(occurred_at=ago(minutes=1), healing_ms=100.0),
        event(occurred_at=ago(hours=5), healing_ms=300.0, source="rates"),
        failed(occurred_at=ago(hours=7), healing_ms=7.0),
        event(occurred_at=ago(hours=25)),
    )
    with reading(engine) as connection:
        found = totals(connection, RANGES["24h"].period(NOW))

    assert found == {"healed": Total(2, 400.0), "failed": Total(1, 7.0)}


def test_nothing_happened_in_an_empty_database(engine: Engine) -> None:
    with reading(engine) as connection:
        assert totals(connection, RANGES["30d"].period(NOW)) == {}
        assert tallies(connection, RANGES["30d"].period(NOW), HOUR) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings, st.timedeltas(timedelta(minutes=1), SPREAD))
def test_a_period_cut_in_two_counts_the_same(
    sqlite_engine: Engine, happened: list[tuple[timedelta, str, str]], cut: timedelta
) -> None:
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM healing_events")
        connection.exec_driver_sql("DELETE FROM healing_event_rollups")
    rows = [event(occurred_at=NOW - back, source=source, outcome=outcome) for back, source, outcome in happened]
    if rows:
        insert(sqlite_engine, *rows)
    end = NOW + timedelta(seconds=1)

    with reading(sqlite_engine) as connection:
        whole = totals(connection, Period(NOW - SPREAD, end))
        parts = [
            totals(connection, Period(NOW - SPREAD - HOUR, end - cut)),
            totals(connection, Period(end - cut, end)),
        ]

    assert sum(total.events for total in whole.values()) == len(rows)
    assert sum(total.events for part in parts for total in part.values()) == len(rows)
