"""Reading an exception without running a stranger's code: its types, its message, and what mappings within it hold."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.message import Message
from functools import lru_cache
from types import TracebackType
from typing import Any, NamedTuple

from healing.strangers import attribute, is_a, is_tame, mro

LIBRARIES = frozenset(
    {
        *("aiohttp", "aiormq", "anthropic", "asyncpg", "azure", "botocore", "docker", "elastic_transport"),
        *("elasticsearch", "github", "google", "googleapiclient", "grpc", "httpx", "httpx2", "kafka", "kubernetes"),
        *("multidict", "openai", "opensearchpy", "pika", "psycopg", "psycopg2", "pymongo", "pymysql", "redis"),
        *("requests", "slack_sdk", "sqlalchemy", "starlette", "stripe", "twilio", "urllib3", "websockets"),
        "werkzeug",
    }
)
"""Packages whose mappings are plain reads."""

LONGEST_MESSAGE = 500
DEEPEST_TRACEBACK = 200
_ARGS = BaseException.__dict__["args"].__get__
_TRACEBACK = BaseException.__dict__["__traceback__"].__get__
_MEMBERS = BaseExceptionGroup.__dict__["exceptions"].__get__
_MODULE = type.__dict__["__module__"].__get__
_QUALNAME = type.__dict__["__qualname__"].__get__


class Kind(NamedTuple):
    """A type's dotted names along its MRO, the top-level packages among them, and whether all of them are known."""

    names: tuple[str, ...]
    packages: frozenset[str]
    trusted: bool


def kind(cls: type) -> Kind:
    return _kept_kind(cls) if is_tame(cls) else _kind(cls)


def _kind(cls: type) -> Kind:
    names = tuple(f"{module_of(base)}.{_QUALNAME(base)}" for base in mro(cls)[:-1])
    packages = frozenset(name.partition(".")[0] for name in names)
    return Kind(names, packages, all(package in LIBRARIES or package in _STANDARD for package in packages))


_STANDARD = sys.stdlib_module_names - {"__main__"}
_kept_kind: Callable[[type], Kind] = lru_cache(maxsize=2048)(_kind)


def module_of(cls: type) -> str:
    found = _MODULE(cls)
    return found if type(found) is str else ""


def arguments(error: BaseException) -> tuple[Any, ...]:
    found: tuple[Any, ...] = _ARGS(error)
    return found


def members(group: BaseException) -> tuple[BaseException, ...]:
    found: tuple[BaseException, ...] = _MEMBERS(group)
    return found


def traceback_of(error: BaseException) -> TracebackType | None:
    found: TracebackType | None = _TRACEBACK(error)
    return found


def message(error: BaseException) -> str:
    """The first textual argument or what else is named so, cut; never `str(error)`, which may be anybody's code."""
    return _text(arguments(error)) or _text(_named_so(error))


def _named_so(error: BaseException) -> Iterator[Any]:
    yield from (attribute(error, name) for name in ("message", "_details", "msg", "detail"))
    yield attribute(attribute(error, "_state"), "details")


def _text(values: Iterable[Any]) -> str:
    for found in values:
        if type(found) is str and found:
            return found[:LONGEST_MESSAGE]
        if type(found) is bytes and found:
            return found[:LONGEST_MESSAGE].decode("latin-1")
    return ""


def number(value: object) -> int | None:
    """`value` as a plain int, also from an IntEnum; None for what is no number, and for flags."""
    if type(value) is int:
        return value
    whole = is_a(value, int) and not is_a(value, bool)
    return int.__add__(value, 0) if whole else None  # type: ignore[operator]


def entry(holder: Any, *names: str) -> Any:
    """The first of these entries that a mapping has; None for mappings of unknown classes."""
    for name in names:
        if is_a(holder, dict):
            found = dict.get(holder, name)
        elif kind(type(holder)).trusted and isinstance(holder, (Mapping, Message)):
            found = holder.get(name)
        else:
            return None
        if found is not None:
            return found
    return None


def path(holder: object, *names: str) -> Any:
    """What lies so many mappings deep; None where one of them is missing or no mapping."""
    for name in names:
        holder = entry(holder, name)
    return holder
