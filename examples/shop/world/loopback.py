"""A server on loopback that can die and come back at the same address."""

from __future__ import annotations

import threading
from collections.abc import Callable
from socketserver import TCPServer


class LoopbackServer:
    """Up from the start, on a port that the system chose and that it keeps over `down` and `up`."""

    def __init__(self, make: Callable[[tuple[str, int]], TCPServer]) -> None:
        self._make = make
        self._port = 0
        self._server: TCPServer | None = None
        self.up()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def up(self) -> None:
        if self._server is None:
            self._server = self._make(("127.0.0.1", self._port))
            self._port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
