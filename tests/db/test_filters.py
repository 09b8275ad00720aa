from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from db.events import newest_page
from db.filters import EventFilter, FilterError, from_query, options
from db.period import Period
from tests.factories import NOW, ago, event, failed, insert

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.integers(0, 100 * 365 * 86_400 * 1_000_000).map(lambda since: EPOCH + timedelta(microseconds=since))


def some_of(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(options(name)), unique=True).map(tuple)


filters = st.builds(
    EventFilter,
    period=st.builds(
        lambda start, length: Period(start, start + length),
        moments,
        st.timedeltas(timedelta(seconds=1), timedelta(days=60)),
    ),
    source=st.lists(st.text(min_size=1)).map(tuple),
    category=some_of("category"),
    outcome=some_of("outcome"),
    strategy=some_of("strategy"),
    severity=some_of("severity"),
    fingerprint=st.text(),
    text=st.text(),
)


@given(filters)
def test_a_filter_survives_the_query_string(wanted: EventFilter) -> None:
    assert from_query(wanted.to_query(), NOW) == wanted


def test_without_a_time_the_last_day_is_meant() -> None:
    assert from_query([], NOW).period == Period(ago(days=1), NOW)
    assert from_query([("range", "7d")], NOW).period == Period(ago(days=7), NOW)


def test_a_start_alone_runs_until_now_and_an_end_alone_covers_the_day_before_it() -> None:
    assert from_query([("start", "2026-11-20T00:00:00")], NOW).period == Period(datetime(2026, 11, 20, tzinfo=UTC), NOW)
    alone = from_query([("end", "2026-11-20T02:00:00+02:00")], NOW).period
    assert alone == Period(datetime(2026, 11, 19, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (("outcom", "failed"), "unknown: outcom"),
        (("outcome", "fialed"), "outcome must be one of healed"),
        (("range", "2h"), "range must be one of 1h, 24h, 7d, 30d"),
        (("start", "yesterday"), "not a time in ISO 8601: 'yesterday'"),
        (("start", "2027-01-01"), "start must lie before end"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(pair: tuple[str, str], message: str) -> None:
    with pytest.raises(FilterError, match=message):
        from_query([pair], NOW)


def test_only_a_filter_beyond_the_period_is_narrowed() -> None:
    assert not from_query([("range", "7d")], NOW).is_narrowed
    assert from_query([("text", "x")], NOW).is_narrowed


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ([("source", "orders"), ("source", "rates")], {"orders", "rates"}),
        ([("category", "database")], {"rates"}),
        ([("outcome", "failed")], {"mail"}),
        ([("severity", "critical")], {"mail"}),
        ([("strategy", "skip_operation")], {"stock"}),
        ([("strategy", "none")], {"mail"}),
        ([("fingerprint", "cd" * 16)], {"stock"}),
        ([("text", "LOCKED")], {"rates"}),
        ([("text", "smtp")], {"mail"}),
        ([("text", "StOcK")], {"stock"}),
        ([("text", "100%")], {"stock"}),
        ([("text", "_")], {"stock"}),
        ([("outcome", "healed"), ("source", "mail")], set()),
        ([("range", "7d"), ("text", "old")], {"archive"}),
        ([("text", "old")], set()),
    ],
)
def test_each_field_narrows_the_list(engine: Engine, query: list[tuple[str, str]], expected: set[str]) -> None:
    insert(
        engine,
        event(source="orders"),
        event(source="rates", category="database", message="database is locked"),
        failed(source="mail", severity="critical", error_type="smtplib.SMTPConnectError", message="no answer"),
        event(source="stock", strategy="skip_operation", fingerprint="cd" * 16, message="disk_usage at 100%"),
        event(source="archive", message="old news", occurred_at=ago(days=3)),
    )
    found = newest_page(engine, from_query(query, NOW))
    assert {row.source for row in found.rows} == expected
