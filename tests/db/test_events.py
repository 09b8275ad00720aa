from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from db import events as reads
from db.events import (
    EventPage,
    count,
    feed,
    first_at,
    newer_page,
    newest_page,
    older_page,
    recent_of,
    sources,
    stream,
    version,
)
from db.filters import EventFilter, from_query
from db.period import RANGES, Period
from tests.factories import NOW, ago, event, failed, insert

WEEK = EventFilter(period=RANGES["7d"].period(NOW))


def fill(engine: Engine, total: int) -> list[str]:
    """`total` events, three to an instant, so that pages must break within one; their ids, newest first."""
    rows = [
        event(id=f"{number:032x}", occurred_at=ago(seconds=1 + total // 3 - number // 3)) for number in range(total)
    ]
    insert(engine, *rows)
    return [row["id"] for row in reversed(rows)]


def ids(page: EventPage) -> list[str]:
    return [row.id for row in page.rows]


def test_pages_lead_through_all_events_once_and_back_again(engine: Engine) -> None:
    expected = fill(engine, 23)

    pages = [newest_page(engine, WEEK, 5)]
    while (key := pages[-1].older) is not None:
        pages.append(older_page(engine, WEEK, key, 5))
    back = [pages[-1]]
    while (key := back[-1].newer) is not None:
        back.append(newer_page(engine, WEEK, key, 5))

    assert [event_id for page in pages for event_id in ids(page)] == expected
    assert [len(page.rows) for page in pages] == [5, 5, 5, 5, 3]
    assert ids(back[1]) == ids(pages[-2])
    assert back[-1] == pages[0]


def test_events_that_arrive_meanwhile_do_not_shift_an_older_page(engine: Engine) -> None:
    expected = fill(engine, 9)
    first = newest_page(engine, WEEK, 3)
    insert(engine, *(event(occurred_at=NOW - timedelta(milliseconds=1)) for _ in range(4)))

    assert first.older is not None
    assert ids(older_page(engine, WEEK, first.older, 3)) == expected[3:6]


def test_a_page_past_the_last_event_is_empty_and_leads_back(engine: Engine) -> None:
    fill(engine, 2)
    only = newest_page(engine, WEEK, 5)
    oldest = reads.Key(only.rows[-1].occurred_at, only.rows[-1].id)

    beyond = older_page(engine, WEEK, oldest, 5)

    assert (beyond.rows, beyond.older, beyond.newer) == ((), None, oldest)
    assert newer_page(engine, WEEK, oldest, 5) == only


def test_a_full_last_page_offers_no_older_one(engine: Engine) -> None:
    fill(engine, 4)
    assert newest_page(engine, WEEK, 4).older is None


def test_the_count_stops_at_its_limit(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(engine, 6)
    assert count(engine, WEEK) == 6
    monkeypatch.setattr(reads, "COUNT_LIMIT", 3)
    assert count(engine, WEEK) == 4


@pytest.mark.parametrize("total", [0, 1, 5, 10, 11])
def test_a_stream_gives_every_event_once_whatever_the_chunks(engine: Engine, total: int) -> None:
    expected = fill(engine, total) if total else []
    assert [row.id for row in stream(engine, WEEK, chunk=5)] == expected


def test_the_feed_is_not_bounded_in_time(engine: Engine) -> None:
    insert(engine, event(occurred_at=ago(days=400)), failed(occurred_at=ago(minutes=1), message="latest"))
    found = feed(engine, 10)
    assert [row.message for row in found] == ["latest", "[Errno 111] Connection refused"]
    assert len(feed(engine, 1)) == 1


def test_a_row_comes_back_as_it_was_written(engine: Engine) -> None:
    written = event(parent_id="0a" * 16, critical=True, strategy=None)
    insert(engine, written)
    (row,) = feed(engine, 1)
    assert {name: getattr(row, name) for name in reads.COLUMNS} == written


def test_the_events_of_a_fingerprint_are_its_own(engine: Engine) -> None:
    insert(engine, event(), event(fingerprint="ab" * 16))
    assert [row.fingerprint for row in recent_of(engine, "ab" * 16, 5)] == ["ab" * 16]


def test_sources_are_those_of_the_period_by_name(engine: Engine) -> None:
    insert(
        engine,
        event(source="rates"),
        event(source="orders", occurred_at=ago(hours=23)),
        event(source="orders"),
        event(source="gone", occurred_at=ago(days=9)),
    )
    assert sources(engine, RANGES["24h"].period(NOW)) == ["orders", "rates"]
    assert sources(engine, Period(ago(minutes=11), ago(minutes=9))) == ["orders", "rates"]


def test_the_version_changes_with_a_new_event_and_with_one_delivered_late(engine: Engine) -> None:
    empty = version(engine, NOW)
    insert(engine, event())
    one = version(engine, NOW)
    insert(engine, event(id="00" * 16, occurred_at=ago(hours=20)))
    late = version(engine, NOW)

    assert empty == reads.Version(None, 0, 0.0)
    assert one.latest_id == late.latest_id is not None
    assert len({empty, one, late}) == 3
    assert version(engine, NOW) == late


def test_the_first_event_tells_how_far_back_the_history_goes(engine: Engine) -> None:
    assert first_at(engine) is None
    insert(engine, event(occurred_at=ago(days=2)), event())
    assert first_at(engine) == ago(days=2)


def test_a_filter_from_a_query_string_pages_like_any_other(engine: Engine) -> None:
    fill(engine, 3)
    insert(engine, failed())
    page = newest_page(engine, from_query([("outcome", "failed")], NOW))
    assert [row.outcome for row in page.rows] == ["failed"]
