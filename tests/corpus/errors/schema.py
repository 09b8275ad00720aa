"""Labelled errors: what a senior engineer says of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CATEGORIES = frozenset(
    [
        "general",
        "network",
        "timeout",
        "rate_limit",
        "database",
        "cache",
        "auth",
        "validation",
        "resource",
        "external_api",
        "queue",
        "filesystem",
        "dns",
        "tls",
        "concurrency",
        "programming",
        "configuration",
    ]
)
STRATEGIES = frozenset(
    [
        "RETRY_WITH_BACKOFF",
        "RATE_LIMIT_BACKOFF",
        "RESET_CONNECTION",
        "ROLLBACK_TRANSACTION",
        "CLEAR_CACHE_AND_RETRY",
        "SWITCH_API_ENDPOINT",
        "FALLBACK_TO_CACHE",
        "QUEUE_FOR_LATER",
        "USE_DEFAULT_VALUE",
        "SKIP_OPERATION",
        "SURFACE",
    ]
)


@dataclass(frozen=True)
class Case:
    """`categories`: the best one first, then others that a strict judge would accept too.

    `transient`: whether the same call may well succeed later without anybody changing anything.
    `executed`: acceptable answers to "was the failing step executed at the far end?", of "no", "unknown" and "yes".
    `acceptable`: what is right as the first thing to try, for an idempotent operation that has declared everything
    (a connection to reset, a session, a cache, endpoints, a default); SURFACE where nothing is to be tried.
    `harmful`: what would do harm, or certainly waste the caller's time, as the first choice.
    """

    name: str
    make: Callable[[], BaseException]
    categories: tuple[str, ...]
    transient: bool
    executed: frozenset[str]
    acceptable: frozenset[str]
    harmful: frozenset[str]
    why: str
