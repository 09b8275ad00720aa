"""Services by their SDKs, mail, Redis, brokers."""

from __future__ import annotations

import smtplib
from typing import Any

import openai
import redis.exceptions
from grpc import StatusCode
from grpc import aio as grpc_aio

from tests.healing.diagnosis.corpus.labels import NO, RATE, RESET, RETRY, UNKNOWN, C, caused, like, rows


def openai_status(kind: Any, status: int, **attributes: Any) -> BaseException:
    import httpx2

    request = httpx2.Request("POST", "http://example.test/v1")
    body = {"code": attributes.get("code")}
    return kind("no", response=httpx2.Response(status, request=request), body=body)  # type: ignore[no-any-return]


def openai_connection(cause: BaseException) -> BaseException:
    import httpx2

    return caused(openai.APIConnectionError(request=httpx2.Request("POST", "http://example.test/")), cause)


def smtp_refusal(code: int) -> BaseException:
    return smtplib.SMTPRecipientsRefused({"a@example.test": (code, b"no")})


def aws(code: str, status: int = 400) -> Any:
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return like("botocore.exceptions.ClientError", response=response)


def grpc(name: str, details: str = "no") -> Any:
    nothing = grpc_aio.Metadata()
    return grpc_aio.AioRpcError(StatusCode[name], nothing, nothing, details)


SERVICES = rows(
    ("openai 429", lambda: openai_status(openai.RateLimitError, 429), C.RATE_LIMIT, NO, RATE),
    (
        "openai quota",
        lambda: openai_status(openai.RateLimitError, 429, code="insufficient_quota"),
        C.RATE_LIMIT,
        NO,
        None,
    ),
    ("openai 401", lambda: openai_status(openai.AuthenticationError, 401), C.AUTH, UNKNOWN, None),
    ("openai 400", lambda: openai_status(openai.BadRequestError, 400), C.VALIDATION, UNKNOWN, None),
    ("openai 500", lambda: openai_status(openai.InternalServerError, 500), C.EXTERNAL_API, UNKNOWN, RETRY),
    (
        "openai refused, having tried before",
        lambda: openai_connection(ConnectionRefusedError(111, "x")),
        C.NETWORK,
        UNKNOWN,
        RESET,
    ),
    ("openai timeout", lambda: like("openai.APITimeoutError"), C.TIMEOUT, UNKNOWN, RETRY),
    ("anthropic 529", lambda: like("anthropic.APIStatusError", status_code=529), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("stripe rate", lambda: like("stripe._error.RateLimitError", http_status=429), C.RATE_LIMIT, NO, RATE),
    ("stripe card", lambda: like("stripe._error.CardError", http_status=402), C.EXTERNAL_API, UNKNOWN, None),
    (
        "twilio",
        lambda: like("twilio.base.exceptions.TwilioRestException", status=429, code=20429),
        C.RATE_LIMIT,
        NO,
        RATE,
    ),
    ("aws throttling", lambda: aws("ThrottlingException"), C.RATE_LIMIT, NO, RATE),
    ("aws slow down", lambda: aws("SlowDown", 503), C.RATE_LIMIT, NO, RATE),
    ("aws denied", lambda: aws("AccessDenied", 403), C.AUTH, UNKNOWN, None),
    ("aws expired", lambda: aws("ExpiredTokenException"), C.AUTH, UNKNOWN, None),
    ("aws internal", lambda: aws("InternalError", 500), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("aws of unknown code", lambda: aws("Odd", 503), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("aws no key", lambda: aws("NoSuchKey", 404), C.EXTERNAL_API, UNKNOWN, None),
    ("aws endpoint", lambda: like("botocore.exceptions.EndpointConnectionError"), C.NETWORK, UNKNOWN, RESET),
    ("aws no credentials", lambda: like("botocore.exceptions.NoCredentialsError"), C.AUTH, UNKNOWN, None),
    ("grpc unavailable", lambda: grpc("UNAVAILABLE"), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("grpc exhausted", lambda: grpc("RESOURCE_EXHAUSTED"), C.RATE_LIMIT, NO, RATE),
    ("grpc deadline", lambda: grpc("DEADLINE_EXCEEDED"), C.TIMEOUT, UNKNOWN, RETRY),
    ("grpc aborted", lambda: grpc("ABORTED"), C.CONCURRENCY, NO, RETRY),
    ("grpc invalid", lambda: grpc("INVALID_ARGUMENT"), C.VALIDATION, UNKNOWN, None),
    ("grpc unauthenticated", lambda: grpc("UNAUTHENTICATED"), C.AUTH, UNKNOWN, None),
    ("azure connecting", lambda: like("azure.core.exceptions.ServiceRequestError"), C.NETWORK, NO, RESET),
    (
        "azure status",
        lambda: like("azure.core.exceptions.HttpResponseError", status_code=503),
        C.EXTERNAL_API,
        UNKNOWN,
        RETRY,
    ),
    ("google", lambda: like("google.api_core.exceptions.ServiceUnavailable", code=503), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("kafka", lambda: like("kafka.errors.LeaderNotAvailableError", retriable=True), C.QUEUE, NO, RETRY),
    ("pika", lambda: like("pika.exceptions.AMQPConnectionError"), C.QUEUE, UNKNOWN, RESET),
    ("celery limit", lambda: like("billiard.exceptions.SoftTimeLimitExceeded"), C.TIMEOUT, UNKNOWN, None),
    ("ssh credentials", lambda: like("paramiko.ssh_exception.AuthenticationException"), C.AUTH, UNKNOWN, None),
    ("ssh broken", lambda: like("paramiko.ssh_exception.SSHException"), C.NETWORK, UNKNOWN, RESET),
    ("smtp busy", lambda: smtplib.SMTPResponseException(421, b"busy"), C.EXTERNAL_API, NO, RETRY),
    ("smtp greylisted", lambda: smtp_refusal(450), C.EXTERNAL_API, NO, RETRY),
    ("smtp no such user", lambda: smtp_refusal(550), C.EXTERNAL_API, UNKNOWN, None),
    ("smtp data", lambda: smtplib.SMTPDataError(452, b"full"), C.EXTERNAL_API, NO, RETRY),
    ("smtp credentials", lambda: smtplib.SMTPAuthenticationError(535, b"no"), C.AUTH, UNKNOWN, None),
    ("smtp hung up", lambda: smtplib.SMTPServerDisconnected("x"), C.NETWORK, UNKNOWN, RESET),
    ("smtp sender refused", lambda: smtplib.SMTPSenderRefused(553, b"no", "a@b"), C.EXTERNAL_API, UNKNOWN, None),
    ("redis loading", lambda: redis.exceptions.BusyLoadingError("x"), C.CACHE, NO, RETRY),
    ("redis loading as text", lambda: redis.exceptions.ResponseError("LOADING Redis is loading"), C.CACHE, NO, RETRY),
    ("redis read-only", lambda: redis.exceptions.ReadOnlyError("x"), C.CACHE, NO, RESET),
    ("redis wrong type", lambda: redis.exceptions.ResponseError("WRONGTYPE Operation"), C.PROGRAMMING, UNKNOWN, None),
    ("redis memory", lambda: redis.exceptions.OutOfMemoryError("x"), C.RESOURCE, NO, RETRY),
    ("redis memory as text", lambda: redis.exceptions.ResponseError("OOM command not allowed"), C.RESOURCE, NO, RETRY),
    ("redis password", lambda: redis.exceptions.AuthenticationError("x"), C.AUTH, UNKNOWN, None),
    ("redis password as text", lambda: redis.exceptions.ResponseError("NOAUTH Authentication"), C.AUTH, UNKNOWN, None),
    ("redis watch", lambda: redis.exceptions.WatchError("x"), C.CONCURRENCY, NO, RETRY),
    ("redis lock", lambda: redis.exceptions.LockError("x"), C.CONCURRENCY, UNKNOWN, RETRY),
    ("redis pool", lambda: redis.exceptions.MaxConnectionsError("x"), C.RESOURCE, NO, RETRY),
    ("redis timeout", lambda: redis.exceptions.TimeoutError("x"), C.TIMEOUT, UNKNOWN, RESET),
    (
        "redis closed",
        lambda: redis.exceptions.ConnectionError("Connection closed by server."),
        C.NETWORK,
        UNKNOWN,
        RESET,
    ),
    ("redis data", lambda: redis.exceptions.DataError("x"), C.PROGRAMMING, UNKNOWN, None),
)
