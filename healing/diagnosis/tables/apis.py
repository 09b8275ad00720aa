"""Services that are called through SDKs of their own: models, payments, messages, search."""

from __future__ import annotations

from healing.diagnosis.rule import CONNECT, RATE, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

APIS = (
    Rule(
        name="sdk_timed_out",
        on="openai.APITimeoutError anthropic.APITimeoutError google.auth.exceptions.TimeoutError",
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the far end may have done the work all the same.",
    ),
    Rule(
        name="sdk_connect_timed_out",
        on="botocore.exceptions.ConnectTimeoutError",
        category=Category.TIMEOUT,
        course=CONNECT,
        says="No connection came about in time; the SDK may have sent the call before.",
    ),
    Rule(
        name="sdk_read_timed_out",
        on="botocore.exceptions.ReadTimeoutError",
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the far end may have done the work all the same.",
    ),
    Rule(
        name="sdk_connection",
        on=(
            "openai.APIConnectionError anthropic.APIConnectionError stripe._error.APIConnectionError"
            " stripe.error.APIConnectionError botocore.exceptions.EndpointConnectionError"
            " botocore.exceptions.ConnectionClosedError botocore.exceptions.ConnectionError"
            " botocore.exceptions.ResponseStreamingError google.auth.exceptions.TransportError"
            " openai.WebSocketConnectionClosedError"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        wraps=True,
        resends=True,
        says="The exchange with the service broke off.",
    ),
    Rule(
        name="sdk_rate_limited",
        on=(
            "code:rate_limit_exceeded code:rate_limit_error code:rate_limit code:ratelimited code:rate_limited"
            " twilio:20429 twilio:14107 twilio:30022 twilio:63018"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="The service refused the call because there were too many.",
    ),
    Rule(
        name="account_limit_reached",
        on=(
            "anthropic.ContractSpendLimitReachedError anthropic.EnforcedSpendLimitReachedError"
            " anthropic.PaymentRequiredError"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The account's limit is reached: a person has to raise it.",
    ),
    Rule(
        name="sdk_overloaded",
        on="code:overloaded_error code:server_error code:api_error code:engine_overloaded code:fatal_error",
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="The service is overloaded or failed; it may have done the work before.",
    ),
    Rule(
        name="sdk_object_locked",
        on="code:lock_timeout code:idempotency_key_in_use",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Another call holds the same object at the service, which refused this one.",
    ),
    Rule(
        name="sdk_conflict",
        on=(
            "openai.ConflictError anthropic.ConflictError elasticsearch.ConflictError"
            " opensearchpy.exceptions.ConflictError"
        ),
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Somebody else changed the object meanwhile, so the service did not; read it again and decide anew.",
    ),
    Rule(
        name="sdk_credentials",
        on=(
            "google.auth.exceptions.GoogleAuthError"
            " code:invalid_api_key code:authentication_error code:permission_error code:invalid_auth code:not_authed"
            " code:account_inactive code:token_revoked code:token_expired code:missing_scope code:no_permission"
            " twilio:20003 anthropic.CredentialsError"
            " stripe._error.SignatureVerificationError stripe.error.SignatureVerificationError"
            " openai.InvalidWebhookSignatureError anthropic.APIWebhookValidationError"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The service does not accept these credentials.",
    ),
    Rule(
        name="payment_declined",
        on="stripe._error.CardError stripe.error.CardError code:card_declined code:expired_card code:incorrect_cvc",
        category=Category.EXTERNAL_API,
        says="The card was declined: the customer has to act.",
    ),
    Rule(
        name="sdk_request_invalid",
        on=(
            "code:context_length_exceeded code:string_above_max_length"
            " stripe._error.IdempotencyError stripe.error.IdempotencyError"
            " code:invalid_arguments code:invalid_blocks code:msg_too_long code:no_text"
        ),
        category=Category.VALIDATION,
        says="The service does not accept what was sent.",
    ),
    Rule(
        name="answer_unusable",
        on="openai.LengthFinishReasonError openai.ContentFilterFinishReasonError",
        category=Category.EXTERNAL_API,
        executed=Executed.YES,
        says="The service answered, but cut or withheld what was asked for.",
    ),
    Rule(
        name="sdk_failed",
        on=(
            "openai.APIError anthropic.APIError stripe._error.APIError stripe.error.APIError"
            " code:internal_error code:service_unavailable code:request_timeout elastic_transport.ApiError"
            " openai.WebSocketQueueFullError"
        ),
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="The service reports an error without saying more; it may have done the work before.",
    ),
    Rule(
        name="sdk_set_up_wrongly",
        on=(
            "openai.OpenAIError slack_sdk.errors.SlackClientConfigurationError elasticsearch.UnsupportedProductError"
            " opensearchpy.exceptions.ImproperlyConfigured"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The SDK lacks a key or another setting.",
    ),
    Rule(
        name="service_said_no",
        on="xmlrpc.client.Fault slack_sdk.errors.SlackApiError",
        category=Category.EXTERNAL_API,
        says="The far end answered with a fault of its own.",
    ),
)
