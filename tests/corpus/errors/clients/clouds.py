"""Errors of google-api-core, google-auth, google-cloud-storage and azure-core."""

from __future__ import annotations

import functools
import json
import logging
import os
from typing import Any
from unittest import mock

import azure.core
import azure.core.exceptions
import azure.core.pipeline.policies
import azure.core.rest
import google.api_core.exceptions
import google.api_core.retry
import google.auth
import google.auth.credentials
import google.auth.exceptions
import google.auth.transport.requests
import google.oauth2.credentials
import google.oauth2.service_account
import requests
from azure.core.pipeline.transport import RequestsTransport
from google.cloud import storage

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import (
    LONG,
    Reply,
    answer,
    closed_port,
    deaf_port,
    name_failure,
    patience,
    port_of,
    raised,
    silent_port,
    site,
)

anonymous: Any = google.auth.credentials.AnonymousCredentials
from_answer: Any = google.api_core.exceptions.from_http_response
unavailable: Any = google.api_core.exceptions.ServiceUnavailable
user_login: Any = google.oauth2.credentials.Credentials
service_login: Any = google.oauth2.service_account.Credentials

logging.getLogger("azure").addHandler(logging.NullHandler())
logging.getLogger("azure").propagate = False


@functools.cache
def _store(endpoint: str) -> storage.Client:
    return storage.Client(
        project="acme-prod",
        credentials=anonymous(),
        client_options={"api_endpoint": endpoint},
    )


def _google(status: int, text: str, reason: str = "", **headers: str) -> BaseException:
    """The error of a JSON API of Google."""
    error: dict[str, Any] = {"code": status, "message": text}
    if reason:
        error["errors"] = [{"domain": "usageLimits", "reason": reason, "message": text}]
    endpoint = answer(status, json.dumps({"error": error}).encode(), **headers)
    return raised(lambda: _store(endpoint).bucket("acme-exports").reload(retry=None, timeout=patience(endpoint)))


def _google_answer(status: int, text: str) -> BaseException:
    body = json.dumps({"error": {"code": status, "message": text, "status": "UNAUTHENTICATED"}}).encode()
    error: BaseException = from_answer(requests.get(answer(status, body), timeout=LONG))
    return error


def _google_at(endpoint: str) -> BaseException:
    return raised(lambda: _store(endpoint).bucket("acme-exports").reload(retry=None, timeout=patience(endpoint)))


def _retries_exhausted() -> BaseException:
    @google.api_core.retry.Retry(initial=0.01, maximum=0.02, timeout=0.05)
    def call() -> None:
        raise unavailable("The service is currently unavailable.")

    return raised(call)


def _no_default_credentials() -> BaseException:
    with mock.patch.dict(os.environ, {"NO_GCE_CHECK": "true", "HOME": "/nonexistent", "CLOUDSDK_CONFIG": "/none"}):
        os.environ.pop("GOOGLE_APPLICATION_CREDENTIALS", None)
        return raised(google.auth.default)


def _refresh(status: int, body: bytes) -> BaseException:
    credentials = user_login(
        None, refresh_token="1//0g", token_uri=answer(status, body), client_id="id", client_secret="secret"
    )
    return raised(lambda: credentials.refresh(google.auth.transport.requests.Request()))


def _refresh_refused() -> BaseException:
    credentials = user_login(
        None,
        refresh_token="1//0g",
        token_uri=f"http://127.0.0.1:{closed_port()}/token",
        client_id="id",
        client_secret="secret",
    )
    return raised(lambda: credentials.refresh(google.auth.transport.requests.Request()))


AZURE_KINDS: dict[int, type[azure.core.exceptions.HttpResponseError]] = {
    401: azure.core.exceptions.ClientAuthenticationError,
    404: azure.core.exceptions.ResourceNotFoundError,
    409: azure.core.exceptions.ResourceExistsError,
    412: azure.core.exceptions.ResourceModifiedError,
}


def _azure_send(url: str, method: str = "GET") -> BaseException:
    def send() -> None:
        transport = RequestsTransport(connection_timeout=patience(url), read_timeout=patience(url))
        with azure.core.PipelineClient[Any, Any](url, transport=transport, policies=[]) as client:
            response = client.send_request(azure.core.rest.HttpRequest(method, url))
            azure.core.exceptions.map_error(response.status_code, response, AZURE_KINDS)
            response.raise_for_status()

    return raised(send)


def _azure(status: int, code: str, text: str, method: str = "GET", **headers: str) -> BaseException:
    body = json.dumps({"error": {"code": code, "message": text}}).encode()
    return _azure_send(answer(status, body, x_ms_error_code=code, **headers), method)


def _azure_unresolved() -> BaseException:
    with name_failure():
        return _azure_send("https://acmestore.blob.core.windows.net/images")


def _azure_deserialize() -> BaseException:
    def read() -> None:
        transport = RequestsTransport(connection_timeout=LONG, read_timeout=LONG)
        policies = [azure.core.pipeline.policies.ContentDecodePolicy()]
        url = answer(200, b'{"value": [{"id":')
        with azure.core.PipelineClient[Any, Any](url, transport=transport, policies=policies) as client:
            client.send_request(azure.core.rest.HttpRequest("GET", url))

    return raised(read)


CUT = Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\nContent-Type: application/json\r\n\r\n{")
REVOKED = b'{"error": "invalid_grant", "error_description": "Token has been expired or revoked."}'

CASES = [
    Case(
        "gcs_bucket_not_found",
        lambda: _google(404, "The specified bucket does not exist."),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "There is no such bucket.",
    ),
    Case(
        "gcs_forbidden",
        lambda: _google(403, "exporter@acme does not have storage.buckets.get access", "forbidden"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The service account lacks the permission.",
    ),
    Case(
        "google_403_rate_limit_exceeded",
        lambda: _google(403, "Exceeded rate limits: too many api requests per user", "rateLimitExceeded"),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "Forbidden by class, but the reason is rateLimitExceeded.",
    ),
    Case(
        "google_401_invalid_credentials",
        lambda: _google_answer(401, "Invalid Credentials"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The access token is not accepted.",
    ),
    Case(
        "google_429_too_many_requests",
        lambda: _google(
            429,
            "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute'",
            Retry_After="20",
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD,
        is_.TOO_EARLY,
        "A quota per minute that fills again; the answer says when.",
    ),
    Case(
        "google_412_generation_mismatch",
        lambda: _google(412, "At least one of the pre-conditions you specified did not hold.", "conditionNotMet"),
        ("concurrency", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "Another writer has changed the object's generation.",
    ),
    Case(
        "google_500_backend_error",
        lambda: _google(500, "Backend Error", "backendError"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "An inner failure of the service.",
    ),
    Case(
        "google_502_html_page",
        lambda: _google_at(answer(502, b"<html><title>Error 502 (Server Error)!!1</title>")),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "BadGateway with the front end's HTML as its message.",
    ),
    Case(
        "google_requests_connection_refused",
        lambda: _google_at(f"http://127.0.0.1:{closed_port()}"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The library lets the refusal of requests through.",
    ),
    Case(
        "google_retry_deadline_exceeded",
        _retries_exhausted,
        ("timeout", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED | {"QUEUE_FOR_LATER", "FALLBACK_TO_CACHE", "SURFACE"},
        is_.WRONG_CURE,
        "RetryError: the service stayed unavailable for the whole deadline.",
    ),
    Case(
        "google_default_credentials_missing",
        _no_default_credentials,
        ("auth", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "No application default credentials on this host.",
    ),
    Case(
        "google_refresh_token_revoked",
        lambda: _refresh(400, REVOKED),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "RefreshError invalid_grant: the user must consent again.",
    ),
    Case(
        "google_token_endpoint_refused",
        _refresh_refused,
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "TransportError of google-auth: the token server could not be reached, nothing is wrong with the login.",
    ),
    Case(
        "google_key_file_lacks_fields",
        lambda: raised(lambda: service_login.from_service_account_info({"type": "x"})),
        ("configuration", "auth", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "MalformedError: the key file in the settings is not a service account's.",
    ),
    Case(
        "azure_connection_refused",
        lambda: _azure_send(f"http://127.0.0.1:{closed_port()}/images"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ServiceRequestError: the request was never sent.",
    ),
    Case(
        "azure_name_not_resolved",
        _azure_unresolved,
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "ServiceRequestError around the resolver's temporary failure.",
    ),
    Case(
        "azure_connect_timeout",
        lambda: _azure_send(f"http://127.0.0.1:{silent_port()}/images"),
        ("timeout", "network"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ServiceRequestTimeoutError: the connection was not made in time.",
    ),
    Case(
        "azure_read_timeout",
        lambda: _azure_send(f"http://127.0.0.1:{deaf_port()}/images", "POST"),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ServiceResponseTimeoutError: sent and not answered.",
    ),
    Case(
        "azure_connection_aborted",
        lambda: _azure_send(f"http://127.0.0.1:{port_of(Reply())}/images", "PUT"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ServiceResponseError: the service hung up after the request.",
    ),
    Case(
        "azure_body_incomplete",
        lambda: _azure_send(site(CUT)),
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The answer stopped before its announced length.",
    ),
    Case(
        "azure_json_cut",
        _azure_deserialize,
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "DecodeError on a 200: the answer is no whole JSON.",
    ),
    Case(
        "azure_blob_not_found",
        lambda: _azure(404, "BlobNotFound", "The specified blob does not exist."),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The blob is not there.",
    ),
    Case(
        "azure_container_exists",
        lambda: _azure(409, "ContainerAlreadyExists", "The container already exists.", "PUT"),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "It exists already and will go on doing so.",
    ),
    Case(
        "azure_container_being_deleted",
        lambda: _azure(
            409, "ContainerBeingDeleted", "The specified container is being deleted. Try operation later.", "PUT"
        ),
        ("external_api", "concurrency"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SURFACE | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "The same 409 class, but the service says itself to try later.",
    ),
    Case(
        "azure_condition_not_met",
        lambda: _azure(
            412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.", "PUT"
        ),
        ("concurrency", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The ETag is no longer the current one.",
    ),
    Case(
        "azure_login_secret_wrong",
        lambda: _azure(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.", "POST"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The application's secret is wrong.",
    ),
    Case(
        "azure_cosmos_429",
        lambda: _azure(
            429,
            "TooManyRequests",
            "Request rate is large. More Request Units may be needed, so no changes were made.",
            "POST",
            x_ms_retry_after_ms="850",
            x_ms_substatus="3200",
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "Cosmos DB gives the wait in milliseconds in a header of its own.",
    ),
    Case(
        "azure_storage_server_busy",
        lambda: _azure(503, "ServerBusy", "The server is busy.", "PUT"),
        ("external_api", "rate_limit"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "The storage account is above its target rate for the moment.",
    ),
    Case(
        "azure_operation_timed_out",
        lambda: _azure(500, "OperationTimedOut", "Operation could not be completed within the permitted time.", "PUT"),
        ("timeout", "external_api"),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The service ran out of its own time; the operation may or may not have succeeded.",
    ),
    Case(
        "azure_quota_of_cores_spent",
        lambda: _azure(
            409,
            "OperationNotAllowed",
            "Operation could not be completed as it exceeds the approved Total Regional Cores quota.",
            "PUT",
        ),
        ("rate_limit", "external_api", "resource"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The quota rises only when a person asks for more.",
    ),
]
