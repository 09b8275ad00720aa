"""What an exception tells of itself.

`keys` names the facts in the order in which rules are asked: a provider's code, SQLSTATE, HTTP status, errno,
then the types along the MRO.
"""

from __future__ import annotations

import errno as errno_module
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from healing.diagnosis.providers import PROVIDERS, Reader
from healing.diagnosis.reading import DEEPEST_TRACEBACK, arguments, entry, kind, number, path, traceback_of
from healing.diagnosis.retry_after import parse_retry_after
from healing.lineage import cause
from healing.strangers import attribute, is_a, speaks

WITHOUT_STATUS = frozenset(
    {
        *("aio_pika", "aiokafka", "aiormq", "aiosmtplib", "amqp", "asyncpg", "asyncssh", "celery", "cimpl"),
        *("confluent_kafka", "kafka", "kombu", "ldap", "ldap3", "mysql", "MySQLdb", "oracledb", "paramiko", "pika"),
        *("psycopg", "psycopg2", "pymongo", "pymysql", "pyodbc", "redis", "smtplib", "sqlalchemy", "sqlite3"),
        *("subprocess", "websockets", "xml"),
    }
)
"""Packages whose `code` and `status` are no HTTP status."""

WITHOUT_ERRNO = frozenset({"ssl.SSLError", "socket.gaierror", "socket.herror", "smtplib.SMTPException"})
"""Kinds of OSError whose numbers count something else."""

TRANSPARENT = frozenset({"json", "simplejson", "codecs", "encodings", "gzip", "pydantic"})
"""Packages that only work for the one that called them."""

JSON_ERRORS = frozenset({"json.decoder.JSONDecodeError", "simplejson.errors.JSONDecodeError"})

ANSWERS = frozenset({"requests.models", "httpx._models", "httpx2._models", "aiohttp.client_reqrep"})
"""Modules whose frames hold an HTTP answer as `self`."""


STATUS_NAMES = ("status_code", "http_status", "status", "code", "response_code")
HOLDERS = ("response", "resp", "meta")
"""Attributes that may hold an HTTP answer."""
STATUS = frozenset({*STATUS_NAMES, *HOLDERS})
WAITING = frozenset({"response", "headers", "meta", "retry_after"})
SQLSTATE_NAMES = ("sqlstate", "pgcode")
SQLSTATE = frozenset(SQLSTATE_NAMES)


@lru_cache(maxsize=2048)
def _readers(packages: frozenset[str]) -> tuple[Reader, ...]:
    return tuple(reader for package, reader in PROVIDERS if package in packages)


def keys(error: BaseException) -> Iterator[str]:
    known = kind(type(error))
    for reader in _readers(known.packages):
        yield from reader(error)
    yield from _sqlstate(error)
    if is_a(error, Exception) and known.packages.isdisjoint(WITHOUT_STATUS):
        yield from _http(error)
    if known.names[0] in JSON_ERRORS and _is_markup(error):
        yield "json:markup"
    if is_a(error, OSError) and WITHOUT_ERRNO.isdisjoint(known.names):
        found = attribute(error, "errno")
        if type(found) is int:
            yield f"errno:{errno_module.errorcode.get(found, found)}"
    if entry(attribute(error, "response"), "ok") is False:
        yield "answer:not_ok"
    yield from known.names
    yield f"name:{known.names[0].rpartition('.')[2]}"


def _is_markup(error: BaseException) -> bool:
    """Whether what was no JSON begins as HTML and XML do."""
    document = attribute(error, "doc")
    return type(document) is str and document[:200].lstrip()[:1] == "<"


def _sqlstate(error: BaseException) -> Iterator[str]:
    for name in SQLSTATE_NAMES if speaks(error, SQLSTATE) else ():
        state = attribute(error, name)
        if type(state) is str and len(state) == 5:
            yield f"sqlstate:{state}"
            yield f"sqlstate:{state[:2]}"
            return


def _http(error: BaseException) -> Iterator[str]:
    status = http_status(error)
    if status is None:
        return
    if _asked_to_wait(error) or (status == 403 and _header(error, "X-RateLimit-Remaining") == "0"):
        yield f"http:{status}+retry_after"
    yield f"http:{status}"
    yield f"http:{status // 100}xx"


def http_status(error: BaseException) -> int | None:
    for thing, name in _places(error) if speaks(error, STATUS) else ():
        value = number(attribute(thing, name))
        if value is not None and 300 <= value <= 599:
            return value
    return _status_of_answer(error)


def _places(error: BaseException) -> Iterator[tuple[object, str]]:
    for holder in HOLDERS:
        found = attribute(error, holder)
        if found is not None:
            yield from ((found, "status_code"), (found, "status"))
    yield from ((error, name) for name in STATUS_NAMES)


def _status_of_answer(error: BaseException) -> int | None:
    """The status of an answer that could not be decoded, from the frame that tried: an error page is seldom JSON."""
    if not is_a(error, ValueError):
        return None
    step = traceback_of(error)
    for _ in range(DEEPEST_TRACEBACK):
        if step is None:
            break
        if step.tb_frame.f_globals.get("__name__") in ANSWERS:
            answer = step.tb_frame.f_locals.get("self")
            status = number(attribute(answer, "status_code")) or number(attribute(answer, "status"))
            return status if status is not None and 400 <= status <= 599 else None
        step = step.tb_next
    return None


def retry_after(error: BaseException, now: float) -> float | None:
    """Seconds from `now` for which the far end asked; None where it did not."""
    if not speaks(error, WAITING):
        return None
    milliseconds = _header(error, "retry-after-ms")
    if milliseconds is not None and milliseconds.isdecimal():
        return int(milliseconds[:9]) / 1000
    text = _header(error, "Retry-After")
    if text is not None:
        return parse_retry_after(text, now)
    value = attribute(error, "retry_after")
    return parse_retry_after(str(value), now) if _is_wait(value) else None


def _asked_to_wait(error: BaseException) -> bool:
    return _header(error, "Retry-After") is not None or _is_wait(attribute(error, "retry_after"))


def _is_wait(value: object) -> bool:
    return (type(value) is int or type(value) is float) and value >= 0


def _header(error: BaseException, name: str) -> str | None:
    for headers in _headers(error):
        if headers is not None:
            found = entry(headers, name, name.lower()) if is_a(headers, dict) else entry(headers, name)
            if type(found) is str:
                return found
    return None


def _headers(error: BaseException) -> Iterator[Any]:
    response = attribute(error, "response")
    yield attribute(response, "headers")
    yield attribute(error, "headers")
    yield attribute(attribute(error, "meta"), "headers")
    yield path(response, "ResponseMetadata", "HTTPHeaders")


def raised_within(error: BaseException) -> str:
    """The top-level package of the innermost frame that is not a decoder's or the like."""
    package, step = "", traceback_of(error)
    for _ in range(DEEPEST_TRACEBACK):
        if step is None:
            break
        name = step.tb_frame.f_globals.get("__name__")
        found = name.partition(".")[0] if type(name) is str else ""
        package = package if found in TRANSPARENT else found
        step = step.tb_next
    return package


def redirected(error: BaseException) -> bool:
    """Whether the answer came after redirects: then an earlier request of this call was executed."""
    history = attribute(attribute(error, "response"), "history")
    return type(history) is list and len(history) > 0


def wrapped(error: BaseException) -> tuple[BaseException | None, bool]:
    """The error that a library's wrapper carries - `orig` (SQLAlchemy), `reason` (urllib3), an argument, the cause -
    and whether it was said to be the reason rather than merely being handled."""
    for name in ("orig", "reason", "os_error", "_cause"):
        found = attribute(error, name)
        if is_a(found, BaseException):
            return found, True
    for argument in arguments(error):
        if is_a(argument, BaseException):
            return argument, True
    return cause(error)
