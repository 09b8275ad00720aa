"""HTTP clients and sockets of the web: what fails before, during and after an exchange."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

CONNECTING = (
    Rule(
        name="http_name_not_resolved",
        on="urllib3.exceptions.NameResolutionError aiohttp.client_exceptions.ClientConnectorDNSError",
        category=Category.DNS,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The host's name could not be resolved, so the call never left.",
    ),
    Rule(
        name="http_connect",
        on=(
            "urllib3.exceptions.NewConnectionError httpx.ConnectError httpx2.ConnectError httpcore.ConnectError"
            " httpcore2.ConnectError aiohttp.client_exceptions.ClientConnectorError httpx.ProxyError"
            " httpx2.ProxyError"
            " httpcore.ProxyError httpcore2.ProxyError azure.core.exceptions.ServiceRequestError"
            " elastic_transport.ConnectionError websockets.exceptions.InvalidMessage websockets.exceptions.ProxyError"
            " websocket._exceptions.WebSocketProxyException websocket._exceptions.WebSocketAddressException"
            " anyio.ConnectionFailed"
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
            "requests.exceptions.ConnectTimeout urllib3.exceptions.ConnectTimeoutError httpx.ConnectTimeout"
            " httpx2.ConnectTimeout httpcore.ConnectTimeout httpcore2.ConnectTimeout"
            " aiohttp.client_exceptions.ConnectionTimeoutError azure.core.exceptions.ServiceRequestTimeoutError"
        ),
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=CONNECT,
        wraps=True,
        says="No connection came about in time, so the call never arrived.",
    ),
    Rule(
        name="http_pool_exhausted",
        on=(
            "httpx.PoolTimeout httpx2.PoolTimeout httpcore.PoolTimeout httpcore2.PoolTimeout"
            " urllib3.exceptions.EmptyPoolError urllib3.exceptions.FullPoolError"
        ),
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="All connections of the pool are in use, so the call never left.",
    ),
    Rule(
        name="http_connection_in_wrong_state",
        on="http.client.CannotSendRequest http.client.CannotSendHeader httpcore.ConnectionNotAvailable",
        category=Category.NETWORK,
        executed=Executed.NO,
        course=CONNECT,
        says="The kept connection still waits for an earlier answer, so the call never left.",
    ),
)

EXCHANGING = (
    Rule(
        name="http_read_timed_out",
        on=(
            "requests.exceptions.Timeout urllib3.exceptions.TimeoutError httpx.TimeoutException"
            " httpx2.TimeoutException"
            " httpcore.TimeoutException httpcore2.TimeoutException aiohttp.client_exceptions.ServerTimeoutError"
            " azure.core.exceptions.ServiceResponseTimeoutError elastic_transport.ConnectionTimeout"
            " opensearchpy.exceptions.ConnectionTimeout websocket._exceptions.WebSocketTimeoutException"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the far end may have done the work all the same.",
    ),
    Rule(
        name="http_tls_failed",
        on=(
            "requests.exceptions.SSLError urllib3.exceptions.SSLError aiohttp.client_exceptions.ClientSSLError"
            " aiohttp.client_exceptions.ServerFingerprintMismatch elastic_transport.TlsError"
            " aiohttp.client_exceptions.ClientConnectorCertificateError"
            " aiohttp.client_exceptions.ClientConnectorSSLError"
            " opensearchpy.exceptions.SSLError botocore.exceptions.SSLError"
        ),
        category=Category.TLS,
        severity=Severity.HIGH,
        wraps=True,
        says="No encrypted connection came about.",
    ),
    Rule(
        name="http_wrong_address",
        on="urllib.error.URLError",
        message=re.compile(r"unknown url type|no host given|not an absolute|file not on local host"),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The address of the call is malformed.",
    ),
    Rule(
        name="http_broken_off",
        on=(
            "requests.exceptions.ConnectionError requests.exceptions.ChunkedEncodingError"
            " urllib3.exceptions.MaxRetryError urllib3.exceptions.ProtocolError urllib3.exceptions.HTTPError"
            " httpx.NetworkError httpx.RemoteProtocolError httpx2.NetworkError httpx2.RemoteProtocolError"
            " httpx.TransportError httpx2.TransportError httpcore.NetworkError httpcore.RemoteProtocolError"
            " httpcore2.NetworkError httpcore2.RemoteProtocolError h11._util.RemoteProtocolError"
            " aiohttp.client_exceptions.ClientConnectionError aiohttp.client_exceptions.ClientPayloadError"
            " aiohttp.http_exceptions.PayloadEncodingError urllib.error.URLError urllib.error.ContentTooShortError"
            " botocore.exceptions.HTTPClientError botocore.exceptions.IncompleteReadError"
            " azure.core.exceptions.ServiceResponseError azure.core.exceptions.IncompleteReadError"
            " elastic_transport.TransportError opensearchpy.exceptions.ConnectionError"
            " websockets.exceptions.ConnectionClosed websocket._exceptions.WebSocketConnectionClosedException"
            " tornado.websocket.WebSocketClosedError urllib3.exceptions.ClosedPoolError"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        wraps=True,
        says="The exchange broke off; the far end may have done the work before.",
    ),
    Rule(
        name="http_malformed_answer",
        on=(
            "requests.exceptions.JSONDecodeError requests.exceptions.ContentDecodingError httpx.DecodingError"
            " httpx2.DecodingError urllib3.exceptions.DecodeError aiohttp.client_exceptions.ContentTypeError"
            " aiohttp.http_exceptions.ContentEncodingError"
            " openai.APIResponseValidationError anthropic.APIResponseValidationError"
            " azure.core.exceptions.DecodeError"
            " azure.core.exceptions.DeserializationError botocore.parsers.ResponseParserError"
            " elastic_transport.SerializationError xmlrpc.client.ResponseError"
        ),
        category=Category.EXTERNAL_API,
        executed=Executed.YES,
        course=RETRY,
        says="The far end did the work and answered, but its answer is malformed.",
    ),
    Rule(
        name="http_answer_not_understood",
        on=(
            "http.client.UnknownProtocol http.client.UnknownTransferEncoding"
            " http.client.HTTPException urllib3.exceptions.HeaderParsingError"
            " aiohttp.http_exceptions.HttpProcessingError"
            " aiohttp.client_exceptions.ClientResponseError"
        ),
        category=Category.EXTERNAL_API,
        course=RETRY,
        says="The far end answered with something that is no HTTP.",
    ),
    Rule(
        name="http_redirect_loop",
        on="urllib3.exceptions.ResponseError",
        message=re.compile(r"too many redirects"),
        category=Category.EXTERNAL_API,
        says="The far end redirects without an end.",
    ),
    Rule(
        name="http_answer_too_large",
        on="http.client.LineTooLong",
        category=Category.EXTERNAL_API,
        says="The far end answered with more or longer headers than the client takes.",
    ),
    Rule(
        name="http_redirect_loop",
        on=(
            "http:3xx requests.exceptions.TooManyRedirects httpx.TooManyRedirects httpx2.TooManyRedirects"
            " aiohttp.client_exceptions.TooManyRedirects azure.core.exceptions.TooManyRedirectsError"
        ),
        category=Category.EXTERNAL_API,
        says="The far end redirects without an end.",
    ),
    Rule(
        name="http_retries_exhausted",
        on="requests.exceptions.RetryError urllib3.exceptions.ResponseError",
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="The client has tried again by itself and got no good answer.",
    ),
)

CALLING = (
    Rule(
        name="http_header_invalid",
        on=(
            "requests.exceptions.InvalidHeader httpx.LocalProtocolError httpx2.LocalProtocolError"
            " urllib3.exceptions.InvalidHeader"
        ),
        category=Category.VALIDATION,
        severity=Severity.HIGH,
        says="A header or the body of the call is malformed.",
    ),
    Rule(
        name="http_wrong_address",
        on=(
            "requests.exceptions.InvalidURL requests.exceptions.MissingSchema requests.exceptions.InvalidSchema"
            " requests.exceptions.URLRequired httpx.InvalidURL httpx.UnsupportedProtocol httpx2.InvalidURL"
            " httpx2.UnsupportedProtocol httpcore.UnsupportedProtocol aiohttp.client_exceptions.InvalidURL"
            " aiohttp.client_exceptions.NonHttpUrlClientError urllib3.exceptions.LocationValueError"
            " http.client.InvalidURL urllib3.exceptions.ProxySchemeUnknown"
            " urllib3.exceptions.ProxySchemeUnsupported websockets.exceptions.InvalidURI"
            " websockets.exceptions.InvalidProxy"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The address or header of the call is malformed.",
    ),
    Rule(
        name="http_wrong_use",
        on=(
            "httpx.StreamError httpx2.StreamError httpx.CookieConflict requests.exceptions.StreamConsumedError"
            " requests.exceptions.InvalidJSONError requests.exceptions.UnrewindableBodyError"
            " http.client.ImproperConnectionState http.client.NotConnected urllib3.exceptions.TimeoutStateError"
            " urllib3.exceptions.BodyNotHttplibCompatible h11._util.LocalProtocolError httpcore.LocalProtocolError"
            " azure.core.exceptions.StreamConsumedError azure.core.exceptions.StreamClosedError"
            " azure.core.exceptions.ResponseNotReadError websockets.exceptions.InvalidState"
            " websockets.exceptions.ConcurrencyError"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The HTTP library is used in a way that cannot work.",
    ),
)

WEB_SOCKETS = (
    Rule(
        name="ws_server_restarts",
        on="ws:1011 ws:1012 ws:1013 ws:1014",
        category=Category.EXTERNAL_API,
        course=CONNECT,
        says="The far end closed the socket over trouble of its own, and asks to come back later.",
    ),
    Rule(
        name="ws_refused_for_good",
        on="ws:1002 ws:1003 ws:1007 ws:1008 ws:1010",
        category=Category.EXTERNAL_API,
        says="The far end closed the socket because of what it was sent.",
    ),
    Rule(
        name="ws_message_too_big",
        on="ws:1009 websockets.exceptions.PayloadTooBig",
        category=Category.VALIDATION,
        says="The message is larger than the other side takes.",
    ),
    Rule(
        name="ws_handshake_failed",
        on=(
            "websockets.exceptions.InvalidHandshake websockets.exceptions.ProtocolError"
            " websocket._exceptions.WebSocketProtocolException websocket._exceptions.WebSocketPayloadException"
            " websocket._exceptions.WebSocketBadStatusException"
        ),
        category=Category.EXTERNAL_API,
        severity=Severity.HIGH,
        says="The two sides do not speak the same protocol.",
    ),
)

HTTP_CLIENTS = (*CONNECTING, *EXCHANGING, *CALLING, *WEB_SOCKETS)
