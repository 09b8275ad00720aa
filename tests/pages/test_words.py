from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from healing.vocabulary import Category, DecidedBy, Executed, Outcome, StopReason, Strategy
from pages.components import moments, words
from tests.factories import NOW, ago


def test_every_member_of_the_closed_sets_has_its_words() -> None:
    assert set(words.OUTCOMES) == set(words.MEANINGS) == set(Outcome)
    assert set(words.STOPS) == set(StopReason)
    assert set(words.DECIDERS) == set(DecidedBy)
    assert set(words.EXECUTIONS) == set(Executed)


def test_no_two_outcomes_share_a_sign_or_a_colour() -> None:
    looks = words.OUTCOMES.values()
    assert len({look.sign for look in looks}) == len({look.colour for look in looks}) == len(Outcome)


def test_labels_are_words() -> None:
    assert words.label(Strategy.RETRY_WITH_BACKOFF) == "Retry with back-off"
    assert words.label(Category.RATE_LIMIT) == "Rate limit"
    assert words.label(Category.EXTERNAL_API) == "External API"
    assert (words.label(Category.DNS), words.label(Category.TLS)) == ("DNS", "TLS")
    assert words.short_type("sqlalchemy.exc.OperationalError") == "OperationalError"
    assert words.short_type("KeyError") == "KeyError"


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0.42, "0.4 ms"), (12.3, "12 ms"), (999.4, "999 ms"), (1_840.0, "1.8 s"), (150_000.0, "2.5 min")],
)
def test_durations_have_about_three_digits(milliseconds: float, shown: str) -> None:
    assert moments.duration(milliseconds) == shown


@pytest.mark.parametrize(
    ("since", "shown"),
    [({}, "now"), ({"seconds": 34}, "34 s ago"), ({"minutes": 12, "seconds": 59}, "12 min ago"),
     ({"hours": 5}, "5 h ago"), ({"days": 9}, "9 d ago")],
)  # fmt: skip
def test_ages_are_in_the_largest_unit(since: dict[str, float], shown: str) -> None:
    assert moments.ago(ago(**since), NOW) == shown


def test_an_event_of_a_clock_that_runs_ahead_happened_now() -> None:
    assert moments.ago(NOW + timedelta(minutes=1), NOW) == "now"


def test_a_time_of_another_day_carries_its_day() -> None:
    assert moments.since(datetime(2026, 11, 23, 9, 5, tzinfo=UTC), NOW) == "09:05"
    assert moments.since(datetime(2026, 11, 21, 9, 5, tzinfo=UTC), NOW) == "21 Nov 09:05"
