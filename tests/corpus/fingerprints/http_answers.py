"""Errors of HTTP clients: statuses, refused connections, time limits."""

from __future__ import annotations

import socket
import urllib.error
from collections.abc import Callable
from email.message import Message
from typing import Any

import aiohttp
import httpx
import requests
from multidict import CIMultiDict, CIMultiDictProxy
from requests.adapters import BaseAdapter
from yarl import URL

from tests.corpus.fingerprints.model import (
    SYSTEM,
    App,
    Group,
    Make,
    awaited,
    closed_port,
    dispatched,
    failing,
    retried,
    retried_while_handling,
    run,
    tasked,
    threaded,
)

PARTNERS = App(
    "sync.partners",
    "sync/partners.py",
    """\
import aiohttp
import requests
from urllib.request import urlopen


class UpstreamError(Exception):
    pass


def fetch_order(session, base, number):
    response = session.get(f"{base}/v1/orders/{number}", timeout=3)
    response.raise_for_status()
    return response.json()


def read_profile(client, base, user):
    response = client.get(f"{base}/users/{user}")
    response.raise_for_status()
    return response.json()


def download(opener, url):
    with opener(url) as page:
        return page.read()


def query_stock(answer, url, attempts):
    status, request = answer
    if status >= 400:
        raise UpstreamError(f"GET {url} returned HTTP {status} after {attempts} attempts (request {request})")


def push_price(answer, sku):
    if answer["status"] != 200:
        raise RuntimeError(f"price service answered with status code {answer['status']} for sku {sku!r}")


async def hooks(session, url):
    return await session.send(url)


async def ping(port):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            return response.status


def push_metrics(session, url):
    return session.request("POST", url, timeout=3.05)
""",
)
P1, P2, P3 = PARTNERS.releases()
BASES = ("https://api.partner.example", "https://api-7.partner.example:8443", "http://10.2.0.44:8080")


class Canned(BaseAdapter):
    """Answers every request of a session from memory."""

    def __init__(self, status: int, reason: str, body: bytes) -> None:
        super().__init__()
        self.status, self.reason, self.body = status, reason, body

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response.reason, response._content = self.status, self.reason, self.body
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        pass


def session(status: int, reason: str, body: bytes = b"{}") -> requests.Session:
    made = requests.Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, Canned(status, reason, body))
    return made


def ordered(status: int, reason: str, *bodies: bytes) -> tuple[Make, ...]:
    first, second, third = bodies or (b"{}", b"<html>", b"")
    return (
        run(P1.fetch_order, session(status, reason, first), BASES[0], 17),
        threaded(P2.fetch_order, session(status, reason, second), BASES[1], 990124),
        retried(P3.fetch_order, session(status, reason, third), BASES[2], "6f1e2d3c-0b1a-4c5d-8e9f-a0b1c2d3e4f5"),
        retried_while_handling(P3.fetch_order, session(status, reason, first), BASES[1], "x?page=3&limit=50"),
    )


def profiles(status: int) -> tuple[Make, ...]:
    client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(status, request=request)))
    return (
        run(P1.read_profile, client, BASES[0], "ada"),
        tasked(P2.read_profile, client, BASES[1], 42),
        retried(P3.read_profile, client, BASES[2], "bob@example.org"),
    )


def pages(status: int, reason: str) -> tuple[Make, ...]:
    def opener(url: str, hops: int) -> Callable[..., object]:
        opened: Callable[..., object] = failing(
            lambda: urllib.error.HTTPError(url, status, reason, Message(), None), hops
        ).perform
        return opened

    return (
        run(P1.download, opener(BASES[0], 1), BASES[0]),
        threaded(P2.download, opener(BASES[1], 3), BASES[1]),
        run(P3.download, opener(BASES[2], 2), BASES[2]),
    )


def called_back(status: int, reason: str) -> tuple[Make, ...]:
    def failed(url: str, hops: int) -> Any:
        information = aiohttp.RequestInfo(URL(url), "POST", CIMultiDictProxy(CIMultiDict()), URL(url))
        return failing(
            lambda: aiohttp.ClientResponseError(information, (), status=status, message=reason),
            hops,
        )

    return (
        awaited(P1.hooks, failed(BASES[0] + "/hook/1", 1), "1"),
        dispatched(P2.hooks, failed(BASES[1] + "/hook/2712", 3), "2712"),
        awaited(P3.hooks, failed(BASES[2] + "/hook/abc", 2), "abc"),
    )


def metrics(kind: Callable[..., BaseException], *texts: str) -> tuple[Make, ...]:
    return (
        run(P1.push_metrics, failing(lambda: kind(texts[0])), BASES[0]),
        threaded(P2.push_metrics, failing(lambda: kind(texts[1]), 4, SYSTEM), BASES[1]),
        retried(P3.push_metrics, failing(lambda: kind(texts[2]), 2), BASES[2]),
    )


def unresolved(host: str, address: int) -> str:
    connection = f"<urllib3.connection.HTTPSConnection object at 0x{address:x}>"
    return (
        f"HTTPSConnectionPool(host='{host}', port=443): Max retries exceeded with url: /v1/{address} (Caused by "
        f"NameResolutionError(\"{connection}: Failed to resolve '{host}' ([Errno -2] Name or service not known)\"))"
    )


def unreadable(host: str, seconds: float) -> str:
    return f"HTTPSConnectionPool(host='{host}', port=443): Read timed out. (read timeout={seconds})"


def unmade(host: str, seconds: float) -> str:
    connection = f"<HTTPSConnection(host='{host}', port=443) at 0x7f{int(seconds * 8e6):x}>"
    reason = f"ConnectTimeoutError({connection}, 'Connection to {host} timed out. (connect timeout={seconds})')"
    return f"HTTPSConnectionPool(host='{host}', port=443): Max retries exceeded with url: /w (Caused by {reason})"


def lookups(*status: int) -> tuple[Make, ...]:
    return (
        run(P1.query_stock, (status[0], "9f2e"), BASES[0], 3),
        run(P2.query_stock, (status[0], "b7d41c"), BASES[1], 12),
        threaded(P3.query_stock, (status[0], 41), "http://stock-3.internal/v2/sku/A-1", 1),
    )


def prices(status: int) -> tuple[Make, ...]:
    return (
        run(P1.push_price, {"status": status}, "A-1"),
        retried(P2.push_price, {"status": status, "id": 4}, "sku 99"),
        run(P3.push_price, {"status": status}, 20417),
    )


def refused_by(app: Any, via: Callable[..., Make]) -> Make:
    return via(app.push_metrics, requests.Session(), f"http://127.0.0.1:{closed_port()}/m/{closed_port()}")


UNFOUND = failing(lambda: urllib.error.URLError(socket.gaierror(socket.EAI_NONAME, "Name or service not known")))

GROUPS: tuple[Group, ...] = (
    Group(
        "order_rate_limited",
        ordered(429, "Too Many Requests"),
        ("order_service_unavailable", "order_not_found", "order_answer_not_json"),
        "The partner answers 429, whatever address was asked for.",
    ),
    Group(
        "order_service_unavailable",
        ordered(503, "Service Unavailable"),
        ("order_rate_limited",),
        "The partner answers 503.",
    ),
    Group("order_not_found", ordered(404, "Not Found"), ("order_rate_limited",), "The partner answers 404."),
    Group(
        "order_answer_not_json",
        ordered(200, "OK", b"<html>maintenance</html>", b"<!DOCTYPE html>", b"<h1>hello</h1>"),
        ("order_rate_limited",),
        "The partner answers 200 with a body that is no JSON.",
    ),
    Group("profile_unauthorized", profiles(401), ("profile_forbidden",), "The user service answers 401."),
    Group("profile_forbidden", profiles(403), ("profile_unauthorized",), "The user service answers 403."),
    Group("page_not_found", pages(404, "Not Found"), ("page_gone", "page_host_unknown"), "The page is not found."),
    Group("page_gone", pages(410, "Gone"), ("page_not_found",), "The page is gone for good: another status."),
    Group(
        "page_host_unknown",
        (
            run(P1.download, UNFOUND.perform, BASES[0]),
            threaded(P2.download, UNFOUND.perform, BASES[1]),
            retried(P3.download, UNFOUND.perform, BASES[2]),
        ),
        ("page_not_found", "page_refused"),
        "The host of the page has no address.",
    ),
    Group(
        "page_refused",
        (
            run(P1.download, P1.urlopen, f"http://127.0.0.1:{closed_port()}/a"),
            threaded(P2.download, P2.urlopen, f"http://127.0.0.1:{closed_port()}/a/b?c=1"),
            run(P3.download, P3.urlopen, f"http://127.0.0.1:{closed_port()}/9"),
        ),
        ("page_host_unknown",),
        "The host of the page refuses the connection: another cause in the same wrapper.",
    ),
    Group("stock_lookup_503", lookups(503), ("stock_lookup_429",), "The status 503 is only in the message."),
    Group("stock_lookup_429", lookups(429), ("stock_lookup_503",), "The status 429 is only in the message."),
    Group("price_push_500", prices(500), ("price_push_409",), "The message tells of status code 500."),
    Group("price_push_409", prices(409), ("price_push_500",), "The message tells of status code 409."),
    Group("hook_bad_gateway", called_back(502, "Bad Gateway"), ("hook_timed_out",), "The hook answers 502."),
    Group("hook_timed_out", called_back(504, "Gateway Timeout"), ("hook_bad_gateway",), "The hook answers 504."),
    Group(
        "health_refused",
        (awaited(P1.ping, closed_port()), dispatched(P2.ping, closed_port()), awaited(P3.ping, closed_port())),
        (),
        "The asynchronous client finds the port closed.",
    ),
    Group(
        "metrics_refused",
        (refused_by(P1, run), refused_by(P2, threaded), refused_by(P3, retried)),
        ("metrics_host_unknown", "metrics_read_timeout"),
        "The metrics endpoint refuses the connection.",
    ),
    Group(
        "metrics_host_unknown",
        metrics(
            requests.exceptions.ConnectionError,
            unresolved("m.example.com", 0x7F3A10),
            unresolved("m-12.example.com", 0x7F99AB0),
            unresolved("metrics.eu-3.example.org", 0x10C),
        ),
        ("metrics_refused",),
        "The metrics host cannot be resolved: same class, another cause.",
    ),
    Group(
        "metrics_read_timeout",
        metrics(
            requests.exceptions.ReadTimeout,
            unreadable("m.example.com", 3.05),
            unreadable("m-2.example.com", 10),
            unreadable("10.3.4.5", 0.5),
        ),
        ("metrics_connect_timeout", "metrics_refused"),
        "The metrics endpoint is connected but does not answer in time.",
    ),
    Group(
        "metrics_connect_timeout",
        metrics(
            requests.exceptions.ConnectTimeout,
            unmade("m.example.com", 3.05),
            unmade("m-2.example.com", 10),
            unmade("10.3.4.5", 0.5),
        ),
        ("metrics_read_timeout",),
        "No connection comes about in time.",
    ),
)
