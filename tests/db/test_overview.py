from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from db.overview import Figures, overview
from db.period import HOUR, RANGES, floor
from tests.factories import NOW, ago, event, failed, insert


def test_an_empty_database_has_empty_figures_and_every_bucket(engine: Engine) -> None:
    found = overview(engine, RANGES["24h"], NOW)

    assert found.figures == found.before == Figures(0, None, None, 0)
    assert len(found.buckets) == 25
    assert found.sources == ()
    assert found.issues == ()


def test_figures_are_set_against_the_period_before(engine: Engine) -> None:
    insert(
        engine,
        event(occurred_at=ago(hours=1), healing_ms=100.0),
        event(occurred_at=ago(hours=2), healing_ms=300.0),
        event(occurred_at=ago(hours=3), outcome="degraded", healing_ms=9_000.0),
        event(occurred_at=ago(hours=4), outcome="observed"),
        failed(occurred_at=ago(minutes=1), fingerprint="aa" * 16),
        failed(occurred_at=ago(hours=30)),
    )
    found = overview(engine, RANGES["24h"], NOW)

    assert found.figures == Figures(events=5, healed_share=0.5, healing_ms=200.0, active_issues=1)
    assert found.before == Figures(events=1, healed_share=0.0, healing_ms=None, active_issues=1)
    assert [issue.fingerprint for issue in found.issues] == ["aa" * 16]


def test_a_bucket_knows_its_outcomes_share_and_average(engine: Engine) -> None:
    at = floor(NOW, HOUR) - HOUR
    insert(
        engine,
        event(occurred_at=at, healing_ms=10.0),
        event(occurred_at=at, healing_ms=30.0, source="rates"),
        failed(occurred_at=at),
        event(occurred_at=at, outcome="interrupted"),
    )
    bucket = next(bucket for bucket in overview(engine, RANGES["24h"], NOW).buckets if bucket.start == at)

    assert bucket.by_outcome == {"healed": 2, "failed": 1, "interrupted": 1}
    assert (bucket.events, bucket.unhelped) == (4, 2)
    assert bucket.healed_share == pytest.approx(0.5)
    assert bucket.healing_ms == pytest.approx(20.0)


def test_the_running_bucket_is_left_out_unless_it_has_all_events(engine: Engine) -> None:
    insert(engine, event(occurred_at=ago(seconds=1)))
    alone = overview(engine, RANGES["24h"], NOW)
    assert alone.whole_buckets(HOUR) == alone.buckets

    insert(engine, event(occurred_at=ago(hours=2)))
    found = overview(engine, RANGES["24h"], NOW)
    assert found.whole_buckets(HOUR) == found.buckets[:-1]

    at_the_full_hour = overview(engine, RANGES["24h"], floor(NOW, HOUR))
    assert at_the_full_hour.whole_buckets(HOUR) == at_the_full_hour.buckets


def test_a_tick_shows_the_worst_that_a_source_saw(engine: Engine) -> None:
    minutes = [floor(NOW, timedelta(minutes=1)) - timedelta(minutes=back) for back in range(5)]
    insert(
        engine,
        event(occurred_at=minutes[4]),
        event(occurred_at=minutes[3], outcome="queued"),
        event(occurred_at=minutes[3]),
        failed(occurred_at=minutes[2]),
        event(occurred_at=minutes[2], outcome="degraded"),
        event(occurred_at=minutes[1], outcome="observed"),
    )
    (strip,) = overview(engine, RANGES["1h"], NOW).sources

    assert strip.ticks[-5:] == ("healed", "degraded", "failed", "observed", "none")
    assert set(strip.ticks[:-5]) == {"none"}
    assert (strip.events, strip.unhelped) == (6, 1)
    assert strip.healed_share == pytest.approx(2 / 5)


def test_sources_in_trouble_come_first_then_the_busiest(engine: Engine) -> None:
    insert(
        engine,
        *(event(source="busy") for _ in range(3)),
        event(source="quiet"),
        event(source="another"),
        failed(source="broken"),
    )
    found = overview(engine, RANGES["24h"], NOW).sources
    assert [strip.source for strip in found] == ["broken", "busy", "another", "quiet"]
