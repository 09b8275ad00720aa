"""Generators under self_healing: healed until their first item, recorded and surfaced after it.

What a consumer sends, throws or closes reaches the wrapped generator as it would without a wrapper.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable
from dataclasses import dataclass
from types import FunctionType
from typing import Any, cast

from healing import marks
from healing.drivers import heal, heal_async
from healing.recording import record
from healing.runtime import clock
from healing.scope import Attempt, bare, enter, running
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
        with running(bare(wrapped)):
            return _begin(function(*args, **kwargs), bare(wrapped))
    attempt = enter(wrapped, clock().monotonic())
    with running(attempt):
        try:
            started = _begin(function(*args, **kwargs), attempt)
        except Exception as error:
            verdict = heal(wrapped, args, kwargs, error, call=lambda: _begin(function(*args, **kwargs)))
            if verdict is None:
                raise
            if not verdict.repaired:
                return _begin(_each(verdict.value))
            healed: _Started = verdict.value
        else:
            wrapped.succeeded()
            return started
    healed.attempt = enter(wrapped, clock().monotonic())
    return healed


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
    source = wrapped.operation.source
    if error is thrown or wrapped.mode is Mode.OFF or marks.on(error, source) is not None:
        return
    event_id = record(wrapped.operation, args, kwargs, error, StopReason.AFTER_FIRST_ITEM)
    note = f"Healing: not run again: items had been given out already (event {event_id})"
    marks.leave(error, marks.Mark(event_id, source, enclosed=False, note=note))


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
        with running(bare(wrapped)):
            return await _begin_async(function(*args, **kwargs), bare(wrapped))
    attempt = enter(wrapped, clock().monotonic())
    with running(attempt):
        try:
            started = await _begin_async(function(*args, **kwargs), attempt)
        except Exception as error:
            verdict = await heal_async(
                wrapped, args, kwargs, error, call=lambda: _begin_async(function(*args, **kwargs))
            )
            if verdict is None:
                raise
            if not verdict.repaired:
                return await _begin_async(_each_async(verdict.value))
            healed: _Started = verdict.value
        else:
            wrapped.succeeded()
            return started
    healed.attempt = enter(wrapped, clock().monotonic())
    return healed


async def _begin_async(source: AsyncGenerator[Any, Any], attempt: Attempt = FIRST) -> _Started:
    try:
        return _Started(source, attempt, await anext(source))
    except StopAsyncIteration:
        return _Started(source, ended=True)


async def _each_async(items: Iterable[Any] | None) -> AsyncGenerator[Any, None]:
    for item in items or ():
        yield item
