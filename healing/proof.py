"""Can anything of this attempt have taken effect before the failing step? Where that cannot be told: yes, it can.

From the wrapped function inwards, every frame of the app is looked at: the place in its source that failed, and all
that may have run before it. Inside a library the diagnosis of the error speaks; a library that called back into the app
has run code that nobody has looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from types import CodeType, FrameType, TracebackType
from typing import Any

from healing.origin import is_app_code, is_own_code
from healing.proving.arguments import consumed_argument
from healing.proving.checker import Checker
from healing.proving.effects import harmless
from healing.proving.reach import reach
from healing.proving.sessions import Session
from healing.proving.source import Unclear
from healing.proving.values import code_entered
from healing.vocabulary import Executed

__all__ = ["Proof", "consumed_argument", "harmless", "prove"]

DEEPEST = 100
"""Frames beyond which nothing is proved."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`effect` is NO where nothing before the failing step can have had one; else `spoiler` says which line spoils it.

    `needs_rollback`: NO holds only once the declared session has been rolled back.
    """

    effect: Executed
    spoiler: str | None = None
    needs_rollback: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    frame: FrameType
    lasti: int

    @property
    def code(self) -> CodeType:
        return self.frame.f_code

    @property
    def module(self) -> str:
        return str(self.frame.f_globals.get("__name__", ""))

    @property
    def is_ours(self) -> bool:
        return is_own_code(self.code, self.module)

    @property
    def is_app(self) -> bool:
        return is_app_code(self.code, self.module)


def prove(
    error_traceback: TracebackType | None, function: Callable[..., Any], *, session: object | None = None
) -> Proof:
    """Whether the attempt of `function` that ended with this traceback can have had an effect; never raises.

    `session` is the one declared for the operation, or the callable that gives it.
    """
    try:
        return _proved(list(_places(error_traceback, _code_of(function))), Session(session))
    except Exception:  # noqa: BLE001  # anybody's objects are looked at here, and a failed proof is no proof
        return Proof(Executed.UNKNOWN, "what ran before it could not be looked into")


def _proved(places: list[_Place], session: Session) -> Proof:
    if not places:
        return Proof(Executed.UNKNOWN, "the traceback does not show the function itself")
    needs_rollback = False
    for index, place in enumerate(places):
        if place.is_ours:
            continue
        if not place.is_app:
            return _beneath(places[index:], needs_rollback)
        following = places[index + 1] if index + 1 < len(places) else None
        try:
            needs_rollback |= _check(place, following, session)
        except Unclear as unclear:
            return Proof(Executed.UNKNOWN, _spoiler(place, unclear))
    return Proof(Executed.NO, needs_rollback=needs_rollback)


def _beneath(library: list[_Place], needs_rollback: bool) -> Proof:
    called_back = next((place for place in library if place.is_app), None)
    if called_back is None:
        return Proof(Executed.NO, needs_rollback=needs_rollback)
    return Proof(
        Executed.UNKNOWN, f"{_where(called_back, None)}: is called by a library, which may have called it before"
    )


def _check(place: _Place, following: _Place | None, session: Session) -> bool:
    """Whether a rollback is needed for nothing to have had an effect; raises Unclear."""
    found = reach(place.code, place.lasti, place.frame.f_globals)
    checker = Checker(found, place.frame, session)
    try:
        callee = checker.check()
    finally:
        checker.release()
    if following is None:
        if found.awaits:
            raise Unclear("awaits what does not show in the traceback", found.failing)
    elif following.frame is not place.frame and code_entered(callee) is not following.code:
        raise Unclear("reaches the failing step by a way that cannot be followed", found.failing)
    return checker.calls.needs_rollback


def _places(traceback: TracebackType | None, code: CodeType | None) -> Iterator[_Place]:
    """The frames from the outermost run of `code` inwards; none where it is not there, or too deep."""
    entries: list[_Place] = []
    while traceback is not None and len(entries) <= DEEPEST:
        entries.append(_Place(traceback.tb_frame, traceback.tb_lasti))
        traceback = traceback.tb_next
    if len(entries) > DEEPEST:
        return
    first = next((index for index, place in enumerate(entries) if place.code is code), len(entries))
    yield from entries[first:]


def _code_of(function: Any) -> CodeType | None:
    code = code_entered(function)
    while code is not None and function.__globals__.get("__name__", "").partition(".")[0] == "healing":
        function = function.__wrapped__
        code = code_entered(function)
    return code


def _spoiler(place: _Place, unclear: Unclear) -> str:
    return f"{_where(place, unclear.node)}: {unclear.why}"


def _where(place: _Place, node: Any) -> str:
    line = getattr(node, "lineno", place.code.co_firstlineno)
    return f"{PurePath(place.code.co_filename).name}:{line} in {place.code.co_name}"
