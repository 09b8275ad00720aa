"""All that the overview shows of one range, read over one connection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection, Engine

from db.connection import reading
from db.issues import UNHELPED, Issue, active_issues, count_issues
from db.period import Period, Range
from db.tallies import Tally, tallies, totals
from healing.vocabulary import Outcome

LISTED_ISSUES = 5

TICKS = ("failed", "degraded", "observed", "healed")
"""What a tick of a source's strip says, worst first."""

_TICK_OF = {
    Outcome.FAILED: "failed",
    Outcome.INTERRUPTED: "failed",
    Outcome.DEGRADED: "degraded",
    Outcome.QUEUED: "degraded",
    Outcome.OBSERVED: "observed",
    Outcome.HEALED: "healed",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one period. The share leaves out observed events; None where nothing happened."""

    events: int
    healed_share: float | None
    healing_ms: float | None
    active_issues: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket of the charts."""

    start: datetime
    by_outcome: dict[str, int]
    healed_share: float | None
    healing_ms: float | None

    @property
    def events(self) -> int:
        return sum(self.by_outcome.values())

    @property
    def unhelped(self) -> int:
        return sum(self.by_outcome.get(outcome, 0) for outcome in UNHELPED)


@dataclass(frozen=True, slots=True)
class SourceStrip:
    """A source over the period: a tick per bucket, one of TICKS or `none`."""

    source: str
    events: int
    unhelped: int
    healed_share: float | None
    ticks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    period: Period
    figures: Figures
    before: Figures
    buckets: tuple[Bucket, ...]
    sources: tuple[SourceStrip, ...]
    """Those with most failures first, then the busiest."""
    issues: tuple[Issue, ...]
    """The newest LISTED_ISSUES; `figures.active_issues` counts all."""

    def whole_buckets(self, width: timedelta) -> tuple[Bucket, ...]:
        """The buckets without the running one, which would look like a fall; all where it alone has events."""
        whole = tuple(bucket for bucket in self.buckets if bucket.start + width <= self.period.end)
        return whole if any(bucket.events for bucket in whole) else self.buckets


def overview(engine: Engine, shown: Range, now: datetime) -> Overview:
    """Raises DatabaseAwayError."""
    period = shown.period(now)
    drawn = period.from_bucket(shown.bucket)
    with reading(engine) as connection:
        counted = tallies(connection, drawn, shown.bucket)
        return Overview(
            period=period,
            figures=_figures(connection, period),
            before=_figures(connection, period.before()),
            buckets=_buckets(counted, drawn, shown.bucket),
            sources=_sources(counted, drawn, shown.bucket),
            issues=tuple(active_issues(connection, period, LISTED_ISSUES)),
        )


def _figures(connection: Connection, period: Period) -> Figures:
    by_outcome = totals(connection, period)
    healed = by_outcome.get(Outcome.HEALED)
    return Figures(
        events=sum(total.events for total in by_outcome.values()),
        healed_share=_healed_share({outcome: total.events for outcome, total in by_outcome.items()}),
        healing_ms=healed.healing_ms / healed.events if healed else None,
        active_issues=count_issues(connection, period),
    )


def _healed_share(by_outcome: dict[str, int]) -> float | None:
    acted_on = sum(count for outcome, count in by_outcome.items() if outcome != Outcome.OBSERVED)
    return by_outcome.get(Outcome.HEALED, 0) / acted_on if acted_on else None


def _buckets(counted: Iterable[Tally], period: Period, width: timedelta) -> tuple[Bucket, ...]:
    found: dict[datetime, list[Tally]] = defaultdict(list)
    for tally in counted:
        found[tally.bucket].append(tally)
    return tuple(_bucket(start, found[start]) for start in period.buckets(width))


def _bucket(start: datetime, counted: list[Tally]) -> Bucket:
    by_outcome = _by_outcome(counted)
    healed = by_outcome.get(Outcome.HEALED)
    healing_ms = sum(tally.healing_ms for tally in counted if tally.outcome == Outcome.HEALED)
    return Bucket(start, by_outcome, _healed_share(by_outcome), healing_ms / healed if healed else None)


def _by_outcome(counted: Iterable[Tally]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for tally in counted:
        found[tally.outcome] += tally.events
    return dict(found)


def _sources(counted: Iterable[Tally], period: Period, width: timedelta) -> tuple[SourceStrip, ...]:
    found: dict[str, list[Tally]] = defaultdict(list)
    for tally in counted:
        found[tally.source].append(tally)
    starts = period.buckets(width)
    strips = (_strip(source, own, starts) for source, own in found.items())
    return tuple(sorted(strips, key=lambda strip: (-strip.unhelped, -strip.events, strip.source)))


def _strip(source: str, counted: list[Tally], starts: list[datetime]) -> SourceStrip:
    by_outcome = _by_outcome(counted)
    seen: dict[datetime, set[str]] = defaultdict(set)
    for tally in counted:
        seen[tally.bucket].add(_TICK_OF[Outcome(tally.outcome)])
    return SourceStrip(
        source=source,
        events=sum(by_outcome.values()),
        unhelped=sum(by_outcome.get(outcome, 0) for outcome in UNHELPED),
        healed_share=_healed_share(by_outcome),
        ticks=tuple(next((tick for tick in TICKS if tick in seen[start]), "none") for start in starts),
    )
