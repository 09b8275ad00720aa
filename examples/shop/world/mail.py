"""A mail server on loopback: as much of SMTP (RFC 5321) as `smtplib` needs."""

from __future__ import annotations

import socketserver
from collections.abc import Callable
from typing import TypeAlias

from examples.shop.world.loopback import LoopbackServer

Verdict: TypeAlias = Callable[[str], str | None]
"""From a recipient's address to the reply that refuses it, such as `550 No such mailbox`; None accepts."""
Deliver: TypeAlias = Callable[[str, str], None]
"""Takes a recipient's address and the message."""


def serve_mail(verdict: Verdict, deliver: Deliver) -> LoopbackServer:
    return LoopbackServer(lambda address: _Server(address, verdict, deliver))


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], verdict: Verdict, deliver: Deliver) -> None:
        super().__init__(address, _Conversation)
        self.verdict = verdict
        self.deliver = deliver

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: clients that hang up are part of the game."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server
    timeout = 60

    def handle(self) -> None:
        self._recipients: list[str] = []
        self._say("220 mail.shop.example ready")
        for line in self.rfile:
            verb, _, rest = line.decode().strip().partition(" ")
            reply = self._reply(verb.upper(), rest)
            self._say(reply)
            if reply.startswith("221"):
                return

    def _reply(self, verb: str, rest: str) -> str:
        match verb:
            case "EHLO" | "HELO" | "MAIL" | "NOOP":
                return "250 OK"
            case "RSET":
                self._recipients.clear()
                return "250 OK"
            case "RCPT":
                return self._admit(rest.partition("<")[2].partition(">")[0])
            case "DATA":
                return self._take_message()
            case "QUIT":
                return "221 Bye"
            case _:
                return "502 Command not implemented"

    def _admit(self, recipient: str) -> str:
        refusal = self.server.verdict(recipient)
        if refusal is None:
            self._recipients.append(recipient)
        return refusal or "250 OK"

    def _take_message(self) -> str:
        self._say("354 End with a dot on a line of its own")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.decode().removeprefix("."))
        for recipient in self._recipients:
            self.server.deliver(recipient, "".join(lines))
        return "250 Delivered"

    def _say(self, reply: str) -> None:
        self.wfile.write(reply.encode() + b"\r\n")
