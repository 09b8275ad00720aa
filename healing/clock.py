"""Time, sleeping and chance: the one seam at which tests replace the world."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Protocol


class Clock(Protocol):
    """Seconds throughout; `monotonic` for durations, `time` for Unix time stamps."""

    def monotonic(self) -> float: ...

    def time(self) -> float: ...

    def random(self) -> float:
        """A number in [0, 1)."""

    def sleep(self, seconds: float) -> None: ...

    async def sleep_async(self, seconds: float) -> None: ...


class SystemClock:
    monotonic = staticmethod(time.monotonic)
    sleep = staticmethod(time.sleep)
    sleep_async = staticmethod(asyncio.sleep)
    random = staticmethod(random.random)
    time = staticmethod(time.time)
