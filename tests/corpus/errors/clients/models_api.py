"""Errors of the clients of language model services: openai and anthropic."""

from __future__ import annotations

import functools
import json
import os
from typing import Any
from unittest import mock

import anthropic
import openai
from openai.types.chat import ChatCompletion

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import Reply, answer, closed_port, deaf_port, http_bytes, name_failure, patience, raised, site

MESSAGES: Any = [{"role": "user", "content": "Summarise order 150234"}]


@functools.cache
def _openai_client(url: str, strict: bool = False) -> openai.OpenAI:
    return openai.OpenAI(
        api_key="sk-proj-example",
        base_url=url,
        max_retries=0,
        timeout=patience(url),
        _strict_response_validation=strict,
    )


def _openai(url: str, strict: bool = False, **options: Any) -> BaseException:
    def complete() -> None:
        result = _openai_client(url, strict).chat.completions.create(model="gpt-4o", messages=MESSAGES, **options)
        if options.get("stream"):
            list(result)

    return raised(complete)


def _openai_said(status: int, message: str, kind: str, code: str | None = None, **headers: str) -> BaseException:
    body = json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}).encode()
    return _openai(answer(status, body, **headers))


@functools.cache
def _claude_client(url: str) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="sk-ant-example", base_url=url, max_retries=0, timeout=patience(url))


def _claude(url: str, **options: Any) -> BaseException:
    def complete() -> None:
        client = _claude_client(url)
        result = client.messages.create(model="claude-sonnet", max_tokens=64, messages=MESSAGES, **options)
        if options.get("stream"):
            list(result)

    return raised(complete)


def _claude_said(status: int, kind: str, message: str, **headers: str) -> BaseException:
    body = json.dumps({"type": "error", "error": {"type": kind, "message": message}}).encode()
    return _claude(answer(status, body, "", "Overloaded" if status == 529 else "", **headers))


def _events(*events: dict[str, Any], then: str = "close", length: int = 0) -> str:
    text = "".join(f"event: {event.get('type', 'message')}\ndata: {json.dumps(event)}\n\n" for event in events)
    size = str(max(length, len(text)))
    return site(Reply(http_bytes(200, text.encode(), Content_Type="text/event-stream", Content_Length=size), then))


def _without_key() -> BaseException:
    with mock.patch.dict(os.environ, {}, clear=True):
        return raised(lambda: openai.OpenAI())


def _unresolved() -> BaseException:
    with name_failure():
        return _openai("https://acme-eastus.openai.azure.example/openai/v1")


def _answer_too_long() -> BaseException:
    completion = ChatCompletion.model_validate(
        {
            "id": "chatcmpl-1",
            "created": 1730000000,
            "model": "gpt-4o",
            "object": "chat.completion",
            "choices": [
                {"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": '{"total": 12'}}
            ],
        }
    )
    return openai.LengthFinishReasonError(completion=completion)


STARTED = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": [],
        "model": "claude-sonnet",
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 5, "output_tokens": 1},
    },
}
OVERLOADED_EVENT = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o", "choices": []}
FAILED_EVENT = {
    "error": {
        "message": "The server had an error processing your request. Sorry about that!",
        "type": "server_error",
        "param": None,
        "code": None,
    }
}

CASES = [
    Case(
        "openai_connection_refused",
        lambda: _openai(f"http://127.0.0.1:{closed_port()}/v1"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "APIConnectionError says only 'Connection error.'; its cause is a refusal.",
    ),
    Case(
        "openai_name_not_resolved",
        _unresolved,
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "APIConnectionError whose cause is the resolver's temporary failure.",
    ),
    Case(
        "openai_request_timed_out",
        lambda: _openai(f"http://127.0.0.1:{deaf_port()}/v1"),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "APITimeoutError from a read timeout: the completion may have been made and billed.",
    ),
    Case(
        "openai_rate_limited",
        lambda: _openai_said(
            429,
            "Rate limit reached for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000.",
            "tokens",
            "rate_limit_exceeded",
            retry_after="7",
            x_ratelimit_reset_tokens="6.2s",
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD,
        is_.TOO_EARLY,
        "Tokens per minute fill again; the answer says when.",
    ),
    Case(
        "openai_insufficient_quota",
        lambda: _openai_said(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "insufficient_quota",
            "insufficient_quota",
        ),
        ("rate_limit", "external_api"),
        False,
        is_.NO,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "A 429 that means the account's money is spent; waiting does not help.",
    ),
    Case(
        "openai_invalid_key",
        lambda: _openai_said(
            401, "Incorrect API key provided: sk-proj-****.", "invalid_request_error", "invalid_api_key"
        ),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The API key is not a valid one.",
    ),
    Case(
        "openai_country_not_supported",
        lambda: _openai_said(
            403,
            "Country, region, or territory not supported",
            "request_forbidden",
            "unsupported_country_region_territory",
        ),
        ("auth", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "A block by country stays.",
    ),
    Case(
        "openai_model_not_found",
        lambda: _openai_said(
            404,
            "The model `gpt-5-nano-x` does not exist or you do not have access to it.",
            "invalid_request_error",
            "model_not_found",
        ),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The configured model does not exist for this account.",
    ),
    Case(
        "openai_context_too_long",
        lambda: _openai_said(
            400,
            "This model's maximum context length is 128000 tokens. However, you gave 150234 tokens.",
            "invalid_request_error",
            "context_length_exceeded",
        ),
        ("validation",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The prompt is too long, and is so next time as well.",
    ),
    Case(
        "openai_content_filter",
        lambda: _openai_said(
            400,
            "The response was filtered due to the prompt triggering content management policy.",
            "invalid_request_error",
            "content_filter",
        ),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The prompt itself was refused.",
    ),
    Case(
        "openai_server_error",
        lambda: _openai_said(500, "The server had an error while processing your request.", "server_error"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The service failed on its own side while generating.",
    ),
    Case(
        "openai_engine_overloaded",
        lambda: _openai_said(503, "The engine is currently overloaded, please try again later", "server_error"),
        ("external_api", "rate_limit"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "The service has no capacity for the moment.",
    ),
    Case(
        "openai_error_inside_stream",
        lambda: _openai(_events(CHUNK, FAILED_EVENT), stream=True),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The stream had begun with 200 and then carried an error; APIError has no status.",
    ),
    Case(
        "openai_answer_of_other_shape",
        lambda: _openai(answer(200, b'{"object": "chat.completion", "choices": 3}'), True),
        ("external_api", "validation"),
        False,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "APIResponseValidationError on a 200: the schema of the answer is not the one expected.",
    ),
    Case(
        "openai_answer_hit_token_limit",
        _answer_too_long,
        ("external_api", "validation"),
        False,
        is_.YES | is_.UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The completion ended at max_tokens; the limit must be raised.",
    ),
    Case(
        "openai_key_not_set",
        _without_key,
        ("configuration", "auth"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "Neither argument nor environment gives a key.",
    ),
    Case(
        "anthropic_overloaded",
        lambda: _claude_said(529, "overloaded_error", "Overloaded"),
        ("external_api", "rate_limit"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "529: the service is overloaded for everybody and recovers.",
    ),
    Case(
        "anthropic_rate_limited",
        lambda: _claude_said(
            429,
            "rate_limit_error",
            "This request would exceed your organization's rate limit of 50,000 input tokens per minute.",
            retry_after="18",
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.WAIT_AS_TOLD,
        is_.TOO_EARLY,
        "The limit per minute comes free in the time given.",
    ),
    Case(
        "anthropic_credit_spent",
        lambda: _claude_said(
            400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."
        ),
        ("external_api", "rate_limit", "auth"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "A 400 that only a payment cures.",
    ),
    Case(
        "anthropic_prompt_too_long",
        lambda: _claude_said(400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
        ("validation",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The prompt does not fit the model.",
    ),
    Case(
        "anthropic_request_too_large",
        lambda: _claude_said(413, "request_too_large", "Request exceeds the maximum size"),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The body is above the limit in bytes.",
    ),
    Case(
        "anthropic_gateway_timeout",
        lambda: _claude_said(504, "timeout_error", "Request timed out. Please try again."),
        ("timeout", "external_api"),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "The service gave up on its own work, which may have been done.",
    ),
    Case(
        "anthropic_key_lacks_permission",
        lambda: _claude_said(
            403, "permission_error", "Your API key does not have permission to use the specified resource."
        ),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The key may not use this resource.",
    ),
    Case(
        "anthropic_overloaded_inside_stream",
        lambda: _claude(_events(STARTED, OVERLOADED_EVENT), stream=True),
        ("external_api", "rate_limit"),
        True,
        is_.YES_OR_UNKNOWN | is_.NO,
        is_.OVERLOADED,
        is_.WRONG_CURE,
        "The HTTP status is 200, but the event says overloaded.",
    ),
    Case(
        "anthropic_stream_cut",
        lambda: _claude(_events(STARTED, length=9000), stream=True),
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The connection broke in the middle of the stream.",
    ),
]
