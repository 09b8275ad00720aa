"""Errors that clients of cloud and payment services raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anthropic
import azure.core.exceptions
import botocore.exceptions
import google.api_core.exceptions
import grpc
import grpc.aio
import httpx2
import openai
import pika.exceptions
import stripe
import twilio.base.exceptions

from tests.corpus.fingerprints.model import (
    SYSTEM,
    App,
    Group,
    Make,
    awaited,
    dispatched,
    failing,
    retried,
    run,
    tasked,
    threaded,
)

CLOUD = App(
    "platform_jobs.cloud",
    "platform_jobs/cloud.py",
    """\
def load_object(bucket, key):
    return bucket.send("GetObject", key)


def store_object(bucket, key):
    return bucket.send("PutObject", key)


async def quote(channel, request):
    return await channel.send(request)


def summarise(model, text):
    return model.request("/v1/responses", text)


def translate(model, text):
    return model.request("/v1/messages", text)


def pay(gateway, amount):
    return gateway.send(amount)


def read_blob(container, name):
    return container.request("GET", name)


def read_secret(vault, name):
    return vault.request("GET", name)


def declare(channel, queue):
    return channel.send("queue.declare", queue)


def text_message(sender, number):
    return sender.send(number)
""",
)
C1, C2, C3 = CLOUD.releases()


def made(operation: str, *makes: Make, wanted: tuple[object, object, object] = ("a", "b-2", 3)) -> tuple[Make, ...]:
    """Three releases call the operation, and the client raises what is built for each."""
    return (
        run(getattr(C1, operation), failing(makes[0]), wanted[0]),
        threaded(getattr(C2, operation), failing(makes[1], 4, SYSTEM), wanted[1]),
        retried(getattr(C3, operation), failing(makes[2], 2), wanted[2]),
        tasked(getattr(C1, operation), failing(makes[0], 3), wanted[2]),
    )


def bucket(operation: str, named: str, code: str, status: int, message: str) -> tuple[Make, ...]:
    def failed(request: str, attempts: int) -> Make:
        metadata = {"RequestId": request, "HTTPStatusCode": status, "RetryAttempts": attempts}
        response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
        return lambda: botocore.exceptions.ClientError(response, named)

    return made(operation, failed("4WZQ8", 0), failed("9X1B2C3D", 0), failed("a-77-b", 0), wanted=("k", "a/b.csv", "x"))


def called(code: grpc.StatusCode, *details: str) -> tuple[Make, ...]:
    def failed(number: int, hops: int) -> Any:
        text = details[number]
        debug = f'UNKNOWN:Error received from peer ipv4:10.0.{number}.4:50051 {{grpc_message:"{text}"}}'
        return failing(
            lambda: grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(), text, debug),
            hops,
        )

    return (
        awaited(C1.quote, failed(0, 1), {"sku": 1}),
        dispatched(C2.quote, failed(1, 3), {"sku": 2}),
        awaited(C3.quote, failed(2, 2), {}),
    )


def model_error(
    kind: Callable[..., BaseException], status: int, code: str, kind_name: str, *texts: str
) -> tuple[Make, ...]:
    def failed(number: int) -> Make:
        body = {"message": texts[number], "type": kind_name, "param": None, "code": code}
        request = httpx2.Request("POST", "https://api.models.example/v1/responses")
        headers = {"x-request-id": f"req_{number * 7919:x}"}
        response = httpx2.Response(status, request=request, headers=headers)
        return lambda: kind(f"Error code: {status} - {{'error': {body}}}", response=response, body=body)

    return made("summarise", failed(0), failed(1), failed(2), wanted=("text", "longer text", "x"))


def overloaded(kind: Callable[..., BaseException], status: int, name: str, message: str) -> tuple[Make, ...]:
    def failed(request_id: str) -> Make:
        body = {"type": "error", "error": {"type": name, "message": message}, "request_id": request_id}
        request = httpx2.Request("POST", "https://models.example/v1/messages")
        response = httpx2.Response(status, request=request, headers={"request-id": request_id})
        return lambda: kind(f"Error code: {status} - {body}", response=response, body=body)

    requests = ("req_011CQaBc7dEfGh2JkLmN", "req_011CPzYx9wVuTs4RqPoN", "req_011CSm5nBvCx8ZlKjHg")
    return made("translate", *map(failed, requests), wanted=("hi", "du", "er"))


def card(code: str, message: str) -> tuple[Make, ...]:
    kind: Any = stripe.CardError
    body = {"error": {"code": code, "message": message}}

    def failed(request: str) -> Make:
        return lambda: kind(message, None, code, http_status=402, headers={"request-id": request}, json_body=body)

    requests = ("req_8FhQ2kLmNq41Zx", "req_1cVbn7YtRe90As", "req_Kp3oIuYt56QwLz")
    return made("pay", *map(failed, requests), wanted=(100, 2599, 7))


def blob(code: str, message: str) -> tuple[Make, ...]:
    def failed(request: str, second: int) -> Make:
        text = f"{message}\nRequestId:{request}\nTime:2026-01-03T10:11:{second}.1234567Z\nErrorCode:{code}"
        return lambda: azure.core.exceptions.ResourceNotFoundError(text)

    return made(
        "read_blob",
        failed("5f0e1c2d-101e-0045-6a7b-8c9d0e000000", 12),
        failed("0c9a8b7d-301e-0011-2233-445566000000", 59),
        failed("aaaaaaaa-0000-4bbb-8ccc-dddddddddddd", 31),
    )


def secret(kind: Callable[..., BaseException], text: str) -> tuple[Make, ...]:
    names = ("projects/12/secrets/a", "projects/99871/secrets/db-password", "projects/7/secrets/k")
    return made("read_secret", *((lambda named=name: kind(text.format(named))) for name in names), wanted=names)


def closed(code: int, text: str) -> tuple[Make, ...]:
    names = ("mail", "orders.eu-2", "q_7f3a")

    def failed(name: str) -> Make:
        return lambda: pika.exceptions.ChannelClosedByBroker(code, text.format(name))

    return made("declare", *map(failed, names), wanted=names)


def sms(code: int, text: str) -> tuple[Make, ...]:
    numbers = ("+15005550001", "+4930123456", "+442071234567")

    def failed(number: str) -> Make:
        uri = f"/2010-04-01/Accounts/AC{number[1:]}/Messages.json"
        return lambda: twilio.base.exceptions.TwilioRestException(400, uri, text.format(number), code, "POST")

    return made("text_message", *map(failed, numbers), wanted=numbers)


DENIED = "Access Denied"
GROUPS: tuple[Group, ...] = (
    Group(
        "object_missing",
        bucket("load_object", "GetObject", "NoSuchKey", 404, "The specified key does not exist."),
        ("bucket_missing",),
        "The object does not exist; request ids are data.",
    ),
    Group(
        "bucket_missing",
        bucket("load_object", "GetObject", "NoSuchBucket", 404, "The specified bucket does not exist"),
        ("object_missing",),
        "The whole bucket is missing: another code of the same status.",
    ),
    Group(
        "object_denied",
        bucket("load_object", "GetObject", "AccessDenied", 403, DENIED),
        ("object_write_denied",),
        "The rights to read the object are missing.",
    ),
    Group(
        "object_write_denied",
        bucket("store_object", "PutObject", "AccessDenied", 403, DENIED),
        ("object_denied", "object_write_throttled"),
        "The same code from another operation in another function.",
    ),
    Group(
        "object_write_throttled",
        bucket("store_object", "PutObject", "SlowDown", 503, "Please reduce your request rate."),
        ("object_write_denied",),
        "The service asks to slow down.",
    ),
    Group(
        "quote_service_unavailable",
        called(
            grpc.StatusCode.UNAVAILABLE,
            "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.0.0.4:50051: Connection refused",
            "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.0.1.4:50051: Connection refused",
            "failed to connect to all addresses; last error: UNKNOWN: ipv4:192.168.2.9:443: Connection refused",
        ),
        ("quote_deadline_exceeded", "quote_permission_denied"),
        "The remote call finds no server, at whatever address.",
    ),
    Group(
        "quote_deadline_exceeded",
        called(grpc.StatusCode.DEADLINE_EXCEEDED, *["Deadline Exceeded"] * 3),
        ("quote_service_unavailable",),
        "The remote call takes too long: another status.",
    ),
    Group(
        "quote_permission_denied",
        called(grpc.StatusCode.PERMISSION_DENIED, *["caller lacks quotes.read"] * 3),
        ("quote_service_unavailable",),
        "The remote service refuses the caller.",
    ),
    Group(
        "model_rate_limited",
        model_error(
            openai.RateLimitError,
            429,
            "rate_limit_exceeded",
            "tokens",
            "Rate limit reached on tokens per min (TPM): Limit 30000, Used 29511, Requested 1200. Try again in 1.4s.",
            "Rate limit reached on tokens per min (TPM): Limit 90000, Used 90000, Requested 17. Try again in 12ms.",
            "Rate limit reached on tokens per min (TPM): Limit 200, Used 199, Requested 8. Try again in 3.25s.",
        ),
        ("model_quota_used_up", "model_context_too_long"),
        "Too many tokens per minute; limits and waiting times are data.",
    ),
    Group(
        "model_quota_used_up",
        model_error(
            openai.RateLimitError,
            429,
            "insufficient_quota",
            "insufficient_quota",
            *["You exceeded your current quota, please check your plan and billing details."] * 3,
        ),
        ("model_rate_limited",),
        "The quota is used up: the same status, but waiting does not help.",
    ),
    Group(
        "model_context_too_long",
        model_error(
            openai.BadRequestError,
            400,
            "context_length_exceeded",
            "invalid_request_error",
            *(
                f"This model's maximum context length is 128000 tokens. However, your messages resulted in {n} tokens."
                for n in (128411, 201773, 999999)
            ),
        ),
        ("model_rate_limited",),
        "The request is too long for the model, by however much.",
    ),
    Group(
        "translation_rate_limited",
        overloaded(anthropic.RateLimitError, 429, "rate_limit_error", "Number of request tokens exceeds your limit"),
        ("translation_overloaded",),
        "The account sends too many requests.",
    ),
    Group(
        "translation_overloaded",
        overloaded(anthropic.InternalServerError, 529, "overloaded_error", "Overloaded"),
        ("translation_rate_limited",),
        "The service itself is overloaded.",
    ),
    Group(
        "card_declined",
        card("card_declined", "Your card was declined."),
        ("card_expired",),
        "The bank declines the card.",
    ),
    Group(
        "card_expired",
        card("expired_card", "Your card has expired."),
        ("card_declined",),
        "The card has expired: another code and wording of the same class.",
    ),
    Group(
        "blob_missing",
        blob("BlobNotFound", "The specified blob does not exist."),
        ("container_missing",),
        "The blob is missing; request id and time are data.",
    ),
    Group(
        "container_missing",
        blob("ContainerNotFound", "The specified container does not exist."),
        ("blob_missing",),
        "The container is missing.",
    ),
    Group(
        "secret_missing",
        secret(google.api_core.exceptions.NotFound, "Secret [{}] not found or has no versions."),
        ("secret_denied",),
        "The secret does not exist, whatever its name.",
    ),
    Group(
        "secret_denied",
        secret(
            google.api_core.exceptions.PermissionDenied,
            "Permission 'secretmanager.versions.access' denied for resource '{}' (or it may not exist).",
        ),
        ("secret_missing",),
        "The right to read the secret is missing.",
    ),
    Group(
        "queue_missing",
        closed(404, "NOT_FOUND - no queue '{}' in vhost '/'"),
        ("queue_declared_differently",),
        "The queue does not exist; its name is data.",
    ),
    Group(
        "queue_declared_differently",
        closed(406, "PRECONDITION_FAILED - inequivalent arg 'durable' for queue '{}' in vhost '/'"),
        ("queue_missing",),
        "The queue exists with other properties: another reply code.",
    ),
    Group(
        "number_invalid",
        sms(21211, "Unable to create record: The 'To' number {} is not a valid phone number."),
        ("number_unsubscribed",),
        "The number is not valid, whichever it is.",
    ),
    Group(
        "number_unsubscribed",
        sms(21610, "Unable to create record: Attempt to send to unsubscribed recipient {}"),
        ("number_invalid",),
        "The recipient has unsubscribed: another code of the vendor at the same status.",
    ),
)
