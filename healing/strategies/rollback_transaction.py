"""Roll the transaction back, then run the call again in a new one."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from healing.operation import Operation
from healing.strategies.backoff import pause
from healing.strategies.step import Call, Case, Failure, Invoke, Remedy, Result, Steps, Success, Wait
from healing.vocabulary import Strategy


def current_session(operation: Operation) -> Any:
    """The declared session, or what the declared callable returns now."""
    session = operation.session
    return session if hasattr(session, "rollback") else session()


def missing(operation: Operation) -> str | None:
    return None if operation.session is not None else "no session=... declared"


def roll_back(operation: Operation) -> Generator[Invoke, Result, bool]:
    """Whether the declared session is rolled back now; what the attempt left in it is gone then."""
    found = yield Invoke(lambda: current_session(operation))
    if isinstance(found, Failure):
        return False
    return isinstance((yield Invoke(found.value.rollback)), Success)


def steps(case: Case) -> Steps:
    if not (yield from roll_back(case.operation)):
        return None
    delay = pause(case.reruns, case.clock.random(), case.remaining)
    yield Wait(max(delay, case.diagnosis.retry_after or 0.0))
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
