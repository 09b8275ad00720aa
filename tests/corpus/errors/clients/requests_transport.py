"""Errors of requests and urllib3 that come from the way to the server, not from its answer."""

from __future__ import annotations

import errno
import socket
from typing import Any
from unittest import mock

import requests
import urllib3
from urllib3.util import Retry, Timeout

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import (
    LONG,
    Reply,
    answer,
    closed_port,
    deaf_port,
    eager_port,
    http_bytes,
    http_port,
    loop_url,
    name_failure,
    patience,
    port_of,
    raised,
    silent_port,
    site,
)
from .tls_servers import authority_file, tls_port

CUT_SHORT = Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\nX-Rows: 9\r\n\r\n" + b'{"rows": [1, 2')
CUT_CHUNK = Reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
STALLED = Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{", "hang")
NOT_GZIP = http_bytes(200, b"<html>plain</html>", Content_Encoding="gzip")


def _request(
    url: str, method: str = "GET", *, proxy: str = "", retries: Retry | None = None, **options: object
) -> BaseException:
    def send() -> None:
        with requests.Session() as session:
            session.trust_env = False
            if proxy:
                session.proxies = {"http": proxy, "https": proxy}
            if retries is not None:
                session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
            options.setdefault("timeout", patience(url))
            session.request(method, url, **options)  # type: ignore[arg-type]

    return raised(send)


def _at(port: int, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{port}/v2/orders"


def _request_unresolved() -> BaseException:
    with name_failure():
        return _request("https://api.shipping.example/v1/rates")


def _consumed_twice() -> BaseException:
    response = requests.get(answer(200, b"{}"), stream=True, timeout=LONG)
    list(response.iter_content(10))
    return raised(lambda: list(response.iter_content(10)))


def _pool(call: str, url: str, **options: object) -> BaseException:
    def send() -> None:
        with urllib3.PoolManager(timeout=Timeout(patience(url))) as pool:
            pool.request(call, url, **options)  # type: ignore[arg-type]

    return raised(send)


def _pool_unresolved() -> BaseException:
    with name_failure(socket.EAI_AGAIN, "Temporary failure in name resolution"):
        return _pool("GET", "http://vault.service.consul:8200/v1/sys/health", retries=False)


def _pool_exhausted() -> BaseException:
    path = "/" + site(STALLED).rsplit("/", 1)[1]
    pool: Any = urllib3.HTTPConnectionPool("127.0.0.1", http_port(), maxsize=1, block=True)
    held = pool.urlopen("GET", path, preload_content=False)
    error = raised(lambda: pool.urlopen("GET", path, pool_timeout=0.05, retries=False))
    held.close()
    return error


def _out_of_descriptors() -> BaseException:
    with mock.patch("socket.socket", side_effect=OSError(errno.EMFILE, "Too many open files")):
        return _request(_at(closed_port()))


PLAIN_400 = Reply(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
PROXY_LOGIN = Reply(http_bytes(407, b"", Proxy_Authenticate="Basic realm=squid"))
PROXY_DOWN = Reply(http_bytes(503, b"no parent proxy", "Service Unavailable"))

CASES = [
    Case(
        "requests_refused",
        lambda: _request(_at(closed_port())),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "MaxRetryError around NewConnectionError: no connection was ever made.",
    ),
    Case(
        "requests_name_resolution_failed",
        _request_unresolved,
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "A ConnectionError whose cause is EAI_AGAIN is a resolver failure.",
    ),
    Case(
        "requests_out_of_descriptors",
        _out_of_descriptors,
        ("resource", "network"),
        True,
        is_.NO,
        is_.RETRY_OR_SURFACE | {"QUEUE_FOR_LATER", "RESET_CONNECTION"},
        is_.WRONG_CURE,
        "NewConnectionError because this process may open no more files.",
    ),
    Case(
        "requests_connect_timeout",
        lambda: _request(_at(silent_port())),
        ("timeout", "network"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ConnectTimeout: the connection was not made, so the request was not sent.",
    ),
    Case(
        "requests_read_timeout_on_post",
        lambda: _request(_at(deaf_port()), "POST", json={"sku": 1}),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The POST was sent and no answer came in time; the order may exist.",
    ),
    Case(
        "requests_server_hung_up_without_answer",
        lambda: _request(_at(port_of(Reply())), "POST", data=b"x"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "RemoteDisconnected after the request was sent: it may have been worked on.",
    ),
    Case(
        "requests_reset_by_peer",
        lambda: _request(_at(port_of(Reply(b"", "reset"))), "PUT", data=b"x"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The connection was aborted by a reset after the request was sent.",
    ),
    Case(
        "requests_chunked_answer_cut_off",
        lambda: _request(site(CUT_CHUNK)),
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The answer had begun and its last chunks are missing, so the connection broke.",
    ),
    Case(
        "requests_answer_shorter_than_announced",
        lambda: _request(site(CUT_SHORT)),
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "IncompleteRead: fewer bytes than Content-Length because the peer hung up.",
    ),
    Case(
        "requests_body_stalls_after_headers",
        lambda: _request(site(STALLED)),
        ("timeout",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "A ConnectionError by class, but what happened is a read timeout inside the body.",
    ),
    Case(
        "requests_body_is_not_gzip",
        lambda: _request(site(NOT_GZIP)),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "The answer claims gzip and is not; the far side or a proxy garbles it.",
    ),
    Case(
        "requests_redirects_in_circles",
        lambda: _request(loop_url()),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "The site sends us round in a loop, and will do so again.",
    ),
    Case(
        "requests_url_without_scheme",
        lambda: _request("api.billing.example/v1/invoices"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The base URL lacks https://, which only a changed setting cures.",
    ),
    Case(
        "requests_url_without_host",
        lambda: _request("https:///v1/invoices"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A host setting is empty, so the URL names no server.",
    ),
    Case(
        "requests_no_adapter_for_scheme",
        lambda: _request("s3://reports/2024/q3.csv"),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "requests speaks no s3://; nothing was sent.",
    ),
    Case(
        "requests_socks_support_missing",
        lambda: _request("https://api.example.com/", proxy="socks5h://127.0.0.1:1080"),
        ("configuration",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The SOCKS extra is not installed on this machine.",
    ),
    Case(
        "requests_proxy_refuses_connection",
        lambda: _request("https://api.example.com/", proxy=f"http://127.0.0.1:{closed_port()}"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The proxy is down, so the request never got as far as the server.",
    ),
    Case(
        "requests_proxy_wants_login",
        lambda: _request("https://api.example.com/", proxy=f"http://127.0.0.1:{port_of(PROXY_LOGIN)}"),
        ("auth", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The proxy answers 407: its credentials are missing or wrong.",
    ),
    Case(
        "requests_proxy_tunnel_unavailable",
        lambda: _request("https://api.example.com/", proxy=f"http://127.0.0.1:{port_of(PROXY_DOWN)}"),
        ("network", "external_api"),
        True,
        is_.NO,
        is_.RECONNECT | is_.OVERLOADED,
        is_.WRONG_CURE,
        "The proxy could not open the tunnel at the moment; the server saw nothing.",
    ),
    Case(
        "requests_certificate_expired",
        lambda: _request(_at(tls_port("expired"), "https"), verify=authority_file()),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "MaxRetryError around a certificate that has expired.",
    ),
    Case(
        "requests_certificate_for_other_host",
        lambda: _request(_at(tls_port("other_host"), "https"), verify=authority_file()),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "The certificate does not match the address that was called.",
    ),
    Case(
        "requests_ca_bundle_missing",
        lambda: _request("https://127.0.0.1:1/", verify="/etc/ssl/acme/corporate-bundle.pem"),
        ("configuration", "tls", "filesystem"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The configured CA bundle is not there; found before connecting.",
    ),
    Case(
        "requests_header_value_with_line_break",
        lambda: _request(answer(200), headers={"X-Tenant": "acme\nEU"}),
        ("validation", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The header value is not permitted; the request was never built.",
    ),
    Case(
        "requests_gave_up_after_many_503",
        lambda: _request(answer(503), retries=Retry(2, status_forcelist=[503], backoff_factor=0)),
        ("external_api",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED | {"QUEUE_FOR_LATER", "FALLBACK_TO_CACHE"},
        is_.WRONG_CURE,
        "The adapter's own retries met 503 each time: the service is down for now.",
    ),
    Case(
        "requests_gave_up_after_many_429",
        lambda: _request(answer(429), retries=Retry(1, status_forcelist=[429], backoff_factor=0)),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN | {"QUEUE_FOR_LATER"},
        is_.HAMMERING,
        "RetryError tells only in its text that every try was throttled.",
    ),
    Case(
        "requests_stream_read_twice",
        _consumed_twice,
        ("programming",),
        False,
        is_.YES_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The code iterates over a body that it has already consumed.",
    ),
    Case(
        "urllib3_new_connection_refused",
        lambda: _pool("GET", _at(closed_port()), retries=False),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "NewConnectionError without the MaxRetryError around it.",
    ),
    Case(
        "urllib3_name_resolution_error",
        _pool_unresolved,
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "NameResolutionError is derived from NewConnectionError, yet the resolver is what failed.",
    ),
    Case(
        "urllib3_connect_timeout_after_retries",
        lambda: _pool("GET", _at(silent_port()), retries=1),
        ("timeout", "network"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "MaxRetryError whose reason is a connect timeout: nothing was sent.",
    ),
    Case(
        "urllib3_read_timeout_bare",
        lambda: _pool("POST", _at(deaf_port()), body=b"{}", retries=False),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ReadTimeoutError: the request went out and the answer did not come.",
    ),
    Case(
        "urllib3_protocol_error_reset",
        lambda: _pool("POST", _at(port_of(Reply(b"", "reset"))), retries=False),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ProtocolError('Connection aborted.') around a reset in mid-exchange.",
    ),
    Case(
        "urllib3_pool_has_no_free_connection",
        _pool_exhausted,
        ("resource", "timeout"),
        True,
        is_.NO,
        is_.RETRY | {"QUEUE_FOR_LATER", "SURFACE"},
        is_.WRONG_CURE,
        "All connections of the client's pool are in use; the request did not start.",
    ),
    Case(
        "urllib3_too_many_redirects",
        lambda: _pool("GET", loop_url(), retries=Retry(redirect=2)),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "MaxRetryError with the reason 'too many redirects': more tries are just that.",
    ),
    Case(
        "urllib3_tls_to_plain_port",
        lambda: _pool("GET", _at(eager_port(PLAIN_400), "https"), retries=False),
        ("tls", "configuration"),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "https:// was configured for a port that speaks plain HTTP.",
    ),
    Case(
        "urllib3_no_host_given",
        lambda: _pool("GET", "http://", retries=False),
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The URL has no host; nothing was attempted.",
    ),
    Case(
        "urllib3_proxy_setting_without_scheme",
        lambda: raised(lambda: urllib3.ProxyManager("proxy.corp:3128")),
        ("configuration",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The proxy setting lacks its scheme, seen when the client is built.",
    ),
    Case(
        "urllib3_deflate_body_broken",
        lambda: _pool("GET", answer(200, b"not deflated", Content_Encoding="deflate"), retries=False),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "The body does not decompress as the answer's header says.",
    ),
]
