"""Run the call again at another of the declared endpoints."""

from __future__ import annotations

from healing.operation import Operation
from healing.strategies.step import Call, Case, Remedy, Steps, Success
from healing.vocabulary import Strategy


def missing(operation: Operation) -> str | None:
    return None if operation.endpoints else "no endpoints=(...) declared"


def steps(case: Case) -> Steps:
    untried = [address for address in case.operation.endpoints if address not in case.tried_endpoints]
    if not untried:
        return None
    result = yield Call(endpoint=untried[0])
    return result if isinstance(result, Success) else None


REMEDY = Remedy(
    strategy=Strategy.SWITCH_API_ENDPOINT,
    kind="repair",
    title="Switch the API endpoint",
    missing=missing,
    steps=steps,
    limit=lambda operation: len(operation.endpoints) - 1,
)
