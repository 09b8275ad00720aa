"""The network beneath everything: connections, names, encryption."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

CONNECTIONS = (
    Rule(
        name="connection_refused",
        on="errno:ECONNREFUSED builtins.ConnectionRefusedError",
        category=Category.NETWORK,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="Nothing listens at the far end, so the call never arrived.",
    ),
    Rule(
        name="connection_reset",
        on=(
            "errno:ECONNRESET errno:ECONNABORTED errno:EPIPE errno:ESHUTDOWN errno:ENOTCONN errno:ENETRESET"
            " errno:EPROTO"
            " builtins.ConnectionError http.client.RemoteDisconnected http.client.IncompleteRead"
            " http.client.BadStatusLine asyncio.exceptions.IncompleteReadError anyio.BrokenResourceError"
            " anyio.EndOfStream anyio.IncompleteRead trio.BrokenResourceError tornado.iostream.StreamClosedError"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        says="The connection broke off; the far end may have done the work before.",
    ),
    Rule(
        name="unreachable",
        on="errno:EHOSTUNREACH errno:ENETUNREACH errno:ENETDOWN errno:EHOSTDOWN errno:ENONET errno:ENOLINK",
        category=Category.NETWORK,
        course=CONNECT,
        severity=Severity.HIGH,
        says="There is no route to the far end at the moment.",
    ),
    Rule(
        name="timed_out",
        on=(
            "errno:ETIMEDOUT errno:ETIME builtins.TimeoutError multiprocessing.context.TimeoutError trio.TooSlowError"
            " nats.errors.TimeoutError"
            " name:TimeoutException name:TimeoutError name:Timeout name:ReadTimeout name:ReadTimeoutError"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the far end may have done the work all the same.",
    ),
    Rule(
        name="connecting_timed_out",
        on="name:ConnectTimeout name:ConnectTimeoutError name:ConnectionTimeout",
        category=Category.TIMEOUT,
        course=CONNECT,
        says="By its name, no connection came about in time.",
    ),
    Rule(
        name="service_name_unknown",
        on="eai:-8 eai:-7 eai:-6",
        category=Category.CONFIGURATION,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The service or kind of socket that was asked for does not exist.",
    ),
    Rule(
        name="no_such_name",
        on="socket.herror dns.resolver.NXDOMAIN dns.resolver.NoAnswer dns.name.LabelTooLong",
        category=Category.DNS,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The name servers say that there is no such name or no such record.",
    ),
    Rule(
        name="name_not_resolved",
        on="socket.gaierror dns.exception.DNSException name:NameResolutionError name:DNSError",
        category=Category.DNS,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The host's name could not be resolved, so the call never left.",
    ),
    Rule(
        name="local_ports_used_up",
        on="errno:EADDRNOTAVAIL errno:ENOBUFS",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="This machine has no free port or buffer for a new connection.",
    ),
    Rule(
        name="address_in_use",
        on="errno:EADDRINUSE",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="Somebody listens at this address already, or did until a moment ago.",
    ),
)

ENCRYPTION = (
    Rule(
        name="certificate_invalid",
        on="ssl.SSLCertVerificationError ssl:CERTIFICATE_VERIFY_FAILED",
        category=Category.TLS,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The far end's certificate does not verify: a person has to renew or trust it.",
    ),
    Rule(
        name="tls_cut_off",
        on=(
            "ssl.SSLEOFError ssl.SSLZeroReturnError ssl.SSLSyscallError ssl.SSLWantReadError ssl.SSLWantWriteError"
            " ssl:UNEXPECTED_EOF_WHILE_READING ssl:DECRYPTION_FAILED_OR_BAD_RECORD_MAC ssl:BAD_RECORD_TYPE"
            " ssl:APPLICATION_DATA_AFTER_CLOSE_NOTIFY"
        ),
        category=Category.TLS,
        course=CONNECT,
        says="The encrypted connection was cut off.",
    ),
    Rule(
        name="tls_timed_out",
        on="ssl.SSLError",
        message=re.compile(r"(_ssl\.c:\d{1,6}: )?(The |the )?(read|write|handshake) operation timed out"),
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time on the encrypted connection.",
    ),
    Rule(
        name="tls_failed",
        on="ssl.SSLError",
        category=Category.TLS,
        severity=Severity.HIGH,
        says="The two sides do not agree on TLS: protocol, cipher or certificate.",
    ),
)

NETWORK = (*CONNECTIONS, *ENCRYPTION)
