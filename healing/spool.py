"""The spool: files of lines in which events wait until the database has them.

Each process appends to a file of its own and holds a lock (flock) on it while it lives. A file whose lock can
be had was left behind by a process that died, and whoever takes the lock may deliver it. The files of several
processes share a directory, which belongs to one database.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from healing.identity import new_id

SUFFIX = ".spool"
FRESH_SUFFIX = ".fresh"
REJECTED_SUFFIX = ".rejected"
CHUNK = 1 << 20
"""Bytes read at once."""
COMPACT_AT = 1 << 20
"""Delivered bytes at which a file that still has open events is rewritten without them."""
MEMORY_BYTES = 16 << 20
"""What may wait in memory where the spool cannot be written."""


def hold(path: Path, *, create: bool = False) -> int | None:
    """A locked descriptor of the file; None where it is gone, not ours to write, or held by another process.

    Raises OSError where it cannot be made, or its file system knows no locks.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | (os.O_CREAT if create else 0), 0o600)
    except OSError:
        if create:
            raise
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Its last holder may have removed or replaced the file between our opening and locking it.
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


class SpoolFile:
    """A file held by this process. Not thread-safe."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    @classmethod
    def create(cls, directory: Path, suffix: str = SUFFIX) -> SpoolFile:
        """Raises OSError."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            path = directory / f"{os.getpid()}-{new_id()}{suffix}"
            descriptor = hold(path, create=True)
            if descriptor is not None:
                return cls(path, descriptor)

    def append(self, line: bytes) -> None:
        """All of it or nothing. Raises OSError."""
        written = os.write(self.descriptor, line)
        if written < len(line):
            os.ftruncate(self.descriptor, self.size)
            raise OSError(f"{self.path}: the disk took {written} of {len(line)} bytes")
        self.size += written

    def read(self, offset: int) -> bytes:
        return os.pread(self.descriptor, CHUNK, offset)

    def empty(self) -> None:
        os.ftruncate(self.descriptor, 0)
        self.size = 0

    def take_place_of(self, file: SpoolFile) -> None:
        """Raises OSError."""
        self.path = self.path.replace(file.path)
        file.close()

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        os.close(self.descriptor)


class Spool:
    """What this process still has to deliver, in order.

    `append` is called by users' threads, the rest by the writer. Where the file cannot be written, lines
    wait in memory, up to 16 MB of them.
    """

    def __init__(self, directory: Path, max_bytes: int) -> None:
        self.directory = directory
        self.appended = 0
        """Lines taken so far."""
        self.refused = 0
        """Events that found no room."""
        self.trouble = ""
        """Why the file cannot be written; empty while it can."""
        self.lock = threading.RLock()
        self._max_bytes = max_bytes
        self._file: SpoolFile | None = None
        self._memory: deque[bytes] = deque()
        self._memory_bytes = 0
        self._refused_open: set[str] = set()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._file.size if self._file else 0

    @property
    def in_memory(self) -> int:
        """Lines that wait in memory."""
        return len(self._memory)

    @property
    def path(self) -> Path:
        """Where this process's lines lie, or would lie."""
        return self._file.path if self._file else self.directory / f"{os.getpid()}{SUFFIX}"

    def append(self, line: bytes, event_id: str, *, opens: bool, closes: bool) -> bool:
        """True when the line is safe from this process's death, or at least in its memory.

        The closing of an accepted opening is accepted above the limit too, that of a refused one is refused.
        """
        with self.lock:
            if not opens and event_id in self._refused_open:
                self._refused_open.discard(event_id)
                return False
            if not self._take(line, over_limit=not opens):
                self.refused += 1
                if opens and not closes:
                    self._refused_open.add(event_id)
                return False
            self.appended += 1
            return True

    def _take(self, line: bytes, *, over_limit: bool) -> bool:
        if not over_limit and self.size + len(line) > self._max_bytes:
            return False
        # What comes later must not overtake what waits in memory: a closing would be read before its opening.
        return self._remember(line) if self._memory else self._store(line) or self._remember(line)

    def _store(self, line: bytes) -> bool:
        try:
            if self._file is None:
                self._file = SpoolFile.create(self.directory)
            self._file.append(line)
        except OSError as error:
            self.trouble = str(error)
            return False
        self.trouble = ""
        return True

    def _remember(self, line: bytes) -> bool:
        if self._memory_bytes + len(line) > MEMORY_BYTES:
            return False
        self._memory.append(line)
        self._memory_bytes += len(line)
        return True

    def read(self, offset: int) -> bytes:
        return self._file.read(offset) if self._file else b""

    def recall(self, offset: int) -> bytes | None:
        """Take the next line out of memory; None without one, or while the file has older ones."""
        with self.lock:
            if not self._memory or self.read(offset):
                return None
            line = self._memory.popleft()
            self._memory_bytes -= len(line)
            return line

    def rescue(self) -> None:
        """Move what waits in memory to the file, as far as it can be written again."""
        with self.lock:
            while self._memory and self._store(self._memory[0]):
                self._memory_bytes -= len(self._memory.popleft())

    def trim(self, offset: int, keep: Sequence[bytes]) -> int:
        """Drop what lies before `offset` but the lines to keep. Returns the new offset."""
        with self.lock:
            file = self._file
            if file is None:
                return offset
            if not keep and not file.read(offset):
                file.empty()
                return 0
        kept = b"".join(keep)
        if offset >= max(COMPACT_AT, 2 * len(kept)):
            with contextlib.suppress(OSError):
                self._compact(file, offset, kept)
                return len(kept)
        return offset

    def _compact(self, file: SpoolFile, offset: int, kept: bytes) -> None:
        """The new file replaces the old one in one step: a kill at any moment leaves one of them whole."""
        fresh = SpoolFile.create(self.directory, FRESH_SUFFIX)
        try:
            if kept:
                fresh.append(kept)
            with self.lock:
                while rest := file.read(offset):
                    fresh.append(rest)
                    offset += len(rest)
                fresh.take_place_of(file)
                self._file = fresh
        except OSError:
            fresh.remove()
            raise

    def release(self) -> None:
        """Give up the file; what it holds is the next process's."""
        with self.lock:
            if self._file is None:
                return
            file, self._file = self._file, None
            if file.read(0):
                file.close()
            else:
                file.remove()

    def forget(self) -> None:
        """In a forked child: file and lock are the parent's; closing a copy gives up neither."""
        if self._file is not None:
            self._file.close()


def left_behind(directory: Path) -> Iterator[SpoolFile]:
    """Take over the files of processes that died, one after the other. Raises OSError."""
    for path in sorted(directory.glob("*" + SUFFIX)):
        descriptor = hold(path)
        if descriptor is not None:
            yield SpoolFile(path, descriptor)
    for path in directory.glob("*" + FRESH_SUFFIX):
        descriptor = hold(path)
        if descriptor is not None:
            SpoolFile(path, descriptor).remove()


def set_aside(path: Path, lines: Sequence[bytes]) -> Path:
    """Append lines that cannot be delivered to the `.rejected` file beside a spool file. Raises OSError."""
    target = path.with_suffix(REJECTED_SUFFIX)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("ab") as file:
        file.writelines(line if line.endswith(b"\n") else line + b"\n" for line in lines)
    return target


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies in a spool directory, sizes in bytes. `left_behind` counts files whose process has died."""

    files: int
    size: int
    left_behind: int
    rejected: int


def survey(directory: Path) -> Survey:
    """Look at a spool directory without taking anything over. Raises OSError."""
    sizes: list[int] = []
    dead = 0
    for path in directory.glob("*" + SUFFIX):
        with contextlib.suppress(FileNotFoundError):
            sizes.append(path.stat().st_size)
            dead += _is_dead(path)
    rejected = sum(path.stat().st_size for path in directory.glob("*" + REJECTED_SUFFIX))
    return Survey(len(sizes), sum(sizes), dead, rejected)


def _is_dead(path: Path) -> bool:
    descriptor = hold(path)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True
