"""Answer with the declared default."""

from __future__ import annotations

from healing.operation import Operation
from healing.strategies.step import Case, Invoke, Remedy, Steps, Success
from healing.vocabulary import Strategy


def missing(operation: Operation) -> str | None:
    return None if operation.has_default else "no default=... declared"


def steps(case: Case) -> Steps:
    factory = case.operation.default_factory
    if factory is None:
        return Success(case.operation.default)
    made = yield Invoke(factory)
    return made if isinstance(made, Success) else None


REMEDY = Remedy(
    strategy=Strategy.USE_DEFAULT_VALUE,
    kind="fallback",
    title="Use the default value",
    missing=missing,
    steps=steps,
)
