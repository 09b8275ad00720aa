"""Throw away the connections that may be broken, then run the call again on new ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from healing.operation import Operation
from healing.strategies.backoff import pause
from healing.strategies.step import Call, Case, Failure, Invoke, Remedy, Steps, Success, Wait
from healing.vocabulary import Strategy

METHODS = ("dispose", "disconnect", "reset", "clear")
"""What lets go of idle connections: Engine.dispose, a Redis pool's disconnect, urllib3's PoolManager.clear."""


def reset(resource: Any) -> Callable[[], Any] | None:
    """What resets `resource`: the method of its shape, else itself where it can be called."""
    for owner in (getattr(resource, "connection_pool", None), resource):
        for name in METHODS:
            method: Callable[[], Any] | None = getattr(owner, name, None)
            if callable(method):
                return method
    return resource if callable(resource) else None


def missing(operation: Operation) -> str | None:
    return None if operation.resets else "no resets=(...) declared"


def steps(case: Case) -> Steps:
    for resource in case.operation.resets:
        action = reset(resource)
        if action is None or isinstance((yield Invoke(action)), Failure):
            return None
    if case.reruns:
        yield Wait(pause(case.reruns, case.clock.random(), case.remaining))
    result = yield Call()
    return result if isinstance(result, Success) else None


REMEDY = Remedy(
    strategy=Strategy.RESET_CONNECTION,
    kind="repair",
    title="Reset the connection",
    missing=missing,
    steps=steps,
)
