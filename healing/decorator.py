"""self_healing: the wrapper, sync and async, for functions and generators.

The success path tests one flag and counts. Everything else happens once a call has failed.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any, Literal, ParamSpec, TypeVar, cast, overload

from healing import generators
from healing.declaration import declare, is_async
from healing.drivers import heal, heal_async
from healing.errors import DeclarationError
from healing.operation import MISSING, Cache, FingerprintParts
from healing.runtime import clock, settings
from healing.scope import bare, entered, running, wrapper_codes
from healing.vocabulary import Category, Mode, Strategy
from healing.wrapped import Wrapped, register, repairs_only

P = ParamSpec("P")
T = TypeVar("T")


@overload
def self_healing(function: Callable[P, T], /) -> Callable[P, T]: ...


@overload
def self_healing(
    source: str | None = None,
    category: Category | str = Category.GENERAL,
    *,
    idempotent: bool = False,
    atomic: bool = False,
    critical: bool = False,
    budget: float = 10.0,
    attempts: int = 4,
    strategies: Iterable[Strategy | str] | None = None,
    default: Any = MISSING,
    default_factory: Callable[[], Any] | None = None,
    skippable: bool = False,
    cache: bool | Cache = False,
    endpoints: Sequence[str] = (),
    clears: Sequence[Any] = (),
    resets: Sequence[Any] = (),
    session: Any = None,
    queue: bool = False,
    dependency: str | None = None,
    fingerprint: FingerprintParts | None = None,
    redact_keys: Sequence[str] = (),
    redact_patterns: Sequence[str] = (),
    mode: Mode | Literal["heal", "observe", "off"] | None = None,
) -> Callable[[Callable[P, T]], Callable[P, T]]: ...


def self_healing(source: Any = None, category: Category | str = Category.GENERAL, **declared: Any) -> Any:
    """Wrap a function, so that a call that fails is healed where that is safe, and recorded in any case.

    Works bare and with arguments; on functions, methods, static and class methods, coroutine functions and generators.
    Facts not declared are taken to be false: what is not said to be idempotent is not run again unless it is proved
    that nothing has happened.

    :param source: the operation's name on screens; `module.qualname` by default.
    :param category: what kind of work it is; an error's own kind goes over it.
    :param idempotent: running it twice does no harm.
    :param atomic: all its effects happen in one step, all or nothing.
    :param critical: a failure that could not be healed is critical.
    :param budget: the most seconds that healing may hold the caller, waits and re-runs included.
    :param attempts: the most runs of the function for one call.
    :param strategies: an allow-list; all ten by default.
    :param default: the value of USE_DEFAULT_VALUE; `default_factory` makes a new one each time.
    :param skippable: the call may be left out and return None.
    :param cache: True or a `Cache(...)`: the last good result of the same arguments may stand in.
    :param endpoints: at least two addresses; the function reads `healing.endpoint()`.
    :param clears: callables, or objects with `cache_clear`, `clear` or `invalidate`.
    :param resets: callables, or an Engine, a Redis client, a connection pool.
    :param session: a Session or Connection to roll back, or a callable that returns the current one.
    :param queue: the call may be stored and run later; the caller gets a `Queued` receipt.
    :param dependency: the name of the health check that guards it.
    :param fingerprint: what makes errors of it one error: texts, or a callable from the exception to texts;
        `healing.DEFAULT_FINGERPRINT` among them stands for the usual fingerprint.
    :param redact_keys: further names of arguments and fields whose values are secret.
    :param redact_patterns: further RE2 expressions of what is secret; a group `secret` marks the part that goes.
    :param mode: heal, observe or off; by default as the settings say.
    :raises DeclarationError: where the arguments contradict each other or the function.
    """
    if callable(source) or isinstance(source, staticmethod | classmethod):
        return _decorate(source, None, category, declared)
    return lambda function: _decorate(function, source, category, declared)


def _decorate(function: Any, source: str | None, category: Category | str, declared: dict[str, Any]) -> Any:
    if isinstance(function, staticmethod | classmethod):
        return type(function)(_decorate(function.__func__, source, category, declared))
    if not callable(function):
        raise DeclarationError(
            f"self_healing wraps functions; {function!r} is none. The source is a text: source='...'"
        )
    operation = declare(function, source, category, declared)
    chosen = settings()
    wrapped = Wrapped(operation, chosen)
    if wrapped.mode is Mode.OFF and not operation.endpoints:
        return function
    wrapped.call = _wrapper(wrapped)
    wrapped.replayed = Wrapped(replace(operation, strategies=repairs_only(operation)), chosen, replays=True)
    wrapped.replayed.call = _wrapper(wrapped.replayed)
    register(wrapped)
    return wrapped.call


def _wrapper(wrapped: Wrapped) -> Callable[..., Any]:
    function = wrapped.operation.function
    if inspect.isasyncgenfunction(function):
        made = generators.wrap_async(wrapped)
    elif inspect.isgeneratorfunction(function):
        made = generators.wrap(wrapped)
    elif is_async(function):
        made = _wrap_async(wrapped)
    else:
        made = _wrap(wrapped)
    wrapper_codes.add(made.__code__)
    return functools.wraps(function)(made)


def _wrap(wrapped: Wrapped) -> FunctionType:
    function, succeeded = wrapped.operation.function, wrapped.succeeded

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if wrapped.special:
            return _call_specially(wrapped, args, kwargs)
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            verdict = heal(wrapped, args, kwargs, error)
            if verdict is None:
                raise
            return verdict.value
        succeeded()
        return result

    return cast(FunctionType, wrapper)


def _wrap_async(wrapped: Wrapped) -> FunctionType:
    function, succeeded = wrapped.operation.function, wrapped.succeeded

    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        if wrapped.special:
            return await _call_specially_async(wrapped, args, kwargs)
        try:
            result = await function(*args, **kwargs)
        except Exception as error:
            verdict = await heal_async(wrapped, args, kwargs, error)
            if verdict is None:
                raise
            return verdict.value
        succeeded()
        return result

    return cast(FunctionType, wrapper)


def _call_specially(wrapped: Wrapped, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    function = wrapped.operation.function
    if wrapped.mode is Mode.OFF:
        with running(bare(wrapped)):
            return function(*args, **kwargs)
    time, prepared = clock(), wrapped.prepare(args, kwargs)
    with entered(wrapped, time.monotonic()):
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            verdict = heal(wrapped, args, kwargs, error, prepared=prepared)
            if verdict is None:
                raise
            if not verdict.repaired:
                return verdict.value
            result = verdict.value
        else:
            wrapped.succeeded()
    wrapped.keep(prepared, result, time.monotonic())
    return result


async def _call_specially_async(wrapped: Wrapped, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    function = wrapped.operation.function
    if wrapped.mode is Mode.OFF:
        with running(bare(wrapped)):
            return await function(*args, **kwargs)
    time, prepared = clock(), wrapped.prepare(args, kwargs)
    with entered(wrapped, time.monotonic()):
        try:
            result = await function(*args, **kwargs)
        except Exception as error:
            verdict = await heal_async(wrapped, args, kwargs, error, prepared=prepared)
            if verdict is None:
                raise
            if not verdict.repaired:
                return verdict.value
            result = verdict.value
        else:
            wrapped.succeeded()
    wrapped.keep(prepared, result, time.monotonic())
    return result
