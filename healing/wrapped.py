"""A wrapped function at run time: its operation, its flag, its counter and what it remembers."""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from itertools import count
from types import NoneType
from typing import Any
from weakref import WeakSet, ref

from healing.errors import DeclarationError
from healing.forks import Lock
from healing.operation import Operation
from healing.queue import check_arguments
from healing.results import Results
from healing.scope import replaying
from healing.settings import Settings
from healing.vocabulary import REPAIRS, Mode, Strategy

UNCHANGEABLE = frozenset({str, bytes, int, float, bool, NoneType})

PREFERENCE_SECONDS = 60.0
"""How long calls start at the endpoint that answered last, before they start at the first one again."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What has to be made before a call, which may change its arguments: its key in the cache, its payload as a job."""

    key: Hashable = None
    payload: str | Exception | None = None


UNPREPARED = Prepared()


class Wrapped:
    """`special` is the one flag that the success path tests: it sends a call over the slower path."""

    __slots__ = (
        "__weakref__",
        "_counter",
        "_preferred",
        "call",
        "failures",
        "mode",
        "operation",
        "replayed",
        "replays",
        "results",
        "special",
        "succeeded",
        "tracked",
    )

    def __init__(self, operation: Operation, settings: Settings, *, replays: bool = False) -> None:
        self.operation = operation
        self._counter = count()
        self.succeeded = self._counter.__next__
        self.failures = 0
        self.results = Results(operation.cache) if operation.cache is not None else None
        self.replayed: Wrapped | None = None
        self.replays = replays
        self.tracked = bool(operation.endpoints)
        self._preferred: tuple[str, float] | None = None
        self.call: Callable[..., Any] = operation.function
        self.follow(settings)
        with _lock:
            _all.add(self)

    def follow(self, settings: Settings) -> None:
        self.mode = self.mode_under(settings)
        self._flag()

    def mode_under(self, settings: Settings) -> Mode:
        """The operation's own mode, else the source's, else the process's."""
        return self.operation.mode or settings.modes.get(self.operation.source, settings.mode)

    def prepare(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Prepared:
        """Costs next to nothing where there is no cache and no argument that could change."""
        key = None if self.results is None else self.results.key(args, kwargs)
        if not self.operation.queue or all(type(value) in UNCHANGEABLE for value in (*args, *kwargs.values())):
            return UNPREPARED if key is None else Prepared(key)
        try:
            return Prepared(key, check_arguments(self.operation.function).dump(args, kwargs))
        except (TypeError, ValueError) as error:
            return Prepared(key, error)

    def keep(self, prepared: Prepared, result: Any, now: float) -> None:
        if self.results is not None:
            self.results.keep(prepared.key, result, now)

    def track(self) -> None:
        self.tracked = True
        self._flag()

    def _flag(self) -> None:
        self.special = self.mode is Mode.OFF or self.tracked or self.results is not None or self.operation.queue

    def run_queued(self, args: tuple[Any, ...], kwargs: dict[str, Any], event_id: str) -> Any:
        """Run a queued call to its end, under healing; only repairs may answer, for a fallback would not do the work.

        `event_id` is the event that queued it. Raises the original exception where it could not be healed.
        """
        runner = self if self.replayed is None else self.replayed
        token = replaying.set(event_id)
        try:
            result = runner.call(*args, **kwargs)
            return asyncio.run(result) if inspect.iscoroutine(result) else result
        finally:
            replaying.reset(token)

    @property
    def successes(self) -> int:
        """Calls that succeeded at once since the process started."""
        return int(repr(self._counter)[len("count(") : -1])

    def prefer(self, endpoint: str, now: float) -> None:
        self._preferred = (endpoint, now)

    def preferred_endpoint(self, now: float) -> str | None:
        endpoints = self.operation.endpoints
        if self._preferred is not None and now - self._preferred[1] < PREFERENCE_SECONDS:
            return self._preferred[0]
        return endpoints[0] if endpoints else None


_registry: dict[str, Wrapped] = {}
_all: WeakSet[Wrapped] = WeakSet()
_lock = Lock()


def every_wrapped() -> list[Wrapped]:
    """All that live in this process, those included whose source another one has taken over."""
    with _lock:
        return list(_all)


def register(wrapped: Wrapped) -> None:
    """Raises DeclarationError where a worker could take one function for another, both of which are in use."""
    source = wrapped.operation.source
    earlier = _registry.get(source)
    if earlier is not None and _confusable(earlier.operation, wrapped.operation) and _in_use(earlier):
        raise DeclarationError(
            f"{source}: two functions have this source, and with queue=True a worker would run the one for the "
            "other; give each a source= of its own"
        )
    _registry[source] = wrapped


def _confusable(one: Operation, other: Operation) -> bool:
    if not (one.queue or other.queue) or one.function is other.function:
        return False
    place = _definition(one.function)
    return place is None or place != _definition(other.function)


def _definition(function: Callable[..., Any]) -> tuple[str, str] | None:
    """File and name of a function of a module, which stay the same when it is loaded again; None for any other."""
    name = getattr(function, "__qualname__", "<locals>")
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    return None if "<locals>" in name else (file or function.__module__, name)


def _in_use(wrapped: Wrapped) -> bool:
    """Whether somebody still has the function that `self_healing` returned."""
    held = ref(wrapped.call)
    wrapped.call = wrapped.operation.function
    if held() is not None:
        gc.collect()
    call = held()
    wrapped.call = wrapped.call if call is None else call
    return call is not None


def operations() -> Mapping[str, Wrapped]:
    """The wrapped functions of this process by source; of two with one source the later."""
    return _registry


def repairs_only(operation: Operation) -> frozenset[Strategy]:
    """The strategies under which a queued call runs: a job that a fallback answered would not be done."""
    return operation.strategies & frozenset(REPAIRS)
