"""What is known of a value without running anybody's code."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import functools
import inspect
import itertools
import os
import sys
import types
import uuid
import weakref
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from healing.strangers import attribute

NOTHING: Any = object()
"""No value: it is not known, or cannot be read without running code."""

SCALARS = frozenset(
    {
        *(type(None), bool, int, float, complex, str, bytes, range, type(Ellipsis)),
        *(datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone),
        *(decimal.Decimal, fractions.Fraction, uuid.UUID),
    }
)
"""Exact types whose instances never change and whose methods only compute."""

CONTAINERS = frozenset(
    {
        *(list, tuple, set, frozenset, dict, bytearray, type(os.environ)),
        *(collections.OrderedDict, collections.Counter, collections.deque),
    }
)
VIEWS = frozenset({type({}.keys()), type({}.values()), type({}.items())})
LARGEST = 256
"""Members that are looked at before a container counts as unknown."""

QUIET_PACKAGES = frozenset({"sqlalchemy", "pydantic", "pydantic_core", "attr", "attrs"})
"""Packages whose classes' special methods only compute or load."""

BIRTH = frozenset(
    {
        *("__init__", "__new__", "__post_init__", "__init_subclass__", "__class_getitem__", "__enter__", "__exit__"),
        *("__aenter__", "__aexit__", "__call__", "__del__"),
        *("__annotate__", "__annotate_func__"),
    }
)
"""Special methods that no operator calls."""


def is_container(value: object) -> bool:
    return type(value) in CONTAINERS or type(value) in VIEWS


def is_plain(value: object) -> bool:
    """Whether `value` is data all through: scalars and exact builtin containers of such."""
    return _plain(value, [LARGEST])


def _plain(value: object, left: list[int]) -> bool:
    left[0] -= 1
    if left[0] < 0:
        return False
    kind = type(value)
    if kind in SCALARS:
        return True
    return (kind in CONTAINERS or kind in VIEWS) and all(_plain(item, left) for item in _in_container(value))


def is_inert(value: object) -> bool:
    """Whether operators, `str`, `len`, `hash` and the like on it run no code of the app or of an unknown library."""
    return _inert(value, [LARGEST])


def _inert(value: object, left: list[int]) -> bool:
    """What it holds counts too: the `repr` of a list or dataclass calls the `repr` of its members."""
    left[0] -= 1
    if left[0] < 0 or not all(_quiet_class(cls) for cls in type(value).__mro__):
        return False
    return all(_inert(member, left) for member in _members(value))


def is_inert_class(cls: object) -> bool:
    """Whether instances are inert as far as their class goes."""
    return isinstance(cls, type) and all(map(_quiet_class, cls.__mro__))


def _members(value: object) -> Iterable[object]:
    if isinstance(value, BaseException):
        return tuple.__iter__(vars(BaseException)["args"].__get__(value))
    if type(value) in CONTAINERS or type(value) in VIEWS:
        return _in_container(value)
    library = type(value).__module__.partition(".")[0] in {*sys.stdlib_module_names, *QUIET_PACKAGES}
    if library or isinstance(value, (type, types.FunctionType, types.ModuleType, enum.Enum)):
        return ()
    return [attribute(value, name) for name in _attribute_names(value)]


def _attribute_names(value: object) -> list[str]:
    slots = [
        name
        for cls in type(value).__mro__
        for name, item in cls.__dict__.items()
        if isinstance(item, types.MemberDescriptorType)
    ]
    return [*slots, *getattr(value, "__dict__", ())]


def _in_container(value: Any) -> Iterable[object]:
    """Keys and values, or the items; one too many tells that there are too many."""
    parts = itertools.chain(value.keys(), value.values()) if isinstance(value, Mapping) else value
    return itertools.islice(parts, LARGEST + 1)


def has_quiet_truth(value: object) -> bool:
    """Whether `if value:` runs no code of the app or of an unknown library."""
    found = (_definer(type(value), name) for name in ("__bool__", "__len__"))
    return all(cls is None or _is_known(cls) for cls in found)


def checks_quietly(cls: object) -> bool:
    """Whether `isinstance(..., cls)` and `issubclass(..., cls)` run no code of the app or of an unknown library."""
    if not isinstance(cls, type):
        return False
    hooks = (_definer(cls, "__subclasshook__"), *(_definer(type(cls), name) for name in _CHECKS))
    return all(owner is not None and _is_known(owner) and owner.__module__ != "typing" for owner in hooks)


_CHECKS = ("__instancecheck__", "__subclasscheck__")


def _definer(cls: type, name: str) -> type | None:
    return next((base for base in cls.__mro__ if name in base.__dict__), None)


def _is_known(cls: type) -> bool:
    """Whether it is of the standard library or a quiet package, and no stand-in for an object of the app."""
    package = cls.__module__.partition(".")[0]
    return (package in sys.stdlib_module_names or package in QUIET_PACKAGES) and cls not in _STAND_INS


_STAND_INS = frozenset({weakref.ProxyType, weakref.CallableProxyType})


def _quiet_class(cls: type) -> bool:
    if cls in _STAND_INS:
        return False
    if _is_known(cls):
        return not issubclass(cls, (types.GeneratorType, Iterator))
    written = (
        item
        for name, item in cls.__dict__.items()
        if name.startswith("__") and name.endswith("__") and name not in BIRTH
    )
    return not any(isinstance(item, types.FunctionType) and not _generated(item) for item in written)


def _generated(function: types.FunctionType) -> bool:
    """Whether dataclasses, enum or namedtuple wrote it."""
    package = str(function.__globals__.get("__name__")).partition(".")[0]
    return function.__code__.co_filename.startswith("<") or package in sys.stdlib_module_names


def static(value: object, name: str) -> Any:
    """`value.name` as it lies there; functions come unbound. NOTHING where reading it may run code."""
    if isinstance(value, types.ModuleType):
        return vars(value).get(name, NOTHING)
    if isinstance(value, type):
        return _undressed(inspect.getattr_static(value, name, NOTHING))
    if not isinstance(type(value).__getattribute__, types.WrapperDescriptorType):
        return NOTHING
    return _of_instance(value, name)


def _of_instance(value: object, name: str) -> Any:
    of_class = inspect.getattr_static(type(value), name, NOTHING)
    if isinstance(of_class, property):
        return NOTHING
    if type(of_class).__module__.startswith("sqlalchemy.orm"):
        return vars(value).get(name, NOTHING)
    own = inspect.getattr_static(value, name, NOTHING)
    if own is not of_class:
        return own
    if isinstance(of_class, (types.MemberDescriptorType, types.GetSetDescriptorType)):
        return attribute(value, name)
    plain = isinstance(of_class, (types.FunctionType, types.MethodDescriptorType, types.BuiltinFunctionType, type))
    if plain or isinstance(of_class, (staticmethod, classmethod, types.WrapperDescriptorType)):
        return _undressed(of_class)
    return NOTHING if hasattr(type(of_class), "__get__") else of_class


def _undressed(found: Any) -> Any:
    if isinstance(found, (staticmethod, classmethod)):
        return found.__func__
    return NOTHING if isinstance(found, property) else found


def code_entered(callee: Any) -> types.CodeType | None:
    """The code that one call of `callee` enters first, exactly once; None where that is not certain."""
    for _ in range(8):
        if isinstance(callee, types.FunctionType):
            return callee.__code__
        onward = _onward(callee)
        if onward is None:
            return None
        callee = onward
    return None


def _onward(callee: Any) -> Any:
    if isinstance(callee, types.MethodType):
        return callee.__func__
    for kind, name in _FORWARDERS:
        if isinstance(callee, kind):
            return getattr(callee, name)
    if type(callee) is type:
        made = inspect.getattr_static(callee, "__init__", None)
        return made if isinstance(made, types.FunctionType) else inspect.getattr_static(callee, "__new__", None)
    call = inspect.getattr_static(type(callee), "__call__", None)
    return call if isinstance(call, types.FunctionType) else None


_FORWARDERS: tuple[tuple[type, str], ...] = (
    (functools.partial, "func"),
    (type(functools.lru_cache(lambda: None)), "__wrapped__"),
    (staticmethod, "__func__"),
    (classmethod, "__func__"),
)
