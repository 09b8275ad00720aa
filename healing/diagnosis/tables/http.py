"""HTTP statuses, HTTP clients, and the services that are reached through them."""

from __future__ import annotations

from healing.diagnosis.rule import CONNECT, RATE, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

STATUSES = (
    Rule(
        name="quota_used_up",
        on="code:insufficient_quota code:billing_hard_limit_reached",
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The account's quota is used up: a person has to raise it.",
    ),
    Rule(
        name="http_rate_limited",
        on="http:429 http:403+retry_after name:RateLimitError name:TooManyRequests",
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
        name="http_request_timeout",
        on="http:408",
        category=Category.TIMEOUT,
        course=RETRY,
        says="The far end did not get the whole request in time.",
    ),
    Rule(
        name="http_not_supported",
        on="http:501 http:505 http:511",
        category=Category.EXTERNAL_API,
        severity=Severity.HIGH,
        says="The far end does not support such a call.",
    ),
    Rule(
        name="http_server_error",
        on="http:5xx",
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="The far end failed; it may have done the work before.",
    ),
    Rule(
        name="http_unauthorised",
        on="http:401 http:403 http:407 name:AuthenticationError name:PermissionDeniedError",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The far end does not accept who is calling.",
    ),
    Rule(
        name="http_not_there",
        on="http:404 http:405 http:409 http:410 http:412 http:402 http:451",
        category=Category.EXTERNAL_API,
        says="The far end has said no for good: not there, not allowed or in conflict.",
    ),
    Rule(
        name="http_bad_request",
        on="http:4xx",
        category=Category.VALIDATION,
        says="The far end does not accept what was sent.",
    ),
)

CONNECTING = (
    Rule(
        name="http_connect",
        on=(
            "urllib3.exceptions.NewConnectionError urllib3.exceptions.NameResolutionError"
            " httpx.ConnectError httpx2.ConnectError httpcore.ConnectError httpcore2.ConnectError"
            " aiohttp.client_exceptions.ClientConnectorError azure.core.exceptions.ServiceRequestError"
            " elastic_transport.ConnectionError"
        ),
        category=Category.NETWORK,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="No connection to the far end came about, so the call never arrived.",
    ),
    Rule(
        name="http_connect_timed_out",
        on=(
            "requests.exceptions.ConnectTimeout urllib3.exceptions.ConnectTimeoutError"
            " httpx.ConnectTimeout httpx2.ConnectTimeout httpcore.ConnectTimeout httpcore2.ConnectTimeout"
            " aiohttp.client_exceptions.ConnectionTimeoutError"
            " azure.core.exceptions.ServiceRequestTimeoutError"
        ),
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=CONNECT,
        wraps=True,
        says="No connection came about in time, so the call never arrived.",
    ),
    Rule(
        name="http_pool_exhausted",
        on="httpx.PoolTimeout httpx2.PoolTimeout urllib3.exceptions.EmptyPoolError",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="All connections of the pool are in use, so the call never left.",
    ),
)

ANSWERING = (
    Rule(
        name="http_read_timed_out",
        on=(
            "requests.exceptions.Timeout urllib3.exceptions.TimeoutError httpx.TimeoutException"
            " httpx2.TimeoutException httpcore.TimeoutException"
            " aiohttp.client_exceptions.ServerTimeoutError"
            " azure.core.exceptions.ServiceResponseTimeoutError botocore.exceptions.ReadTimeoutError"
            " elastic_transport.ConnectionTimeout"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the far end may have done the work all the same.",
    ),
    Rule(
        name="http_broken_off",
        on=(
            "requests.exceptions.ConnectionError requests.exceptions.ChunkedEncodingError"
            " urllib3.exceptions.MaxRetryError urllib3.exceptions.ProtocolError"
            " urllib3.exceptions.HTTPError httpx.NetworkError httpx.RemoteProtocolError"
            " httpx2.NetworkError httpx2.RemoteProtocolError httpx.TransportError httpx2.TransportError"
            " httpcore.NetworkError aiohttp.client_exceptions.ClientConnectionError"
            " aiohttp.client_exceptions.ClientPayloadError urllib.error.URLError"
            " urllib.error.ContentTooShortError botocore.exceptions.HTTPClientError"
            " azure.core.exceptions.ServiceResponseError elastic_transport.TransportError"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        wraps=True,
        says="The exchange broke off; the far end may have done the work before.",
    ),
    Rule(
        name="http_tls_failed",
        on=("requests.exceptions.SSLError urllib3.exceptions.SSLError aiohttp.client_exceptions.ClientSSLError"),
        category=Category.TLS,
        severity=Severity.HIGH,
        wraps=True,
        says="No encrypted connection came about.",
    ),
    Rule(
        name="http_malformed_answer",
        on=(
            "requests.exceptions.JSONDecodeError requests.exceptions.ContentDecodingError"
            " httpx.DecodingError httpx2.DecodingError urllib3.exceptions.DecodeError"
            " aiohttp.client_exceptions.ContentTypeError"
        ),
        category=Category.EXTERNAL_API,
        course=RETRY,
        says="The far end answered, but its answer is malformed.",
    ),
    Rule(
        name="http_wrong_use",
        on=(
            "requests.exceptions.InvalidURL requests.exceptions.MissingSchema"
            " requests.exceptions.InvalidSchema httpx.InvalidURL httpx.UnsupportedProtocol"
            " httpx.LocalProtocolError httpx2.UnsupportedProtocol aiohttp.client_exceptions.InvalidURL"
            " urllib3.exceptions.LocationValueError http.client.InvalidURL"
            " requests.exceptions.InvalidHeader"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The address or header of the call is malformed.",
    ),
    Rule(
        name="http_redirect_loop",
        on=("requests.exceptions.TooManyRedirects httpx.TooManyRedirects aiohttp.client_exceptions.TooManyRedirects"),
        category=Category.EXTERNAL_API,
        says="The far end redirects without an end.",
    ),
    Rule(
        name="http_retries_exhausted",
        on="requests.exceptions.RetryError",
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="The client has tried again by itself and got no good answer.",
    ),
)

SERVICES = (
    Rule(
        name="sdk_timed_out",
        on="openai.APITimeoutError anthropic.APITimeoutError",
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the far end may have done the work all the same.",
    ),
    Rule(
        name="sdk_connection",
        on=(
            "openai.APIConnectionError anthropic.APIConnectionError stripe._error.APIConnectionError"
            " stripe.error.APIConnectionError botocore.exceptions.EndpointConnectionError"
            " botocore.exceptions.ConnectTimeoutError botocore.exceptions.ConnectionClosedError"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        wraps=True,
        resends=True,
        says="The exchange with the service broke off.",
    ),
    Rule(
        name="sdk_credentials",
        on=(
            "botocore.exceptions.NoCredentialsError botocore.exceptions.PartialCredentialsError"
            " aws:AccessDenied aws:AccessDeniedException aws:ExpiredToken aws:ExpiredTokenException"
            " aws:InvalidClientTokenId aws:SignatureDoesNotMatch aws:UnrecognizedClientException"
            " grpc:UNAUTHENTICATED grpc:PERMISSION_DENIED azure.core.exceptions.ClientAuthenticationError"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The service does not accept these credentials.",
    ),
    Rule(
        name="sdk_rate_limited",
        on=(
            "aws:Throttling aws:ThrottlingException aws:ThrottledException aws:RequestLimitExceeded"
            " aws:TooManyRequestsException aws:ProvisionedThroughputExceededException aws:SlowDown"
            " aws:RequestThrottled aws:BandwidthLimitExceeded grpc:RESOURCE_EXHAUSTED"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="The service refused the call because there were too many.",
    ),
    Rule(
        name="sdk_unavailable",
        on=("aws:ServiceUnavailable aws:InternalError aws:InternalFailure aws:RequestTimeout grpc:UNAVAILABLE"),
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="The service failed; it may have done the work before.",
    ),
    Rule(
        name="sdk_deadline",
        on="grpc:DEADLINE_EXCEEDED",
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the service may have done the work all the same.",
    ),
    Rule(
        name="sdk_contention",
        on="grpc:ABORTED aws:TransactionConflictException",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="The service gave up this call in favour of a competing one.",
    ),
    Rule(
        name="sdk_refused",
        on=(
            "grpc:INVALID_ARGUMENT grpc:FAILED_PRECONDITION grpc:OUT_OF_RANGE grpc:ALREADY_EXISTS"
            " grpc:NOT_FOUND grpc:UNIMPLEMENTED aws:ValidationException"
            " aws:ConditionalCheckFailedException aws:NoSuchKey aws:NoSuchBucket"
            " aws:ResourceNotFoundException botocore.exceptions.ParamValidationError"
        ),
        category=Category.VALIDATION,
        says="The service does not accept what was asked of it.",
    ),
)

HTTP = (*STATUSES, *CONNECTING, *ANSWERING, *SERVICES)
