from __future__ import annotations

from sqlalchemy.engine import Engine

from db.connection import reading
from db.issues import Issue, active_issues, count_issues
from db.period import RANGES
from tests.factories import NOW, ago, event, failed, insert

DAY = RANGES["24h"].period(NOW)


def issues_of(engine: Engine, limit: int = 5) -> list[Issue]:
    with reading(engine) as connection:
        found = active_issues(connection, DAY, limit)
        assert count_issues(connection, DAY) >= len(found)
    return found


def test_a_fingerprint_whose_latest_event_failed_is_an_issue_since_its_first_failure(engine: Engine) -> None:
    latest = failed(occurred_at=ago(minutes=5), message="pool is full")
    insert(
        engine,
        failed(occurred_at=ago(hours=3)),
        event(occurred_at=ago(hours=2)),
        failed(occurred_at=ago(hours=1)),
        event(occurred_at=ago(minutes=30), outcome="interrupted"),
        latest,
    )
    (issue,) = issues_of(engine)

    assert (issue.event_id, issue.message, issue.outcome) == (latest["id"], "pool is full", "failed")
    assert issue.since == ago(hours=1)
    assert issue.occurred_at == ago(minutes=5)


def test_a_good_outcome_ends_an_issue(engine: Engine) -> None:
    insert(engine, failed(occurred_at=ago(hours=2)), event(occurred_at=ago(hours=1), outcome="degraded"))
    assert issues_of(engine) == []


def test_a_failure_before_the_period_is_no_issue_of_it(engine: Engine) -> None:
    insert(engine, failed(occurred_at=ago(hours=25)))
    assert issues_of(engine) == []


def test_an_issue_that_never_went_well_is_open_since_its_first_event(engine: Engine) -> None:
    insert(engine, failed(occurred_at=ago(hours=4)), failed(occurred_at=ago(hours=3)))
    (issue,) = issues_of(engine)
    assert issue.since == ago(hours=4)


def test_issues_come_newest_first_and_no_more_than_asked_for(engine: Engine) -> None:
    insert(
        engine,
        *(failed(fingerprint=f"{number:032x}", occurred_at=ago(minutes=number)) for number in range(1, 8)),
    )

    assert [issue.occurred_at for issue in issues_of(engine, limit=2)] == [ago(minutes=1), ago(minutes=2)]
    with reading(engine) as connection:
        assert count_issues(connection, DAY) == 7


def test_two_events_at_the_same_instant_are_told_apart_by_their_ids(engine: Engine) -> None:
    bad, good = failed(id="01" * 16), event(id="02" * 16)
    insert(engine, good, bad)
    assert issues_of(engine) == []
