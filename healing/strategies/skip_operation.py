"""Leave the call out: the caller gets None and goes on."""

from __future__ import annotations

from healing.operation import Operation
from healing.strategies.step import Case, Remedy, Steps, Success
from healing.vocabulary import Strategy


def missing(operation: Operation) -> str | None:
    return None if operation.skippable else "no skippable=True declared"


def steps(case: Case) -> Steps:
    yield from ()
    return Success(None)


REMEDY = Remedy(
    strategy=Strategy.SKIP_OPERATION,
    kind="fallback",
    title="Skip the operation",
    missing=missing,
    steps=steps,
)
