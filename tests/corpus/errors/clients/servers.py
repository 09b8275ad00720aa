"""Small loopback servers that answer as far services do on a bad day; each starts on first use and stays."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import functools
import hashlib
import os
import re
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from unittest import mock

SHORT = 0.2
LONG = 3.0
_quiet: set[str] = set()


def patience(*address: str | int) -> float:
    """How long to wait for an answer of this URL or port: shortly where none will come."""
    return SHORT if any(name in f":{part}" for name in _quiet for part in address) else LONG


def raised(call: Callable[[], object]) -> BaseException:
    """The exception that `call` raises."""
    try:
        call()
    except BaseException as error:
        return error
    raise AssertionError(f"{call!r} raised nothing")


def raised_async(call: Callable[[], Awaitable[object]]) -> BaseException:
    """The exception that the awaitable of `call` raises, in an event loop of its own."""

    async def run() -> BaseException:
        try:
            await call()
        except BaseException as error:
            return error
        raise AssertionError(f"{call!r} raised nothing")

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(run())).result()


def http_date(seconds_from_now: float) -> str:
    """A moment from now as HTTP writes it."""
    now = datetime.datetime.now(datetime.UTC).timestamp()
    return formatdate(now + seconds_from_now, usegmt=True)


@dataclass(frozen=True)
class Reply:
    """What the server sends after the request, and what it then does: close, reset or hang."""

    data: bytes = b""
    then: str = "close"


def finish(connection: socket.socket, how: str) -> None:
    with contextlib.suppress(OSError):
        if how == "hang":
            connection.settimeout(5)
            while connection.recv(65536):
                pass
        elif how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(1)
            while connection.recv(65536):
                pass
    with contextlib.suppress(OSError):
        connection.close()


def listen(serve: Callable[[socket.socket], None], backlog: int = 32) -> int:
    listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)

    def guarded(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError, ValueError):
            serve(connection)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=guarded, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    port: int = listener.getsockname()[1]
    return port


_replies: dict[str, Reply] = {}


def read_request(connection: socket.socket) -> str:
    connection.settimeout(5)
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return ""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
        if name.strip().lower() == b"expect":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    while len(body) < length:
        body += connection.recv(65536)
    target = head.split(b" ")[1].decode("latin-1")
    return target.split("?")[0]


def _serve_http(connection: socket.socket) -> None:
    target = read_request(connection)
    key = target.removeprefix("/").split("/")[0]
    reply = _replies.get(key, Reply())
    with contextlib.suppress(OSError):
        connection.sendall(reply.data)
    finish(connection, reply.then)


@functools.cache
def http_port() -> int:
    return listen(_serve_http)


def http_bytes(status: int, body: bytes = b"", reason: str = "", **headers: str) -> bytes:
    """A whole HTTP/1.1 answer; underscores in header names stand for hyphens."""
    if not reason:
        reason = HTTPStatus(status).phrase if status in {item.value for item in HTTPStatus} else "Unknown"
    lines = [f"HTTP/1.1 {status} {reason}"]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named.setdefault("Content-Length", str(len(body)))
    named.setdefault("Content-Type", "application/json")
    named.setdefault("Connection", "close")
    lines += [f"{name}: {value}" for name, value in named.items() if value]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def site(reply: Reply | bytes, path: str = "") -> str:
    """The URL under which the loopback server gives this reply, whatever follows in the path."""
    reply = Reply(reply) if isinstance(reply, bytes) else reply
    timeless = re.sub(rb"\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT", b"", reply.data)
    digest = hashlib.sha256(timeless + reply.then.encode()).digest()
    key = "".join(chr(ord("a") + byte % 26) for byte in digest[:8])
    _replies[key] = reply
    if reply.then == "hang":
        _quiet.add(key)
    return f"http://127.0.0.1:{http_port()}/{key}{path}"


def answer(status: int, body: bytes = b"", path: str = "", reason: str = "", **headers: str) -> str:
    """The URL of an answer with this status, body and headers."""
    return site(http_bytes(status, body, reason, **headers), path)


@functools.cache
def loop_url() -> str:
    """A URL that redirects to itself for ever."""
    key = "redirect-loop"
    url = f"http://127.0.0.1:{http_port()}/{key}"
    _replies[key] = Reply(http_bytes(302, Location=url))
    return url


@functools.cache
def port_of(reply: Reply) -> int:
    """A port that reads one request head, gives this reply to whatever was asked, then ends."""

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(reply.data)
        finish(connection, reply.then)

    return listen(serve)


@functools.cache
def eager_port(reply: Reply) -> int:
    """A port that speaks at once, without reading."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(reply.data)
        finish(connection, reply.then)

    return listen(serve)


@functools.cache
def deaf_port() -> int:
    """A port that accepts and then neither reads nor answers."""
    port = listen(_held.append)
    _quiet.add(f":{port}")
    return port


@functools.cache
def lines_port(greeting: bytes, answers: tuple[tuple[bytes, bytes], ...], hang_up: bytes = b"\0") -> int:
    """A line protocol: greets, answers a line by its first matching prefix, hangs up on a line with `hang_up`."""

    def serve(connection: socket.socket) -> None:
        connection.settimeout(5)
        connection.sendall(greeting)
        stream = connection.makefile("rb")
        for line in stream:
            if hang_up in line:
                break
            found = next((said for prefix, said in answers if prefix in line), None)
            if found is not None:
                connection.sendall(found.replace(b"{tag}", line.split(b" ")[0]))
        stream.close()
        connection.close()

    return listen(serve)


_held: list[socket.socket] = []


@functools.cache
def closed_port() -> int:
    """A port that is held but not listened on, so that connecting is refused."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    _held.append(holder)
    port: int = holder.getsockname()[1]
    return port


@functools.cache
def silent_port() -> int:
    """A port with a full backlog: connecting gets no answer."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    _held.append(listener)
    port: int = listener.getsockname()[1]
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(("127.0.0.1", port))
        _held.append(filler)
    _quiet.add(f":{port}")
    return port


@contextlib.contextmanager
def name_failure(code: int = socket.EAI_AGAIN, text: str = "Temporary failure in name resolution") -> Iterator[None]:
    """While it lasts, looking a name up fails."""

    def fail(*_args: Any, **_options: Any) -> None:
        raise socket.gaierror(code, text)

    with mock.patch("socket.getaddrinfo", fail):
        yield


def work_folder() -> str:
    return _folder()


@functools.cache
def _folder() -> str:
    holder = tempfile.TemporaryDirectory(prefix="clients-")
    _keep_alive.append(holder)
    return os.path.realpath(holder.name)


_keep_alive: list[Any] = []
