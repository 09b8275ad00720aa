"""How an object's parts are read without running a stranger's code where that can be helped."""

from __future__ import annotations

import codecs
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

_HIDING_TYPES = frozenset(
    {"SecretStr", "SecretBytes", "Secret", "SecretValue", "SecretString", "Sensitive", "_SecretBase"}
)
_PRINTED_TYPES = frozenset({datetime, date, time, timedelta, Decimal, Fraction, UUID, complex})
_PLAIN = frozenset({str, int, float})
_PRINTED_MODULES = frozenset({"pathlib", "ipaddress"})
_ROW_MODULES = frozenset({"sqlite3", "asyncpg", "aiosqlite", "apsw", "pyodbc"})
_MAX_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Reader:
    """`parts` yields pairs of name and value where `keyed`, else items."""

    keyed: bool
    parts: Callable[[Any], Iterable[Any]]


def _slots(names: tuple[str, ...]) -> Reader:
    def parts(value: object) -> Iterator[tuple[str, object]]:
        for name in names:
            try:
                yield name, object.__getattribute__(value, name)
            except AttributeError:
                continue

    return Reader(True, parts)


def _pydantic_parts(value: object) -> Iterator[object]:
    yield from object.__getattribute__(value, "__dict__").items()
    try:
        extra = object.__getattribute__(value, "__pydantic_extra__")
    except AttributeError:
        return
    yield from (extra or {}).items()


def _exception_parts(value: object) -> Iterator[tuple[str, object]]:
    yield "type", dotted_name(type(value))
    args = BaseException.args.__get__(value)  # type: ignore[attr-defined]  # typeshed has it as a plain tuple
    yield "args", args
    attributes = object.__getattribute__(value, "__dict__")
    if not args:
        yield from ((name, part) for name, part in attributes.items() if type(part) in _PLAIN and name[:1] != "_")
    notes = attributes.get("__notes__")
    if notes:
        yield "notes", notes


def _mapping_parts(value: Mapping[object, object]) -> Iterator[tuple[object, object]]:
    return ((key, value[key]) for key in value)


_BUILT_IN: tuple[tuple[type, Reader], ...] = (
    (dict, Reader(True, dict.items)),
    (list, Reader(False, list.__iter__)),
    (tuple, Reader(False, tuple.__iter__)),
    (set, Reader(False, set.__iter__)),
    (frozenset, Reader(False, frozenset.__iter__)),
    (deque, Reader(False, deque.__iter__)),
)
_ABSTRACT: tuple[tuple[type, Reader], ...] = (
    (Mapping, Reader(True, _mapping_parts)),
    (Sequence, Reader(False, iter)),
    (Set, Reader(False, iter)),
)


_MAX_TYPES = 4096
_readers: dict[type[Any], Reader | None] = {}


def reader(cls: type[Any]) -> Reader | None:
    """How the parts of instances of `cls` are read; None where they are one value."""
    try:
        return _readers[cls]
    except KeyError:
        if len(_readers) >= _MAX_TYPES:
            _readers.clear()
        found = _readers[cls] = _reader(cls)
        return found


def _reader(cls: type[Any]) -> Reader | None:
    if issubclass(cls, (str, bytes, bytearray, memoryview, int, float, Enum, type)) or hides(cls):
        return None
    return _by_fields(cls) or _by_kind(cls)


def _by_fields(cls: type[Any]) -> Reader | None:
    if issubclass(cls, BaseException):
        return Reader(True, _exception_parts)
    if hasattr(cls, "__pydantic_fields__") or hasattr(cls, "__pydantic_model__") or hasattr(cls, "__fields_set__"):
        return Reader(True, _pydantic_parts)
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        names = tuple(cls._fields)
        return Reader(True, lambda value: zip(names, tuple.__iter__(value), strict=False))
    if cls.__module__.split(".", 1)[0] in _ROW_MODULES and cls.__name__ in {"Row", "Record"}:
        return Reader(True, lambda row: zip(row.keys(), row, strict=False))
    if hasattr(cls, "_mapping"):
        return Reader(True, lambda row: _mapping_parts(row._mapping))  # noqa: SLF001 - SQLAlchemy's public name for it  # an SQLAlchemy row
    for marker, names_of in _FIELD_MARKERS.items():
        if hasattr(cls, marker):
            return _slots(tuple(names_of(getattr(cls, marker))))
    return None


_FIELD_MARKERS: dict[str, Callable[..., Iterable[str]]] = {
    "__dataclass_fields__": lambda fields: fields,
    "__attrs_attrs__": lambda attributes: (attribute.name for attribute in attributes),
    "__struct_fields__": lambda names: names,
}


def _by_kind(cls: type[Any]) -> Reader | None:
    return next((how for base, how in (*_BUILT_IN, *_ABSTRACT) if issubclass(cls, base)), None)


def hides(cls: type[Any]) -> bool:
    """Whether `cls` is a wrapper that exists to keep its value from being shown."""
    return any(base.__name__ in _HIDING_TYPES for base in type.__dict__["__mro__"].__get__(cls))


def scalar_text(value: Any, cls: type[Any]) -> str:
    """The text of a value that has no parts; the name of its type for what is not known."""
    if issubclass(cls, str):
        return str.__str__(value)
    if issubclass(cls, (bytes, bytearray, memoryview)):
        return _decoded(value)
    if issubclass(cls, Enum):
        return f"{dotted_name(cls)}.{object.__getattribute__(value, '_name_')}"
    if cls in _PRINTED_TYPES or _is_stdlib(cls):
        return str(value)
    if issubclass(cls, type):
        return f"<class {dotted_name(value)}>"
    if cls is types.FunctionType:
        return f"<function {value.__module__}.{value.__qualname__}>"
    return f"<{dotted_name(cls)}>"


def _is_stdlib(cls: type[Any]) -> bool:
    return cls.__module__.split(".", 1)[0] in _PRINTED_MODULES


def _decoded(value: bytes | bytearray | memoryview) -> str:
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(bytes(value[:_MAX_BYTES]))
    except UnicodeDecodeError:
        return f"<bytes {len(value)}>"


def dotted_name(cls: type) -> str:
    """`module.QualName`; builtins without their module."""
    module, name = cls.__module__, type.__dict__["__qualname__"].__get__(cls)
    return name if module == "builtins" or type(module) is not str else f"{module}.{name}"
