"""What nested wrapped calls share: one deadline and one number of runs, and the endpoint of the moment.

A successful call sets no context variable, so an inner call that fails finds the wrapped calls around it by walking
the stack. An operation seen around another one is `tracked` from then on: its calls carry their scope in the context,
which also reaches inner calls in other tasks.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from healing.wrapped import Wrapped

DEEPEST = 400
"""Frames that the walk looks at: deeper nests are treated as if nothing were around them."""

wrapper_codes: set[CodeType] = set()
"""The code of the wrappers that `self_healing` makes; each has a local or free variable `wrapped`."""


@dataclass(slots=True)
class Scope:
    """What healing may still spend within one call, whose own healing or an inner call's.

    `left`: seconds, charged when an inner call's healing ends. `deadline`: on the monotonic clock, set within a re-run
    instead. `runs`: re-runs that healing made within it.
    """

    left: float
    deadline: float | None = None
    runs: int = 0
    parent: Scope | None = None
    over: bool = False
    """The call has ended; a task that it left running is no part of it any more."""

    def remaining(self, now: float) -> float:
        return self.left if self.deadline is None else self.deadline - now

    def charge(self, seconds: float) -> None:
        scope: Scope | None = self
        while scope is not None:
            scope.left -= seconds
            scope = scope.parent

    def count_run(self) -> None:
        scope: Scope | None = self
        while scope is not None:
            scope.runs += 1
            scope = scope.parent

    def within(self, budget: float, now: float) -> Scope:
        """The scope of a call inside this one; in a re-run the runs made so far count for it too."""
        left = min(budget, self.remaining(now))
        if self.deadline is None:
            return Scope(left, parent=self)
        return Scope(left, min(now + left, self.deadline), self.runs, self)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The run of an operation that is under way in this context."""

    number: int = 1
    endpoint: str | None = None
    scope: Scope | None = None
    owner: Wrapped | None = None

    def shared(self) -> Scope | None:
        """The scope, as long as its call goes on."""
        return None if self.scope is None or self.scope.over else self.scope

    def finish(self) -> None:
        if self.scope is not None:
            self.scope.over = True


current: ContextVar[Attempt | None] = ContextVar("healing_attempt", default=None)
replaying: ContextVar[str] = ContextVar("healing_replaying", default="")
"""The id of the event whose queued call is being run; empty outside of a worker."""
_adopted: ContextVar[tuple[int, Wrapped, Scope] | None] = ContextVar("healing_adopted", default=None)


def attempt() -> int:
    """The number of the run that is under way: 1 for a call's first, 2 for the first one that healing made."""
    running = current.get()
    return 1 if running is None else running.number


def endpoint() -> str:
    """The address that the running operation is to use: one of its declared `endpoints`.

    Raises LookupError outside an operation that declares endpoints.
    """
    running = current.get()
    if running is None or running.endpoint is None:
        raise LookupError("healing.endpoint() is for functions wrapped with @self_healing(endpoints=(...))")
    return running.endpoint


class running:  # noqa: N801  # read as a verb: `with running(attempt):`
    """Makes `attempt` the one that is under way in this context. An exception passes through untouched."""

    __slots__ = ("_attempt", "_ends", "_token")

    def __init__(self, attempt: Attempt, *, ends: bool = False) -> None:
        self._attempt, self._ends = attempt, ends

    def __enter__(self) -> None:
        self._token = current.set(self._attempt)

    def __exit__(self, *_: object) -> None:
        # A suspended call may be closed from another context, where there is nothing to put back.
        with contextlib.suppress(ValueError):
            current.reset(self._token)
        if self._ends:
            self._attempt.finish()


def entered(wrapped: Wrapped, now: float) -> running:
    """A tracked call, from its first attempt to its end."""
    return running(enter(wrapped, now), ends=True)


def enter(wrapped: Wrapped, now: float) -> Attempt:
    """The first attempt of a tracked call."""
    outer = current.get()
    budget = wrapped.operation.budget
    around = outer.shared() if outer is not None else None
    scope = Scope(budget) if around is None else around.within(budget, now)
    return Attempt(1, wrapped.preferred_endpoint(now), scope, wrapped)


def bare(wrapped: Wrapped) -> Attempt:
    """A call that is switched off: it only keeps its first endpoint."""
    endpoints = wrapped.operation.endpoints
    return Attempt(endpoint=endpoints[0]) if endpoints else current.get() or Attempt()


def enclosing(wrapped: Wrapped) -> Scope | None:
    """The scope that a failed call shares with the wrapped calls around it; None where there are none."""
    attempt = current.get()
    shared = attempt.shared() if attempt is not None else None
    if shared is not None:
        return shared
    around = list(_wrappers_around())
    if not around or (len(around) == 1 and not wrapped.tracked):
        return None
    outermost = (id(around[-1][0]), around[-1][1])
    adopted = _adopted.get()
    # A frame's id may come again, but not for this operation: it is tracked since, so its later calls have a scope.
    if adopted is not None and adopted[:2] == outermost:
        return adopted[2]
    if len(around) == 1:
        return None
    scope = Scope(min(each.operation.budget for _, each in around))
    _adopted.set((*outermost, scope))
    for _, outer in around[1:]:
        outer.track()
    return scope


def _wrappers_around() -> Iterator[tuple[FrameType, Wrapped]]:
    """The wrappers on the stack, the innermost (the failed call's own) first."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001  # the documented way to a caller's frame
    for _ in range(DEEPEST):
        if frame is None:
            return
        if frame.f_code in wrapper_codes:
            seen = frame.f_locals
            yield frame, seen["wrapped"]
            if type(seen) is dict:
                # Before Python 3.13 the frame keeps this copy, which would hold the error and its arguments.
                seen.clear()
        frame = frame.f_back
