"""How an object's parts are read, without running a stranger's code: neither its methods nor those of its class.

A stranger is a class that is not of the standard library or an installed package. Of a stranger only what is stored is
read: the fields of dataclasses, attrs, msgspec and pydantic classes, and what subclasses of builtins inherit.
"""

from __future__ import annotations

import argparse
import array
import codecs
import gc
import types
from collections import ChainMap, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from operator import attrgetter
from typing import Any
from uuid import UUID

from healing.redaction.classes import dotted_name, field, fields, instance_dict, is_library, simple_name
from healing.redaction.placeholders import placeholder
from healing.strangers import defined, mro

_HIDING_TYPES = frozenset(
    {"SecretStr", "SecretBytes", "Secret", "SecretValue", "SecretString", "Sensitive", "_SecretBase"}
)
_PRINTED_TYPES = (datetime, date, time, timedelta, Decimal, Fraction, UUID, complex)
_PLAIN = (str, int, float)
_PRINTED_MODULES = frozenset({"pathlib", "pathlib._local", "ipaddress"})
_ROW_MODULES = frozenset({"sqlite3", "asyncpg", "aiosqlite", "apsw", "pyodbc"})
_MAX_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Reader:
    """`parts` yields pairs of name and value where `keyed`, else items."""

    keyed: bool
    parts: Callable[[Any], Iterable[Any]]


def _pydantic_parts(value: object) -> Iterator[object]:
    yield from instance_dict(value).items()
    extra = dict(fields(value, ("__pydantic_extra__",))).get("__pydantic_extra__")
    if type(extra) is dict:
        yield from extra.items()


_CAUSE = BaseException.__dict__["__cause__"]


def _exception_parts(value: object) -> Iterator[tuple[str, object]]:
    yield "type", dotted_name(type(value))
    args = BaseException.args.__get__(value)  # type: ignore[attr-defined]  # typeshed has it as a plain tuple
    yield "args", args
    attributes, cause = instance_dict(value), _CAUSE.__get__(value)
    if not args:
        yield from ((name, part) for name, part in attributes.items() if _is_plain(part) and name[:1] != "_")
    notes = attributes.get("__notes__")
    if type(notes) is list and notes:
        yield "notes", notes
    if cause is not None:
        yield "cause", cause


def _is_plain(part: object) -> bool:
    return any(type(part) is plain for plain in _PLAIN)


def _mapping_parts(value: Mapping[object, object]) -> Iterator[tuple[object, object]]:
    return ((key, value[key]) for key in value)


def _proxied_parts(value: object) -> Iterator[Any]:
    """A read-only view gives no access to what it shows but by that one's own methods."""
    return iter(_keyed_parts(gc.get_referents(value)[0]))


def _chained_parts(value: object) -> Iterator[Any]:
    shown: set[str | None] = set()
    for link in list.__iter__(instance_dict(value)["maps"]):
        for key, item in _keyed_parts(link):
            if type(key) is not str or key not in shown:
                shown.add(key if type(key) is str else None)
                yield key, item


def _keyed_parts(value: object) -> Iterable[Any]:
    how = reader(type(value))
    return how.parts(value) if how is not None and how.keyed else [("mapping", f"<{dotted_name(type(value))}>")]


def _user_dict_parts(value: object) -> Iterable[Any]:
    return _keyed_parts(instance_dict(value)["data"])


def _cookie_parts(value: dict[str, object]) -> Iterator[tuple[object, object]]:
    return ((name, placeholder("cookie")) for name in dict.keys(value))


def _morsel_parts(value: dict[str, object]) -> Iterator[tuple[object, object]]:
    yield instance_dict(value).get("_key"), placeholder("cookie")
    yield from ((name, item) for name, item in dict.items(value) if item)


_VIEWS: tuple[Any, ...] = (type({}.keys()), type({}.values()), type({}.items()))
_BUILT_IN: tuple[tuple[type, Reader], ...] = (
    (dict, Reader(True, dict.items)),
    (list, Reader(False, list.__iter__)),
    (tuple, Reader(False, tuple.__iter__)),
    (set, Reader(False, set.__iter__)),
    (frozenset, Reader(False, frozenset.__iter__)),
    (deque, Reader(False, deque.__iter__)),
    (range, Reader(False, range.__iter__)),
    (array.array, Reader(False, array.array.__iter__)),
    *((view, Reader(False, view.__iter__)) for view in _VIEWS),
    (types.MappingProxyType, Reader(True, _proxied_parts)),
    (types.SimpleNamespace, Reader(True, lambda value: instance_dict(value).items())),
    (argparse.Namespace, Reader(True, lambda value: instance_dict(value).items())),
    (ChainMap, Reader(True, _chained_parts)),
)
_row_mapping = attrgetter("_mapping")
_OF_LIBRARIES: dict[str, Reader] = {
    "http.cookies.BaseCookie": Reader(True, _cookie_parts),
    "http.cookies.Morsel": Reader(True, _morsel_parts),
    "collections.UserDict": Reader(True, _user_dict_parts),
    "sqlalchemy.engine.row.BaseRow": Reader(True, lambda row: _mapping_parts(_row_mapping(row))),
    "sqlalchemy.engine.row.Row": Reader(True, lambda row: _mapping_parts(_row_mapping(row))),
    "sqlite3.Row": Reader(True, lambda row: zip(row.keys(), row, strict=False)),
}
_WITH_ITEMS = ("email.message.Message", "werkzeug.datastructures.headers.Headers", "werkzeug.datastructures.Headers")
_UNREADABLE_VIEWS = frozenset({"collections.abc", "_collections_abc", "weakref", "shelve"})
"""Library containers that read others, which may be strangers'."""

_MAX_TYPES = 4096
_readers: dict[int, tuple[type[Any], Reader | None]] = {}
"""By the address of the class, as a class may come with a hash of its own; the class is held, lest it be another's."""


def reader(cls: type[Any]) -> Reader | None:
    """How the parts of instances of `cls` are read; None where they are one value."""
    known = _readers.get(id(cls))
    if known is not None:
        return known[1]
    if len(_readers) >= _MAX_TYPES:
        _readers.clear()
    found = _reader(cls)
    _readers[id(cls)] = (cls, found)
    return found


def _reader(cls: type[Any]) -> Reader | None:
    if issubclass(cls, (str, bytes, bytearray, memoryview, int, float, Enum, type)) or hides(cls):
        return None
    return _by_fields(cls) or _by_library(cls) or _by_kind(cls)


def _by_fields(cls: type[Any]) -> Reader | None:
    if issubclass(cls, BaseException):
        return Reader(True, _exception_parts)
    if any(
        defined(cls, marker) is not None for marker in ("__pydantic_fields__", "__pydantic_model__", "__fields_set__")
    ):
        return Reader(True, _pydantic_parts)
    if issubclass(cls, tuple) and type(names := defined(cls, "_fields")) is tuple:
        return Reader(True, lambda value: zip(names, tuple.__iter__(value), strict=False))
    declared = _declared_fields(cls)
    return None if declared is None else Reader(True, lambda value: fields(value, declared))


def _declared_fields(cls: type[Any]) -> tuple[str, ...] | None:
    """The names of the fields of a dataclass, an attrs class or a msgspec struct."""
    found = defined(cls, "__dataclass_fields__")
    if type(found) is dict:
        return tuple(name for name in found if type(name) is str)
    found = defined(cls, "__attrs_attrs__")
    if found is not None and issubclass(type(found), tuple):
        return tuple(field(attribute, "name") for attribute in tuple.__iter__(found))
    if simple_name(type(cls)) == "StructMeta" and is_library(type(cls)):
        return tuple(defined(type(cls), "__struct_fields__").__get__(cls))
    return None


def _by_library(cls: type[Any]) -> Reader | None:
    if not is_library(cls):
        return None
    if dotted_name(cls).partition(".")[0] in _ROW_MODULES and simple_name(cls) in {"Row", "Record"}:
        return Reader(True, lambda row: zip(row.keys(), row, strict=False))
    for base in mro(cls):
        name = dotted_name(base)
        if name in _OF_LIBRARIES:
            return _OF_LIBRARIES[name]
        if name in _WITH_ITEMS or name.startswith("multidict."):
            return Reader(True, lambda value: value.items())
    return None


def _by_kind(cls: type[Any]) -> Reader | None:
    bases = mro(cls)
    how = next((how for base, how in _BUILT_IN if any(base is one for one in bases)), None)
    if how is not None or not is_library(cls) or dotted_name(cls).rpartition(".")[0] in _UNREADABLE_VIEWS:
        return how
    if any(Mapping is one for one in bases):
        return Reader(True, _mapping_parts)
    return Reader(False, iter) if any(one is Sequence or one is Set for one in bases) else None


def hides(cls: type[Any]) -> bool:
    """Whether `cls` is a wrapper that exists to keep its value from being shown."""
    return any(simple_name(base) in _HIDING_TYPES for base in mro(cls))


def scalar_text(value: Any, cls: type[Any]) -> str:
    """The text of a value that has no parts; the name of its type for what is not known."""
    if issubclass(cls, str):
        return str.__str__(value)
    if issubclass(cls, (bytes, bytearray, memoryview)):
        return _decoded(value)
    if issubclass(cls, Enum):
        return f"{dotted_name(cls)}.{field(value, '_name_')}"
    if any(cls is printed for printed in _PRINTED_TYPES) or _is_printed(cls):
        return str(value)
    if issubclass(cls, type):
        return f"<class {dotted_name(value)}>"
    if cls is types.FunctionType and type(value.__module__) is str:
        return f"<function {value.__module__}.{value.__qualname__}>"
    return f"<{dotted_name(cls)}>"


def _is_printed(cls: type[Any]) -> bool:
    return dotted_name(cls).rpartition(".")[0] in _PRINTED_MODULES and is_library(cls)


def _decoded(value: bytes | bytearray | memoryview) -> str:
    kind: Any = next(kind for kind in (bytes, bytearray, memoryview) if issubclass(type(value), kind))
    head = kind.__getitem__(value, slice(_MAX_BYTES))
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(bytes(head))
    except UnicodeDecodeError:
        return f"<bytes {kind.__len__(value)}>"
