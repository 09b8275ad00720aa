"""The services that the shop calls, each a function from a request to a reply."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque

from examples.shop.world.ledger import Ledger
from examples.shop.world.spells import Schedule, Trouble
from examples.shop.world.web import HangUp, Reply, Request

PRODUCTS = {
    "mug": ("Enamel mug", 1290),
    "lamp": ("Desk lamp", 4900),
    "rug": ("Wool rug", 18900),
    "clock": ("Wall clock", 3450),
    "stool": ("Oak stool", 7900),
}
"""Name and price in euro cents by article number."""


def prices(request: Request) -> Reply:
    article = request.path.removeprefix("/prices/")
    return Reply(body={"article": article, "cents": PRODUCTS[article][1]})


class Catalogue:
    """Lists, searches and recommends products. Takes `burst` searches a second, then answers 429."""

    def __init__(self, schedule: Schedule, burst: int = 2) -> None:
        self._schedule = schedule
        self._burst = burst
        self._searches: deque[float] = deque()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        match request.path:
            case "/products":
                return self._products()
            case "/search":
                return self._search(request.query["words"])
            case "/recommendations":
                return self._recommendations()
            case path:
                article = path.removeprefix("/products/")
                return Reply(body={"article": article, "name": PRODUCTS[article][0]})

    def _products(self) -> Reply:
        if self._schedule.reigns(Trouble.CATALOGUE_BROKEN):
            return Reply(502, {"error": "bad gateway"})
        return Reply(body=sorted(PRODUCTS))

    def _search(self, words: str) -> Reply:
        with self._lock:
            now = time.monotonic()
            while self._searches and self._searches[0] < now - 1 / self._schedule.speed:
                self._searches.popleft()
            if len(self._searches) >= self._burst:
                return Reply(429, {"error": "too many searches"}, {"Retry-After": "1"})
            self._searches.append(now)
        return Reply(body=[article for article, (name, _) in PRODUCTS.items() if words in name.lower()])

    def _recommendations(self) -> Reply:
        if self._schedule.reigns(Trouble.RECOMMENDATIONS_SLOW):
            time.sleep(1.5)
        return Reply(body=["mug", "lamp"])


class Rates:
    """Tells exchange rates."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._questions = itertools.count()

    def __call__(self, request: Request) -> Reply:
        if self._schedule.reigns(Trouble.RATES_FLAKY) and next(self._questions) % 2 == 0:
            return Reply(500, {"error": "internal error"})
        return Reply(body={"currency": request.path.removeprefix("/rates/"), "per_euro": 1.08})


class Visits:
    """Counts visits."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def __call__(self, request: Request) -> Reply | HangUp:
        return HangUp() if self._schedule.reigns(Trouble.VISITS_DROPPED) else Reply(202)


class Payments:
    """Charges a card each time it is asked: it does not know a repeated request from a new one."""

    def __init__(self, schedule: Schedule, charges: Ledger) -> None:
        self._schedule = schedule
        self._charges = charges
        self._sent_away: set[str] = set()
        self._answers = itertools.count()

    def __call__(self, request: Request) -> Reply:
        order = request.body["order"]
        if self._schedule.reigns(Trouble.PAYMENTS_BUSY) and order not in self._sent_away:
            self._sent_away.add(order)
            return Reply(503, {"error": "busy"}, {"Retry-After": "1"})
        self._charges.record(order=order, cents=request.body["cents"])
        if self._schedule.reigns(Trouble.PAYMENTS_LATE) and next(self._answers) % 4 == 0:
            time.sleep(1.5)
        return Reply(201, {"charged": request.body["cents"]})


def warehouse(request: Request) -> Reply:
    return Reply(body={"order": request.path.removeprefix("/reservations/"), "shelf": "B 12"})
