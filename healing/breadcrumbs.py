"""The last log records of the context in which an error was raised: of the same task, else of the same thread.

Kept only where the setting `breadcrumbs` asks for it. Records are seen as they are made, by the log record factory, so
that the loggers of the service keep the handlers that they have, and none more.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from contextvars import ContextVar
from typing import Any, NamedTuple

from healing.forks import Lock

LONGEST_TEXT = 500
OLDEST = 300.0
"""Seconds after which a record says nothing about an error any more: threads serve many requests."""


class Crumb(NamedTuple):
    """One log record; `logged_at` is Unix time in seconds."""

    logged_at: float
    level: str
    logger: str
    text: str


class _Trail(NamedTuple):
    owner: object
    crumbs: deque[Crumb]


_trail: ContextVar[_Trail | None] = ContextVar("healing_breadcrumbs", default=None)
_lock = Lock()
_length = 0
_watching = False


def keep(length: int) -> None:
    """From now on keep the last `length` records of each context; 0 keeps none."""
    global _length, _watching
    with _lock:
        _length = length
        if length and not _watching:
            _watching = True
            _watch()


def kept() -> int:
    return _length


def last(count: int, now: float | None = None) -> list[Crumb]:
    """The records of this context, the last `count` of them, oldest first."""
    trail = _trail.get()
    if trail is None or count < 1:
        return []
    since = (time.time() if now is None else now) - OLDEST
    return [crumb for crumb in list(trail.crumbs)[-count:] if crumb.logged_at >= since]


def _watch() -> None:
    made = logging.getLogRecordFactory()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = made(*args, **kwargs)
        if _length:
            _note(record)
        return record

    logging.setLogRecordFactory(factory)


def _note(record: logging.LogRecord) -> None:
    if record.name.partition(".")[0] == "healing":
        return
    try:
        text = record.getMessage()[:LONGEST_TEXT]
    except Exception:  # noqa: BLE001 - what cannot be formatted is for the service's own handlers to complain about
        return
    _own_trail().append(Crumb(record.created, record.levelname, record.name, text))


def _own_trail() -> deque[Crumb]:
    """A task or thread that was given its parent's context goes on from a copy of its parent's records."""
    owner, trail = _owner(), _trail.get()
    if trail is not None and trail.owner == owner and trail.crumbs.maxlen == _length:
        return trail.crumbs
    crumbs = deque(() if trail is None else trail.crumbs, maxlen=_length)
    _trail.set(_Trail(owner, crumbs))
    return crumbs


def _owner() -> object:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return threading.get_ident() if task is None else id(task)
