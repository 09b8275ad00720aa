"""For the tests of services that use Healing: no waits, chosen chance, events in a list instead of a database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from healing import runtime, settings
from healing.event import Closing, Opening
from healing.patterns import Patterns
from healing.redaction import Redactor
from healing.runtime import Runtime
from healing.vocabulary import Outcome, StopReason, Strategy


class FakeClock:
    """A clock that sleeping moves and nothing else does. `chance` is what `random` gives, in [0, 1)."""

    def __init__(self, chance: float = 0.5) -> None:
        self.chance = chance
        self.slept: list[float] = []
        self._now = time.time()

    def monotonic(self) -> float:
        return self._now

    def time(self) -> float:
        return self._now

    def random(self) -> float:
        return self.chance

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass, as a slow call would."""
        self._now += seconds


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as a test sees it."""

    opening: Opening
    closing: Closing

    @property
    def source(self) -> str:
        return self.opening.source

    @property
    def outcome(self) -> Outcome:
        return self.closing.outcome

    @property
    def stop_reason(self) -> StopReason:
        return self.closing.stop_reason

    @property
    def strategy(self) -> Strategy | None:
        """The strategy that answered; None where none did."""
        return self.closing.strategy

    @property
    def runs(self) -> int:
        return self.closing.runs


@dataclass(slots=True)
class Recorder:
    """The events of a test, in the order in which they ended, and the clock that the test owns."""

    clock: FakeClock
    patterns: Patterns
    events: list[Recorded] = field(default_factory=list)
    _open: dict[str, Opening] = field(default_factory=dict)

    def opened(self, opening: Opening) -> None:
        self._open[opening.id] = opening

    def closed(self, closing: Closing) -> None:
        self.recorded(self._open.pop(closing.id), closing)

    def recorded(self, opening: Opening, closing: Closing) -> None:
        self.events.append(Recorded(opening, closing))

    def flush(self, timeout: float) -> bool:
        return True

    def close(self) -> None:
        self._open.clear()


@contextmanager
def active(*, chance: float = 0.5, **overrides: Any) -> Iterator[Recorder]:
    """Within the block, and only in its context, pauses take no time and events go to the recorder's `events`.

    `overrides` are settings, as for `configure`; the environment and `healing.toml` are not read.
    """
    chosen = settings.resolve({}, None, overrides)
    patterns = Patterns()
    patterns.merge(())
    recorder = Recorder(FakeClock(chance), patterns)
    redactor = Redactor.of(chosen)
    token = runtime.override.set(Runtime(chosen, recorder.clock, recorder, patterns, redactor))
    try:
        yield recorder
    finally:
        runtime.override.reset(token)
