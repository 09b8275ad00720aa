"""Generators under self_healing: healed until their first item, recorded and surfaced after it.

What a consumer sends, throws or closes reaches the wrapped generator as it would without a wrapper.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable
from dataclasses import dataclass
from types import FunctionType
from typing import Any, cast

from healing.drivers import heal, heal_async
from healing.engine import record
from healing.runtime import current
from healing.scope import Attempt, enter, running
from healing.vocabulary import Mode, StopReason
from healing.wrapped import Wrapped

FIRST = Attempt()


@dataclass(slots=True)
class _Started:
    """A generator with the first item that it gave, or one that ended before it."""

    source: Any
    attempt: Attempt = FIRST
    first: Any = None
    ended: bool = False
    returned: Any = None

    def end(self, returned: Any = None) -> None:
        self.ended, self.returned = True, returned
        self.attempt.finish()


def wrap(wrapped: Wrapped) -> FunctionType:
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        started = _start(wrapped, args, kwargs)
        item = started.first
        while not started.ended:
            thrown, sent = None, None
            try:
                sent = yield item
            except GeneratorExit:
                started.source.close()
                raise
            except BaseException as error:  # noqa: BLE001  # what the consumer throws goes into the wrapped generator
                thrown = error
            try:
                with running(started.attempt):
                    item = started.source.send(sent) if thrown is None else started.source.throw(thrown)
            except StopIteration as stop:
                started.end(stop.value)
            except Exception as error:
                _record(wrapped, args, kwargs, error, thrown)
                raise
        return started.returned

    return cast(FunctionType, wrapper)


def _start(wrapped: Wrapped, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Started:
    function = wrapped.operation.function
    if wrapped.mode is Mode.OFF:
        return _begin(function(*args, **kwargs))
    attempt = enter(wrapped, current().clock.monotonic())
    try:
        with running(attempt):
            started = _begin(function(*args, **kwargs), attempt)
    except Exception as error:
        verdict = heal(wrapped, args, kwargs, error, lambda: _begin(function(*args, **kwargs)))
        if verdict is None:
            raise
        if not verdict.repaired:
            return _begin(_each(verdict.value))
        started = verdict.value
        started.attempt = enter(wrapped, current().clock.monotonic())
    else:
        wrapped.succeeded()
    return started


def _begin(source: Generator[Any, Any, Any], attempt: Attempt = FIRST) -> _Started:
    try:
        return _Started(source, attempt, next(source))
    except StopIteration as stop:
        return _Started(source, ended=True, returned=stop.value)


def _each(items: Iterable[Any] | None) -> Generator[Any, Any, None]:
    yield from items or ()


def _record(
    wrapped: Wrapped, args: tuple[Any, ...], kwargs: dict[str, Any], error: Exception, thrown: BaseException | None
) -> None:
    if error is not thrown and wrapped.mode is not Mode.OFF:
        record(wrapped.operation, args, kwargs, error, StopReason.AFTER_FIRST_ITEM)


def wrap_async(wrapped: Wrapped) -> FunctionType:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        started = await _start_async(wrapped, args, kwargs)
        item = started.first
        while not started.ended:
            thrown, sent = None, None
            try:
                sent = yield item
            except GeneratorExit:
                await started.source.aclose()
                raise
            except BaseException as error:  # noqa: BLE001  # what the consumer throws goes into the wrapped generator
                thrown = error
            try:
                with running(started.attempt):
                    item = await (started.source.asend(sent) if thrown is None else started.source.athrow(thrown))
            except StopAsyncIteration:
                started.end()
            except Exception as error:
                _record(wrapped, args, kwargs, error, thrown)
                raise

    return cast(FunctionType, wrapper)


async def _start_async(wrapped: Wrapped, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Started:
    function = wrapped.operation.function
    if wrapped.mode is Mode.OFF:
        return await _begin_async(function(*args, **kwargs))
    attempt = enter(wrapped, current().clock.monotonic())
    try:
        with running(attempt):
            started = await _begin_async(function(*args, **kwargs), attempt)
    except Exception as error:
        verdict = await heal_async(wrapped, args, kwargs, error, lambda: _begin_async(function(*args, **kwargs)))
        if verdict is None:
            raise
        if not verdict.repaired:
            return await _begin_async(_each_async(verdict.value))
        started = verdict.value
        started.attempt = enter(wrapped, current().clock.monotonic())
    else:
        wrapped.succeeded()
    return started


async def _begin_async(source: AsyncGenerator[Any, Any], attempt: Attempt = FIRST) -> _Started:
    try:
        return _Started(source, attempt, await anext(source))
    except StopAsyncIteration:
        return _Started(source, ended=True)


async def _each_async(items: Iterable[Any] | None) -> AsyncGenerator[Any, None]:
    for item in items or ():
        yield item
