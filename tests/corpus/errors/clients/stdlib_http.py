"""Errors of http.client, urllib and xmlrpc."""

from __future__ import annotations

import http.client
import ssl
import urllib.request
import xmlrpc.client

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import (
    LONG,
    Reply,
    answer,
    closed_port,
    http_bytes,
    http_date,
    loop_url,
    name_failure,
    patience,
    port_of,
    raised,
    site,
    work_folder,
)
from .tls_servers import client_context, tls_port

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _open(url: str, data: bytes | None = None) -> BaseException:
    return raised(lambda: _OPENER.open(url, data, timeout=patience(url)).read())


def _open_secured(port: int, context: ssl.SSLContext) -> BaseException:
    return raised(lambda: urllib.request.urlopen(f"https://localhost:{port}/", timeout=LONG, context=context))


def _open_unresolved() -> BaseException:
    with name_failure():
        return _open("http://feeds.partner.example/products.xml")


def _download_cut() -> BaseException:
    cut = Reply(b"HTTP/1.0 200 OK\r\nContent-Length: 90000\r\n\r\n" + b"a,b,c\n" * 50)
    return raised(lambda: urllib.request.urlretrieve(site(cut), f"{work_folder()}/prices.csv"))


def _direct(reply: Reply, method: str = "GET", path: str = "/") -> BaseException:
    def exchange() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(reply), timeout=LONG)
        try:
            connection.request(method, path, body=b"{}" if method == "POST" else None)
            connection.getresponse().read()
        finally:
            connection.close()

    return raised(exchange)


def _request_before_answer_was_read() -> BaseException:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(Reply(http_bytes(200, b"{}"))), timeout=LONG)
    connection.request("GET", "/")
    error = raised(lambda: connection.request("GET", "/"))
    connection.close()
    return error


def _open_unknown_name() -> BaseException:
    with name_failure(8, "nodename nor servname provided, or not known"):
        return _open("http://warehosue.internal/api/stock")


def _rpc(url: str) -> BaseException:
    return raised(lambda: xmlrpc.client.ServerProxy(url).res.partner.create({"name": "Acme"}))


def _fault(code: int, text: str) -> str:
    body = xmlrpc.client.dumps(xmlrpc.client.Fault(code, text), methodresponse=True).encode()
    return answer(200, body, Content_Type="text/xml")


CASES = [
    Case(
        "urllib_refused",
        lambda: _open(f"http://127.0.0.1:{closed_port()}/feed"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "URLError whose reason is a refused connection.",
    ),
    Case(
        "urllib_name_resolution_failed",
        _open_unresolved,
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "URLError whose reason is the resolver's temporary failure.",
    ),
    Case(
        "urllib_certificate_of_unknown_authority",
        lambda: _open_secured(tls_port("good"), ssl.create_default_context()),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "URLError around a chain that this host does not trust.",
    ),
    Case(
        "urllib_certificate_for_other_host",
        lambda: _open_secured(tls_port("other_host"), client_context()),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "URLError around a host name mismatch.",
    ),
    Case(
        "urllib_http_404",
        lambda: _open(answer(404, b"no such feed", "/feeds/legacy.xml")),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "urllib's HTTPError with the code of a missing page.",
    ),
    Case(
        "urllib_http_429_date",
        lambda: _open(answer(429, b"", "/geocode", Retry_After=http_date(30))),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD,
        is_.TOO_EARLY,
        "The headers of urllib's HTTPError hold the date to wait for.",
    ),
    Case(
        "urllib_http_503_retry_after",
        lambda: _open(answer(503, b"", "/wsdl", Retry_After="8")),
        ("external_api", "rate_limit"),
        True,
        is_.NO,
        is_.WAIT_OR_SWITCH,
        is_.WRONG_CURE,
        "The service turns us away and says for how long.",
    ),
    Case(
        "urllib_http_500_on_post",
        lambda: _open(answer(500, b"", "/hooks/build"), b"ref=main"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The hook's program failed; the build may have been started.",
    ),
    Case(
        "urllib_redirect_loop",
        lambda: _open(loop_url()),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "An HTTPError with code 302 that says the redirects would never end.",
    ),
    Case(
        "urllib_unknown_url_type",
        lambda: _open("htpp://api.example.com/v1"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The scheme is misspelt, and urllib says so with a URLError.",
    ),
    Case(
        "urllib_url_without_scheme",
        lambda: _open("internal-reports/daily"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A plain ValueError for a URL without a scheme.",
    ),
    Case(
        "urllib_download_too_short",
        _download_cut,
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The download broke off before all announced bytes had come.",
    ),
    Case(
        "http_client_remote_end_closed",
        lambda: _direct(Reply(), "POST"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The server closed after the request without a status line.",
    ),
    Case(
        "http_client_incomplete_read",
        lambda: _direct(Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n<rows>")),
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "Six of 700 bytes came and then the connection ended.",
    ),
    Case(
        "http_client_bad_status_line",
        lambda: _direct(Reply(b"0\r\n\r\n")),
        ("external_api", "network"),
        True,
        is_.UNKNOWN,
        is_.MALFORMED | {"RESET_CONNECTION"},
        frozenset({"ROLLBACK_TRANSACTION"}),
        "The rest of an earlier answer stands where the status line should: the stream is out of step.",
    ),
    Case(
        "http_client_header_line_too_long",
        lambda: _direct(Reply(b"HTTP/1.1 200 OK\r\nSet-Cookie: " + b"s=1;" * 20000 + b"\r\n\r\n")),
        ("external_api",),
        False,
        is_.YES_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.WRONG_CURE,
        "The server sends a header line longer than any client takes.",
    ),
    Case(
        "http_client_url_with_space",
        lambda: _direct(Reply(), path="/search?q=winter boots"),
        ("programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The code forgot to quote the query; the request was never sent.",
    ),
    Case(
        "http_client_request_while_answer_unread",
        _request_before_answer_was_read,
        ("programming",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"RESET_CONNECTION"},
        is_.MASKS,
        "CannotSendRequest: the code reuses a connection whose answer was not read.",
    ),
    Case(
        "xmlrpc_http_503",
        lambda: _rpc(answer(503, b"")),
        ("external_api",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "ProtocolError with errcode 503: the RPC server is out for the moment.",
    ),
    Case(
        "xmlrpc_http_401",
        lambda: _rpc(answer(401, b"", WWW_Authenticate="Basic")),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "ProtocolError with errcode 401: wrong credentials.",
    ),
    Case(
        "xmlrpc_fault_from_application",
        lambda: _rpc(_fault(2, "The operation cannot be completed: Partner 'Acme' must have a country")),
        ("external_api", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The far application rejects the record by its own rules.",
    ),
    Case(
        "xmlrpc_method_not_found",
        lambda: _rpc(_fault(-32601, "server error. requested method not found")),
        ("programming", "external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The server knows no such method.",
    ),
    Case(
        "http_client_port_is_a_word",
        lambda: raised(lambda: http.client.HTTPConnection("cache-node:http")),
        ("configuration", "validation", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The port in the setting is a word, not a number.",
    ),
    Case(
        "urllib_name_unknown_on_a_mac",
        _open_unknown_name,
        ("dns",),
        False,
        is_.NO,
        is_.OTHER_ADDRESS,
        is_.WRONG_CURE,
        "The misspelt name does not exist; macOS has its own number and words for that.",
    ),
]
