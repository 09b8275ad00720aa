"""Customers who come by, two to six calls a second between them."""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeAlias, TypeVar

from examples.shop import browsing, checkout
from examples.shop.database import current_session

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger("shop")

ARTICLES = ("mug", "lamp", "rug", "clock", "stool")
TIERS = ("bronze", "bronze", "silver", "gold", "bronze", "silver", "gold", "platinum")
SEARCHES = ("m", "mu", "mug", "lamp")
WAVE = 45.0
"""Seconds from one rush hour to the next."""
PATIENCE = 8.0
"""Seconds that a closing shop waits for its last customers."""


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    email: str
    postcode: str
    tier: str
    article: str


Journey: TypeAlias = Callable[[Customer], Awaitable[None]]


async def look_around(customer: Customer) -> None:
    await _request(browsing.list_products)
    await _think()
    await _request(browsing.product_page, customer.article)
    await _request(browsing.fetch_price, customer.article)
    await browsing.track_visit(customer.name, customer.article)
    await browsing.recommendations(customer.name)


async def search(customer: Customer) -> None:
    for words in SEARCHES:
        await _request(browsing.search_products, words)
    await _think()
    await _request(browsing.product_page, customer.article)
    await browsing.track_visit(customer.name, customer.article)


async def buy(customer: Customer) -> None:
    order_id = uuid.uuid4().hex
    await _request(checkout.check_address, customer.postcode)
    cents = await _request(browsing.fetch_price, customer.article)
    await browsing.exchange_rate("USD")
    cents -= await _request(browsing.discount, customer.tier, cents)
    await _think()
    await _request(checkout.create_order, order_id, customer.name, customer.article, cents)
    await _request(checkout.charge_card, order_id, cents)
    await _think()
    await _request(checkout.mark_paid, order_id)
    await _request(checkout.reserve_stock, order_id, customer.article)
    await _request(checkout.send_receipt, order_id, customer.email, cents)


JOURNEYS: tuple[Journey, ...] = (look_around, buy, search, look_around, buy)


class Crowd:
    """Sends customers into the shop until told to stop, and lets those inside finish."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.served = 0
        self.disappointed = 0
        self._inside: set[asyncio.Task[None]] = set()

    async def keep_coming(self) -> None:
        for number, journey in enumerate(itertools.cycle(JOURNEYS)):
            visit = asyncio.create_task(self._visit(journey, customer(number)))
            self._inside.add(visit)
            visit.add_done_callback(self._inside.discard)
            await asyncio.sleep(_pause() / self.speed)

    async def leave(self) -> None:
        """Waits for customers who are still inside, but not for ever."""
        if self._inside:
            await asyncio.wait(self._inside, timeout=PATIENCE)

    async def _visit(self, journey: Journey, visitor: Customer) -> None:
        try:
            await journey(visitor)
        except Exception as error:  # noqa: BLE001 - the shop's outermost border: the customer sees an error page
            self.disappointed += 1
            logger.warning("%s could not %s: %r", visitor.name, journey.__name__.replace("_", " "), error)
        else:
            self.served += 1


def customer(number: int) -> Customer:
    """Every eighth is platinum, every seventeenth mistypes a postcode, every thirteenth a mail address."""
    name = f"customer-{number}"
    return Customer(
        name=name,
        email=("nobody" if number % 13 == 12 else name) + "@mail.example",
        postcode="1234" if number % 17 == 16 else "10115",
        tier=TIERS[number % len(TIERS)],
        article=ARTICLES[number % len(ARTICLES)],
    )


def _pause() -> float:
    """Seconds until the next customer comes: fewer in a rush hour, and never quite the same."""
    rush = 1 + 0.5 * math.sin(2 * math.pi * time.time() / WAVE)
    return random.uniform(1.2, 2.4) / rush


async def _request(handler: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs in a thread and ends with a clean session, as a web framework does for each request."""

    def handled() -> T:
        try:
            return handler(*args, **kwargs)
        finally:
            current_session.remove()

    return await asyncio.to_thread(handled)


async def _think() -> None:
    await asyncio.sleep(random.uniform(0.05, 0.5))
