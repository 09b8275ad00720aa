"""Wait for as long as the far end asked, then run the call again."""

from __future__ import annotations

from healing.operation import Operation
from healing.strategies.backoff import pause
from healing.strategies.step import Call, Case, Remedy, Steps, Success, Wait
from healing.vocabulary import Strategy

UNTOLD_BASE = 1.0
"""Seconds that the first pause takes at the most where a rate limit names no time."""
SPREAD = 0.1
"""Share of the asked time that is added at random, so that callers told the same time do not come back together."""


def missing(operation: Operation) -> str | None:
    return None if operation.attempts > 1 else "attempts=1 allows no second run"


def steps(case: Case) -> Steps:
    asked = case.diagnosis.retry_after
    chance = case.clock.random()
    if asked is None:
        yield Wait(pause(case.reruns, chance, case.remaining, base=UNTOLD_BASE))
    else:
        yield Wait(max(asked, min(asked * (1 + SPREAD * chance), case.remaining)))
    result = yield Call()
    return result if isinstance(result, Success) else None


REMEDY = Remedy(
    strategy=Strategy.RATE_LIMIT_BACKOFF,
    kind="repair",
    title="Rate-limit back-off",
    missing=missing,
    steps=steps,
    limit=lambda operation: operation.attempts - 1,
)
