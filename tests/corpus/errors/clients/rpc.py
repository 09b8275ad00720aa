"""Errors of gRPC as channels and servers really produce them, bare and through google-api-core."""

from __future__ import annotations

import functools
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import google.api_core.exceptions
import google.api_core.grpc_helpers
import grpc
import grpc.aio

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import SHORT, closed_port, raised, raised_async, silent_port

warnings.filterwarnings("ignore", message=".*grpcio-status.*")

SCRIPT: dict[str, tuple[grpc.StatusCode, str]] = {
    "Reindex": (
        grpc.StatusCode.UNAVAILABLE,
        "upstream connect error or disconnect/reset before headers. reset reason: overflow",
    ),
    "ReadRows": (grpc.StatusCode.RESOURCE_EXHAUSTED, "Quota exceeded for read requests per minute per user"),
    "Publish": (grpc.StatusCode.RESOURCE_EXHAUSTED, "Received message larger than max (8391542 vs. 4194304)"),
    "Commit": (grpc.StatusCode.ABORTED, "Transaction was aborted due to contention. Please retry."),
    "Create": (grpc.StatusCode.ALREADY_EXISTS, "Resource already exists: projects/acme/topics/orders"),
    "Get": (grpc.StatusCode.NOT_FOUND, "wallet 5021 not found"),
    "Query": (grpc.StatusCode.FAILED_PRECONDITION, "The query requires an index."),
    "Set": (grpc.StatusCode.INVALID_ARGUMENT, "currency must be an ISO 4217 code, was 'EURO'"),
    "Who": (grpc.StatusCode.UNAUTHENTICATED, "Request had invalid authentication credentials: token expired"),
    "Drop": (grpc.StatusCode.PERMISSION_DENIED, "caller lacks wallets.delete"),
    "Merge": (grpc.StatusCode.INTERNAL, "Received RST_STREAM with error code 2"),
    "Page": (grpc.StatusCode.OUT_OF_RANGE, "page 900 is past the end"),
}


class _Wallets(grpc.GenericRpcHandler):  # type: ignore[misc]
    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        method = handler_call_details.method.rsplit("/", 1)[1]

        def run(_request: bytes, context: grpc.ServicerContext) -> bytes:
            if method == "Sleep":
                time.sleep(0.3)
                return b""
            if method == "Crash":
                raise KeyError("rate")
            if method == "ReadRows":
                context.set_trailing_metadata((("retry-after", "15"),))
            context.abort(*SCRIPT[method])
            return b""

        if method in SCRIPT or method in {"Sleep", "Crash"}:
            return grpc.unary_unary_rpc_method_handler(run)
        return None


@functools.cache
def _port() -> int:
    server = grpc.server(ThreadPoolExecutor(4), handlers=(_Wallets(),))
    port: int = server.add_insecure_port("127.0.0.1:0")
    server.start()
    _kept.append(server)
    return port


_kept: list[Any] = []


@functools.cache
def _channel(port: int) -> grpc.Channel:
    return grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.enable_http_proxy", 0)])


def _call(method: str, timeout: float | None = 5.0, port: int | None = None) -> BaseException:
    stub: Any = _channel(port or _port()).unary_unary(f"/acme.Wallets/{method}")
    return raised(lambda: stub(b"", timeout=timeout))


def _google(method: str, timeout: float = 5.0) -> BaseException:
    stub: Any = _channel(_port()).unary_unary(f"/acme.Wallets/{method}")
    wrap: Any = google.api_core.grpc_helpers.wrap_errors
    wrapped = wrap(stub)
    return raised(lambda: wrapped(b"", timeout=timeout))


def _cancelled() -> BaseException:
    stub: Any = _channel(_port()).unary_unary("/acme.Wallets/Sleep")
    future = stub.future(b"")
    future.cancel()
    return raised(future.result)


async def _aio_refused() -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{closed_port()}") as channel:
        stub: Any = channel.unary_unary("/acme.Wallets/Get")
        await stub(b"", timeout=5)


async def _aio_not_found() -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{_port()}") as channel:
        stub: Any = channel.unary_unary("/acme.Wallets/Get")
        await stub(b"", timeout=5)


def _closed_channel() -> BaseException:
    channel = grpc.insecure_channel(f"127.0.0.1:{_port()}")
    stub: Any = channel.unary_unary("/acme.Wallets/Get")
    channel.close()
    return raised(lambda: stub(b""))


def _never_ready() -> BaseException:
    channel = grpc.insecure_channel(f"127.0.0.1:{silent_port()}")
    error = raised(lambda: grpc.channel_ready_future(channel).result(timeout=SHORT))
    channel.close()
    return error


CASES = [
    Case(
        "grpc_nobody_listens",
        lambda: _call("Get", port=closed_port()),
        ("network", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "UNAVAILABLE because every address refused the connection.",
    ),
    Case(
        "grpc_aio_nobody_listens",
        lambda: raised_async(_aio_refused),
        ("network", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The asyncio API's AioRpcError for the same refusal.",
    ),
    Case(
        "grpc_unavailable_from_proxy",
        lambda: _call("Reindex"),
        ("external_api", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT | is_.OVERLOADED,
        is_.WRONG_CURE,
        "The sidecar's UNAVAILABLE: the backend takes no more for now.",
    ),
    Case(
        "grpc_deadline_exceeded",
        lambda: _call("Sleep", timeout=0.1),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The deadline passed while the server was working on it.",
    ),
    Case(
        "grpc_channel_never_ready",
        _never_ready,
        ("timeout", "network"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "FutureTimeoutError while waiting for the channel; no call was made.",
    ),
    Case(
        "grpc_quota_per_minute",
        lambda: _call("ReadRows"),
        ("rate_limit",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "RESOURCE_EXHAUSTED for a quota that fills again.",
    ),
    Case(
        "grpc_message_too_large",
        lambda: _call("Publish"),
        ("validation", "configuration", "resource"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "RESOURCE_EXHAUSTED because of the message's size, which no wait changes.",
    ),
    Case(
        "grpc_aborted_by_contention",
        lambda: _call("Commit"),
        ("concurrency", "database"),
        True,
        is_.NO,
        is_.RETRY | {"ROLLBACK_TRANSACTION"},
        frozenset({"CLEAR_CACHE_AND_RETRY", "RESET_CONNECTION"}),
        "ABORTED: the transaction was undone and is to be run again.",
    ),
    Case(
        "grpc_already_exists",
        lambda: _call("Create"),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The topic is there already.",
    ),
    Case(
        "grpc_aio_not_found",
        lambda: raised_async(_aio_not_found),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "NOT_FOUND; the 5021 in the text is a wallet.",
    ),
    Case(
        "grpc_index_missing",
        lambda: _call("Query"),
        ("external_api", "configuration", "database"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "FAILED_PRECONDITION: somebody has to build the index first.",
    ),
    Case(
        "grpc_invalid_argument",
        lambda: _call("Set"),
        ("validation",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The argument is wrong whatever the state of the system.",
    ),
    Case(
        "grpc_unauthenticated",
        lambda: _call("Who"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The token has expired.",
    ),
    Case(
        "grpc_permission_denied",
        lambda: _call("Drop"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "This caller may not delete.",
    ),
    Case(
        "grpc_internal_stream_reset",
        lambda: _call("Merge"),
        ("external_api", "network"),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The stream was reset in the middle of the call.",
    ),
    Case(
        "grpc_method_not_implemented",
        lambda: _call("Refund"),
        ("external_api", "programming", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "UNIMPLEMENTED: this server has no such method.",
    ),
    Case(
        "grpc_servicer_crashed",
        lambda: _call("Crash"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH | is_.SURFACE,
        is_.WRONG_CURE,
        "UNKNOWN: the far handler raised; nobody can tell how far it got.",
    ),
    Case(
        "grpc_out_of_range",
        lambda: _call("Page"),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The page asked for is past the end.",
    ),
    Case(
        "grpc_cancelled_by_caller",
        _cancelled,
        ("concurrency",),
        False,
        is_.UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "Our own side cancelled the call.",
    ),
    Case(
        "grpc_channel_already_closed",
        _closed_channel,
        ("programming",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"RESET_CONNECTION"},
        is_.MASKS,
        "The code calls on a channel that it has closed.",
    ),
    Case(
        "google_grpc_resource_exhausted",
        lambda: _google("ReadRows"),
        ("rate_limit",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "ResourceExhausted of api-core, which is also TooManyRequests.",
    ),
    Case(
        "google_grpc_aborted",
        lambda: _google("Commit"),
        ("concurrency", "database"),
        True,
        is_.NO,
        is_.RETRY | {"ROLLBACK_TRANSACTION"},
        frozenset({"CLEAR_CACHE_AND_RETRY", "RESET_CONNECTION"}),
        "Aborted of api-core is a Conflict by class, yet contention passes.",
    ),
    Case(
        "google_grpc_deadline_exceeded",
        lambda: _google("Sleep", 0.1),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH | {"RESET_CONNECTION"},
        is_.WRONG_CURE,
        "DeadlineExceeded of api-core (504 by class): the work may go on.",
    ),
    Case(
        "google_grpc_already_exists",
        lambda: _google("Create"),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "AlreadyExists, the other Conflict, does not pass.",
    ),
    Case(
        "google_grpc_failed_precondition",
        lambda: _google("Query"),
        ("external_api", "configuration", "database"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "FailedPrecondition (400 by class) until the index is built.",
    ),
]
