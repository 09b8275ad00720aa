"""The two short loops that do what the engine's generator wants done: one sync, one async."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from healing.clock import Clock
from healing.engine import Ask, Healing, Verdict
from healing.recording import own_fault
from healing.runtime import current
from healing.scope import running
from healing.strategies.step import Failure, Invoke, Result, Success, Wait
from healing.wrapped import UNPREPARED, Prepared, Wrapped


class _CutShort(BaseException):
    """A signal handler raised during a pause: that is the caller's, and ends the healing."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def heal(
    wrapped: Wrapped,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    error: Exception,
    *,
    call: Callable[[], Any] | None = None,
    prepared: Prepared = UNPREPARED,
) -> Verdict | None:
    """The answer for the caller, or None where `error` has to surface. `call` runs the operation once more."""
    try:
        runtime = current()
        again = call or functools.partial(wrapped.operation.function, *args, **kwargs)
        return drive(Healing(wrapped, args, kwargs, error, runtime, prepared), again, runtime.clock)
    except _CutShort as cut:
        raised = cut.error
    except Exception as fault:  # noqa: BLE001  # the border: no fault of ours may hide the user's exception
        own_fault(fault)
        return None
    raise raised


async def heal_async(
    wrapped: Wrapped,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    error: Exception,
    *,
    call: Callable[[], Awaitable[Any]] | None = None,
    prepared: Prepared = UNPREPARED,
) -> Verdict | None:
    """As `heal`, for what is awaited."""
    try:
        runtime = current()
        again = call or functools.partial(wrapped.operation.function, *args, **kwargs)
        return await drive_async(Healing(wrapped, args, kwargs, error, runtime, prepared), again, runtime.clock)
    except _CutShort as cut:
        raised = cut.error
    except Exception as fault:  # noqa: BLE001  # the border: no fault of ours may hide the user's exception
        own_fault(fault)
        return None
    raise raised


def drive(healing: Healing, call: Callable[[], Any], clock: Clock) -> Verdict | None:
    steps = healing.steps()
    result: Any = None
    try:
        while True:
            result = _perform(steps.send(result), call, clock)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # what Healing.steps returns
    finally:
        steps.close()
        del result


def _perform(ask: Ask, call: Callable[[], Any], clock: Clock) -> Result:
    if isinstance(ask, Wait):
        try:
            if ask.seconds > 0:
                clock.sleep(ask.seconds)
        except Exception as error:  # noqa: BLE001  # a signal handler's, of whatever type it is
            raise _CutShort(error) from None
        return Success(None)
    try:
        if isinstance(ask, Invoke):
            return _refuse_awaitable(ask.function())
        with running(ask.attempt):
            return Success(call())
    except Exception as error:  # noqa: BLE001  # whatever a run or a declared helper raises is the engine's to judge
        return Failure(error)


async def drive_async(healing: Healing, call: Callable[[], Awaitable[Any]], clock: Clock) -> Verdict | None:
    steps = healing.steps()
    result: Any = None
    try:
        while True:
            result = await _perform_async(steps.send(result), call, clock)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # what Healing.steps returns
    finally:
        steps.close()
        del result


def _refuse_awaitable(value: Any) -> Result:
    if not inspect.isawaitable(value):
        return Success(value)
    if inspect.iscoroutine(value):
        value.close()
    return Failure(TypeError("a sync function cannot await what its declared helper returned"))


async def _perform_async(ask: Ask, call: Callable[[], Awaitable[Any]], clock: Clock) -> Result:
    if isinstance(ask, Wait):
        try:
            if ask.seconds > 0:
                await clock.sleep_async(ask.seconds)
        except Exception as error:  # noqa: BLE001  # a signal handler's, of whatever type it is
            raise _CutShort(error) from None
        return Success(None)
    try:
        if isinstance(ask, Invoke):
            return Success(await _invoke(ask))
        with running(ask.attempt):
            return Success(await call())
    except Exception as error:  # noqa: BLE001  # whatever a run or a declared helper raises is the engine's to judge
        return Failure(error)


async def _invoke(ask: Invoke) -> Any:
    value = await asyncio.to_thread(ask.function) if ask.blocking else ask.function()
    return await value if inspect.isawaitable(value) else value
