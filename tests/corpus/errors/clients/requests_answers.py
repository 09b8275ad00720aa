"""Answers of HTTP services seen through requests."""

from __future__ import annotations

import json

import requests

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import answer, http_date, patience, raised

HTML = b"<!DOCTYPE html><html><head><title>Be right back</title></head><body></body></html>"


def _checked(url: str, method: str = "GET") -> BaseException:
    def send() -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.request(method, url, timeout=patience(url)).raise_for_status()

    return raised(send)


def _decoded(url: str) -> BaseException:
    def send() -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.get(url, timeout=patience(url)).json()

    return raised(send)


def _problem(**fields: object) -> bytes:
    return json.dumps(fields).encode()


CASES = [
    Case(
        "http_400_malformed_filter",
        lambda: _checked(answer(400, _problem(error="no field 'staus'"), "/v1/jobs")),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The service says the request itself is wrong.",
    ),
    Case(
        "http_400_invalid_grant",
        lambda: _checked(
            answer(400, _problem(error="invalid_grant", error_description="Token has been revoked."), "/oauth2/token"),
            "POST",
        ),
        ("auth", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A revoked refresh token needs a new consent, not another try.",
    ),
    Case(
        "http_401_expired_bearer",
        lambda: _checked(
            answer(
                401,
                b"{}",
                "/me",
                WWW_Authenticate='Bearer error="invalid_token", error_description="The token expired"',
            )
        ),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The same call with the same expired token is refused again.",
    ),
    Case(
        "http_402_plan_expired",
        lambda: _checked(answer(402, _problem(message="subscription past due"), "/export")),
        ("external_api", "auth", "rate_limit"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "Somebody has to pay first.",
    ),
    Case(
        "http_403_missing_scope",
        lambda: _checked(answer(403, _problem(message="missing scope"), "/admin/users")),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The account may not do this.",
    ),
    Case(
        "http_403_secondary_rate_limit",
        lambda: _checked(
            answer(
                403,
                _problem(
                    message="You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
                ),
                "/repos/acme/shop/issues",
                Retry_After="60",
                X_RateLimit_Remaining="0",
            )
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD | {"QUEUE_FOR_LATER"},
        is_.TOO_EARLY,
        "403 with Retry-After and remaining 0 is a throttle, not a missing permission.",
    ),
    Case(
        "http_404_unknown_customer",
        lambda: _checked(answer(404, _problem(detail="Not found."), "/customers/88121")),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The thing asked for does not exist.",
    ),
    Case(
        "http_404_whose_path_holds_503",
        lambda: _checked(answer(404, b"", "/v1/timeouts/503/connection-reset")),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The status is 404; 503 and the other words are only parts of the path.",
    ),
    Case(
        "http_405_post_to_read_only",
        lambda: _checked(answer(405, b"", "/status", Allow="GET, HEAD"), "POST"),
        ("programming", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The code uses a method that this resource does not have.",
    ),
    Case(
        "http_408_server_tired_of_waiting",
        lambda: _checked(answer(408, b"", "/upload"), "POST"),
        ("timeout", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The server waited too long for the whole request; it can simply be sent again.",
    ),
    Case(
        "http_409_duplicate_name",
        lambda: _checked(answer(409, _problem(error="project 'atlas' exists"), "/projects"), "POST"),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The name is taken and stays so.",
    ),
    Case(
        "http_410_feature_removed",
        lambda: _checked(answer(410, b"This API version was retired.", "/v1/feed")),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "Gone means gone for good.",
    ),
    Case(
        "http_412_etag_no_longer_current",
        lambda: _checked(answer(412, b"", "/documents/9", ETag='"v18"'), "PUT"),
        ("concurrency", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "Somebody changed the document since it was read; the same If-Match fails again.",
    ),
    Case(
        "http_413_upload_too_large",
        lambda: _checked(answer(413, b"", "/attachments"), "POST"),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The body is larger than allowed, also next time.",
    ),
    Case(
        "http_415_wrong_media_type",
        lambda: _checked(answer(415, b"", "/import"), "POST"),
        ("programming", "validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The code sends a content type that the service does not take.",
    ),
    Case(
        "http_422_field_errors",
        lambda: _checked(answer(422, _problem(errors=[{"field": "email", "code": "invalid"}]), "/signups"), "POST"),
        ("validation",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The service rejects a field's value.",
    ),
    Case(
        "http_423_webdav_locked",
        lambda: _checked(answer(423, b"", "/dav/budget.xlsx"), "PUT"),
        ("concurrency", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SURFACE | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "Somebody holds the file's lock and will let it go.",
    ),
    Case(
        "http_429_retry_after_seconds",
        lambda: _checked(answer(429, _problem(message="slow down"), "/contacts", Retry_After="12")),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD,
        is_.TOO_EARLY,
        "The service says when it will answer again.",
    ),
    Case(
        "http_429_retry_after_date",
        lambda: _checked(answer(429, b"", "/tiles/7/12", Retry_After=http_date(45))),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD,
        is_.TOO_EARLY,
        "Retry-After is given as a date; waiting until then is right.",
    ),
    Case(
        "http_429_without_any_hint",
        lambda: _checked(answer(429, b"Too many requests", "/search")),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "Throttled without being told for how long.",
    ),
    Case(
        "http_451_blocked_in_region",
        lambda: _checked(answer(451, b"", "/titles/1187")),
        ("external_api", "auth"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "A legal block does not lift by itself.",
    ),
    Case(
        "http_500_traceback_page",
        lambda: _checked(answer(500, b"Internal Server Error", "/quotes"), "POST"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The far program failed somewhere in its work, perhaps after writing.",
    ),
    Case(
        "http_501_method_not_implemented",
        lambda: _checked(answer(501, b"", "/calendar"), "PATCH"),
        ("external_api", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "The server does not know this function at all.",
    ),
    Case(
        "http_502_from_gateway",
        lambda: _checked(answer(502, b"<html><h1>502 Bad Gateway</h1>nginx</html>", "/cart"), "POST"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The gateway got no proper answer from the application, which may have done the work.",
    ),
    Case(
        "http_503_plain",
        lambda: _checked(answer(503, b"upstream connect error", "/pricing")),
        ("external_api",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "The service is out for the moment and gives no time.",
    ),
    Case(
        "http_503_back_in_five_seconds",
        lambda: _checked(answer(503, b"", "/stock", Retry_After="5")),
        ("external_api", "rate_limit"),
        True,
        is_.NO,
        is_.WAIT_OR_SWITCH,
        is_.WRONG_CURE,
        "503 with Retry-After turns the request away and names the wait.",
    ),
    Case(
        "http_503_maintenance_for_an_hour",
        lambda: _checked(answer(503, b"<h1>Scheduled maintenance</h1>", "/ledger", Retry_After="3600")),
        ("external_api", "rate_limit"),
        True,
        is_.NO,
        is_.WAIT_LONG,
        is_.TOO_EARLY,
        "An hour of announced maintenance outlives any quick retries.",
    ),
    Case(
        "http_504_gateway_timeout",
        lambda: _checked(answer(504, b"", "/reports/annual"), "POST"),
        ("timeout", "external_api"),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The gateway stopped waiting while the application may still be at work.",
    ),
    Case(
        "http_507_storage_full",
        lambda: _checked(answer(507, b"", "/dav/backup.tar"), "PUT"),
        ("external_api", "resource"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT", "QUEUE_FOR_LATER"},
        is_.WRONG_CURE | {"RESET_CONNECTION"},
        "The far store has no room until somebody makes some.",
    ),
    Case(
        "http_520_cdn_empty_answer",
        lambda: _checked(answer(520, b"", "/api/feed")),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The CDN got something unusable from the origin; whether it worked is open.",
    ),
    Case(
        "http_522_cdn_cannot_connect",
        lambda: _checked(answer(522, b"", "/api/feed", "Origin Connection Time-out")),
        ("external_api", "timeout", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The CDN could not open a connection to the origin in time.",
    ),
    Case(
        "http_524_cdn_origin_too_slow",
        lambda: _checked(answer(524, b"", "/export"), "POST"),
        ("timeout", "external_api"),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The origin took the request and did not answer in time.",
    ),
    Case(
        "http_526_origin_certificate_invalid",
        lambda: _checked(answer(526, b"", "/feed", "Invalid SSL Certificate")),
        ("tls", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.WRONG_CURE,
        "The origin's certificate is bad until its operator renews it.",
    ),
    Case(
        "requests_json_of_a_maintenance_page",
        lambda: _decoded(answer(200, HTML, Content_Type="text/html")),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "A maintenance page came where JSON was promised; the error holds no status.",
    ),
    Case(
        "requests_json_cut_in_the_middle",
        lambda: _decoded(answer(200, b'{"items": [{"id": 1}, {"id"')),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "The service's JSON ends in the middle of a key.",
    ),
]
