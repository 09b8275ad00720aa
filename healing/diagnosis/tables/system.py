"""The interpreter, the operating system and the network beneath everything."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RETRY, STALE_CACHE, Rule
from healing.vocabulary import Category, Executed, Severity

NETWORK = (
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
            "errno:ECONNRESET errno:ECONNABORTED errno:EPIPE errno:ESHUTDOWN errno:ENOTCONN"
            " errno:ENETRESET builtins.ConnectionError http.client.RemoteDisconnected"
            " http.client.IncompleteRead http.client.BadStatusLine asyncio.exceptions.IncompleteReadError"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        says="The connection broke off; the far end may have done the work before.",
    ),
    Rule(
        name="unreachable",
        on="errno:EHOSTUNREACH errno:ENETUNREACH errno:ENETDOWN errno:EHOSTDOWN",
        category=Category.NETWORK,
        course=CONNECT,
        severity=Severity.HIGH,
        says="There is no route to the far end at the moment.",
    ),
    Rule(
        name="timed_out",
        on=(
            "errno:ETIMEDOUT builtins.TimeoutError concurrent.futures._base.TimeoutError"
            " asyncio.exceptions.TimeoutError"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the far end may have done the work all the same.",
    ),
    Rule(
        name="name_not_resolved",
        on="socket.gaierror socket.herror",
        category=Category.DNS,
        executed=Executed.NO,
        course=CONNECT,
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
        name="certificate_invalid",
        on="ssl.SSLCertVerificationError ssl.CertificateError",
        category=Category.TLS,
        severity=Severity.HIGH,
        says="The far end's certificate does not verify: a person has to renew or trust it.",
    ),
    Rule(
        name="tls_cut_off",
        on=("ssl.SSLEOFError ssl.SSLZeroReturnError ssl.SSLSyscallError ssl.SSLWantReadError ssl.SSLWantWriteError"),
        category=Category.TLS,
        course=CONNECT,
        says="The encrypted connection was cut off.",
    ),
    Rule(
        name="tls_timed_out",
        on="ssl.SSLError",
        message=re.compile(r"(The |the )?(read|write|handshake) operation timed out"),
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

RESOURCES = (
    Rule(
        name="descriptors_used_up",
        on="errno:EMFILE errno:ENFILE",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="Too many open files; some may be closed in a moment.",
    ),
    Rule(
        name="disk_full",
        on="errno:ENOSPC errno:EDQUOT errno:EFBIG",
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="No room left to write; a person has to make some.",
    ),
    Rule(
        name="out_of_memory",
        on="builtins.MemoryError errno:ENOMEM torch.OutOfMemoryError torch.cuda.OutOfMemoryError",
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="Out of memory: the same work would need as much again.",
    ),
    Rule(
        name="file_busy",
        on="errno:EBUSY errno:ETXTBSY errno:EDEADLK errno:ENOLCK",
        category=Category.FILESYSTEM,
        executed=Executed.NO,
        course=RETRY,
        says="The file or lock is in use at the moment.",
    ),
    Rule(
        name="would_block",
        on=("errno:EAGAIN errno:EWOULDBLOCK errno:EINTR builtins.BlockingIOError builtins.InterruptedError"),
        category=Category.CONCURRENCY,
        course=RETRY,
        severity=Severity.LOW,
        says="Not ready at the moment; some of it may have gone through.",
    ),
    Rule(
        name="input_output_error",
        on="errno:EIO errno:ESTALE errno:EREMOTEIO",
        category=Category.FILESYSTEM,
        course=RETRY,
        severity=Severity.HIGH,
        says="The device or network file system failed.",
    ),
    Rule(
        name="address_in_use",
        on="errno:EADDRINUSE",
        category=Category.CONFIGURATION,
        says="Another process already listens at this address.",
    ),
    Rule(
        name="file_operation_impossible",
        on=(
            "errno:ENOENT errno:EEXIST errno:ENOTDIR errno:EISDIR errno:ENOTEMPTY errno:ENAMETOOLONG"
            " errno:ELOOP errno:EXDEV errno:EROFS errno:EACCES errno:EPERM builtins.FileNotFoundError"
            " builtins.FileExistsError builtins.PermissionError builtins.IsADirectoryError"
            " builtins.NotADirectoryError shutil.Error"
        ),
        category=Category.FILESYSTEM,
        says="The path does not allow this operation, and will not allow it a moment later.",
    ),
    Rule(
        name="operation_on_wrong_handle",
        on="errno:EBADF errno:EINVAL errno:ENOTSOCK errno:ECHILD errno:ESRCH io.UnsupportedOperation",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The operation does not fit the file, socket or process that it was given.",
    ),
)

CONCURRENCY = (
    Rule(
        name="queue_full",
        on="queue.Full asyncio.queues.QueueFull",
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        says="The queue is full, so nothing was added.",
    ),
    Rule(
        name="queue_empty",
        on="_queue.Empty queue.Empty asyncio.queues.QueueEmpty",
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.LOW,
        says="The queue holds nothing yet.",
    ),
    Rule(
        name="workers_died",
        on="concurrent.futures._base.BrokenExecutor concurrent.futures.process.BrokenProcessPool",
        category=Category.CONCURRENCY,
        course=CONNECT,
        severity=Severity.HIGH,
        says="A worker of the pool died in the middle of its work.",
    ),
    Rule(
        name="stopped_from_outside",
        on=(
            "asyncio.exceptions.CancelledError concurrent.futures._base.CancelledError"
            " builtins.KeyboardInterrupt builtins.SystemExit builtins.GeneratorExit"
        ),
        category=Category.CONCURRENCY,
        severity=Severity.LOW,
        says="The work was cancelled on purpose.",
    ),
    Rule(
        name="future_in_wrong_state",
        on="asyncio.exceptions.InvalidStateError concurrent.futures._base.InvalidStateError",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="A future or task was used in a state that does not allow it.",
    ),
)

DECODING = (
    Rule(
        name="answer_not_decodable",
        on="json.decoder.JSONDecodeError builtins.UnicodeDecodeError zlib.error",
        within=frozenset({"requests", "httpx", "httpx2", "aiohttp", "urllib3"}),
        category=Category.EXTERNAL_API,
        course=RETRY,
        says="The far end answered, but its answer is malformed.",
    ),
    Rule(
        name="stored_value_not_decodable",
        on=(
            "json.decoder.JSONDecodeError _pickle.UnpicklingError pickle.UnpicklingError zlib.error"
            " _lzma.LZMAError gzip.BadGzipFile zipfile.BadZipFile"
        ),
        category=Category.CACHE,
        course=STALE_CACHE,
        says="What was read cannot be decoded; where it comes from a cache, the entry is corrupt.",
    ),
)

PROGRAMMING = (
    Rule(
        name="missing_module",
        on="builtins.ImportError",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="A module or name is not installed here.",
    ),
    Rule(
        name="recursion_too_deep",
        on="builtins.RecursionError",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The code calls itself without an end.",
    ),
    Rule(
        name="invalid_value",
        on="builtins.ValueError binascii.Error decimal.InvalidOperation name:ValidationError",
        category=Category.VALIDATION,
        yields=True,
        says="A value is not acceptable, and will not become so by trying again.",
    ),
    Rule(
        name="bug",
        on=(
            "builtins.TypeError builtins.NameError builtins.AttributeError builtins.LookupError"
            " builtins.AssertionError builtins.NotImplementedError builtins.ArithmeticError"
            " builtins.SyntaxError builtins.BufferError builtins.ReferenceError builtins.SystemError"
            " builtins.StopIteration builtins.StopAsyncIteration builtins.Warning"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The code itself is wrong for this case: the same call fails the same way.",
    ),
    Rule(
        name="unexpected_end",
        on="builtins.EOFError",
        category=Category.CACHE,
        course=STALE_CACHE,
        says="The input ended too early; where it comes from a cache, the entry is cut off.",
    ),
)

SYSTEM = (*NETWORK, *RESOURCES, *CONCURRENCY, *DECODING, *PROGRAMMING)
