"""What worked before: successes and failures of each repair per fingerprint, recent ones counting more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from healing.vocabulary import Strategy

Ruling = Literal["pin", "ban"]

MIN_TRIES = 5
PROVEN_RATE = 0.8
HOPELESS_RATE = 0.2
GRACE = 0.5
"""Seconds after the first question during which it pays to wait for the first load."""
CACHE_ROWS = 20_000
"""Rows that a process holds at the most, the newest; each is about 0.5 KB."""


@dataclass(frozen=True, slots=True)
class PatternFigures:
    """What one repair has done for one fingerprint.

    The weights are the counts, each success and failure halved per half-life since it came about, as of
    `updated_at` (Unix time in seconds). Half-lives are in seconds.
    """

    fingerprint: str
    strategy: Strategy
    source: str
    successes: int = 0
    failures: int = 0
    success_weight: float = 0.0
    failure_weight: float = 0.0
    updated_at: float = 0.0
    ruling: Ruling | None = None

    @property
    def tries(self) -> int:
        return self.successes + self.failures

    def rate(self, now: float, half_life: float) -> float:
        """The share of successes, in 0..1; 0.5 without a try, or when all of them have faded away."""
        fade = _fade(now - self.updated_at, half_life)
        successes, failures = self.success_weight * fade, self.failure_weight * fade
        total = successes + failures
        return min(successes / total, 1.0) if total > 0 else 0.5

    def proven(self, now: float, half_life: float) -> bool:
        return self.tries >= MIN_TRIES and self.rate(now, half_life) >= PROVEN_RATE

    def hopeless(self, now: float, half_life: float) -> bool:
        return self.tries >= MIN_TRIES and self.rate(now, half_life) < HOPELESS_RATE


def updated(figures: PatternFigures, successes: int, failures: int, at: float, half_life: float) -> PatternFigures:
    """The figures with tries of Unix time `at`, which may lie before or after `figures.updated_at`."""
    now = max(figures.updated_at, at)
    old, new = _fade(now - figures.updated_at, half_life), _fade(now - at, half_life)
    return replace(
        figures,
        successes=figures.successes + successes,
        failures=figures.failures + failures,
        success_weight=figures.success_weight * old + successes * new,
        failure_weight=figures.failure_weight * old + failures * new,
        updated_at=now,
    )


def _fade(seconds: float, half_life: float) -> float:
    """The weight left of 1 after `seconds`. A clock that was set back fades nothing."""
    return float(0.5 ** (max(seconds, 0.0) / half_life))


@dataclass(frozen=True, slots=True)
class Tally:
    """Tries of one repair that a batch of events adds to a pattern; `at` is Unix time in seconds."""

    fingerprint: str
    strategy: Strategy
    source: str
    successes: int
    failures: int
    at: float


NOTHING: Mapping[Strategy, PatternFigures] = MappingProxyType({})


class Patterns:
    """The figures as this process knows them, read without I/O or lock.

    The journal's writer fills and refreshes them; others see them change at once, one fingerprint at a time.
    """

    def __init__(self, *, max_rows: int = CACHE_ROWS) -> None:
        self.ready = False
        self.seen_until = 0.0
        """The newest `updated_at` that was merged, Unix time in seconds."""
        self._max_rows = max_rows
        self._first_asked: float | None = None
        self._rows = 0
        self._known: dict[str, Mapping[Strategy, PatternFigures]] = {}

    def figures(self, fingerprint: str) -> Mapping[Strategy, PatternFigures]:
        """What is known for a fingerprint, by repair; empty where nothing is."""
        return self._known.get(fingerprint, NOTHING)

    def patience(self, now: float) -> float:
        """Seconds that one may still wait for the first load; `now` is monotonic. Spent once in a process."""
        if self.ready:
            return 0.0
        if self._first_asked is None:
            self._first_asked = now
        return max(0.0, GRACE - (now - self._first_asked))

    def merge(self, rows: Iterable[PatternFigures]) -> None:
        """Take over rows as the database has them now. Called by the writer alone."""
        changed: dict[str, dict[Strategy, PatternFigures]] = defaultdict(dict)
        for row in rows:
            changed[row.fingerprint][row.strategy] = row
            self.seen_until = max(self.seen_until, row.updated_at)
        for fingerprint, new in changed.items():
            before = self._known.get(fingerprint, NOTHING)
            self._known[fingerprint] = {**before, **new}
            self._rows += len(self._known[fingerprint]) - len(before)
        if self._rows > self._max_rows:
            self._forget_the_oldest()
        self.ready = True

    def _forget_the_oldest(self) -> None:
        newest_first = sorted(
            self._known.items(),
            key=lambda item: max(row.updated_at for row in item[1].values()),
            reverse=True,
        )
        kept: dict[str, Mapping[Strategy, PatternFigures]] = {}
        self._rows = 0
        for fingerprint, rows in newest_first:
            if self._rows + len(rows) > self._max_rows * 3 // 4:
                break
            kept[fingerprint] = rows
            self._rows += len(rows)
        self._known = kept
