"""Windows into Healing's mind, and the door for errors that were caught elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from healing import lineage
from healing.declaration import declare
from healing.diagnosis.rules import diagnose
from healing.expressions import Patterns
from healing.fingerprint import fingerprint
from healing.operation import Operation
from healing.plan import PlannedStep, Situation, make_plan
from healing.proof import Proof, consumed_argument, prove
from healing.recording import record
from healing.runtime import current
from healing.vocabulary import Category, DecidedBy, Executed, Severity, StopReason


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would be done about an error, and why. `stop_reason` is None where a repair would be tried."""

    category: Category
    transient: bool
    executed: Executed
    severity: Severity
    rule: str
    reason: str
    plan: tuple[PlannedStep, ...]
    decided_by: DecidedBy
    stop_reason: StopReason | None
    why: str
    fingerprint: str
    own: bool = False
    """Whether the rule is one of the user's own."""


def explain(
    error: BaseException, *, function: Callable[..., Any] | None = None, args: tuple[Any, ...] = (), **declared: Any
) -> Explanation:
    """What Healing would do about `error` for an operation declared so; runs nothing and records nothing.

    `declared` takes the arguments of `self_healing`. With `function`, the wrapped function that raised it, the
    traceback is looked at for proof that nothing had happened yet; without it only the declared facts count.
    """
    runtime = current()
    category = declared.pop("category", Category.GENERAL)
    operation = declare(function or _unknown_function, declared.pop("source", None), category, declared)
    diagnosis = diagnose(error, runtime.clock.time(), runtime.rules)
    print_ = fingerprint(error, override=operation.fingerprint)
    plan = make_plan(
        Situation(
            operation=operation,
            diagnosis=diagnosis,
            proof=_proof(error, operation, function),
            remaining=operation.budget,
            runs_left=operation.attempts - 1,
            consumed=consumed_argument(args, {}),
            figures=runtime.patterns.figures(print_),
            now=runtime.clock.time(),
            half_life=runtime.settings.pattern_half_life_days * 86_400,
        )
    )
    return Explanation(
        category=diagnosis.category,
        transient=diagnosis.transient,
        executed=diagnosis.executed,
        severity=diagnosis.severity,
        rule=diagnosis.rule,
        reason=diagnosis.reason,
        plan=plan.steps,
        decided_by=plan.decided_by,
        stop_reason=plan.stop_reason,
        why=plan.why,
        fingerprint=print_,
        own=diagnosis.own,
    )


def _unknown_function() -> None:
    """Stands for the function of an error whose function was not given."""


def _proof(error: BaseException, operation: Operation, function: Callable[..., Any] | None) -> Proof:
    found = lineage.traceback(error)
    if function is None or found is None:
        return Proof(Executed.UNKNOWN, "the function that raised it was not given")
    return prove(found, operation.function, session=operation.session)


def capture(error: BaseException, *, source: str, category: Category | str = Category.GENERAL) -> str:
    """Record an error that was caught elsewhere, as an event that nothing was done about; returns the event's id."""
    operation = declare(_unknown_function, source, category, {})
    return record(operation, (), {}, error, StopReason.CAPTURED)


def redact(value: Any, *, personal_data: bool = True, keys: Iterable[str] = (), patterns: Patterns = ()) -> Any:
    """`value` without secrets, as plain data (None, bool, int, float, str, list, dict).

    `keys` (names of fields) and `patterns` (expressions, or kinds with their expressions; a group named `secret` marks
    the part that goes) come on top of those of the settings; `personal_data=False` keeps personal data in place.
    Raises ValueError for an expression that RE2 does not know, and for nothing else.
    """
    return current().redactor.extended(keys, patterns, personal_data=personal_data).value(value)
