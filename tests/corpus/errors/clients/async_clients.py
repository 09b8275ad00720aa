"""Errors of aiohttp and websockets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import websockets.asyncio.client
import websockets.asyncio.server

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import (
    SHORT,
    Reply,
    answer,
    closed_port,
    deaf_port,
    eager_port,
    http_bytes,
    http_port,
    loop_url,
    name_failure,
    port_of,
    raised_async,
    silent_port,
    site,
)
from .tls_servers import client_context, tls_port

Timeout = aiohttp.ClientTimeout
STALLED = Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{", "hang")


def _request(url: str, method: str = "GET", limit: Timeout | None = None, **options: Any) -> BaseException:
    async def send() -> None:
        async with (
            aiohttp.ClientSession(timeout=limit or Timeout(total=2)) as session,
            session.request(method, url, **options) as response,
        ):
            response.raise_for_status()
            await response.json()

    return raised_async(send)


def _url(port: int, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{port}/graph/query"


def _unresolved() -> BaseException:
    async def send() -> None:
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
        async with aiohttp.ClientSession(connector=connector) as session:
            await session.get("http://inventory.prod.svc:8080/items")

    with name_failure():
        return raised_async(send)


def _closed_session() -> BaseException:
    async def send() -> None:
        session = aiohttp.ClientSession()
        await session.close()
        await session.get(answer(200))

    return raised_async(send)


Handler = Callable[[Any], Awaitable[None]]


def _socket(handler: Handler, **options: Any) -> BaseException:
    async def talk() -> None:
        async with websockets.asyncio.server.serve(handler, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with websockets.asyncio.client.connect(f"ws://127.0.0.1:{port}", proxy=None, **options) as channel:
                await channel.send("subscribe")
                while True:
                    await channel.recv()

    return raised_async(talk)


def _closing(code: int, reason: str) -> Handler:
    async def handler(channel: Any) -> None:
        await channel.recv()
        await channel.close(code, reason)

    return handler


async def _vanish(channel: Any) -> None:
    await channel.recv()
    channel.transport.abort()


async def _send_much(channel: Any) -> None:
    await channel.send("x" * 5000)
    await channel.wait_closed()


def _socket_to(uri: str, **options: Any) -> BaseException:
    async def connect() -> None:
        async with websockets.asyncio.client.connect(uri, proxy=None, **options):
            pass

    return raised_async(connect)


def _ws(url: str) -> str:
    return url.replace("http://", "ws://")


def _two_receivers() -> BaseException:
    async def quiet(channel: Any) -> None:
        await channel.wait_closed()

    async def talk() -> None:
        async with websockets.asyncio.server.serve(quiet, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with websockets.asyncio.client.connect(f"ws://127.0.0.1:{port}", proxy=None) as channel:
                first = asyncio.create_task(channel.recv())
                await asyncio.sleep(0)
                try:
                    await channel.recv()
                finally:
                    first.cancel()

    return raised_async(talk)


CASES = [
    Case(
        "aiohttp_refused",
        lambda: _request(_url(closed_port())),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ClientConnectorError with the refusal of the port.",
    ),
    Case(
        "aiohttp_name_resolution_failed",
        _unresolved,
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "ClientConnectorDNSError around the resolver's temporary failure.",
    ),
    Case(
        "aiohttp_connect_timeout",
        lambda: _request(_url(silent_port()), limit=Timeout(sock_connect=0.1)),
        ("timeout", "network"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ConnectionTimeoutError: no connection was made in time.",
    ),
    Case(
        "aiohttp_read_timeout",
        lambda: _request(_url(deaf_port()), "POST", Timeout(sock_read=0.1), json={}),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "SocketTimeoutError while reading: posted, not answered.",
    ),
    Case(
        "aiohttp_total_timeout",
        lambda: _request(_url(deaf_port()), "POST", Timeout(total=0.1), json={}),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The session's total limit passed; the bare TimeoutError names no phase.",
    ),
    Case(
        "aiohttp_server_disconnected",
        lambda: _request(_url(port_of(Reply())), "POST", json={}),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The server hung up after the request without an answer.",
    ),
    Case(
        "aiohttp_reset_by_peer",
        lambda: _request(_url(port_of(Reply(b"", "reset"))), "POST", json={}),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ClientOSError with errno 104 while waiting for the answer.",
    ),
    Case(
        "aiohttp_write_to_closing_transport",
        lambda: aiohttp.ClientConnectionResetError("Cannot write to closing transport"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The peer has closed while the request was still being written.",
    ),
    Case(
        "aiohttp_payload_not_completed",
        lambda: _request(
            site(Reply(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"a":'))
        ),
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The body ended before its announced length.",
    ),
    Case(
        "aiohttp_body_stalls",
        lambda: _request(site(STALLED), limit=Timeout(sock_read=0.1)),
        ("timeout",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The headers came and the rest of the body did not.",
    ),
    Case(
        "aiohttp_200_with_html",
        lambda: _request(answer(200, b"<html></html>", Content_Type="text/html")),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "ContentTypeError with status 200: an answer of success that is not the promised JSON.",
    ),
    Case(
        "aiohttp_status_line_is_garbage",
        lambda: _request(_url(port_of(Reply(b"QUIT\r\n\r\n")))),
        ("external_api", "network"),
        True,
        is_.UNKNOWN,
        is_.MALFORMED | {"RESET_CONNECTION"},
        frozenset({"ROLLBACK_TRANSACTION"}),
        "aiohttp reports status 400 of its own, but it is the answer that is malformed.",
    ),
    Case(
        "aiohttp_429_with_hint",
        lambda: _request(answer(429, b"", "/v2/lookup", Retry_After="3")),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD | {"RETRY_WITH_BACKOFF"},
        is_.HAMMERING,
        "ClientResponseError holds the headers with the few seconds to wait.",
    ),
    Case(
        "aiohttp_500",
        lambda: _request(answer(500, b"", "/render"), "POST"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The renderer failed in its work.",
    ),
    Case(
        "aiohttp_403",
        lambda: _request(answer(403, b"", "/buckets/private"), "DELETE"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "This account may not delete here.",
    ),
    Case(
        "aiohttp_too_many_redirects",
        lambda: _request(loop_url()),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "A ClientResponseError of status 302 that stands for an endless loop.",
    ),
    Case(
        "aiohttp_url_without_scheme",
        lambda: _request("graph.internal/query"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "InvalidUrlClientError: the setting lacks a scheme.",
    ),
    Case(
        "aiohttp_certificate_for_other_host",
        lambda: _request(_url(tls_port("other_host"), "https"), ssl=client_context()),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "ClientConnectorCertificateError: the certificate is for another name.",
    ),
    Case(
        "aiohttp_tls_to_plain_port",
        lambda: _request(_url(eager_port(Reply(b"+PONG\r\n")), "https")),
        ("tls", "configuration", "network"),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "ClientConnectorSSLError: the port speaks no TLS.",
    ),
    Case(
        "aiohttp_proxy_wants_login",
        lambda: _request("https://api.example.com/", proxy=f"http://127.0.0.1:{port_of(Reply(http_bytes(407, b'')))}"),
        ("auth", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "ClientHttpProxyError 407: the proxy's credentials are missing.",
    ),
    Case(
        "aiohttp_session_is_closed",
        _closed_session,
        ("programming",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"RESET_CONNECTION"},
        is_.MASKS,
        "The code uses a session after closing it.",
    ),
    Case(
        "websocket_vanished_without_close_frame",
        lambda: _socket(_vanish),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "No close frame was received: the connection was torn off.",
    ),
    Case(
        "websocket_closed_1011",
        lambda: _socket(_closing(1011, "unexpected condition in handler")),
        ("external_api", "network"),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The server's handler failed and the server said so while closing.",
    ),
    Case(
        "websocket_closed_1012",
        lambda: _socket(_closing(1012, "service restart")),
        ("network", "external_api"),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The server restarts and clients are meant to connect again.",
    ),
    Case(
        "websocket_closed_1013",
        lambda: _socket(_closing(1013, "overloaded, try again later")),
        ("external_api", "rate_limit", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED | is_.RECONNECT,
        is_.WRONG_CURE,
        "1013 asks in so many words to come back later.",
    ),
    Case(
        "websocket_closed_1008",
        lambda: _socket(_closing(1008, "token expired")),
        ("auth", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "A policy violation: the token is no longer valid and reconnecting with it is refused again.",
    ),
    Case(
        "websocket_message_too_big",
        lambda: _socket(_send_much, max_size=1000),
        ("configuration", "validation", "external_api"),
        False,
        is_.YES_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The server's message is above our own size limit, and will be again.",
    ),
    Case(
        "websocket_upgrade_401",
        lambda: _socket_to(_ws(answer(401, b"", "/stream"))),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "InvalidStatus 401: the upgrade was refused for lack of credentials.",
    ),
    Case(
        "websocket_upgrade_503",
        lambda: _socket_to(_ws(answer(503, b"", "/stream", Retry_After="4"))),
        ("external_api", "rate_limit"),
        True,
        is_.NO,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "InvalidStatus 503 with Retry-After: the gateway is out for a few seconds.",
    ),
    Case(
        "websocket_handshake_no_answer",
        lambda: _socket_to(f"ws://127.0.0.1:{deaf_port()}/", open_timeout=SHORT),
        ("timeout",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The opening handshake did not end in time.",
    ),
    Case(
        "websocket_server_hung_up_in_handshake",
        lambda: _socket_to(f"ws://127.0.0.1:{port_of(Reply())}/"),
        ("network", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "InvalidMessage because the server closed before its status line, as while it restarts.",
    ),
    Case(
        "websocket_uri_with_http_scheme",
        lambda: _socket_to(f"http://127.0.0.1:{http_port()}/stream"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "InvalidURI: the setting says http:// where ws:// belongs.",
    ),
    Case(
        "websocket_two_tasks_receive",
        _two_receivers,
        ("programming", "concurrency"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "Two tasks read from the same connection at once, which the code must not do.",
    ),
]
