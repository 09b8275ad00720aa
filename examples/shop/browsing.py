"""What happens while a customer looks around: little is at stake, so nearly everything can be healed."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from examples.shop import pages
from examples.shop.clients import ask
from examples.shop.config import CATALOGUE_URL, PRICES_MIRROR_URL, PRICES_URL, RATES_URL, VISITS_URL
from healing import Cache, endpoint, self_healing

DISCOUNT_PERCENT = {"bronze": 0, "silver": 3, "gold": 5}


@self_healing(
    source="shop.list_products",
    category="external_api",
    idempotent=True,
    cache=Cache(ttl=30),
    budget=2,
)
def list_products() -> list[str]:
    articles: list[str] = ask(f"{CATALOGUE_URL}/products")
    return articles


@self_healing(
    source="shop.fetch_price",
    category="external_api",
    idempotent=True,
    endpoints=(PRICES_URL, PRICES_MIRROR_URL),
    budget=2,
)
def fetch_price(article: str) -> int:
    """In euro cents."""
    cents: int = ask(f"{endpoint()}/prices/{article}")["cents"]
    return cents


@self_healing(source="shop.search_products", category="external_api", idempotent=True, budget=4)
def search_products(words: str) -> list[str]:
    articles: list[str] = ask(f"{CATALOGUE_URL}/search?words={quote(words)}")
    return articles


@self_healing(source="shop.product_page", category="cache", idempotent=True, clears=(pages.clear,), budget=2)
def product_page(article: str) -> dict[str, Any]:
    page: dict[str, Any] | None = pages.read(article)
    if page is None:
        page = ask(f"{CATALOGUE_URL}/products/{article}")
        pages.write(article, page)
    return page


@self_healing(source="shop.recommendations", category="external_api", idempotent=True, default=[], budget=1, attempts=2)
async def recommendations(customer: str) -> list[str]:
    articles: list[str] = await asyncio.to_thread(ask, f"{CATALOGUE_URL}/recommendations?customer={customer}")
    return articles


@self_healing(source="shop.exchange_rate", category="external_api", idempotent=True, budget=2)
async def exchange_rate(currency: str) -> float:
    rate: float = (await asyncio.to_thread(ask, f"{RATES_URL}/rates/{currency}"))["per_euro"]
    return rate


@self_healing(source="shop.track_visit", category="network", skippable=True, budget=1)
async def track_visit(customer: str, article: str) -> None:
    await asyncio.to_thread(ask, f"{VISITS_URL}/visits", {"customer": customer, "article": article})


@self_healing(source="shop.discount", category="general")
def discount(tier: str, cents: int) -> int:
    """In euro cents. Nobody has told it of platinum customers yet: an error that a person must mend."""
    return cents * DISCOUNT_PERCENT[tier] // 100
