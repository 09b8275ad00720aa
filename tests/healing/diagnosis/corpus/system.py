"""The operating system, the network beneath, and programming errors."""

from __future__ import annotations

import asyncio
import binascii
import concurrent.futures
import concurrent.futures.process
import decimal
import errno
import gzip
import io
import json
import pickle
import queue
import shutil
import socket
import ssl
import zlib
from pathlib import Path

import pydantic

from tests.healing.diagnosis.corpus.labels import CLEAR, NO, RESET, RETRY, UNKNOWN, C, like, oserror, raised, rows


def _validation() -> BaseException:
    class Model(pydantic.BaseModel):
        id: int

    return raised(lambda: Model(id="x"))  # type: ignore[arg-type]


SYSTEM = rows(
    ("refused", lambda: ConnectionRefusedError(errno.ECONNREFUSED, "x"), C.NETWORK, NO, RESET),
    ("refused without a number", lambda: ConnectionRefusedError("x"), C.NETWORK, NO, RESET),
    (
        "refused by a real socket",
        lambda: raised(lambda: socket.create_connection(("127.0.0.1", 1))),
        C.NETWORK,
        NO,
        RESET,
    ),
    ("reset", lambda: ConnectionResetError(errno.ECONNRESET, "x"), C.NETWORK, UNKNOWN, RESET),
    ("aborted", ConnectionAbortedError, C.NETWORK, UNKNOWN, RESET),
    ("broken pipe", lambda: BrokenPipeError(errno.EPIPE, "x"), C.NETWORK, UNKNOWN, RESET),
    ("an app's ConnectionError", lambda: like("app.Gone", ConnectionError), C.NETWORK, UNKNOWN, RESET),
    ("host unreachable", lambda: oserror(errno.EHOSTUNREACH), C.NETWORK, UNKNOWN, RESET),
    ("network unreachable", lambda: oserror(errno.ENETUNREACH), C.NETWORK, UNKNOWN, RESET),
    ("timed out by the kernel", lambda: oserror(errno.ETIMEDOUT), C.TIMEOUT, UNKNOWN, RETRY),
    ("socket timeout", lambda: TimeoutError("timed out"), C.TIMEOUT, UNKNOWN, RETRY),
    ("asyncio timeout", asyncio.TimeoutError, C.TIMEOUT, UNKNOWN, RETRY),
    ("future timeout", concurrent.futures.TimeoutError, C.TIMEOUT, UNKNOWN, RETRY),
    ("no such name", lambda: socket.gaierror(socket.EAI_NONAME, "x"), C.DNS, NO, RETRY),
    ("name server away", lambda: socket.gaierror(socket.EAI_AGAIN, "x"), C.DNS, NO, RETRY),
    ("no free port", lambda: oserror(errno.EADDRNOTAVAIL), C.RESOURCE, NO, RETRY),
    ("address in use", lambda: oserror(errno.EADDRINUSE), C.RESOURCE, NO, RETRY),
    ("too many files", lambda: oserror(errno.EMFILE), C.RESOURCE, NO, RETRY),
    ("disk full", lambda: oserror(errno.ENOSPC), C.RESOURCE, UNKNOWN, None),
    ("quota", lambda: oserror(errno.EDQUOT), C.RESOURCE, UNKNOWN, None),
    ("memory", MemoryError, C.RESOURCE, UNKNOWN, None),
    ("text file busy", lambda: oserror(errno.EBUSY), C.FILESYSTEM, NO, RETRY),
    ("would block", lambda: BlockingIOError(errno.EAGAIN, "x"), C.CONCURRENCY, UNKNOWN, RETRY),
    ("io error", lambda: oserror(errno.EIO), C.FILESYSTEM, UNKNOWN, RETRY),
    ("stale handle", lambda: oserror(errno.ESTALE), C.FILESYSTEM, UNKNOWN, RETRY),
    ("no such file", lambda: raised(Path("/nowhere/at/all").read_text), C.FILESYSTEM, UNKNOWN, None),
    ("is a directory", lambda: raised(Path("/").read_text), C.FILESYSTEM, UNKNOWN, None),
    ("exists", lambda: FileExistsError(errno.EEXIST, "x"), C.FILESYSTEM, UNKNOWN, None),
    ("permission", lambda: PermissionError(errno.EACCES, "x", "/etc/shadow"), C.FILESYSTEM, UNKNOWN, None),
    ("read-only file system", lambda: oserror(errno.EROFS), C.FILESYSTEM, UNKNOWN, None),
    ("shutil", lambda: shutil.Error("x"), C.FILESYSTEM, UNKNOWN, None),
    ("bad descriptor", lambda: oserror(errno.EBADF), C.PROGRAMMING, UNKNOWN, None),
    ("unsupported operation", lambda: raised(lambda: io.BytesIO().fileno()), C.PROGRAMMING, UNKNOWN, None),
    ("certificate", lambda: ssl.SSLCertVerificationError(1, "expired"), C.TLS, NO, None),
    ("tls eof", lambda: ssl.SSLEOFError(8, "eof"), C.TLS, UNKNOWN, RESET),
    ("tls version", lambda: ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), C.TLS, UNKNOWN, None),
    ("tls read timed out", lambda: ssl.SSLError("The read operation timed out"), C.TIMEOUT, UNKNOWN, RETRY),
    ("queue full", queue.Full, C.QUEUE, NO, RETRY),
    ("queue empty", lambda: raised(lambda: queue.SimpleQueue().get(block=False)), C.QUEUE, NO, RETRY),
    ("pool of workers broken", concurrent.futures.process.BrokenProcessPool, C.CONCURRENCY, UNKNOWN, RESET),
    ("cancelled", asyncio.CancelledError, C.CONCURRENCY, UNKNOWN, None),
    ("interrupted by hand", KeyboardInterrupt, C.CONCURRENCY, UNKNOWN, None),
    ("exit with what looks like a status", lambda: SystemExit(503), C.GENERAL, UNKNOWN, None),
    ("invalid state", asyncio.InvalidStateError, C.PROGRAMMING, UNKNOWN, None),
    ("stream cut off", lambda: asyncio.IncompleteReadError(b"", 4), C.NETWORK, UNKNOWN, RESET),
)

PROGRAMMING = rows(
    ("type", lambda: raised(lambda: 1 + "x"), C.PROGRAMMING, UNKNOWN, None),  # type: ignore[operator]
    ("name", lambda: NameError("x"), C.PROGRAMMING, UNKNOWN, None),
    ("attribute", lambda: raised(lambda: None.x), C.PROGRAMMING, UNKNOWN, None),  # type: ignore[attr-defined]
    ("key", lambda: raised(lambda: dict[str, int]()["x"]), C.PROGRAMMING, UNKNOWN, None),
    ("a key that reads like a status", lambda: KeyError("HTTP 503"), C.PROGRAMMING, UNKNOWN, None),
    ("index", lambda: raised(lambda: [][1]), C.PROGRAMMING, UNKNOWN, None),
    ("assertion", lambda: AssertionError("x"), C.PROGRAMMING, UNKNOWN, None),
    ("not implemented", NotImplementedError, C.PROGRAMMING, UNKNOWN, None),
    ("zero division", lambda: raised(lambda: 1 / 0), C.PROGRAMMING, UNKNOWN, None),
    ("recursion", RecursionError, C.PROGRAMMING, UNKNOWN, None),
    ("stop iteration", StopIteration, C.PROGRAMMING, UNKNOWN, None),
    ("import", lambda: ModuleNotFoundError("x"), C.CONFIGURATION, UNKNOWN, None),
    ("value", lambda: raised(lambda: int("x")), C.VALIDATION, UNKNOWN, None),
    ("value about a timeout", lambda: ValueError("connection timed out"), C.VALIDATION, UNKNOWN, None),
    ("decimal", lambda: raised(lambda: decimal.Decimal("x")), C.VALIDATION, UNKNOWN, None),
    ("base64", lambda: raised(lambda: binascii.a2b_base64("x")), C.VALIDATION, UNKNOWN, None),
    ("unicode", lambda: raised(lambda: b"\xff".decode()), C.VALIDATION, UNKNOWN, None),
    ("pydantic", _validation, C.VALIDATION, UNKNOWN, None),
    ("marshmallow", lambda: like("marshmallow.exceptions.ValidationError", ValueError), C.VALIDATION, UNKNOWN, None),
    ("an app's ValidationError", lambda: like("shop.ValidationError"), C.VALIDATION, UNKNOWN, None),
    ("django settings", lambda: like("django.core.exceptions.ImproperlyConfigured"), C.CONFIGURATION, UNKNOWN, None),
    ("django permission", lambda: like("django.core.exceptions.PermissionDenied"), C.AUTH, UNKNOWN, None),
    ("json", lambda: raised(lambda: json.loads("{")), C.CACHE, UNKNOWN, CLEAR),
    ("pickle", lambda: raised(lambda: pickle.loads(b"x")), C.CACHE, UNKNOWN, CLEAR),
    ("pickle cut off", lambda: raised(lambda: pickle.loads(b"")), C.CACHE, UNKNOWN, CLEAR),
    ("zlib", lambda: raised(lambda: zlib.decompress(b"x")), C.CACHE, UNKNOWN, CLEAR),
    ("gzip", lambda: raised(lambda: gzip.decompress(b"xx")), C.CACHE, UNKNOWN, CLEAR),
    ("torch", lambda: like("torch.OutOfMemoryError", RuntimeError), C.RESOURCE, UNKNOWN, None),
)
