"""Errors raised from others, groups of errors, and errors that only their message tells of."""

from __future__ import annotations

from tests.healing.diagnosis.corpus.http import requests_status
from tests.healing.diagnosis.corpus.labels import (
    NO,
    RATE,
    RESET,
    RETRY,
    ROLLBACK,
    UNKNOWN,
    AppError,
    C,
    caused,
    handling,
    raised,
    rows,
)

CHAINS = rows(
    (
        "an app's error from a refusal is trusted less",
        lambda: caused(AppError(), ConnectionRefusedError(111, "x")),
        C.NETWORK,
        UNKNOWN,
        RESET,
    ),
    ("an app's error from a 404", lambda: caused(AppError(), requests_status(404)), C.EXTERNAL_API, UNKNOWN, None),
    (
        "an app's error two steps from a timeout",
        lambda: caused(AppError(), caused(AppError(), TimeoutError())),
        C.TIMEOUT,
        UNKNOWN,
        RETRY,
    ),
    (
        "an app's error while handling a refusal",
        lambda: handling(AppError(), ConnectionRefusedError(111, "x")),
        C.NETWORK,
        UNKNOWN,
        RESET,
    ),
    (
        "a cache miss that was being handled is no reason",
        lambda: handling(AppError(), KeyError("x")),
        C.GENERAL,
        UNKNOWN,
        RETRY,
    ),
    ("a bug that was named as the reason", lambda: caused(AppError(), TypeError("x")), C.PROGRAMMING, UNKNOWN, None),
    (
        "a ValueError from a refusal",
        lambda: caused(ValueError("x"), ConnectionRefusedError(111, "x")),
        C.NETWORK,
        UNKNOWN,
        RESET,
    ),
    ("a ValueError from the unknown", lambda: caused(ValueError("x"), AppError()), C.VALIDATION, UNKNOWN, None),
    ("a suppressed context is no reason", lambda: raised(_from_none), C.GENERAL, UNKNOWN, RETRY),
    ("a runtime error", lambda: RuntimeError("x"), C.GENERAL, UNKNOWN, RETRY),
    ("a group of one", lambda: ExceptionGroup("x", [ConnectionRefusedError(111, "x")]), C.NETWORK, NO, RESET),
    (
        "a group with a permanent one",
        lambda: BaseExceptionGroup("x", [TimeoutError(), requests_status(404)]),
        C.EXTERNAL_API,
        UNKNOWN,
        None,
    ),
    (
        "a group of two refusals",
        lambda: ExceptionGroup("x", [ConnectionRefusedError(), ConnectionRefusedError()]),
        C.NETWORK,
        UNKNOWN,
        RESET,
    ),
    (
        "a group with an unknown one",
        lambda: ExceptionGroup("x", [TimeoutError(), AppError()]),
        C.GENERAL,
        UNKNOWN,
        RETRY,
    ),
)


def _from_none() -> None:
    try:
        raise TypeError
    except TypeError:
        raise AppError from None


MESSAGES = rows(
    ("an id that holds 502", lambda: AppError("order 150234 rejected"), C.GENERAL, UNKNOWN, RETRY),
    ("a 503 within a sentence", lambda: AppError("item 503 not in stock"), C.GENERAL, UNKNOWN, RETRY),
    ("timeout within a sentence", lambda: AppError("session_timeout must be positive"), C.GENERAL, UNKNOWN, RETRY),
    (
        "refused within a sentence",
        lambda: AppError("the customer refused: connection refused"),
        C.GENERAL,
        UNKNOWN,
        RETRY,
    ),
    ("a number alone", lambda: AppError("500"), C.GENERAL, UNKNOWN, RETRY),
    (
        "an error that begins with its status",
        lambda: AppError("HTTP 503 from upstream"),
        C.EXTERNAL_API,
        UNKNOWN,
        RETRY,
    ),
    ("as requests words it", lambda: AppError("503 Server Error: busy for url"), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("status code 429", lambda: AppError("status code: 429"), C.RATE_LIMIT, UNKNOWN, RATE),
    ("too many requests", lambda: AppError("Too Many Requests"), C.RATE_LIMIT, UNKNOWN, RATE),
    ("status 404", lambda: AppError("HTTP Error 404: Not Found"), C.EXTERNAL_API, UNKNOWN, None),
    ("status 401", lambda: AppError("HTTP/1.1 401 Unauthorized"), C.AUTH, UNKNOWN, None),
    ("connection refused, in words", lambda: AppError("Connection refused"), C.NETWORK, UNKNOWN, RESET),
    ("with its number", lambda: RuntimeError("[Errno 104] Connection reset by peer"), C.NETWORK, UNKNOWN, RESET),
    ("timed out, in words", lambda: AppError("Read timed out. (read timeout=3)"), C.TIMEOUT, UNKNOWN, RETRY),
    ("a name, in words", lambda: AppError("Temporary failure in name resolution"), C.DNS, UNKNOWN, RESET),
    ("an id after a colon", lambda: AppError("errors: 500 rows failed"), C.GENERAL, UNKNOWN, RETRY),
    ("a count that was returned", lambda: AppError("customer returned 500 items"), C.GENERAL, UNKNOWN, RETRY),
    ("after an upstream error", lambda: AppError("upstream error: HTTP 503"), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("who answered it", lambda: AppError("Payment provider returned HTTP 502"), C.EXTERNAL_API, UNKNOWN, RETRY),
    ("after a type", lambda: AppError("SomeError: Connection reset by peer"), C.NETWORK, UNKNOWN, RESET),
    ("what could not be done", lambda: AppError("could not load user 7: timed out"), C.TIMEOUT, UNKNOWN, RETRY),
    ("after urllib", lambda: AppError("<urlopen error [Errno 111] Connection refused>"), C.NETWORK, UNKNOWN, RESET),
    ("a lock, in words", lambda: AppError("Lock wait timeout exceeded; try again"), C.DATABASE, UNKNOWN, ROLLBACK),
    ("a deadlock, in words", lambda: AppError("db error: deadlock detected"), C.DATABASE, UNKNOWN, ROLLBACK),
    ("a pool, in words", lambda: AppError("connection pool exhausted"), C.DATABASE, UNKNOWN, RETRY),
    ("a server gone, in words", lambda: AppError("MySQL server has gone away"), C.DATABASE, UNKNOWN, RESET),
    ("a constraint, in words", lambda: AppError("UNIQUE constraint failed: t.a"), C.DATABASE, UNKNOWN, None),
    ("a certificate, in words", lambda: AppError("SSL: CERTIFICATE_VERIFY_FAILED"), C.TLS, UNKNOWN, None),
    ("no room, in words", lambda: AppError("[Errno 28] No space left on device"), C.RESOURCE, UNKNOWN, None),
    ("descriptors, in words", lambda: AppError("Too many open files"), C.RESOURCE, UNKNOWN, RETRY),
    ("a quota, in words", lambda: AppError("You exceeded your current quota"), C.RATE_LIMIT, UNKNOWN, None),
    ("a variable, in words", lambda: AppError("DATABASE_URL is not set"), C.CONFIGURATION, UNKNOWN, None),
    ("tensors", lambda: RuntimeError("mat1 and mat2 shapes cannot be multiplied"), C.PROGRAMMING, UNKNOWN, None),
    ("cuda", lambda: RuntimeError("CUDA out of memory. Tried to allocate"), C.RESOURCE, UNKNOWN, None),
)
