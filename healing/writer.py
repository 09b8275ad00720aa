"""The thread that moves events from the spool to the database, and brings patterns back.

It works in rounds. A round that fails leaves everything where it is; the next follows a pause that doubles.
"""

from __future__ import annotations

import importlib
import logging
import math
import queue
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from healing.clock import Clock
from healing.pairing import LeftBehind, OwnLines
from healing.patterns import Patterns
from healing.settings import Settings
from healing.spool import Spool, left_behind, set_aside

if TYPE_CHECKING:
    from healing.delivery import Delivery

BATCH = 500
ROUND = 10
"""Batches of this process's own events before others get their turn."""
LINGER = 0.05
"""Seconds for which a round waits, so that events that come together share a transaction."""
SCAN_EVERY = 60.0
REFRESH_EVERY = 2.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

log = logging.getLogger("healing.journal")


@dataclass(frozen=True, slots=True)
class Flush:
    """Somebody waits until `lines` lines are dealt with, but no longer than the monotonic time `deadline`."""

    lines: int
    deadline: float
    done: threading.Event = field(default_factory=threading.Event)


class _Signal:
    pass


_WAKE, _STOP = _Signal(), _Signal()


class Writer:
    """Runs in a daemon thread of its own: `start`, `wake`, `flush` and `stop` are called from others."""

    def __init__(self, settings: Settings, spool: Spool, patterns: Patterns, clock: Clock) -> None:
        self.spool = spool
        self.trouble = ""
        """Why the database cannot be written; empty while it can."""
        self.last_error = ""
        self.events = 0
        self.rejected = 0
        self.delivered_at: float | None = None
        """Unix time of the last delivery."""
        self.between_rounds = threading.Lock()
        """Whoever holds it keeps the next round from starting."""
        self._settings = settings
        self._patterns = patterns
        self._clock = clock
        self._own = OwnLines(spool)
        self._left: list[LeftBehind] = []
        self._delivery: Delivery | None = None
        self._inbox: queue.SimpleQueue[Flush | _Signal] = queue.SimpleQueue()
        self._woken = False
        self._stopping = False
        self._flushes: list[Flush] = []
        self._failures = 0
        self._round_at = self._scan_at = clock.monotonic()
        self._refresh_at = math.inf
        self._told = _Told()
        self._thread = threading.Thread(target=self._run, name="healing-journal", daemon=True)

    def start(self) -> None:
        """Raises RuntimeError where no thread can be started any more: the interpreter is shutting down."""
        self._thread.start()

    def wake(self) -> None:
        if not self._woken:
            self._woken = True
            self._inbox.put(_WAKE)

    def flush(self, lines: int, timeout: float) -> bool:
        """Wait until so many lines are dealt with; `timeout` is in seconds."""
        if not self._thread.is_alive():
            return self._own.delivered >= lines
        request = Flush(lines, self._clock.monotonic() + timeout)
        self._inbox.put(request)
        return request.done.wait(timeout)

    def stop(self, timeout: float) -> bool:
        """End as soon as nothing is pending. True when that came about within `timeout` seconds."""
        self._inbox.put(_STOP)
        if self.pending == 0:
            self._thread.join(max(timeout, 0.0))
        return not self._thread.is_alive()

    @property
    def pending(self) -> int:
        """Lines whose event is not in the database yet."""
        return max(self.spool.appended - self._own.delivered, 0) + len(self._own.reader.open)

    def disconnect(self) -> None:
        """Close the database between two rounds; the next one opens it again."""
        if self._delivery is not None:
            self._delivery.close()
            self._delivery = None

    def forget(self) -> None:
        """In a forked child: the files that the parent took over are the parent's to deliver."""
        for left in self._left:
            left.close()

    def _run(self) -> None:
        with self.between_rounds:
            # SQLAlchemy takes 0.3 s to import: here it does so off the user's thread, and not across a fork.
            importlib.import_module("healing.delivery")
        while not (self._stopping and self.pending == 0):
            with self.between_rounds:
                self._round()
            self._wait()
        self.spool.release()
        for left in self._left:
            left.close()
        self.disconnect()

    def _wait(self) -> None:
        """Until there is something to do: it is time, lines came, somebody wants a flush or the end."""
        until = self._round_at
        while True:
            left = until - self._clock.monotonic()
            try:
                message = self._inbox.get(timeout=left) if left > 0 else self._inbox.get_nowait()
            except queue.Empty:
                return
            if message is not _WAKE:
                self._heed(message)
                return
            now = self._clock.monotonic()
            self._refresh_at = min(self._refresh_at, now + REFRESH_EVERY)
            if not self._failures:
                until = min(until, now + LINGER)

    def _heed(self, message: Flush | _Signal) -> None:
        if isinstance(message, Flush):
            self._flushes.append(message)
            self._failures = 0
        else:
            self._stopping = True

    def _round(self) -> None:
        self._woken = False
        self._round_at = self._clock.monotonic() + SCAN_EVERY
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - the loop's border: events wait, a later round may do
            self._failed(error)
        else:
            self._failures = 0
            self.trouble = ""
        self._told.say(self)

    def _failed(self, error: Exception) -> None:
        now = self._clock.monotonic()
        self._failures += 1
        pause = min(FIRST_PAUSE * 2 ** min(self._failures - 1, 10), LONGEST_PAUSE)
        self._round_at = now + pause * (0.5 + self._clock.random() / 2)
        self._flushes = [request for request in self._flushes if now < request.deadline]
        self.trouble = self.last_error = _first_line(error)
        self.disconnect()
        self.spool.rescue()

    def _work(self) -> None:
        delivery = self._connected()
        if not self._patterns.ready:
            self._patterns.merge(delivery.patterns_changed_since(0.0))
        self._deliver_own(delivery)
        self._adopt(delivery)
        self._refresh_patterns(delivery)
        self._answer()

    def _connected(self) -> Delivery:
        if self._delivery is None:
            from healing.delivery import Delivery

            self._delivery = Delivery(self._settings, self._clock)
        return self._delivery

    def _deliver_own(self, delivery: Delivery) -> None:
        for _ in range(ROUND):
            if not self._send(self._own, delivery):
                self._own.settle()
                return
        self._again_by(self._clock.monotonic())

    def _adopt(self, delivery: Delivery) -> None:
        """A batch from each file that a dead process left, so that own events never wait for long."""
        now = self._clock.monotonic()
        if now >= self._scan_at:
            self._scan_at = now + SCAN_EVERY
            self._left += map(LeftBehind, left_behind(self.spool.directory))
        for left in list(self._left):
            if self._send(left, delivery):
                self._again_by(now)
            else:
                self._left.remove(left)
                left.remove()
        self._again_by(self._scan_at)

    def _send(self, source: OwnLines | LeftBehind, delivery: Delivery) -> bool:
        """Deliver the next batch; False where there was none."""
        batch = source.take(BATCH)
        if not batch:
            return False
        records, unfit = delivery.prepare(batch.finished)
        refused = delivery.send(records)
        self._reject(source, batch.bad + [finished.lines for finished in unfit + refused])
        source.settle()
        self.events += len(records) - len(refused)
        self.delivered_at = self._clock.time()
        return True

    def _reject(self, source: OwnLines | LeftBehind, lines: list[bytes]) -> None:
        if not lines:
            return
        self.rejected += len(lines)
        try:
            target = set_aside(source.path, lines)
        except OSError as error:
            log.error("%d lines cannot be stored, nor set aside: %s", len(lines), error)  # noqa: TRY400 - a full disk needs no traceback
        else:
            log.error("%d lines cannot be stored and were set aside in %s", len(lines), target)

    def _refresh_patterns(self, delivery: Delivery) -> None:
        now = self._clock.monotonic()
        if now >= self._refresh_at or self._flushes:
            self._patterns.merge(delivery.patterns_changed_since(self._patterns.seen_until))
            self._refresh_at = math.inf
        self._again_by(self._refresh_at)

    def _answer(self) -> None:
        now = self._clock.monotonic()
        for request in list(self._flushes):
            if self._own.delivered >= request.lines:
                request.done.set()
            if request.done.is_set() or now >= request.deadline:
                self._flushes.remove(request)

    def _again_by(self, moment: float) -> None:
        self._round_at = min(self._round_at, moment)


def _first_line(error: Exception) -> str:
    """What the driver said, without the statement that SQLAlchemy adds."""
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {said[:300]}"


class _Told:
    """What the log was told last, so that it gets a line for a change and not for an event."""

    def __init__(self) -> None:
        self._database = self._spool = False
        self._full = False
        self._refused = 0

    def say(self, writer: Writer) -> None:
        directory = writer.spool.directory
        if self._changed("_database", bool(writer.trouble)):
            if writer.trouble:
                log.warning("no database, events wait in %s: %s", directory, writer.trouble)
            else:
                log.warning("the database is back")
        if self._changed("_spool", bool(writer.spool.trouble)):
            if writer.spool.trouble:
                log.error("the spool cannot be written, events wait in memory: %s", writer.spool.trouble)
            else:
                log.warning("the spool %s can be written again", directory)
        refused, self._refused = writer.spool.refused - self._refused, writer.spool.refused
        full = refused > 0 or (self._full and bool(writer.trouble))
        if self._changed("_full", full) and full:
            log.error("the spool %s is full, events are lost: %d so far", directory, writer.spool.refused)

    def _changed(self, name: str, now: bool) -> bool:
        before = getattr(self, name)
        setattr(self, name, now)
        return bool(before != now)
