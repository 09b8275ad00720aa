from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.period import HOUR, RANGES, Period, ceiling, floor
from tests.factories import NOW

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.integers(0, 100 * 365 * 86_400 * 1_000_000).map(lambda since: EPOCH + timedelta(microseconds=since))
widths = st.sampled_from([shown.bucket for shown in RANGES.values()])


@given(moments, widths)
def test_a_moment_lies_in_its_bucket(moment: datetime, width: timedelta) -> None:
    assert floor(moment, width) <= moment < floor(moment, width) + width
    assert ceiling(moment, width) - width < moment <= ceiling(moment, width)


@given(moments, widths)
def test_a_start_of_a_bucket_is_its_own_floor_and_ceiling(moment: datetime, width: timedelta) -> None:
    start = floor(moment, width)
    assert floor(start, width) == ceiling(start, width) == start


@given(moments, st.timedeltas(timedelta(seconds=1), timedelta(hours=40)))
def test_buckets_cover_the_period_without_a_gap_or_a_spare(start: datetime, length: timedelta) -> None:
    period = Period(start, start + length)
    buckets = period.buckets(HOUR)

    assert buckets[0] <= period.start < buckets[0] + HOUR
    assert buckets[-1] < period.end <= buckets[-1] + HOUR
    assert {later - earlier for earlier, later in pairwise(buckets)} <= {HOUR}


def test_the_period_before_ends_where_this_one_starts() -> None:
    period = RANGES["24h"].period(NOW)
    assert period.before() == Period(NOW - timedelta(days=2), NOW - timedelta(days=1))


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="must start before it ends"):
        Period(NOW, NOW)


def test_no_chart_has_more_than_sixty_one_buckets() -> None:
    for shown in RANGES.values():
        assert 20 < len(shown.period(NOW).buckets(shown.bucket)) <= 61
