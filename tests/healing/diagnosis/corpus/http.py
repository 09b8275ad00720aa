"""HTTP: clients, statuses, answers."""

from __future__ import annotations

import errno
import http.client
import io
import socket
import ssl
import urllib.error
from email.message import Message
from typing import Any

import httpcore
import httpx
import requests
import urllib3.exceptions

from tests.healing.diagnosis.corpus.labels import (
    NO,
    RATE,
    RESET,
    RETRY,
    UNKNOWN,
    YES,
    C,
    Coded,
    caused,
    like,
    oserror,
    raised,
    rows,
)


def requests_status(status: int, **headers: str) -> BaseException:
    response = requests.Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return raised(response.raise_for_status)


def redirected_status(status: int) -> BaseException:
    error: Any = requests_status(status)
    error.response.history = [requests.Response()]
    return error  # type: ignore[no-any-return]


def httpx_status(status: int, **headers: str) -> BaseException:
    request = httpx.Request("GET", "http://example.test/")
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return raised(httpx.Response(status, request=request, headers=given).raise_for_status)


def urllib_status(status: int, **headers: str) -> BaseException:
    message = Message()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return urllib.error.HTTPError("http://example.test/", status, "no", message, io.BytesIO())


def refused_by_requests() -> BaseException:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    return raised(lambda: requests.get(f"http://127.0.0.1:{port}/", timeout=1))


def refused_by_httpx() -> BaseException:
    return raised(lambda: httpx.get("http://127.0.0.1:1/"))


def response_json(status: int = 200) -> BaseException:
    response = requests.Response()
    response._content = b"<html>"
    response.status_code = status
    return raised(response.json)


def httpx_json(status: int = 200) -> BaseException:
    return raised(httpx.Response(status, content=b"<html>").json)


HTTP = rows(
    ("requests refused", refused_by_requests, C.NETWORK, NO, RESET),
    ("httpx refused", refused_by_httpx, C.NETWORK, NO, RESET),
    ("urllib refused", lambda: urllib.error.URLError(ConnectionRefusedError(111, "x")), C.NETWORK, NO, RESET),
    ("urllib name", lambda: urllib.error.URLError(socket.gaierror(-2, "x")), C.DNS, NO, RETRY),
    ("urllib of unknown reason", lambda: urllib.error.URLError("odd"), C.NETWORK, UNKNOWN, RESET),
    (
        "no route while connecting",
        lambda: caused(httpx.ConnectError("x"), caused(httpcore.ConnectError(), oserror(errno.EHOSTUNREACH))),
        C.NETWORK,
        NO,
        RESET,
    ),
    (
        "certificate while connecting",
        lambda: caused(httpx.ConnectError("x"), ssl.SSLCertVerificationError(1, "expired")),
        C.TLS,
        NO,
        None,
    ),
    ("connect error alone", lambda: httpx.ConnectError("x"), C.NETWORK, NO, RESET),
    ("connect timeout", lambda: httpx.ConnectTimeout("x"), C.TIMEOUT, NO, RESET),
    ("requests connect timeout", lambda: requests.ConnectTimeout("x"), C.TIMEOUT, NO, RESET),
    ("pool timeout", lambda: httpx.PoolTimeout("x"), C.RESOURCE, NO, RETRY),
    ("read timeout", lambda: httpx.ReadTimeout("x"), C.TIMEOUT, UNKNOWN, RETRY),
    ("requests read timeout", lambda: requests.ReadTimeout("x"), C.TIMEOUT, UNKNOWN, RETRY),
    ("write timeout", lambda: httpx.WriteTimeout("x"), C.TIMEOUT, UNKNOWN, RETRY),
    ("read error", lambda: httpx.ReadError("x"), C.NETWORK, UNKNOWN, RESET),
    ("hung up", lambda: httpx.RemoteProtocolError("x"), C.NETWORK, UNKNOWN, RESET),
    ("chunked", lambda: requests.exceptions.ChunkedEncodingError("x"), C.NETWORK, UNKNOWN, RESET),
    ("remote disconnected", lambda: http.client.RemoteDisconnected("x"), C.NETWORK, UNKNOWN, RESET),
    (
        "urllib3 reset",
        lambda: urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError(104, "x")),
        C.NETWORK,
        UNKNOWN,
        RESET,
    ),
    ("requests tls", lambda: requests.exceptions.SSLError("x"), C.TLS, UNKNOWN, None),
    ("requests malformed", response_json, C.EXTERNAL_API, YES, RETRY),
    ("httpx malformed", httpx_json, C.EXTERNAL_API, YES, RETRY),
    ("an error page that is no JSON", lambda: response_json(503), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("an error page that is no JSON, by httpx", lambda: httpx_json(404), C.EXTERNAL_API, UNKNOWN, None),
    ("httpx decoding", lambda: httpx.DecodingError("x"), C.EXTERNAL_API, YES, RETRY),
    ("bad address", lambda: raised(lambda: requests.get("nonsense")), C.CONFIGURATION, UNKNOWN, None),
    ("httpx bad address", lambda: raised(lambda: httpx.get("ftp://x")), C.CONFIGURATION, UNKNOWN, None),
    ("redirects without end", lambda: httpx.TooManyRedirects("x"), C.EXTERNAL_API, UNKNOWN, None),
    ("retried by itself", lambda: requests.exceptions.RetryError("x"), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("429", lambda: requests_status(429), C.RATE_LIMIT, NO, RATE),
    ("429 with seconds", lambda: requests_status(429, Retry_After="7"), C.RATE_LIMIT, NO, RATE),
    ("429 of httpx", lambda: httpx_status(429), C.RATE_LIMIT, NO, RATE),
    ("429 of urllib", lambda: urllib_status(429), C.RATE_LIMIT, NO, RATE),
    ("429 after a redirect", lambda: redirected_status(429), C.RATE_LIMIT, UNKNOWN, RATE),
    ("403 with Retry-After", lambda: requests_status(403, Retry_After="60"), C.RATE_LIMIT, NO, RATE),
    ("503", lambda: requests_status(503), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("503 with Retry-After", lambda: httpx_status(503, retry_after="3"), C.EXTERNAL_API, NO, RATE),
    ("503 of urllib with Retry-After", lambda: urllib_status(503, Retry_After="3"), C.EXTERNAL_API, NO, RATE),
    ("500", lambda: requests_status(500), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("500 with Retry-After", lambda: requests_status(500, Retry_After="1"), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("502", lambda: httpx_status(502), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("504", lambda: httpx_status(504), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("529", lambda: Coded(status_code=529), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("501", lambda: httpx_status(501), C.EXTERNAL_API, UNKNOWN, None),
    ("408", lambda: httpx_status(408), C.TIMEOUT, UNKNOWN, RETRY),
    ("425", lambda: httpx_status(425), C.EXTERNAL_API, NO, RETRY),
    ("401", lambda: requests_status(401), C.AUTH, UNKNOWN, None),
    ("403", lambda: httpx_status(403), C.AUTH, UNKNOWN, None),
    ("404", lambda: requests_status(404), C.EXTERNAL_API, UNKNOWN, None),
    ("405", lambda: requests_status(405), C.EXTERNAL_API, UNKNOWN, None),
    ("409", lambda: requests_status(409), C.EXTERNAL_API, UNKNOWN, None),
    ("410", lambda: requests_status(410), C.EXTERNAL_API, UNKNOWN, None),
    ("400", lambda: requests_status(400), C.VALIDATION, UNKNOWN, None),
    ("422", lambda: requests_status(422), C.VALIDATION, UNKNOWN, None),
    ("an app's error with a status", lambda: Coded(status=503), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("an app's error with a code", lambda: Coded(code=404), C.EXTERNAL_API, UNKNOWN, None),
    ("an app's error that waits", lambda: Coded(status_code=503, retry_after=2.5), C.EXTERNAL_API, NO, RATE),
    ("a code that is no status", lambda: Coded(code=7), C.GENERAL, UNKNOWN, RETRY),
    ("a status that is a flag", lambda: Coded(status=True), C.GENERAL, UNKNOWN, RETRY),
    (
        "aiohttp refused",
        lambda: like(
            "aiohttp.client_exceptions.ClientConnectorError", OSError, os_error=ConnectionRefusedError(111, "x")
        ),
        C.NETWORK,
        NO,
        RESET,
    ),
    (
        "aiohttp status",
        lambda: like("aiohttp.client_exceptions.ClientResponseError", status=429, headers={}),
        C.RATE_LIMIT,
        NO,
        RATE,
    ),
    (
        "aiohttp hung up",
        lambda: like("aiohttp.client_exceptions.ServerDisconnectedError", _aiohttp_connection()),
        C.NETWORK,
        UNKNOWN,
        RESET,
    ),
)


def _aiohttp_connection() -> type[Exception]:
    return type("ClientConnectionError", (Exception,), {"__module__": "aiohttp.client_exceptions"})
