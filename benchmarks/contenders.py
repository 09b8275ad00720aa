"""The same small function, bare and under each library that is installed."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

from healing import self_healing
from healing.capture import capture_error
from healing.diagnosis.rules import diagnose
from healing.redaction import Redactor

P = ParamSpec("P")
T = TypeVar("T")

BASELINE = "try/except"
"""A hand-written `*args, **kwargs` closure around try/except: what any wrapper has to pay."""


class Flaky:
    """Fails on every odd call, as a refused connection does."""

    def __init__(self) -> None:
        self._fails = False

    def __call__(self, a: int, b: int) -> int:
        self._fails = not self._fails
        if self._fails:
            raise ConnectionRefusedError(111, "Connection refused")
        return a + b


def add(a: int, b: int) -> int:
    return a + b


async def add_async(a: int, b: int) -> int:
    return a + b


def successes() -> dict[str, Callable[[int, int], int]]:
    wrapped = {"bare function": add, BASELINE: _once_more(add)}
    wrapped["healing"] = self_healing(source="bench.add", idempotent=True, mode="heal")(add)
    wrapped["healing, mode=off"] = self_healing(source="bench.add_off", mode="off")(add)
    return wrapped | {name: decorate(add) for name, decorate in _others().items()}


def async_successes() -> dict[str, Callable[[int, int], Awaitable[int]]]:
    wrapped = {"bare function": add_async, BASELINE: _once_more_async(add_async)}
    wrapped["healing"] = self_healing(source="bench.add_async", idempotent=True, mode="heal")(add_async)
    wrapped["healing, mode=off"] = self_healing(source="bench.add_async_off", mode="off")(add_async)
    return wrapped | {name: decorate(add_async) for name, decorate in _others().items()}


def failures() -> dict[str, Callable[[int, int], int]]:
    """Each call fails once and then succeeds; nobody waits in between."""
    wrapped: dict[str, Callable[[int, int], int]] = {BASELINE: _once_more(_flaky())}
    wrapped["healing"] = self_healing(source="bench.flaky", idempotent=True, mode="heal")(_flaky())
    return wrapped | {name: decorate(_flaky()) for name, decorate in _others().items()}


def _flaky() -> Callable[[int, int], int]:
    fails = Flaky()

    def flaky(a: int, b: int) -> int:
        return fails(a, b)

    return flaky


def _once_more(function: Callable[P, T]) -> Callable[P, T]:
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except Exception:
            return function(*args, **kwargs)

    return wrapper


def _once_more_async(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await function(*args, **kwargs)
        except Exception:
            return await function(*args, **kwargs)

    return wrapper


def _others() -> dict[str, Callable[[Any], Any]]:
    makers = {"tenacity": _tenacity, "stamina": _stamina, "backoff": _backoff}
    return {name: make() for name, make in makers.items() if find_spec(name) is not None}


def _tenacity() -> Callable[[Any], Any]:
    import tenacity

    return tenacity.retry(stop=tenacity.stop_after_attempt(4), wait=tenacity.wait_none(), reraise=True)


def _stamina() -> Callable[[Any], Any]:
    import stamina
    from stamina.instrumentation import set_on_retry_hooks

    set_on_retry_hooks([])
    return stamina.retry(on=Exception, attempts=4, wait_initial=0, wait_jitter=0, wait_max=0)


def _backoff() -> Callable[[Any], Any]:
    import backoff

    return backoff.on_exception(backoff.constant, Exception, max_tries=4, interval=0, jitter=None, logger=None)


FORMATTING = "traceback.format_exception"


def keepings() -> dict[str, Callable[[int, int], int]]:
    """Of one error with a traceback of three frames and two arguments."""
    error, redactor = _refused(), Redactor()

    def formatted(a: int, b: int) -> int:
        return len(traceback.format_exception(error))

    def captured(a: int, b: int) -> int:
        kept = capture_error(error, function=formatted, args=(a, b), kwargs={}, redactor=redactor)
        return len(kept.message)

    def diagnosed(a: int, b: int) -> int:
        return len(diagnose(error).reason)

    return {FORMATTING: formatted, "healing, capture": captured, "healing, diagnosis": diagnosed}


def _refused() -> ConnectionRefusedError:
    try:
        _connect("10.0.0.7", 5432)
    except ConnectionRefusedError as error:
        return error
    raise AssertionError


def _connect(host: str, port: int) -> None:
    raise ConnectionRefusedError(111, f"connection to {host}:{port} refused for order 150234")
