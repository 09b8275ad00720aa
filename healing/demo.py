"""Runs the demo, `examples/shop`: in the foreground, or as the one detached process of a working directory.

It has a process of its own, so that the name `examples` never reaches a user's import path. A detached demo
holds `demo.lock` beside the spool for as long as it lives, however it ends; its output is `demo.log`.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from healing import settings

DETACHED_SECONDS = 600.0
"""Seconds after which a detached demo closes by itself."""
LAST_LINE = "The shop is closed."
"""How the log of a demo ends that ended well."""


@dataclass(frozen=True, slots=True)
class DemoStatus:
    """The detached demo of this working directory. `started_at` is Unix time in seconds.

    `message` is the last line of the log of a demo that ended badly, else empty.
    """

    running: bool
    started_at: float
    pid: int
    message: str


def run(seconds: float | None, database_url: str | None = None) -> None:
    """Blocks until the demo closes: after `seconds`, or at SIGINT or SIGTERM, which are passed on to it.

    Raises CalledProcessError where it ends badly.
    """
    process = _spawn(seconds, database_url)
    with _passing_signals_to(process):
        code = process.wait()
    if code:
        raise subprocess.CalledProcessError(code, process.args)


def start(database_url: str) -> None:
    """Starts the detached demo, for ten minutes at the most. Does nothing where it runs already."""
    with _gate() as place, (place / "demo.lock").open("ab") as lock:
        if not _acquired(lock):
            return
        process = _spawn_detached(place / "demo.log", lock, database_url)
        state = {"pid": process.pid, "started_at": time.time()}
        (place / "demo.json").write_text(json.dumps(state), encoding="utf-8")
    threading.Thread(target=process.wait, name="healing-demo", daemon=True).start()


def status() -> DemoStatus | None:
    """None where no detached demo has been started in this working directory."""
    place = _place()
    with _gate_of_a_demo(place) as started:
        return _status(place) if started else None


def stop() -> None:
    """Asks the detached demo to close; it needs up to some seconds. Does nothing where none runs."""
    place = _place()
    with _gate_of_a_demo(place) as started:
        current = _status(place) if started else None
        if current is not None and current.running:
            os.kill(current.pid, signal.SIGTERM)


def _spawn_detached(path: Path, lock: IO[bytes], database_url: str) -> subprocess.Popen[bytes]:
    with path.open("wb") as log:
        return _spawn(
            DETACHED_SECONDS,
            database_url,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )


def _spawn(seconds: float | None, database_url: str | None, **how: Any) -> subprocess.Popen[bytes]:
    limit = [] if seconds is None else ["--seconds", str(seconds)]
    command = [sys.executable, "-P", "-m", "examples.shop", *limit]
    return subprocess.Popen(command, env=_environment(database_url), **how)  # noqa: S603 - all of it is our own


def _status(place: Path) -> DemoStatus | None:
    try:
        state = json.loads((place / "demo.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    with (place / "demo.lock").open("rb") as lock:
        running = not _acquired(lock)
    message = "" if running else _complaint(place / "demo.log")
    return DemoStatus(running, state["started_at"], state["pid"], message)


def _complaint(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    return "" if last.endswith(LAST_LINE) else last


@contextmanager
def _gate() -> Iterator[Path]:
    """The folder of the demo's files, to one thread of one process at a time."""
    place = _place()
    place.mkdir(parents=True, exist_ok=True)
    with (place / "demo.gate").open("ab") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield place


@contextmanager
def _gate_of_a_demo(place: Path) -> Iterator[bool]:
    """The same, but it makes no file: yields False where no demo was ever started."""
    try:
        gate = (place / "demo.gate").open("rb")
    except (FileNotFoundError, NotADirectoryError):
        yield False
        return
    with gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield True


def _place() -> Path:
    return settings.load().spool_dir.parent


def _acquired(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _environment(database_url: str | None) -> dict[str, str]:
    environment = dict(os.environ)
    if database_url is not None:
        environment["HEALING_DATABASE_URL"] = database_url
    paths = [str(_home()), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return environment


def _home() -> Path:
    """The folder that holds `examples`: the dashboard's in a wheel, the repository's in a checkout."""
    package = Path(__file__).resolve().parent
    shipped = package / "_dashboard"
    return shipped if shipped.is_dir() else package.parent


@contextmanager
def _passing_signals_to(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """SIGINT and SIGTERM end the demo, not the wait for it; Python allows that to the main thread only."""

    def pass_on(number: int, frame: FrameType | None) -> None:
        process.terminate()

    numbers = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
