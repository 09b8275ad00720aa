"""How long one redaction may take, in the seconds that its own thread spends computing."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 0.014
"""For one text or one structure; what is under way when it ends may take a few milliseconds more."""
PAUSE = 0.010
"""No layer takes so long: a thread that was busy for longer between two looks was collecting garbage meanwhile."""


class OverTimeError(Exception):
    """The time is spent; what is not redacted by now is not shown."""


class Budget:
    """`clock` gives the seconds that this thread has computed for; other threads and processes do not count."""

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._seen = clock()
        self._end = self._seen + seconds

    def is_spent(self) -> bool:
        now = self._clock()
        if now - self._seen > PAUSE:
            self._end += now - self._seen
        self._seen = now
        return now >= self._end

    def check(self) -> None:
        """Raises OverTimeError once the time is spent."""
        if self.is_spent():
            raise OverTimeError
