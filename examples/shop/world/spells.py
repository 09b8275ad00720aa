"""When what goes wrong: the schedule of the world's troubles."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What can go wrong in the shop's surroundings."""

    PRICES_DOWN = "the price service is down; its mirror is not"
    CATALOGUE_BROKEN = "the catalogue answers 502"
    RECOMMENDATIONS_SLOW = "recommendations take longer than a page can wait"
    RATES_FLAKY = "every other question for an exchange rate is answered 500"
    VISITS_DROPPED = "the visit counter hangs up without an answer"
    PAYMENTS_BUSY = "the payment provider asks each order once to come back in a second"
    PAYMENTS_LATE = "the payment provider charges, then answers every fourth time too late"
    WAREHOUSE_RESTARTING = "the warehouse restarts and cuts all open connections"
    ORDERS_LOCKED = "another program keeps locking the shop's database"
    PAGES_DAMAGED = "a file of the page cache loses its second half"
    MAIL_DOWN = "the mail server is down"
    MAIL_GREYLISTING = "the mail server says 451, try again later"


@dataclass(frozen=True, slots=True)
class Spell:
    """`lasts` seconds of trouble: `first` seconds after the start, and `every` so many seconds again."""

    first: float
    lasts: float
    every: float

    def covers(self, elapsed: float) -> bool:
        return elapsed >= self.first and (elapsed - self.first) % self.every < self.lasts


SPELLS = {
    Trouble.RATES_FLAKY: Spell(first=2, lasts=20, every=50),
    Trouble.PRICES_DOWN: Spell(first=6, lasts=14, every=60),
    Trouble.PAGES_DAMAGED: Spell(first=10, lasts=2, every=20),
    Trouble.WAREHOUSE_RESTARTING: Spell(first=12, lasts=2, every=25),
    Trouble.CATALOGUE_BROKEN: Spell(first=16, lasts=16, every=70),
    Trouble.VISITS_DROPPED: Spell(first=22, lasts=14, every=60),
    Trouble.MAIL_DOWN: Spell(first=26, lasts=14, every=80),
    Trouble.ORDERS_LOCKED: Spell(first=32, lasts=25, every=70),
    Trouble.RECOMMENDATIONS_SLOW: Spell(first=42, lasts=14, every=70),
    Trouble.PAYMENTS_BUSY: Spell(first=50, lasts=12, every=60),
    Trouble.MAIL_GREYLISTING: Spell(first=60, lasts=10, every=80),
    Trouble.PAYMENTS_LATE: Spell(first=62, lasts=24, every=70),
}


class Schedule:
    """Tells which troubles reign. `speed` 2 makes everything come, and pass, twice as fast."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._started = time.monotonic()

    def reigns(self, trouble: Trouble) -> bool:
        return SPELLS[trouble].covers((time.monotonic() - self._started) * self.speed)
