"""What becomes an event without being healed, and what is written down of any error."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from healing.capture import ErrorContext, Keeping, capture_error
from healing.diagnosis.rules import diagnose
from healing.event import Closing
from healing.identity import new_id
from healing.opening import opening
from healing.operation import Operation
from healing.plan import Plan
from healing.runtime import Runtime, current
from healing.settings import Settings
from healing.vocabulary import DecidedBy, Outcome, StopReason

logger = logging.getLogger("healing")


def own_fault(fault: Exception) -> None:
    """Tell the log that healing failed on its own account. The user's exception is not formatted: it may be hostile."""
    fault.__context__ = None
    with contextlib.suppress(Exception):
        logger.error("healing failed on its own account; the original exception surfaces", exc_info=fault)


def record(
    operation: Operation,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    error: BaseException,
    stop: StopReason,
    parent_id: str | None = None,
) -> str:
    """Write down an error about which nothing can be done any more; returns the event's id. Never raises."""
    event_id = new_id()
    try:
        _record(event_id, operation, args, kwargs, error, stop, parent_id)
    except Exception as fault:  # noqa: BLE001  # the border: no fault of ours may hide the user's exception
        own_fault(fault)
    return event_id


def _record(
    event_id: str,
    operation: Operation,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    error: BaseException,
    stop: StopReason,
    parent_id: str | None,
) -> None:
    runtime = current()
    context = captured(operation, args, kwargs, error, runtime)
    diagnosis = diagnose(error, runtime.clock.time(), runtime.rules)
    event = opening(
        event_id,
        runtime.clock.time(),
        operation,
        context,
        diagnosis,
        Plan((), DecidedBy.RULES, stop, ""),
        parent_id=parent_id,
    )
    closing = Closing(event_id, Outcome.FAILED, stop, None, DecidedBy.RULES, runs=1, healing_ms=0.0)
    runtime.journal.recorded(event, closing)


def captured(
    operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any], error: BaseException, runtime: Runtime
) -> ErrorContext:
    return capture_error(
        error,
        function=operation.function,
        args=args,
        kwargs=kwargs,
        redactor=runtime.redactor_of(operation),
        keeping=_keeping(runtime.settings),
        override=operation.fingerprint,
    )


def _keeping(settings: Settings) -> Keeping:
    return Keeping(
        release=settings.release,
        environment=settings.environment,
        locals=settings.capture_locals,
        breadcrumbs=settings.breadcrumbs,
    )
