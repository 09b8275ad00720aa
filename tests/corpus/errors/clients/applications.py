"""An application's own exceptions, around errors of clients or in their stead, and texts that only look like them."""

from __future__ import annotations

import concurrent.futures
import json
from collections.abc import Callable
from typing import Any

import httpx
import requests
import urllib3

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import Reply, answer, closed_port, deaf_port, patience, port_of, raised, silent_port


class InventoryUnavailable(Exception):
    pass


class ProfileError(Exception):
    pass


class ExportFailed(Exception):
    pass


class RepositoryError(Exception):
    pass


class CheckoutError(RuntimeError):
    pass


class PaymentError(Exception):
    def __init__(self, message: str, order_id: int) -> None:
        super().__init__(message)
        self.order_id = order_id


class DuplicatePayment(PaymentError):
    pass


class AcquirerTimeout(PaymentError):
    pass


class Throttled(Exception):
    pass


class RateFeedError(Exception):
    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class OrderRejected(Exception):
    pass


class CustomerNotFound(LookupError):
    pass


class ApplicationDeclined(Exception):
    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class CouponExpired(ValueError):
    pass


class SessionExpired(Exception):
    pass


class SettingsError(Exception):
    pass


class CircuitOpen(Exception):
    pass


class GaveUp(Exception):
    """What a retry decorator raises at its end."""

    def __init__(self, last_attempt: concurrent.futures.Future[Any]) -> None:
        super().__init__(last_attempt)
        self.last_attempt = last_attempt


def _from(new: Callable[[], BaseException], call: Callable[[], object]) -> BaseException:
    """`new` raised from what `call` raises."""

    def run() -> None:
        try:
            call()
        except Exception as error:
            raise new() from error

    return raised(run)


def _during(new: Callable[[], BaseException], call: Callable[[], object]) -> BaseException:
    """`new` raised while what `call` raises is handled."""

    def run() -> None:
        try:
            call()
        except (requests.RequestException, urllib3.exceptions.HTTPError):
            raise new()

    return raised(run)


def _get(url: str) -> requests.Response:
    response = requests.get(url, timeout=patience(url))
    response.raise_for_status()
    return response


def _at(port: int) -> str:
    return f"http://127.0.0.1:{port}/internal"


def _httpx_get(url: str) -> None:
    httpx.get(url, timeout=patience(url), trust_env=False).raise_for_status()


def _pooled(port: int) -> None:
    urllib3.PoolManager().request("POST", _at(port), retries=False, timeout=patience(port))


def _three_deep() -> BaseException:
    def repository() -> None:
        try:
            _pooled(port_of(Reply(b"", "reset")))
        except urllib3.exceptions.HTTPError as error:
            raise RepositoryError("could not persist basket 77") from error

    return _from(lambda: CheckoutError("checkout failed"), repository)


def _bug_while_handling() -> BaseException:
    def run() -> None:
        try:
            result = _get(_at(deaf_port()))
        except requests.Timeout:
            print("gave up with", result.status_code)  # type: ignore[possibly-undefined]  # the bug

    return raised(run)


def _swallowed_cause(error: BaseException) -> BaseException:
    def run() -> None:
        try:
            raise KeyError("cached")
        except KeyError:
            raise error from None

    return raised(run)


def _retries_at_an_end() -> BaseException:
    def run() -> None:
        try:
            _get(_at(silent_port()))
        except requests.RequestException as error:
            attempt: concurrent.futures.Future[Any] = concurrent.futures.Future()
            attempt.set_exception(error)
            raise GaveUp(attempt) from error

    return raised(run)


def _mixed_group() -> BaseException:
    refused = raised(lambda: _get(_at(closed_port())))
    wrong = ValueError("price of sku 88 is negative")
    assert isinstance(refused, Exception)
    return ExceptionGroup("nightly sync", [refused, wrong])


CASES = [
    Case(
        "app_error_from_refused_connection",
        lambda: _from(lambda: InventoryUnavailable("inventory"), lambda: _get(_at(closed_port()))),
        ("network", "external_api"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The cause is a refused connection.",
    ),
    Case(
        "app_error_from_read_timeout",
        lambda: _from(lambda: ProfileError("could not load profile 4411"), lambda: _httpx_get(_at(deaf_port()))),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The cause is a read timeout after the request was sent.",
    ),
    Case(
        "app_error_while_handling_a_reset",
        lambda: _during(lambda: ExportFailed("export 17 failed"), lambda: _pooled(port_of(Reply(b"", "reset")))),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "Only the context tells: a reset in mid-exchange.",
    ),
    Case(
        "app_error_three_layers_above_a_reset",
        _three_deep,
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "Two layers of own errors around a connection that was reset.",
    ),
    Case(
        "app_error_from_429_with_wait",
        lambda: _from(lambda: Throttled("CRM throttled us"), lambda: _httpx_get(answer(429, b"", Retry_After="9"))),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD,
        is_.TOO_EARLY,
        "The cause holds the answer with its Retry-After.",
    ),
    Case(
        "app_error_from_404",
        lambda: _from(lambda: ProfileError("no avatar"), lambda: _get(answer(404, b"", "/avatars/503.png"))),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The cause is a 404 of the avatar service.",
    ),
    Case(
        "duplicate_payment_from_409",
        lambda: _from(
            lambda: DuplicatePayment("payment exists already", 150234), lambda: _get(answer(409, b"", "/payments"))
        ),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN | is_.YES,
        is_.SURFACE,
        is_.ANYTHING_ELSE - is_.MASKS,
        "The payment was made before; doing it again is what the check prevents.",
    ),
    Case(
        "rate_feed_answers_200_without_json",
        lambda: _from(
            lambda: RateFeedError("rate feed did not return JSON", 200),
            lambda: json.loads("<html>Temporarily offline</html>"),
        ),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "The far service answered with success and a body that does not decode.",
    ),
    Case(
        "bug_in_the_handler_of_a_timeout",
        _bug_while_handling,
        ("programming",),
        False,
        is_.UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The handler uses a variable that was never set: a bug, though a timeout came first.",
    ),
    Case(
        "retry_decorator_gave_up",
        _retries_at_an_end,
        ("timeout", "network"),
        True,
        is_.NO,
        is_.RECONNECT | {"QUEUE_FOR_LATER", "FALLBACK_TO_CACHE", "SURFACE"},
        is_.WRONG_CURE,
        "Its last attempt was a connect timeout, so nothing was sent.",
    ),
    Case(
        "group_of_refusal_and_bad_value",
        _mixed_group,
        ("validation", "network", "general"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "One of the two is a bad value, which no repetition cures.",
    ),
    Case(
        "message_only_503",
        lambda: _swallowed_cause(PaymentError("upstream returned 503 Service Unavailable", 88)),
        ("external_api",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "The text says in words and number that the service is out.",
    ),
    Case(
        "message_only_429_with_seconds",
        lambda: RuntimeError("HTTP 429 Too Many Requests: tenant quota exceeded, retry in 30 seconds"),
        ("rate_limit",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.WAIT_AS_TOLD | {"QUEUE_FOR_LATER", "RETRY_WITH_BACKOFF"},
        is_.HAMMERING,
        "The text says that we are throttled and for how long.",
    ),
    Case(
        "message_only_read_timed_out",
        lambda: RuntimeError(
            "failed to push metrics: HTTPConnectionPool(host='gateway', port=9091): Read timed out. (read timeout=5)"
        ),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The text of a read timeout was put into a RuntimeError.",
    ),
    Case(
        "message_only_connection_refused",
        lambda: Exception("redis sidecar: dial tcp 10.0.3.9:6379: connect: connection refused"),
        ("network", "cache"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "A bare Exception with the text of a refused connection.",
    ),
    Case(
        "message_only_unauthorized",
        lambda: RuntimeError("Unauthorized: invalid API key for project 5023"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The text says that the key is not valid.",
    ),
    Case(
        "acquirer_state_unknown",
        lambda: AcquirerTimeout("acquirer did not respond within 30s, transaction state unknown", 150234),
        ("timeout", "external_api"),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH | {"RESET_CONNECTION", "SURFACE", "QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "No answer in time, and the payment may have been taken.",
    ),
    Case(
        "circuit_breaker_open",
        lambda: CircuitOpen("circuit 'pricing' is open after 5 failures, closed again in 20s"),
        ("external_api", "rate_limit", "network"),
        True,
        is_.NO,
        is_.WAIT_LONG | {"USE_DEFAULT_VALUE", "SURFACE", "RETRY_WITH_BACKOFF"},
        is_.WRONG_CURE,
        "The breaker let nothing through; wait, or do without the service.",
    ),
    Case(
        "own_polling_gave_up",
        lambda: TimeoutError("gave up polling job 8812 after 600 s, last state RUNNING"),
        ("timeout",),
        True,
        is_.UNKNOWN | is_.YES,
        is_.RETRY_OR_SURFACE | {"QUEUE_FOR_LATER", "SWITCH_API_ENDPOINT"},
        is_.WRONG_CURE,
        "The far job runs on; only our own patience is over.",
    ),
    Case(
        "own_connection_error_without_leader",
        lambda: ConnectionError("no leader elected for shard 3"),
        ("network", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "A ConnectionError of a cluster that is electing its leader.",
    ),
    Case(
        "sync_failed_and_nothing_more",
        lambda: ExportFailed("nightly sync failed"),
        ("general", "external_api"),
        False,
        is_.UNKNOWN | is_.NO,
        is_.RETRY_OR_SURFACE,
        is_.WRONG_CURE,
        "The text gives no cause at all.",
    ),
    Case(
        "order_150234_rejected",
        lambda: OrderRejected("order 150234 rejected: customer is blocked"),
        ("validation", "general", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "A business decision; the digits 502 in the order number say nothing.",
    ),
    Case(
        "customer_429_not_found",
        lambda: CustomerNotFound("customer 429 not found"),
        ("validation", "external_api", "general"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "429 is the customer's number here.",
    ),
    Case(
        "invoice_without_timeout_policy",
        lambda: ValueError("invoice 503 has no timeout policy assigned"),
        ("validation",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A value that lacks something; neither 503 nor timeout is what happened.",
    ),
    Case(
        "underwriting_rule_503",
        lambda: ApplicationDeclined("declined by rule 503: applicant is under age", "R-503"),
        ("validation", "general", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "503 is the number of a rule.",
    ),
    Case(
        "coupon_expired",
        lambda: CouponExpired("coupon TLS-2024 has expired"),
        ("validation",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A coupon is no certificate and no token.",
    ),
    Case(
        "session_expired_sign_in_again",
        lambda: SessionExpired("access token has expired, please sign in again"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The user must sign in.",
    ),
    Case(
        "approval_above_limit",
        lambda: PermissionError("user 77 may not approve invoices above 5000 EUR"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A PermissionError without errno: a right of an account, not of a file.",
    ),
    Case(
        "settings_without_host",
        lambda: SettingsError("PAYMENTS_URL is not set"),
        ("configuration",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A setting is missing.",
    ),
    Case(
        "timeout_key_missing_in_answer",
        lambda: raised(lambda: {"retry": 3}["timeout"]),
        ("programming", "configuration", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A KeyError whose key is called timeout.",
    ),
    Case(
        "attribute_of_missing_response",
        lambda: raised(lambda: getattr(None, "status_code")),  # noqa: B009
        ("programming",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The code takes None for a response.",
    ),
]
