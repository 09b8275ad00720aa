from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.diagnosis.retry_after import parse_retry_after


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 20.0),
        ("Thu, 01 Jan 1970 00:01:00 GMT", 0.0),
        ("Thursday, 01-Jan-70 00:02:00 GMT", 20.0),
        ("Thu, 01 Jan 1970 00:02:00 -0000", 20.0),
    ],
)
def test_seconds_and_dates_are_understood(text: str, seconds: float) -> None:
    assert parse_retry_after(text, now=100.0) == seconds


@pytest.mark.parametrize("text", ["", " ", "soon", "-5", "nan", "inf", "1e999", "9" * 80, "Thu, 99 Foo 1970", "\x00"])
def test_what_makes_no_sense_is_nothing(text: str) -> None:
    assert parse_retry_after(text, now=100.0) is None


@given(st.text(max_size=70), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_gives_seconds_or_nothing(text: str, now: float) -> None:
    seconds = parse_retry_after(text, now)
    assert seconds is None or seconds >= 0


@given(st.integers(10**9, 4 * 10**9), st.integers(0, 10**6))
def test_a_date_ahead_is_as_far_as_it_is(moment: int, ahead: int) -> None:
    text = format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)
    assert parse_retry_after(text, moment - ahead) == pytest.approx(ahead)
