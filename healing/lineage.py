"""What an exception came from, within its own run.

Python chains an exception to whatever is being handled at the time. That may be an error of the run before, or one that
the caller is handling while it makes this call: neither says anything about this error.
"""

from __future__ import annotations

from types import FrameType, TracebackType

_CAUSE = BaseException.__dict__["__cause__"].__get__
_CONTEXT = BaseException.__dict__["__context__"].__get__
_SUPPRESS = BaseException.__dict__["__suppress_context__"].__get__
_TRACEBACK = BaseException.__dict__["__traceback__"].__get__


def cause(error: BaseException) -> tuple[BaseException | None, bool]:
    """What `error` was raised from, and whether that was said (`from`) rather than merely being handled."""
    said: BaseException | None = _CAUSE(error)
    if said is not None:
        return said, True
    handled: BaseException | None = None if _SUPPRESS(error) else _CONTEXT(error)
    return (handled, False) if handled is not None and same_run(error, handled) else (None, False)


def traceback(error: BaseException) -> TracebackType | None:
    found: TracebackType | None = _TRACEBACK(error)
    return found


def restore(error: BaseException, traceback: TracebackType | None) -> None:
    """Give an exception its traceback back: one object raised again by a re-run has gathered more."""
    BaseException.with_traceback(error, traceback)


def same_run(error: BaseException, other: BaseException) -> bool:
    """Whether both passed through one frame; also where a traceback is missing, so that it cannot be told."""
    frames = _frames(_TRACEBACK(error))
    others = _frames(_TRACEBACK(other))
    return not frames or not others or not frames.isdisjoint(others)


def _frames(step: TracebackType | None) -> set[FrameType]:
    frames: set[FrameType] = set()
    while step is not None:
        frames.add(step.tb_frame)
        step = step.tb_next
    return frames
