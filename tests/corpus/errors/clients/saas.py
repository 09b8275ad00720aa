"""Errors of stripe, twilio and elasticsearch, raised by their own clients."""

from __future__ import annotations

import functools
import json
from typing import Any

import elasticsearch
import elasticsearch.helpers
import stripe
import twilio.base.exceptions
import twilio.http
import twilio.http.response
import twilio.rest

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import Reply, answer, closed_port, deaf_port, patience, port_of, raised
from .tls_servers import authority_file, tls_port


@functools.cache
def _stripe_client(url: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        "sk_test_example",
        base_addresses={"api": url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=patience(url)),
    )


def _charge(url: str) -> BaseException:
    return raised(lambda: _stripe_client(url).v1.payment_intents.create({"amount": 5020, "currency": "eur"}))


def _stripe(status: int, kind: str, message: str, **fields: Any) -> BaseException:
    headers = fields.pop("headers", {})
    body = json.dumps({"error": {"type": kind, "message": message, **fields}}).encode()
    return _charge(answer(status, body, Request_Id="req_8Kd2", **headers))


class _Canned(twilio.http.HttpClient):  # type: ignore[misc]
    """An HTTP client for twilio that gives one answer."""

    def __init__(self, status: int, fields: dict[str, Any]) -> None:
        super().__init__(None, False, None)
        self.answer = twilio.http.response.Response(status, json.dumps(fields))

    def request(self, *_args: Any, **_options: Any) -> twilio.http.response.Response:
        return self.answer


def _twilio(status: int, code: int, message: str) -> BaseException:
    fields = {
        "code": code,
        "message": message,
        "status": status,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
    }
    client = twilio.rest.Client("AC0123", "token", http_client=_Canned(status, fields))
    return raised(lambda: client.messages.create(to="+15005550001", from_="+15005550006", body="Your code is 502503"))


@functools.cache
def _elastic_client(url: str, **options: Any) -> elasticsearch.Elasticsearch:
    return elasticsearch.Elasticsearch(url, max_retries=0, request_timeout=patience(url), **options)


def _index(url: str, **options: Any) -> BaseException:
    return raised(lambda: _elastic_client(url, **options).index(index="orders", id="150234", document={"total": 1}))


def _elastic(status: int, kind: str, reason: str) -> BaseException:
    error = {"root_cause": [{"type": kind, "reason": reason}], "type": kind, "reason": reason}
    body = json.dumps({"error": error, "status": status}).encode()
    return _index(answer(status, body, X_Elastic_Product="Elasticsearch"))


def _bulk() -> BaseException:
    failed = {
        "index": {
            "_id": "7",
            "status": 400,
            "error": {"type": "document_parsing_exception", "reason": "failed to parse field [total] of type [float]"},
        }
    }
    body = json.dumps({"errors": True, "items": [failed]}).encode()
    client = _elastic_client(answer(200, body, X_Elastic_Product="Elasticsearch"))
    return raised(lambda: elasticsearch.helpers.bulk(client, [{"_index": "orders", "_id": "7", "total": "x"}]))


def _webhook() -> BaseException:
    construct: Any = stripe.Webhook.construct_event
    return raised(lambda: construct('{"id": "evt_1"}', "t=1730000000,v1=deadbeef", "whsec_example"))


CASES = [
    Case(
        "stripe_card_declined",
        lambda: _stripe(
            402,
            "card_error",
            "Your card has insufficient funds.",
            param="",
            code="card_declined",
            decline_code="insufficient_funds",
        ),
        ("external_api", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The bank said no; charging again annoys the customer and the bank.",
    ),
    Case(
        "stripe_unknown_parameter",
        lambda: _stripe(
            400, "invalid_request_error", "Received unknown parameter: amuont", param="amuont", code="parameter_unknown"
        ),
        ("validation", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The code misspells a parameter.",
    ),
    Case(
        "stripe_key_revoked",
        lambda: _stripe(401, "invalid_request_error", "Expired API Key provided: sk_live_****"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The key has been rolled.",
    ),
    Case(
        "stripe_rate_limited",
        lambda: _stripe(429, "invalid_request_error", "Too many requests hit the API too quickly.", code="rate_limit"),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "Too many calls a second.",
    ),
    Case(
        "stripe_lock_timeout",
        lambda: _stripe(
            429,
            "invalid_request_error",
            "This object cannot be accessed right now "
            "because another API request or Stripe "
            "process is currently accessing it.",
            code="lock_timeout",
        ),
        ("concurrency", "rate_limit", "external_api"),
        True,
        is_.NO,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "A lock on the object that another request lets go of soon.",
    ),
    Case(
        "stripe_idempotency_key_reused_differently",
        lambda: _stripe(
            400,
            "idempotency_error",
            "Keys for idempotent requests can only be used with the same parameters they were first used with.",
        ),
        ("programming", "validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The code uses one key for two different requests.",
    ),
    Case(
        "stripe_api_error_500",
        lambda: _stripe(500, "api_error", "An unknown error occurred"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "An inner failure; the payment may exist.",
    ),
    Case(
        "stripe_connection_refused",
        lambda: _charge(f"http://127.0.0.1:{closed_port()}"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "APIConnectionError around a refused connection.",
    ),
    Case(
        "stripe_read_timeout",
        lambda: _charge(f"http://127.0.0.1:{deaf_port()}"),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "APIConnectionError around a read timeout: the payment may have gone through.",
    ),
    Case(
        "stripe_webhook_signature_wrong",
        _webhook,
        ("auth", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The payload is not signed with our secret.",
    ),
    Case(
        "twilio_invalid_number",
        lambda: _twilio(400, 21211, "The 'To' number +15005550001 is not a valid phone number."),
        ("validation",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The number cannot be called, today or tomorrow.",
    ),
    Case(
        "twilio_authenticate",
        lambda: _twilio(401, 20003, "Authenticate"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The account's token is wrong.",
    ),
    Case(
        "twilio_too_many_requests",
        lambda: _twilio(429, 20429, "Too Many Requests"),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN | {"QUEUE_FOR_LATER"},
        is_.HAMMERING,
        "Twilio's own throttle, with its status attribute.",
    ),
    Case(
        "twilio_recipient_unsubscribed",
        lambda: _twilio(400, 21610, "Attempt to send to unsubscribed recipient"),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The recipient has opted out, so sending again is wrong.",
    ),
    Case(
        "twilio_service_unavailable",
        lambda: _twilio(503, 20503, "Service is unavailable"),
        ("external_api",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "Twilio is out for the moment.",
    ),
    Case(
        "elasticsearch_index_missing",
        lambda: _elastic(404, "index_not_found_exception", "no such index [orders]"),
        ("external_api", "configuration", "database"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "There is no such index.",
    ),
    Case(
        "elasticsearch_version_conflict",
        lambda: _elastic(
            409,
            "version_conflict_engine_exception",
            "[150234]: version conflict, current version [3] differs from the one provided [2]",
        ),
        ("concurrency", "database", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "Somebody wrote a newer version; the same version number loses again.",
    ),
    Case(
        "elasticsearch_mapping_does_not_fit",
        lambda: _elastic(400, "document_parsing_exception", "failed to parse field [total] of type [float]"),
        ("validation", "database"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The document does not fit the mapping.",
    ),
    Case(
        "elasticsearch_write_queue_full",
        lambda: _elastic(429, "es_rejected_execution_exception", "rejected execution of coordinating operation"),
        ("rate_limit", "external_api"),
        True,
        is_.NO,
        is_.SLOW_DOWN | {"SWITCH_API_ENDPOINT"},
        is_.HAMMERING,
        "The node's write queue is full at the moment.",
    ),
    Case(
        "elasticsearch_no_master",
        lambda: _elastic(503, "master_not_discovered_exception", "no master"),
        ("external_api", "database"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "The cluster elects a master and answers again after that.",
    ),
    Case(
        "elasticsearch_disk_flood_stage",
        lambda: _elastic(403, "cluster_block_exception", "index [orders] blocked by: [FORBIDDEN/12/index read-only]"),
        ("external_api", "resource", "auth"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE | {"RESET_CONNECTION"},
        "The index is read-only because the disk is full, which somebody has to clear.",
    ),
    Case(
        "elasticsearch_refused",
        lambda: _index(f"http://127.0.0.1:{closed_port()}"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "elastic_transport's ConnectionError, which keeps the refusal in its errors.",
    ),
    Case(
        "elasticsearch_timeout",
        lambda: _index(f"http://127.0.0.1:{deaf_port()}"),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ConnectionTimeout is a read timeout here: the document may have been indexed.",
    ),
    Case(
        "elasticsearch_certificate_expired",
        lambda: _index(f"https://127.0.0.1:{tls_port('expired')}", ca_certs=authority_file()),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "TlsError on a certificate that nobody renewed.",
    ),
    Case(
        "elasticsearch_connection_closed",
        lambda: _index(f"http://127.0.0.1:{port_of(Reply())}"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The node hung up without an answer.",
    ),
    Case(
        "elasticsearch_other_product_answers",
        lambda: _index(answer(200, b'{"tagline": "OpenSearch"}')),
        ("configuration", "external_api"),
        False,
        is_.YES_OR_UNKNOWN | is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "UnsupportedProductError: the configured address is no Elasticsearch.",
    ),
    Case(
        "elasticsearch_bulk_partly_failed",
        _bulk,
        ("validation", "database", "external_api"),
        False,
        is_.YES_OR_UNKNOWN | is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "A 200 whose items were rejected by the mapping.",
    ),
    Case(
        "elastic_transport_answer_is_no_json",
        lambda: _index(answer(200, b"{", X_Elastic_Product="Elasticsearch")),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "SerializationError on an answer of success that does not decode.",
    ),
]
