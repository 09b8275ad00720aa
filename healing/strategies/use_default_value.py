"""Answer with the declared default."""

from __future__ import annotations

from typing import Any

from healing.operation import Operation
from healing.strategies.step import Case, Invoke, Remedy, Steps, Success
from healing.vocabulary import Strategy


def missing(operation: Operation) -> str | None:
    return None if operation.has_default else "no default=... declared"


def _own(value: Any) -> Any:
    """Containers are made anew for each caller, who may change them; what they hold is handed on as it is."""
    if type(value) is dict:
        return {name: _own(item) for name, item in value.items()}
    if type(value) in {list, set, bytearray}:
        return type(value)(map(_own, value))
    return value


def steps(case: Case) -> Steps:
    factory = case.operation.default_factory
    if factory is None:
        return Success(_own(case.operation.default))
    made = yield Invoke(factory)
    return made if isinstance(made, Success) else None


REMEDY = Remedy(
    strategy=Strategy.USE_DEFAULT_VALUE,
    kind="fallback",
    title="Use the default value",
    missing=missing,
    steps=steps,
)
