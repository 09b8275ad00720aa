"""Empty the caches that may hold something broken, then run the call again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from healing.operation import Operation
from healing.strategies.step import Call, Case, Failure, Invoke, Remedy, Steps, Success
from healing.vocabulary import Strategy

METHODS = ("cache_clear", "clear", "invalidate")


def clear(resource: Any) -> Callable[[], Any] | None:
    """What empties `resource`: the method of its shape, else itself where it can be called."""
    for name in METHODS:
        method: Callable[[], Any] | None = getattr(resource, name, None)
        if callable(method):
            return method
    return resource if callable(resource) else None


def missing(operation: Operation) -> str | None:
    return None if operation.clears else "no clears=(...) declared"


def steps(case: Case) -> Steps:
    for resource in case.operation.clears:
        action = clear(resource)
        if action is None or isinstance((yield Invoke(action)), Failure):
            return None
    result = yield Call()
    return result if isinstance(result, Success) else None


REMEDY = Remedy(
    strategy=Strategy.CLEAR_CACHE_AND_RETRY,
    kind="repair",
    title="Clear the cache and retry",
    missing=missing,
    steps=steps,
)
