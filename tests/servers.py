"""Small real servers on loopback, for tests: they do what a script says and remember what reached them."""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

ANY_PORT = ("127.0.0.1", 0)
POLL = 0.01
"""Seconds within which a server notices that it is to stop."""
CLIENT_PATIENCE = 10.0
"""Seconds after which a connection that a test forgot is given up."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in JSON."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reset:
    """The request is taken, then the connection is torn down by a TCP reset."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The request is taken and never answered."""


Act = Reply | Reset | Silence


class HttpServer:
    """Performs its script, one act a request, the last one over and over; `requests` are those that arrived.

    It is listening inside the `with` block, unless it begins `down`: then its port is taken and refuses connections.
    """

    def __init__(self, *script: Act, down: bool = False) -> None:
        self.script = list(script) or [Reply()]
        self.requests: list[str] = []
        self.closing = threading.Event()
        self._down = down
        self._turn = threading.Lock()
        self._server = _Http(ANY_PORT, self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def next_act(self, request: str) -> Act:
        with self._turn:
            self.requests.append(request)
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def up(self) -> None:
        self._server.listen()

    def down(self) -> None:
        """Refuse connections, at the same port."""
        address = self._server.server_address
        self._server.stop()
        self._server = _Http(("127.0.0.1", address[1]), self)

    def __enter__(self) -> Self:
        if not self._down:
            self.up()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self._server.stop()


class _Http(ThreadingHTTPServer):
    """Bound from the start, listening from `listen` on: what is bound only refuses connections."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], owner: HttpServer) -> None:
        super().__init__(address, _HttpHandler, bind_and_activate=False)
        self.owner = owner
        self._thread: threading.Thread | None = None
        self.server_bind()

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # http.server's own looks its name up in the DNS

    def listen(self) -> None:
        self.server_activate()
        self._thread = threading.Thread(target=self.serve_forever, args=(POLL,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        self.server_close()


class _HttpHandler(BaseHTTPRequestHandler):
    server: _Http
    timeout = CLIENT_PATIENCE

    def do_GET(self) -> None:
        self._act()

    def do_POST(self) -> None:
        self._act()

    def _act(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        act = self.server.owner.next_act(f"{self.command} {self.path}")
        if isinstance(act, Reply):
            self._reply(act)
        elif isinstance(act, Reset):
            reset(self.connection)
        else:
            self.server.owner.closing.wait(CLIENT_PATIENCE)

    def _reply(self, reply: Reply) -> None:
        payload = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is http.server's
        """Says nothing."""


def reset(connection: socket.socket) -> None:
    """End a connection by RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@dataclass(slots=True)
class SmtpServer:
    """Answers each RCPT with the next of `verdicts`, the last one over and over; keeps the messages that it took.

    `hang_up` cuts the connection after a message was taken and before that is confirmed.
    """

    port: int
    verdicts: list[str]
    hang_up: bool = False
    recipients: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def verdict(self) -> str:
        return self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]


@contextmanager
def smtp_server(*verdicts: str, hang_up: bool = False) -> Iterator[SmtpServer]:
    """As much of SMTP (RFC 5321) as `smtplib` needs."""

    class Conversation(socketserver.StreamRequestHandler):
        timeout = CLIENT_PATIENCE

        def handle(self) -> None:
            _converse(self, told)

    with _listening(Conversation) as port:
        told = SmtpServer(port, list(verdicts) or ["250 OK"], hang_up)
        yield told


@contextmanager
def hang_up_server() -> Iterator[tuple[int, list[bytes]]]:
    """A port, and what arrived there: the connection is closed after the first bytes, without an answer."""
    received: list[bytes] = []

    class Conversation(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            received.append(self.request.recv(65_536))

    with _listening(Conversation) as port:
        yield port, received


@contextmanager
def _listening(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    with socketserver.ThreadingTCPServer(ANY_PORT, handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


ACKNOWLEDGED: Sequence[str] = ("EHLO", "HELO", "MAIL", "RSET", "NOOP")


def _converse(stream: socketserver.StreamRequestHandler, server: SmtpServer) -> None:
    def say(reply: str) -> None:
        stream.wfile.write(reply.encode() + b"\r\n")

    say("220 loopback ready")
    for line in stream.rfile:
        verb, _, rest = line.decode().strip().partition(" ")
        if verb.upper() == "RCPT":
            server.recipients.append(rest)
            say(server.verdict())
        elif verb.upper() == "DATA":
            say("354 go on")
            server.messages.append(_message(stream))
            if server.hang_up:
                return
            say("250 taken")
        else:
            say("250 OK" if verb.upper() in ACKNOWLEDGED else "221 bye")


def _message(stream: socketserver.StreamRequestHandler) -> str:
    lines = iter(stream.rfile.readline, b".\r\n")
    return b"".join(lines).decode()
