"""Groups of occurrences of one problem, and the means to raise them in simulated applications."""

from __future__ import annotations

import asyncio
import socket
import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

Make = Callable[[], BaseException]

HERE = str(Path(__file__).resolve().parent)
JANUARY = "/srv/releases/2026-01-03"
FEBRUARY = "/srv/releases/2026-02-01"
CURRENT = "/srv/current"
VENV = "/srv/venv/lib/python3.11/site-packages"
SYSTEM = "/usr/local/lib/python3.11/site-packages"


@dataclass(frozen=True)
class Group:
    """Occurrences that must share one fingerprint, which no other group may have."""

    name: str
    makes: tuple[Make, ...]
    near: tuple[str, ...]
    why: str


@cache
def module(name: str, source: str, filename: str, shift: int = 0) -> Any:
    """A module made from source text, as if it had been imported from the file, `shift` lines further down."""
    made = types.ModuleType(name)
    made.__file__ = filename
    exec(compile("\n" * shift + source, filename, "exec", dont_inherit=True), made.__dict__)
    return made


@dataclass(frozen=True)
class App:
    """The source of one application (or library) module that can be deployed in several places."""

    name: str
    path: str
    source: str

    def at(self, root: str = "/srv", shift: int = 0) -> Any:
        return module(self.name, self.source, f"{root}/{self.path}", shift)

    def releases(self) -> tuple[Any, Any, Any]:
        """Three releases: other directories, and lines moved by edits further up."""
        return self.at(JANUARY), self.at(FEBRUARY, 23), self.at(CURRENT, 4)


def _beyond_here(trace: types.TracebackType | None) -> types.TracebackType | None:
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(HERE):
        trace = trace.tb_next
    return trace


def caught(call: Callable[..., object], *args: Any, **kwargs: Any) -> BaseException:
    """The error that the call raises, with a traceback that begins outside this package."""
    try:
        call(*args, **kwargs)
    except BaseException as error:
        return error.with_traceback(_beyond_here(error.__traceback__))
    raise LookupError(f"{call!r} raised nothing")


RETRIES = App(
    "backoff_kit.core",
    "backoff_kit/core.py",
    """\
from concurrent.futures import ThreadPoolExecutor


def call(function, arguments, attempts):
    for attempt in range(attempts):
        try:
            return function(*arguments)
        except Exception:
            if attempt == attempts - 1:
                raise


def again(function, arguments, left):
    try:
        return function(*arguments)
    except Exception:
        if not left:
            raise
        return again(function, arguments, left - 1)


async def perform(function, arguments):
    return await function(*arguments)


def ask_twice(function, arguments):
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(function, *arguments)
        try:
            future.result()
        except Exception:
            pass
        return future.result()
""",
)

STUBS = App(
    "wire_kit.session",
    "wire_kit/session.py",
    """\
class Session:
    def __init__(self, make, hops):
        self.make = make
        self.hops = hops

    def perform(self, *args, **kwargs):
        return self._route(self.hops)

    execute = request = send = perform

    def _route(self, hops):
        if hops > 1:
            return self._forward(hops)
        return self._finish()

    def _forward(self, hops):
        return self._route(hops - 1)

    def _finish(self):
        raise self.make()
""",
)


def failing(make: Make, hops: int = 1, root: str = VENV) -> Any:
    """A library's client whose every operation raises what `make` builds, `hops` internal calls further down."""
    return STUBS.at(root).Session(make, hops)


def _in_thread(call: Callable[..., object], *args: Any) -> object:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *args).result()


def _in_task(call: Callable[..., object], *args: Any) -> object:
    return asyncio.run(asyncio.to_thread(call, *args))


def _awaited(call: Callable[..., Any], *args: Any) -> object:
    return asyncio.run(call(*args))


def _awaited_in_worker(call: Callable[..., Any], *args: Any) -> object:
    return asyncio.run(RETRIES.at(VENV).perform(call, args))


def run(call: Callable[..., object], *args: Any, **kwargs: Any) -> Make:
    """Called directly in the main thread."""
    return partial(caught, call, *args, **kwargs)


def threaded(call: Callable[..., object], *args: Any) -> Make:
    """Called in a thread of a pool."""
    return partial(caught, _in_thread, call, *args)


def tasked(call: Callable[..., object], *args: Any) -> Make:
    """Called in a worker thread that an event loop awaits."""
    return partial(caught, _in_task, call, *args)


def awaited(call: Callable[..., Any], *args: Any) -> Make:
    """A coroutine function, run as the main task."""
    return partial(caught, _awaited, call, *args)


def dispatched(call: Callable[..., Any], *args: Any) -> Make:
    """A coroutine function, run by a library's worker."""
    return partial(caught, _awaited_in_worker, call, *args)


def retried(call: Callable[..., object], *args: Any, attempts: int = 3) -> Make:
    """Called by a library's retry loop, which gives the last error on."""
    return partial(caught, RETRIES.at(VENV).call, call, args, attempts)


def retried_while_handling(call: Callable[..., object], *args: Any, left: int = 2) -> Make:
    """Retried inside the except block, so that each error has the one before it as its context."""
    return partial(caught, RETRIES.at(SYSTEM).again, call, args, left)


def asked_twice(call: Callable[..., object], *args: Any) -> Make:
    """The result of a thread is asked for twice, and its error raised again."""
    return partial(caught, RETRIES.at(VENV).ask_twice, call, args)


def closed_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number
