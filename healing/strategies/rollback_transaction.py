"""Roll the transaction back, then run the call again in a new one."""

from __future__ import annotations

from typing import Any

from healing.operation import Operation
from healing.strategies.backoff import pause
from healing.strategies.step import Call, Case, Failure, Invoke, Remedy, Steps, Success, Wait
from healing.vocabulary import Strategy


def current_session(operation: Operation) -> Any:
    """The declared session, or what the declared callable returns now."""
    session = operation.session
    return session if hasattr(session, "rollback") else session()


def missing(operation: Operation) -> str | None:
    return None if operation.session is not None else "no session=... declared"


def steps(case: Case) -> Steps:
    found = yield Invoke(lambda: current_session(case.operation))
    if isinstance(found, Failure):
        return None
    rolled_back = yield Invoke(found.value.rollback)
    if isinstance(rolled_back, Failure):
        return None
    yield Wait(pause(case.reruns, case.clock.random(), case.remaining))
    result = yield Call()
    return result if isinstance(result, Success) else None


REMEDY = Remedy(
    strategy=Strategy.ROLLBACK_TRANSACTION,
    kind="repair",
    title="Roll the transaction back",
    missing=missing,
    steps=steps,
    limit=lambda operation: operation.attempts - 1,
)
