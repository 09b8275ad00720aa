"""Reads spool files and brings each event's opening and closing together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from healing.event import Closing, Opening
from healing.lines import BadLineError, decode
from healing.spool import CHUNK, Spool, SpoolFile
from healing.vocabulary import DecidedBy, Outcome, StopReason


@dataclass(frozen=True, slots=True)
class Finished:
    """An event of which everything is known, and the lines that said so."""

    opening: Opening
    closing: Closing
    lines: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What one look at a spool file gave. `bad` are lines that hold no event."""

    finished: list[Finished] = field(default_factory=list)
    bad: list[bytes] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.finished or self.bad)


class Reader:
    """Goes through the lines of one spool file once. `open` are openings whose closing has not come yet."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.offset = 0
        self.consumed = 0
        """Lines read so far."""
        self.open: dict[str, tuple[Opening, bytes]] = {}
        self._read = read

    def take(self, limit: int) -> Batch:
        """The next events, up to `limit`; an empty batch at the end of the file."""
        batch = Batch()
        while len(batch.finished) < limit and (lines := _complete_lines(self._read(self.offset))):
            for line in lines:
                self.offset += len(line)
                self.consume(line, batch)
                if len(batch.finished) == limit:
                    break
        return batch

    def consume(self, line: bytes, batch: Batch) -> None:
        self.consumed += 1
        try:
            finished = self._paired(line)
        except BadLineError:
            batch.bad.append(line)
        else:
            if finished is not None:
                batch.finished.append(finished)

    def _paired(self, line: bytes) -> Finished | None:
        read = decode(line)
        if read.opening is not None:
            if read.closing is not None:
                return Finished(read.opening, read.closing, line)
            self.open[read.opening.id] = (read.opening, line)
        elif read.closing is not None:
            if read.closing.id not in self.open:
                raise BadLineError("a closing without its opening")
            opening, opened = self.open.pop(read.closing.id)
            return Finished(opening, read.closing, opened + line)
        return None


def _complete_lines(chunk: bytes) -> list[bytes]:
    """The lines that end in this chunk. What fills a chunk without an end is no line of ours."""
    complete, newline, _ = chunk.rpartition(b"\n")
    if newline:
        return [line + b"\n" for line in complete.split(b"\n")]
    return [chunk] if len(chunk) >= CHUNK else []


class OwnLines:
    """This process's events: those in its spool file, then those that wait in memory."""

    def __init__(self, spool: Spool) -> None:
        self.reader = Reader(spool.read)
        self.delivered = 0
        """Lines of events that are dealt with, or of openings that wait for their closing."""
        self._spool = spool
        self._batch = Batch()

    @property
    def path(self) -> Path:
        return self._spool.path

    def take(self, limit: int) -> Batch:
        """The next events, up to `limit`: the same ones again until they are settled."""
        if not self._batch:
            self._batch = self.reader.take(limit)
            while len(self._batch.finished) < limit and (line := self._spool.recall(self.reader.offset)):
                self.reader.consume(line, self._batch)
        return self._batch

    def settle(self) -> None:
        """Let the spool forget what was taken: it is in the database."""
        self._batch = Batch()
        kept = [line for _, line in self.reader.open.values()]
        self.reader.offset = self._spool.trim(self.reader.offset, kept)
        self.delivered = self.reader.consumed


class LeftBehind:
    """The events of a process that died; those that it had not closed come last, as interrupted."""

    def __init__(self, file: SpoolFile) -> None:
        self._file = file
        self._reader = Reader(file.read)
        self._batch = Batch()

    @property
    def path(self) -> Path:
        return self._file.path

    def take(self, limit: int) -> Batch:
        """The next events, up to `limit`: the same ones again until they are settled; none at the end."""
        if not self._batch:
            self._batch = self._reader.take(limit)
            if len(self._batch.finished) < limit:
                self._finish(limit)
        return self._batch

    def _finish(self, limit: int) -> None:
        if torn := self._file.read(self._reader.offset):
            self._reader.offset += len(torn)
            self._reader.consume(torn, self._batch)
        while self._reader.open and len(self._batch.finished) < limit:
            opening, line = self._reader.open.pop(next(iter(self._reader.open)))
            self._batch.finished.append(Finished(opening, _interrupted(opening.id), line))

    def settle(self) -> None:
        self._batch = Batch()

    def remove(self) -> None:
        self._file.remove()

    def close(self) -> None:
        self._file.close()


def _interrupted(event_id: str) -> Closing:
    return Closing(
        id=event_id,
        outcome=Outcome.INTERRUPTED,
        stop_reason=StopReason.INTERRUPTED,
        strategy=None,
        decided_by=DecidedBy.RULES,
        runs=1,
        healing_ms=0.0,
        note="The process ended before healing did.",
    )
