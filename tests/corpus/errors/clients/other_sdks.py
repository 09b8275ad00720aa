"""Errors of SDKs that are shaped like well-known ones: chat, cluster, CRM, directory, code hosting, shop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.corpus.errors.schema import Case

from . import labels as is_


class ChatResponse:
    """An answer of a chat service: body, status and headers."""

    def __init__(self, data: dict[str, Any], status_code: int, headers: Mapping[str, str]) -> None:
        self.data = data
        self.status_code = status_code
        self.headers = dict(headers)

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def __str__(self) -> str:
        return str(self.data)


class ChatApiError(Exception):
    def __init__(self, message: str, response: ChatResponse) -> None:
        super().__init__(f"{message}\nThe server responded with: {response}")
        self.response = response


def _chat(error: str, status: int = 200, **headers: str) -> Callable[[], BaseException]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: ChatApiError(
        "The request to the Chat API failed. (url: https://chat.example/api/chat.postMessage)",
        ChatResponse({"ok": False, "error": error}, status, named),
    )


class ApiException(Exception):
    """As generated clients have it: status, reason, body and headers."""

    def __init__(self, status: int, reason: str, body: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.reason = reason
        self.body = body
        self.headers = dict(headers or {})
        super().__init__(status, reason)

    def __str__(self) -> str:
        text = f"({self.status})\nReason: {self.reason}\nHTTP response headers: {self.headers}\n"
        return text + (f"HTTP response body: {self.body}\n" if self.body else "")


class GithubException(Exception):
    def __init__(self, status: int, data: Any, headers: Mapping[str, str]) -> None:
        super().__init__(f"{status} {data}")
        self.status = status
        self.data = data
        self.headers = dict(headers)


class RateLimitExceededException(GithubException):
    pass


class LDAPError(Exception):
    pass


class SERVER_DOWN(LDAPError):
    pass


class INVALID_CREDENTIALS(LDAPError):
    pass


class BUSY(LDAPError):
    pass


class NO_SUCH_OBJECT(LDAPError):
    pass


class SalesError(Exception):
    def __init__(self, url: str, status: int, resource_name: str, content: list[dict[str, str]]) -> None:
        super().__init__(f"Request to {url} failed with status {status}. Response content: {content}")
        self.url = url
        self.status = status
        self.resource_name = resource_name
        self.content = content


class SalesExpiredSession(SalesError):
    pass


class SalesMalformedRequest(SalesError):
    pass


class SalesRefusedRequest(SalesError):
    pass


def _sales(kind: type[SalesError], status: int, code: str, message: str) -> Callable[[], BaseException]:
    content = [{"errorCode": code, "message": message}]
    return lambda: kind("https://acme.my.crm.example/services/data/v59.0/sobjects/Lead", status, "Lead", content)


class TransportQueryError(Exception):
    """What a GraphQL client raises for an answer of 200 with errors."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(str(errors[0]))
        self.errors = errors


class TrackerError(Exception):
    def __init__(self, text: str, status_code: int, url: str) -> None:
        super().__init__(f"TrackerError HTTP {status_code} url: {url}\n\ttext: {text}")
        self.text = text
        self.status_code = status_code
        self.url = url


class HTTPStatusException(Exception):
    def __init__(self, message: str, http_status: int) -> None:
        super().__init__(message)
        self.http_status = http_status


class UnexpectedResponse(Exception):
    def __init__(self, status_code: int, content: bytes) -> None:
        super().__init__(f"Unexpected Response: {status_code} (OK)\nRaw response content:\n{content!r}")
        self.status_code = status_code
        self.content = content


class MarketError(Exception):
    """An exchange's client: only a message that holds the answer."""


class NetworkError(MarketError):
    pass


class DDoSProtection(NetworkError):
    pass


class InsufficientFunds(MarketError):
    pass


MODIFIED = (
    '{"kind":"Status","message":"Operation cannot be fulfilled on deployments.apps \\"shop\\": the object has '
    'been modified; please apply your changes to the latest version and try again",'
    '"reason":"Conflict","code":409}'
)


class VendorError(Exception):
    def __init__(self, number: int) -> None:
        super().__init__(f"E-{number}")
        self.number = number


CASES = [
    Case(
        "chat_rate_limited",
        _chat("ratelimited", 429, Retry_After="30"),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD | {"QUEUE_FOR_LATER"},
        is_.TOO_EARLY,
        "429 with Retry-After on the response that the error carries.",
    ),
    Case(
        "chat_channel_not_found_in_200",
        _chat("channel_not_found"),
        ("external_api", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "HTTP says 200, the answer says that there is no such channel.",
    ),
    Case(
        "chat_invalid_auth_in_200",
        _chat("invalid_auth"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "HTTP says 200, the answer says that the token is not valid.",
    ),
    Case(
        "cluster_service_unavailable",
        lambda: ApiException(503, "Service Unavailable", "apiserver is shutting down", {"Retry-After": "2"}),
        ("external_api", "rate_limit"),
        True,
        is_.NO,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "503 with Retry-After: the API server restarts and comes back.",
    ),
    Case(
        "cluster_object_modified",
        lambda: ApiException(409, "Conflict", MODIFIED),
        ("concurrency", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "An optimistic lock: the same resourceVersion fails again until it is read anew.",
    ),
    Case(
        "cluster_webhook_denied",
        lambda: ApiException(400, "Bad Request", '{"message":"admission webhook denied the request: no limits set"}'),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The manifest breaks a rule of the cluster.",
    ),
    Case(
        "cluster_store_timed_out",
        lambda: ApiException(500, "Internal Server Error", '{"message":"etcdserver: request timed out","code":500}'),
        ("external_api", "timeout"),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The API server's store did not answer it in time; the write may have been made.",
    ),
    Case(
        "code_host_rate_limit_until_epoch",
        lambda: RateLimitExceededException(
            403,
            {"message": "API rate limit exceeded for installation ID 5021."},
            {
                "x-ratelimit-limit": "5000",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": str(int(time.time()) + 600),
            },
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD | {"QUEUE_FOR_LATER", "FALLBACK_TO_CACHE"},
        is_.TOO_EARLY,
        "A 403 that is a spent hourly allowance, with the time of its reset in the headers.",
    ),
    Case(
        "code_host_bad_credentials",
        lambda: GithubException(401, {"message": "Bad credentials"}, {}),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The token was revoked.",
    ),
    Case(
        "code_host_reference_exists",
        lambda: GithubException(422, {"message": "Reference already exists"}, {}),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The branch is there already.",
    ),
    Case(
        "directory_server_down",
        lambda: SERVER_DOWN({"result": -1, "desc": "Can't contact LDAP server", "errno": 107, "ctrls": []}),
        ("network",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The directory server cannot be contacted; a new bind helps when it is back.",
    ),
    Case(
        "directory_invalid_credentials",
        lambda: INVALID_CREDENTIALS(
            {
                "msgtype": 97,
                "result": 49,
                "desc": "Invalid credentials",
                "info": "80090308: LdapErr: DSID-0C09042A, data 52e, v4563",
            }
        ),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "Result 49: the bind's password is wrong.",
    ),
    Case(
        "directory_busy",
        lambda: BUSY({"msgtype": 101, "result": 51, "desc": "Server is busy"}),
        ("external_api", "rate_limit"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "Result 51: the server is too busy for now.",
    ),
    Case(
        "directory_no_such_object",
        lambda: NO_SUCH_OBJECT({"msgtype": 101, "result": 32, "desc": "No such object", "matched": "dc=acme"}),
        ("external_api", "configuration", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The entry is not in the tree.",
    ),
    Case(
        "crm_session_expired",
        _sales(SalesExpiredSession, 401, "INVALID_SESSION_ID", "Session expired or invalid"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The session's id is no longer accepted; somebody has to log in.",
    ),
    Case(
        "crm_unable_to_lock_row",
        _sales(SalesMalformedRequest, 400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record"),
        ("concurrency", "database", "external_api"),
        True,
        is_.NO,
        is_.RETRY | {"ROLLBACK_TRANSACTION"},
        frozenset({"CLEAR_CACHE_AND_RETRY", "RESET_CONNECTION"}),
        "A 400 by status, but a row lock that another transaction gives up soon.",
    ),
    Case(
        "crm_required_field_missing",
        _sales(SalesMalformedRequest, 400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Company]"),
        ("validation",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The record lacks a field.",
    ),
    Case(
        "crm_insufficient_access",
        _sales(SalesRefusedRequest, 403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The user may not write this record.",
    ),
    Case(
        "shop_graphql_throttled",
        lambda: TransportQueryError([{"message": "Throttled", "extensions": {"code": "THROTTLED", "cost": 752}}]),
        ("rate_limit",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "A GraphQL answer of 200 that says THROTTLED.",
    ),
    Case(
        "shop_graphql_unknown_field",
        lambda: TransportQueryError(
            [
                {
                    "message": "Field 'totalPrise' doesn't exist on type 'Order'",
                    "locations": [{"line": 3, "column": 5}],
                    "extensions": {"code": "undefinedField"},
                }
            ]
        ),
        ("programming", "validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The query in the code names a field that does not exist.",
    ),
    Case(
        "tracker_issue_gone",
        lambda: TrackerError(
            "Issue does not exist or you do not have permission to see it.",
            404,
            "https://tracker.acme.example/rest/api/2/issue/OPS-502",
        ),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "404 for an issue whose number happens to be 502.",
    ),
    Case(
        "tracker_proxy_502",
        lambda: TrackerError("<html>502 Proxy Error</html>", 502, "https://tracker.acme.example/rest/api/2/issue"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The proxy before the tracker got no proper answer; the issue may have been made.",
    ),
    Case(
        "sdk_http_status_403",
        lambda: HTTPStatusException("tenant suspended", 403),
        ("auth", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The SDK keeps the status in http_status: the tenant may not do this.",
    ),
    Case(
        "vector_store_unexpected_200",
        lambda: UnexpectedResponse(200, b"<!doctype html><title>Welcome</title>"),
        ("external_api", "configuration"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "An answer of success whose body is not what the SDK can read.",
    ),
    Case(
        "exchange_ddos_protection",
        lambda: DDoSProtection('kraken {"error":["EAPI:Rate limit exceeded"]}'),
        ("rate_limit", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "A NetworkError by class, a throttle by its text.",
    ),
    Case(
        "vendor_error_by_number_only",
        lambda: VendorError(1042),
        ("general", "external_api"),
        False,
        is_.UNKNOWN | is_.NO,
        is_.RETRY_OR_SURFACE,
        is_.WRONG_CURE,
        "A number that only the vendor's manual explains.",
    ),
    Case(
        "exchange_insufficient_funds",
        lambda: InsufficientFunds("binance Account has insufficient balance for requested action. (code -2010)"),
        ("external_api", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "There is not enough money for the order.",
    ),
]
