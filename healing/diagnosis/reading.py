"""Reading an exception without running a stranger's code.

Classes lie in their `__class__`, hang in properties, raise in `__getattr__`, and their metaclasses may do the same. So
everything here asks the interpreter's own descriptors, and calls properties only where the whole class is a known
library's.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.message import Message
from enum import EnumMeta
from functools import lru_cache
from types import GetSetDescriptorType, MemberDescriptorType, TracebackType
from typing import Any, NamedTuple

LIBRARIES = frozenset(
    {
        *("aiohttp", "aiormq", "anthropic", "asyncpg", "azure", "botocore", "docker", "elastic_transport"),
        *("elasticsearch", "github", "google", "googleapiclient", "grpc", "httpx", "httpx2", "kafka", "kubernetes"),
        *("multidict", "openai", "opensearchpy", "pika", "psycopg", "psycopg2", "pymongo", "pymysql", "redis"),
        *("requests", "slack_sdk", "sqlalchemy", "starlette", "stripe", "twilio", "urllib3", "websockets"),
        "werkzeug",
    }
)
"""Packages whose properties and mappings are plain reads."""

LONGEST_MESSAGE = 500
DEEPEST_TRACEBACK = 200
_ARGS = BaseException.__dict__["args"].__get__
_TRACEBACK = BaseException.__dict__["__traceback__"].__get__
_MEMBERS = BaseExceptionGroup.__dict__["exceptions"].__get__
_MRO = type.__dict__["__mro__"].__get__
_NAMESPACE = type.__dict__["__dict__"].__get__
_MODULE = type.__dict__["__module__"].__get__
_QUALNAME = type.__dict__["__qualname__"].__get__
_TAME_METACLASSES = (type, ABCMeta, EnumMeta)
_ABSENT = object()


class Kind(NamedTuple):
    """A type's dotted names along its MRO, the top-level packages among them, and whether all of them are known."""

    names: tuple[str, ...]
    packages: frozenset[str]
    trusted: bool


def kind(cls: type) -> Kind:
    return _kept_kind(cls) if type(cls) in _TAME_METACLASSES else _kind(cls)


def _kind(cls: type) -> Kind:
    names = tuple(f"{module_of(base)}.{_QUALNAME(base)}" for base in _MRO(cls)[:-1])
    packages = frozenset(name.partition(".")[0] for name in names)
    return Kind(names, packages, all(package in LIBRARIES or package in _STANDARD for package in packages))


_STANDARD = sys.stdlib_module_names - {"__main__"}
_kept_kind: Callable[[type], Kind] = lru_cache(maxsize=2048)(_kind)


def module_of(cls: type) -> str:
    found = _MODULE(cls)
    return found if type(found) is str else ""


def is_a(thing: object, base: type) -> bool:
    """`isinstance` by the real type alone: what `__class__` claims is not asked. `base` has no metaclass of its own."""
    return issubclass(type(thing), base)


def attribute(thing: object, name: str) -> Any:
    """The attribute as it lies there; None where reading it would run code of an unknown class."""
    cls = type(thing)
    tame = type(cls) in _TAME_METACLASSES
    if (_has_plain_dict if tame else _dict_is_plain)(cls):
        found = dict.get(object.__getattribute__(thing, "__dict__"), name, _ABSENT)
        if found is not _ABSENT:
            return found
    found, read = (_of_class if tame else _found_in)(cls, name)
    return found if read is None else read(thing)


def speaks(thing: object, names: frozenset[str]) -> bool:
    """Whether the instance or its class has any of these attributes."""
    cls = type(thing)
    tame = type(cls) in _TAME_METACLASSES
    if (_class_has if tame else _any_in_class)(cls, names):
        return True
    plain = (_has_plain_dict if tame else _dict_is_plain)(cls)
    return plain and not names.isdisjoint(object.__getattribute__(thing, "__dict__"))


def _any_in_class(cls: type, names: frozenset[str]) -> bool:
    return any(not names.isdisjoint(_NAMESPACE(base)) for base in _MRO(cls))


def _dict_is_plain(cls: type) -> bool:
    """Whether `__dict__` is the interpreter's own: neither absent (`__slots__`) nor somebody's property."""
    for base in _MRO(cls):
        if "__dict__" in _NAMESPACE(base):
            return type(_NAMESPACE(base)["__dict__"]) is GetSetDescriptorType
    return False


def _found_in(cls: type, name: str) -> tuple[Any, Callable[[Any], Any] | None]:
    """A constant of the class, or how to read the attribute from an instance."""
    for base in _MRO(cls):
        if name in _NAMESPACE(base):
            return _reader(_NAMESPACE(base)[name], cls)
    return None, None


_has_plain_dict: Callable[[type], bool] = lru_cache(maxsize=2048)(_dict_is_plain)
_class_has: Callable[[type, frozenset[str]], bool] = lru_cache(maxsize=8192)(_any_in_class)
_of_class: Callable[[type, str], tuple[Any, Callable[[Any], Any] | None]] = lru_cache(maxsize=8192)(_found_in)


def _reader(found: Any, cls: type) -> tuple[Any, Callable[[Any], Any] | None]:
    if type(found) in {MemberDescriptorType, GetSetDescriptorType}:
        return None, found.__get__
    if type(found) is property:
        return None, found.fget if kind(cls).trusted else None
    return found, None


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
