"""Run the call again after a growing, random pause."""

from __future__ import annotations

from healing.operation import Operation
from healing.strategies.backoff import pause
from healing.strategies.step import Call, Case, Remedy, Steps, Success, Wait
from healing.vocabulary import Strategy


def missing(operation: Operation) -> str | None:
    return None if operation.attempts > 1 else "attempts=1 allows no second run"


def steps(case: Case) -> Steps:
    delay = pause(case.reruns, case.clock.random(), case.remaining)
    yield Wait(max(delay, case.diagnosis.retry_after or 0.0))
    result = yield Call()
    return result if isinstance(result, Success) else None


REMEDY = Remedy(
    strategy=Strategy.RETRY_WITH_BACKOFF,
    kind="repair",
    title="Retry with back-off",
    missing=missing,
    steps=steps,
    limit=lambda operation: operation.attempts - 1,
)
