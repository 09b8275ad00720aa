"""Stretches of time: what figures cover, and the buckets that charts cut them into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to, but not including, `end`; both aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period must start before it ends: {self.start} to {self.end}")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def before(self) -> Period:
        """The period of the same length that ends where this one starts."""
        return Period(self.start - self.length, self.start)

    def from_bucket(self, width: timedelta) -> Period:
        """This period, started early enough for its first bucket to be whole."""
        return Period(floor(self.start, width), self.end)

    def buckets(self, width: timedelta) -> list[datetime]:
        """The starts of all buckets that this period touches, oldest first."""
        first = floor(self.start, width)
        count = -((first - self.end) // width)
        return [first + width * number for number in range(count)]


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch back from now that the screens offer, and the width of a bucket in its charts."""

    key: str
    label: str
    length: timedelta
    bucket: timedelta
    per: str

    @property
    def span(self) -> str:
        """What follows `the last`."""
        return "hour" if self.length == HOUR else self.label

    def period(self, now: datetime) -> Period:
        return Period(now - self.length, now)


RANGES = {
    shown.key: shown
    for shown in (
        Range("1h", "1 h", HOUR, timedelta(minutes=1), "minute"),
        Range("24h", "24 h", timedelta(days=1), HOUR, "hour"),
        Range("7d", "7 d", timedelta(days=7), 3 * HOUR, "3 hours"),
        Range("30d", "30 d", timedelta(days=30), 12 * HOUR, "12 hours"),
    )
}


def floor(moment: datetime, width: timedelta) -> datetime:
    """The start of the bucket that holds `moment`; buckets are counted from 1970-01-01 UTC."""
    return moment - (moment - _EPOCH) % width


def ceiling(moment: datetime, width: timedelta) -> datetime:
    """The first start of a bucket at or after `moment`."""
    return floor(moment - timedelta(microseconds=1), width) + width
