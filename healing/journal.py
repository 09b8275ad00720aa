"""Events leave the caller's thread here as lines of a local spool and reach the database whatever happens."""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from dataclasses import dataclass, replace
from pathlib import Path

from healing.clock import Clock, SystemClock
from healing.event import Closing, Opening
from healing.lines import encode
from healing.patterns import Patterns
from healing.settings import Settings
from healing.spool import Spool
from healing.writer import Writer

EXIT_TIMEOUT = 2.0
"""Seconds for which the end of the process waits for deliveries; the next process delivers what is left."""
CLOSE_TIMEOUT = 1.0
FORK_TIMEOUT = 10.0
"""Seconds for which a fork may wait for the end of a transaction: longer than SQLite waits for a lock."""


@dataclass(frozen=True, slots=True)
class JournalStats:
    """The state of one process's journal.

    `pending`: lines whose event is not in the database yet, `in_memory` of them only in memory.
    `refused`: events that found no room. `rejected`: lines that no database takes.
    `delivered_at`: Unix time of the last delivery.
    """

    pending: int = 0
    in_memory: int = 0
    spool_bytes: int = 0
    delivered: int = 0
    refused: int = 0
    rejected: int = 0
    delivered_at: float | None = None
    last_error: str = ""
    database_away: bool = False


class Journal:
    """One per process. `opened`, `closed` and `recorded` never raise and never wait for the database."""

    def __init__(self, *, settings: Settings, patterns: Patterns | None = None, clock: Clock | None = None) -> None:
        self.patterns = Patterns() if patterns is None else patterns
        self._settings = _anchored(settings)
        self._clock = SystemClock() if clock is None else clock
        self._closing = False
        self._begin()
        _all.add(self)

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._spool = Spool(self._settings.spool_dir, self._settings.spool_max_mb << 20)
        self._writer: Writer | None = None
        self._paused = False

    def opened(self, opening: Opening) -> None:
        self._put(opening.id, opening, None)

    def closed(self, closing: Closing) -> None:
        self._put(closing.id, None, closing)

    def recorded(self, opening: Opening, closing: Closing) -> None:
        """An event that is over at once: opened and closed in one line."""
        self._put(opening.id, opening, closing)

    def _put(self, event_id: str, opening: Opening | None, closing: Closing | None) -> None:
        try:
            line = encode(opening, closing)
            self._spool.append(line, event_id, opens=opening is not None, closes=closing is not None)
            if self._writer is None:
                self.start()
            else:
                self._writer.wake()
        except Exception:  # noqa: BLE001 - whatever is wrong with an event, the user's call must not feel it
            self._spool.refused += 1

    def start(self) -> None:
        """Deliver what earlier processes left, and load the patterns. The first event does so too."""
        with self._lock:
            if self._writer is not None or self._closing:
                return
            _live.add(self)
            writer = Writer(self._settings, self._spool, self.patterns, self._clock)
            try:
                writer.start()
            except RuntimeError:
                # The interpreter is shutting down: the next process delivers.
                return
            self._writer = writer

    def flush(self, timeout: float) -> bool:
        """Wait until every event that was complete by now is in the database, or was set aside.

        Patterns are fresh then, too. False when `timeout` seconds were too few. What is still being healed is
        not waited for.
        """
        if self._writer is None and self._spool.appended:
            self.start()
        if self._writer is None:
            return self._spool.appended == 0
        return self._writer.flush(self._spool.appended, timeout)

    def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        """Flush, for `timeout` seconds at the most, and give up the spool file as soon as nothing is pending.

        What comes later, and what could not be delivered, is delivered by the next process.
        """
        deadline = time.monotonic() + timeout
        if self.stats().pending:
            self.flush(timeout)
        self._closing = True
        if self._writer is None or self._writer.stop(deadline - time.monotonic()):
            _live.discard(self)

    def stats(self) -> JournalStats:
        spool, writer = self._spool, self._writer
        stats = JournalStats(
            pending=spool.appended,
            in_memory=spool.in_memory,
            spool_bytes=spool.size,
            refused=spool.refused,
            last_error=spool.trouble,
        )
        if writer is None:
            return stats
        return replace(
            stats,
            pending=writer.pending,
            delivered=writer.events,
            rejected=writer.rejected,
            delivered_at=writer.delivered_at,
            last_error=writer.last_error or spool.trouble,
            database_away=bool(writer.trouble),
        )

    def before_fork(self) -> None:
        """Close the database: SQLite in the child would take its parent's locks for its own, and lose writes."""
        self._lock.acquire()
        if self._writer is not None:
            self._paused = self._writer.between_rounds.acquire(timeout=FORK_TIMEOUT)
            if self._paused:
                self._writer.disconnect()
        self._spool.lock.acquire()

    def after_fork(self) -> None:
        self._spool.lock.release()
        if self._paused and self._writer is not None:
            self._writer.between_rounds.release()
        self._paused = False
        self._lock.release()

    def after_fork_in_child(self) -> None:
        """The child starts afresh; what the parent has in hand stays the parent's."""
        self._spool.forget()
        if self._writer is not None:
            self._writer.forget()
            _parents.append(self._writer)
        self._begin()


_all: weakref.WeakSet[Journal] = weakref.WeakSet()
_live: set[Journal] = set()
"""Those that the end of the process must close."""
_parents: list[Writer] = []
"""Kept from the garbage collector: it would close database connections that a parent process still uses."""


_forking = threading.local()


def _before_fork() -> None:
    _forking.journals = list(_all)
    for journal in _forking.journals:
        journal.before_fork()


def _after_fork() -> None:
    for journal in _forking.journals:
        journal.after_fork()


def _after_fork_in_child() -> None:
    for journal in _forking.journals:
        journal.after_fork_in_child()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork_in_child)


@atexit.register
def _at_exit() -> None:
    deadline = time.monotonic() + EXIT_TIMEOUT
    for journal in list(_live):
        journal.close(max(deadline - time.monotonic(), 0.0))


def _anchored(settings: Settings) -> Settings:
    """Relative paths made absolute, so that a later change of the working directory moves nothing."""
    url, prefix = settings.database_url, "sqlite:///"
    path = url.removeprefix(prefix)
    if url.startswith(prefix) and path and not path.startswith((":memory:", "file:")):
        url = prefix + str(_absolute(Path(path)))
    return replace(settings, database_url=url, spool_dir=_absolute(settings.spool_dir))


def _absolute(path: Path) -> Path:
    """As it is where the working directory is gone: events then wait in memory, and calls are healed all the same."""
    try:
        return path.absolute()
    except OSError:
        return path
