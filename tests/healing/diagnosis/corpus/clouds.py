"""Clouds and providers by their real SDKs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anthropic
import azure.core.exceptions
import botocore.exceptions
import elasticsearch
import google.api_core.exceptions
import google.auth.exceptions
import grpc
import httpx2
import openai
import stripe
import twilio.base.exceptions
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig

from tests.healing.diagnosis.corpus.labels import NO, RATE, RESET, RETRY, UNKNOWN, C, like, raised, rows

api_core: Any = google.api_core.exceptions
refresh_error: Any = google.auth.exceptions.RefreshError


def aws(code: str, status: int = 400, **more: Any) -> Callable[[], BaseException]:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}}, **more}
    return lambda: botocore.exceptions.ClientError(answer, "Operation")


def of_boto(name: str, **given: Any) -> Callable[[], BaseException]:
    return lambda: getattr(botocore.exceptions, name)(**given)


def call(name: str, details: str = "x") -> Callable[[], BaseException]:
    nothing = grpc.aio.Metadata()
    return lambda: grpc.aio.AioRpcError(grpc.StatusCode[name], nothing, nothing, details)


def really_called() -> BaseException:
    with grpc.insecure_channel("127.0.0.1:1") as channel:
        return raised(lambda: channel.unary_unary("/a/b")(b"", timeout=5))


class Homemade(grpc.RpcError):  # type: ignore[misc]  # grpc has no types
    def __init__(self, name: str) -> None:
        self._code = grpc.StatusCode[name]

    def code(self) -> Any:
        raise AssertionError("a stranger's method is not called")


def of_sdk(kind: Any, status: int, **body: Any) -> Callable[[], BaseException]:
    request = httpx2.Request("POST", "http://example.test/v1")
    return lambda: kind("no", response=httpx2.Response(status, request=request), body=body or None)


def of_azure(status: int, code: str) -> Callable[[], BaseException]:
    def make() -> BaseException:
        error: Any = azure.core.exceptions.HttpResponseError("no")
        error.status_code, error.error_code = status, code
        return error  # type: ignore[no-any-return]

    return make


def of_elastic(kind: Any, status: int) -> Callable[[], BaseException]:
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.1, NodeConfig("http", "host", 1))
    return lambda: kind("no", meta, {})


CLOUDS = rows(
    ("s3 asks to slow down", aws("SlowDown", 503), C.RATE_LIMIT, NO, RATE),
    ("s3 object missing", aws("NoSuchKey", 404), C.EXTERNAL_API, UNKNOWN, None),
    ("s3 object missing, by HEAD", aws("404", 404), C.EXTERNAL_API, UNKNOWN, None),
    ("s3 conflicting operation", aws("OperationAborted", 409), C.CONCURRENCY, NO, RETRY),
    ("dynamodb condition", aws("ConditionalCheckFailedException"), C.CONCURRENCY, NO, None),
    (
        "dynamodb transaction in conflict",
        aws("TransactionCanceledException", CancellationReasons=[{"Code": "None"}, {"Code": "TransactionConflict"}]),
        C.CONCURRENCY,
        NO,
        RETRY,
    ),
    ("aws quota", aws("ServiceQuotaExceededException"), C.RATE_LIMIT, NO, None),
    ("aws validation", aws("ValidationException"), C.VALIDATION, UNKNOWN, None),
    ("aws upload too slow", aws("RequestTimeout"), C.TIMEOUT, UNKNOWN, RETRY),
    ("aws unknown 409", aws("OddConflict", 409), C.EXTERNAL_API, UNKNOWN, None),
    ("boto connecting", of_boto("ConnectTimeoutError", endpoint_url="x"), C.TIMEOUT, UNKNOWN, RESET),
    ("boto reading", of_boto("ReadTimeoutError", endpoint_url="x"), C.TIMEOUT, UNKNOWN, RETRY),
    ("boto region", of_boto("NoRegionError"), C.CONFIGURATION, UNKNOWN, None),
    ("boto parameters", of_boto("ParamValidationError", report="x"), C.VALIDATION, UNKNOWN, None),
    ("grpc not connected", really_called, C.NETWORK, NO, RESET),
    ("grpc unavailable for its own reasons", call("UNAVAILABLE"), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("grpc name", call("UNAVAILABLE", "DNS resolution failed for x"), C.DNS, NO, RESET),
    ("grpc internal", call("INTERNAL"), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("grpc not there", call("NOT_FOUND"), C.EXTERNAL_API, UNKNOWN, None),
    ("grpc cancelled", call("CANCELLED"), C.CONCURRENCY, UNKNOWN, None),
    ("grpc, homemade", lambda: Homemade("DEADLINE_EXCEEDED"), C.TIMEOUT, UNKNOWN, RETRY),
    ("google aborted", lambda: api_core.Aborted("x"), C.CONCURRENCY, NO, RETRY),
    ("google deadline", lambda: api_core.DeadlineExceeded("x"), C.TIMEOUT, UNKNOWN, RETRY),
    ("google exhausted", lambda: api_core.ResourceExhausted("x"), C.RATE_LIMIT, NO, RATE),
    ("google exists", lambda: api_core.AlreadyExists("x"), C.EXTERNAL_API, UNKNOWN, None),
    (
        "google 403 over the rate",
        lambda: api_core.Forbidden("x", errors=[{"reason": "userRateLimitExceeded"}]),
        C.RATE_LIMIT,
        NO,
        RATE,
    ),
    ("google 403", lambda: api_core.Forbidden("x"), C.AUTH, UNKNOWN, None),
    (
        "google tried again in vain",
        lambda: api_core.RetryError("deadline", api_core.ServiceUnavailable("x")),
        C.EXTERNAL_API,
        UNKNOWN,
        RETRY,
    ),
    ("google credentials", lambda: refresh_error("x"), C.AUTH, UNKNOWN, None),
    ("azure busy", of_azure(503, "ServerBusy"), C.RATE_LIMIT, NO, RATE),
    ("azure lease", of_azure(409, "LeaseAlreadyPresent"), C.CONCURRENCY, NO, RETRY),
    ("azure of unknown code", of_azure(409, "Odd"), C.EXTERNAL_API, UNKNOWN, None),
    ("azure changed", lambda: azure.core.exceptions.ResourceModifiedError("x"), C.CONCURRENCY, NO, RETRY),
    ("azure missing", lambda: azure.core.exceptions.ResourceNotFoundError("x"), C.EXTERNAL_API, UNKNOWN, None),
    ("azure hung up", lambda: azure.core.exceptions.ServiceResponseError("x"), C.NETWORK, UNKNOWN, RESET),
    ("elastic conflict", of_elastic(elasticsearch.ConflictError, 409), C.CONCURRENCY, NO, RETRY),
    ("elastic missing", of_elastic(elasticsearch.NotFoundError, 404), C.EXTERNAL_API, UNKNOWN, None),
    ("elastic busy", of_elastic(elasticsearch.ApiError, 429), C.RATE_LIMIT, NO, RATE),
    ("elastic timeout", lambda: elasticsearch.ConnectionTimeout("x"), C.TIMEOUT, UNKNOWN, RETRY),
    ("openai conflict", of_sdk(openai.ConflictError, 409), C.CONCURRENCY, NO, RETRY),
    (
        "openai too long",
        of_sdk(openai.BadRequestError, 400, code="context_length_exceeded"),
        C.VALIDATION,
        UNKNOWN,
        None,
    ),
    ("openai no such model", of_sdk(openai.NotFoundError, 404, code="model_not_found"), C.EXTERNAL_API, UNKNOWN, None),
    ("openai without a key", lambda: openai.OpenAIError("api_key must be set"), C.CONFIGURATION, UNKNOWN, None),
    (
        "anthropic overloaded",
        of_sdk(anthropic.InternalServerError, 529, error={"type": "overloaded_error"}),
        C.EXTERNAL_API,
        UNKNOWN,
        RETRY,
    ),
    (
        "stripe object locked",
        lambda: stripe.RateLimitError("x", http_status=429, code="lock_timeout"),
        C.CONCURRENCY,
        NO,
        RETRY,
    ),
    ("stripe many", lambda: stripe.RateLimitError("x", http_status=429), C.RATE_LIMIT, NO, RATE),
    ("stripe key used twice", lambda: stripe.IdempotencyError("x", http_status=400), C.VALIDATION, UNKNOWN, None),
    ("stripe failed", lambda: stripe.APIError("x", http_status=500), C.EXTERNAL_API, UNKNOWN, RETRY),
    (
        "twilio many",
        lambda: twilio.base.exceptions.TwilioRestException(429, "uri", code=20429),
        C.RATE_LIMIT,
        NO,
        RATE,
    ),
    (
        "twilio number",
        lambda: twilio.base.exceptions.TwilioRestException(400, "uri", code=21211),
        C.VALIDATION,
        UNKNOWN,
        None,
    ),
    (
        "slack many",
        lambda: like("slack_sdk.errors.SlackApiError", response={"ok": False, "error": "ratelimited"}),
        C.RATE_LIMIT,
        NO,
        RATE,
    ),
    (
        "github over the rate",
        lambda: like("github.GithubException.GithubException", status=403, headers={"x-ratelimit-remaining": "0"}),
        C.RATE_LIMIT,
        NO,
        RATE,
    ),
)
