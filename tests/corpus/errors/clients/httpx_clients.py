"""Errors of httpx and httpcore."""

from __future__ import annotations

import errno
from unittest import mock

import httpcore
import httpx

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import (
    LONG,
    SHORT,
    Reply,
    answer,
    closed_port,
    deaf_port,
    eager_port,
    http_bytes,
    http_date,
    loop_url,
    name_failure,
    patience,
    port_of,
    raised,
    raised_async,
    silent_port,
    site,
)
from .tls_servers import client_context, tls_port


def _request(url: str, method: str = "GET", **options: object) -> BaseException:
    client_options = {key: options.pop(key) for key in ("verify", "proxy", "limits") if key in options}
    options.setdefault("timeout", patience(url))

    def send() -> None:
        with httpx.Client(trust_env=False, **client_options) as client:  # type: ignore[arg-type]
            client.request(method, url, **options).raise_for_status()  # type: ignore[arg-type]

    return raised(send)


def _url(port: int, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{port}/api/v3/shipments"


def _unresolved() -> BaseException:
    with name_failure():
        return _request("https://hooks.partner.example/events", "POST")


def _pool_full() -> BaseException:
    stalled = site(Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", "hang"))
    one = httpx.Limits(max_connections=1)
    with httpx.Client(trust_env=False, limits=one, timeout=0.1) as client, client.stream("GET", stalled):
        return raised(lambda: client.get(stalled))


def _write_stalls() -> BaseException:
    return _request(_url(deaf_port()), "PUT", content=b"\0" * 8_000_000, timeout=httpx.Timeout(5, write=0.1))


def _closed_client() -> BaseException:
    client = httpx.Client(trust_env=False)
    client.close()
    return raised(lambda: client.get(answer(200)))


def _unread_stream() -> BaseException:
    with httpx.Client(trust_env=False) as client, client.stream("GET", answer(200, b"{}")) as response:
        return raised(lambda: response.text)


def _core(url: str, **timeouts: float) -> BaseException:
    def send() -> None:
        with httpcore.ConnectionPool() as pool:
            pool.request("GET", url, extensions={"timeout": timeouts})

    return raised(send)


async def _async_read_timeout() -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=SHORT) as client:
        await client.post(_url(deaf_port()), json={"parcel": 4})


def _out_of_local_ports() -> BaseException:
    shortage = OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
    with mock.patch("socket.create_connection", side_effect=shortage):
        return _request(_url(closed_port()))


def _bad_gateway_page() -> str:
    return answer(521, b"<html><title>Web server is down</title></html>", "/edge", "Web Server Is Down")


CASES = [
    Case(
        "httpx_refused",
        lambda: _request(_url(closed_port())),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ConnectError on a port where nothing listens at the moment.",
    ),
    Case(
        "httpx_name_resolution_failed",
        _unresolved,
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "A ConnectError whose text and cause are the resolver's.",
    ),
    Case(
        "httpx_certificate_expired",
        lambda: _request(_url(tls_port("expired"), "https"), verify=client_context()),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "A ConnectError, but it is a certificate that nobody renewed.",
    ),
    Case(
        "httpx_out_of_local_ports",
        _out_of_local_ports,
        ("resource", "network"),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH | is_.SURFACE | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "A ConnectError whose errno 99 says that the local ports are used up.",
    ),
    Case(
        "httpx_connect_timeout",
        lambda: _request(_url(silent_port())),
        ("timeout", "network"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ConnectTimeout: no connection, so no request.",
    ),
    Case(
        "httpx_read_timeout_async",
        lambda: raised_async(_async_read_timeout),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ReadTimeout with an empty message: posted, not answered.",
    ),
    Case(
        "httpx_write_timeout",
        _write_stalls,
        ("timeout", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The server stopped taking the upload; how much it keeps is open.",
    ),
    Case(
        "httpx_pool_timeout",
        _pool_full,
        ("resource", "timeout"),
        True,
        is_.NO,
        is_.RETRY | {"QUEUE_FOR_LATER", "SURFACE", "RESET_CONNECTION"},
        is_.WRONG_CURE,
        "No connection of the client's own pool came free; the request was never sent.",
    ),
    Case(
        "httpx_server_disconnected",
        lambda: _request(_url(port_of(Reply())), "POST", json={}),
        ("network", "external_api"),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "RemoteProtocolError: the server hung up without sending a response.",
    ),
    Case(
        "httpx_read_error_reset",
        lambda: _request(_url(port_of(Reply(b"", "reset"))), "POST", json={}),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ReadError: a reset while waiting for the answer.",
    ),
    Case(
        "httpx_answer_is_not_http",
        lambda: _request(_url(port_of(Reply(b"\x00\x01\x02 garbage\r\n\r\n")))),
        ("external_api", "network"),
        True,
        is_.UNKNOWN,
        is_.MALFORMED | {"RESET_CONNECTION"},
        frozenset({"ROLLBACK_TRANSACTION"}),
        "What came back has no HTTP status line at all.",
    ),
    Case(
        "httpx_chunked_body_incomplete",
        lambda: _request(site(Reply(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"rows":'))),
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The peer closed before the chunked body was complete.",
    ),
    Case(
        "httpx_header_value_not_allowed",
        lambda: _request(answer(200), headers={"X-Trace": b"a\nb"}),
        ("validation", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "LocalProtocolError: our own header value is illegal.",
    ),
    Case(
        "httpx_unsupported_protocol",
        lambda: _request("ftp://files.partner.example/in/today.csv"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "httpx speaks no ftp://; the setting is for another client.",
    ),
    Case(
        "httpx_missing_protocol",
        lambda: _request("/api/v3/shipments"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A relative path without a base_url.",
    ),
    Case(
        "httpx_invalid_url_port",
        lambda: _request("http://broker:$PORT/status"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A variable in the URL was not filled in.",
    ),
    Case(
        "httpx_too_many_redirects",
        lambda: _request(loop_url(), follow_redirects=True),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "The service redirects to itself without end.",
    ),
    Case(
        "httpx_body_does_not_decompress",
        lambda: _request(answer(200, b"{}", Content_Encoding="gzip")),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "DecodingError: the body is not the gzip it is said to be.",
    ),
    Case(
        "httpx_proxy_forbids",
        lambda: _request(
            "https://api.example.com/", proxy=f"http://127.0.0.1:{port_of(Reply(http_bytes(403, b'', 'Forbidden')))}"
        ),
        ("auth", "configuration", "network"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The proxy's rules do not let this host through.",
    ),
    Case(
        "httpx_socks_support_missing",
        lambda: raised(lambda: httpx.Client(proxy="socks5://127.0.0.1:1080")),
        ("configuration",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "An ImportError: the socksio extra is not installed.",
    ),
    Case(
        "httpx_421_misdirected",
        lambda: _request(answer(421, b"", "/v1/me")),
        ("external_api", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "This connection leads to a server that is not responsible; a new connection cures it.",
    ),
    Case(
        "httpx_425_too_early",
        lambda: _request(answer(425, b"", "/checkout", "Too Early"), "POST"),
        ("external_api", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The server refuses early data and wants the request again after the handshake.",
    ),
    Case(
        "httpx_429_with_long_wait",
        lambda: _request(answer(429, b"", "/enrich", Retry_After="1800")),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD | {"QUEUE_FOR_LATER", "FALLBACK_TO_CACHE"},
        is_.TOO_EARLY,
        "Half an hour to wait: the hourly allowance is spent.",
    ),
    Case(
        "httpx_503_until_date",
        lambda: _request(answer(503, b"", "/payouts", Retry_After=http_date(20)), "POST"),
        ("external_api", "rate_limit"),
        True,
        is_.NO,
        is_.WAIT_OR_SWITCH,
        is_.WRONG_CURE,
        "The service names the moment at which it is back.",
    ),
    Case(
        "httpx_521_origin_down",
        lambda: _request(_bad_gateway_page()),
        ("external_api", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The CDN's connection to the origin was refused.",
    ),
    Case(
        "httpx_redirect_taken_for_error",
        lambda: _request(answer(301, b"", Location="https://new.example.com/")),
        ("external_api", "configuration", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "The service has moved for good and the client does not follow.",
    ),
    Case(
        "httpx_client_already_closed",
        _closed_client,
        ("programming",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"RESET_CONNECTION"},
        is_.MASKS,
        "The code uses a client after closing it.",
    ),
    Case(
        "httpx_stream_not_read",
        _unread_stream,
        ("programming",),
        False,
        is_.YES_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "ResponseNotRead: the code asks for the text of a stream that it never read.",
    ),
    Case(
        "httpcore_refused",
        lambda: _core(f"http://127.0.0.1:{closed_port()}/"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "httpcore's own ConnectError, without httpx around it.",
    ),
    Case(
        "httpcore_read_timeout",
        lambda: _core(f"http://127.0.0.1:{deaf_port()}/", read=0.1),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "httpcore's own ReadTimeout after the request was sent.",
    ),
    Case(
        "httpcore_tls_against_plain_port",
        lambda: _core(f"https://127.0.0.1:{eager_port(Reply(b'-ERR unknown command' + bytes(2)))}/", connect=LONG),
        ("tls", "configuration", "network"),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "The far port speaks a plain protocol.",
    ),
]
