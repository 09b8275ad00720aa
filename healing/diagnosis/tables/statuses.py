"""HTTP statuses, and the names that libraries of all kinds give to them."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RATE, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

REFUSED_FOR_NOW = (
    Rule(
        name="quota_used_up",
        on="anthropic.BadRequestError openai.BadRequestError",
        message=re.compile(r"[^\n]{0,200}credit balance is too low"),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The account's credit is used up: a person has to raise it.",
    ),
    Rule(
        name="answer_says_no",
        on="answer:not_ok",
        category=Category.EXTERNAL_API,
        says="The far end answered, and its answer says that it did not do it.",
    ),
    Rule(
        name="quota_used_up",
        on=(
            "code:insufficient_quota code:billing_hard_limit_reached code:billing_not_active code:quota_exceeded"
            " code:credit_balance_too_low code:billing_error"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The account's quota is used up: a person has to raise it.",
    ),
    Rule(
        name="http_rate_limited",
        on=(
            "http:429 http:509 http:403+retry_after name:RateLimitError name:RateLimitExceeded"
            " name:RateLimitException"
            " name:RateLimited name:TooManyRequests name:TooManyRequestsError name:ThrottlingError"
            " name:ThrottlingException name:Throttled name:ThrottledError name:RateLimitExceededError"
            " name:RateLimitExceededException"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="The far end refused the call because there were too many.",
    ),
    Rule(
        name="http_unavailable_until",
        on="http:503+retry_after",
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RATE,
        says="The far end refused the call and said when to come back.",
    ),
    Rule(
        name="http_too_early",
        on="http:425",
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        says="The far end refused the call as too early.",
    ),
    Rule(
        name="http_locked",
        on="http:423 http:449",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Somebody else holds what the call needs; the far end did nothing.",
    ),
    Rule(
        name="http_misdirected",
        on="http:421",
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=CONNECT,
        says="The connection led to a server that does not answer for this host.",
    ),
    Rule(
        name="http_origin_unreachable",
        on="http:521 http:523",
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The CDN did not reach the server behind it, so the call never arrived.",
    ),
    Rule(
        name="http_request_timeout",
        on="http:408 http:598 http:599",
        category=Category.TIMEOUT,
        course=RETRY,
        says="The far end did not get or give the whole of it in time.",
    ),
    Rule(
        name="http_server_error",
        on=(
            "http:5xx name:ServiceUnavailable name:ServiceUnavailableError name:ServiceUnavailableException"
            " name:InternalServerError name:ServerError name:BadGateway name:BadGatewayError name:GatewayTimeout"
            " name:GatewayTimeoutError name:OverloadedError name:ServiceTemporarilyUnavailable"
        ),
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="The far end failed; it may have done the work before.",
    ),
)

REFUSED_FOR_GOOD = (
    Rule(
        name="http_not_supported",
        on="http:501 http:505 http:506 http:508 http:510 http:511 http:507",
        category=Category.EXTERNAL_API,
        severity=Severity.HIGH,
        says="The far end does not support such a call, or has no room for it.",
    ),
    Rule(
        name="http_origin_not_trusted",
        on="http:525 http:526",
        category=Category.EXTERNAL_API,
        severity=Severity.HIGH,
        says="The CDN does not trust the server behind it: a person has to mend its certificate.",
    ),
    Rule(
        name="http_unauthorised",
        on=(
            "http:401 http:403 http:407 name:AuthenticationError name:AuthenticationFailed name:AuthError"
            " name:AuthenticationException name:AuthorizationError name:PermissionDeniedError name:PermissionDenied"
            " name:Unauthorized name:UnauthorizedError name:UnauthorizedException name:Forbidden name:ForbiddenError"
            " name:AccessDenied name:AccessDeniedError name:InvalidCredentials name:InvalidCredentialsError"
            " name:TokenExpiredError name:TokenExpired name:ExpiredTokenError name:InvalidTokenError"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The far end does not accept who is calling.",
    ),
    Rule(
        name="http_not_there",
        on=(
            "http:404 http:405 http:409 http:410 http:412 http:402 http:451 http:424 http:426 http:428 http:444"
            " http:499 http:406"
        ),
        category=Category.EXTERNAL_API,
        says="The far end has said no for good: not there, not allowed or in conflict.",
    ),
    Rule(
        name="http_bad_request",
        on="http:4xx name:BadRequest name:BadRequestError name:BadRequestException name:UnprocessableEntity",
        category=Category.VALIDATION,
        says="The far end does not accept what was sent.",
    ),
    Rule(
        name="setting_wrong",
        on="name:ConfigurationError name:ConfigError name:ImproperlyConfigured name:MissingConfigError",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="By its name, a setting is wrong or missing.",
    ),
    Rule(
        name="circuit_open",
        on="name:CircuitBreakerError name:CircuitBreakerOpen name:CircuitOpenError name:CircuitBreakerOpenError",
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        says="A circuit breaker holds calls back, so this one never left.",
    ),
)

STATUSES = (*REFUSED_FOR_NOW, *REFUSED_FOR_GOOD)
