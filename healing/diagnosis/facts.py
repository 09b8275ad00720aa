"""What an exception tells of itself, read without running a stranger's code.

`keys` names the facts in the order in which rules are asked: a provider's code, SQLSTATE, HTTP status, errno,
then the types along the MRO.
"""

from __future__ import annotations

import errno as errno_module
import sys
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from functools import lru_cache
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any, NamedTuple

from healing.diagnosis.retry_after import parse_retry_after
from healing.lineage import cause

LIBRARIES = frozenset(
    {
        *(
            "aiohttp",
            "anthropic",
            "asyncpg",
            "azure",
            "botocore",
            "elastic_transport",
            "elasticsearch",
            "google",
        ),
        *("grpc", "httpx", "httpx2", "kafka", "openai", "psycopg", "psycopg2", "pymongo", "pymysql", "redis"),
        *("requests", "sqlalchemy", "starlette", "stripe", "twilio", "urllib3", "werkzeug"),
    }
)
"""Packages whose properties are plain reads."""

WITHOUT_STATUS = frozenset(
    {"asyncpg", "psycopg", "psycopg2", "pymongo", "redis", "smtplib", "sqlalchemy", "sqlite3", "websockets"}
)
"""Packages whose `code` and `status` are no HTTP status."""

WITHOUT_ERRNO = frozenset({"ssl.SSLError", "socket.gaierror", "socket.herror", "smtplib.SMTPException"})
"""Kinds of OSError whose numbers count something else."""

DECODERS = frozenset({"json", "simplejson", "codecs", "encodings", "gzip"})
DEEPEST_TRACEBACK = 200
LONGEST_MESSAGE = 500
_ARGS = BaseException.__dict__["args"].__get__
_TRACEBACK = BaseException.__dict__["__traceback__"].__get__


class Kind(NamedTuple):
    """A type's dotted names along its MRO, and the top-level packages among them."""

    names: tuple[str, ...]
    packages: frozenset[str]


def _kind(cls: type) -> Kind:
    names = tuple(f"{base.__module__}.{base.__qualname__}" for base in cls.__mro__[:-1])
    return Kind(names, frozenset(name.partition(".")[0] for name in names))


kind: Callable[[type], Kind] = lru_cache(maxsize=2048)(_kind)


def attribute(thing: object, name: str) -> Any:
    """The attribute as it lies there; None where reading it would run code of an unknown class."""
    cls = type(thing)
    if _has_plain_dict(cls) and name in (values := object.__getattribute__(thing, "__dict__")):
        return values[name]
    found, read = _of_class(cls, name)
    return found if read is None else read(thing)


def _dict_is_plain(cls: type) -> bool:
    """Whether `__dict__` is the interpreter's own: neither absent (`__slots__`) nor somebody's property."""
    for base in cls.__mro__:
        if "__dict__" in base.__dict__:
            return type(base.__dict__["__dict__"]) is GetSetDescriptorType
    return False


def _found_in(cls: type, name: str) -> tuple[Any, Callable[[Any], Any] | None]:
    """A constant of the class, or how to read the attribute from an instance."""
    for base in cls.__mro__:
        if name in base.__dict__:
            return _reader(base.__dict__[name], base)
    return None, None


_has_plain_dict: Callable[[type], bool] = lru_cache(maxsize=2048)(_dict_is_plain)
_of_class: Callable[[type, str], tuple[Any, Callable[[Any], Any] | None]] = lru_cache(maxsize=8192)(_found_in)


def _reader(found: Any, cls: type) -> tuple[Any, Callable[[Any], Any] | None]:
    if isinstance(found, (MemberDescriptorType, GetSetDescriptorType)):
        return None, found.__get__
    if isinstance(found, property):
        package = cls.__module__.partition(".")[0]
        trusted = package in LIBRARIES or package in sys.stdlib_module_names
        return None, found.fget if trusted else None
    return found, None


def message(error: BaseException) -> str:
    """The first textual argument, cut; never the result of `str(error)`, which may be anybody's code."""
    for argument in _ARGS(error):
        if type(argument) is str:
            return argument[:LONGEST_MESSAGE]
    return ""


def traceback_of(error: BaseException) -> Any:
    return _TRACEBACK(error)


def raised_within(error: BaseException) -> str:
    """The top-level package of the innermost frame that is not a decoder's."""
    package, traceback = "", _TRACEBACK(error)
    for _ in range(DEEPEST_TRACEBACK):
        if traceback is None:
            break
        found = str(traceback.tb_frame.f_globals.get("__name__")).partition(".")[0]
        package = package if found in DECODERS else found
        traceback = traceback.tb_next
    return package


def redirected(error: BaseException) -> bool:
    """Whether the answer came after redirects: then an earlier request of this call was executed."""
    response = attribute(error, "response")
    history = None if response is None else attribute(response, "history")
    return type(history) is list and len(history) > 0


def wrapped(error: BaseException) -> BaseException | None:
    """The error that a library's wrapper carries: `orig` (SQLAlchemy), `reason` (urllib3), an argument, the cause."""
    for name in ("orig", "reason", "os_error"):
        found = attribute(error, name)
        if isinstance(found, BaseException):
            return found
    for argument in _ARGS(error):
        if isinstance(argument, BaseException):
            return argument
    return cause(error)[0]


def keys(error: BaseException) -> Iterator[str]:
    known = kind(type(error))
    for package, reader in PROVIDERS:
        if package in known.packages:
            yield from reader(error)
    yield from _sqlstate(error)
    if isinstance(error, Exception) and known.packages.isdisjoint(WITHOUT_STATUS):
        yield from _http(error)
    if isinstance(error, OSError) and WITHOUT_ERRNO.isdisjoint(known.names):
        number = attribute(error, "errno")
        if type(number) is int:
            yield f"errno:{errno_module.errorcode.get(number, number)}"
    yield from known.names
    yield f"name:{type(error).__name__}"


def _sqlstate(error: BaseException) -> Iterator[str]:
    for name in ("sqlstate", "pgcode"):
        state = attribute(error, name)
        if type(state) is str and len(state) == 5:
            yield f"sqlstate:{state}"
            yield f"sqlstate:{state[:2]}"
            return


def _http(error: BaseException) -> Iterator[str]:
    status = http_status(error)
    if status is not None:
        if _retry_after_text(error) is not None:
            yield f"http:{status}+retry_after"
        yield f"http:{status}"
        yield f"http:{status // 100}xx"


def http_status(error: BaseException) -> int | None:
    response = attribute(error, "response")
    places = [(response, "status_code"), (response, "status")] if response is not None else []
    places += [(error, name) for name in ("status_code", "http_status", "status", "code")]
    for thing, name in places:
        value = attribute(thing, name)
        if isinstance(value, int) and not isinstance(value, bool) and 400 <= value <= 599:
            return int(value)
    return None


def retry_after(error: BaseException, now: float) -> float | None:
    """Seconds from `now` for which the far end asked; None where it did not."""
    text = _retry_after_text(error)
    return None if text is None else parse_retry_after(text, now)


def _retry_after_text(error: BaseException) -> str | None:
    for holder in (attribute(error, "response"), error):
        headers = None if holder is None else attribute(holder, "headers")
        if isinstance(headers, (Mapping, Message)):
            value = headers.get("Retry-After") or headers.get("retry-after")
            if type(value) is str:
                return value
    value = attribute(error, "retry_after")
    numeric = type(value) in {int, float} and value >= 0
    return str(value) if numeric else None


def _sqlite(error: BaseException) -> Iterator[str]:
    code = attribute(error, "sqlite_errorcode")
    if type(code) is int:
        yield f"sqlite:{code}"
        yield f"sqlite:{code & 0xFF}"


def _mysql(error: BaseException) -> Iterator[str]:
    arguments = _ARGS(error)
    code = arguments[0] if arguments else None
    if type(code) is int:
        yield f"mysql:{code}"


def _smtp(error: BaseException) -> Iterator[str]:
    code = attribute(error, "smtp_code")
    recipients = attribute(error, "recipients")
    if type(recipients) is dict and recipients:
        code = max(answer[0] for answer in recipients.values())
    if type(code) is int:
        yield f"smtp:{code}"
        yield f"smtp:{code // 100}xx"


def _aws(error: BaseException) -> Iterator[str]:
    response = attribute(error, "response")
    if type(response) is dict:
        yield f"aws:{response.get('Error', {}).get('Code')}"
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if type(status) is int:
            yield f"http:{status}"
            yield f"http:{status // 100}xx"


def _grpc(error: BaseException) -> Iterator[str]:
    code = getattr(error, "code", None)
    if callable(code):
        yield f"grpc:{getattr(code(), 'name', None)}"


def _provider(error: BaseException) -> Iterator[str]:
    code = attribute(error, "code")
    if type(code) is str:
        yield f"code:{code}"


def _mongo(error: BaseException) -> Iterator[str]:
    code = attribute(error, "code")
    if type(code) is int:
        yield f"mongo:{code}"


def _kafka(error: BaseException) -> Iterator[str]:
    if attribute(error, "retriable") is True:
        yield "kafka:retriable"


def _eai(error: BaseException) -> Iterator[str]:
    number = attribute(error, "errno")
    if type(number) is int:
        yield f"eai:{number}"


def _ssl(error: BaseException) -> Iterator[str]:
    reason = attribute(error, "reason")
    if type(reason) is str:
        yield f"ssl:{reason}"


PROVIDERS: tuple[tuple[str, Callable[[BaseException], Iterator[str]]], ...] = (
    ("botocore", _aws),
    ("grpc", _grpc),
    ("openai", _provider),
    ("anthropic", _provider),
    ("stripe", _provider),
    ("sqlite3", _sqlite),
    ("pymysql", _mysql),
    ("MySQLdb", _mysql),
    ("smtplib", _smtp),
    ("pymongo", _mongo),
    ("kafka", _kafka),
    ("socket", _eai),
    ("ssl", _ssl),
)
