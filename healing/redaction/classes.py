"""What a class is, read in ways that no metaclass and no property can get to run for."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from typing import Any

from healing.origin import is_library_module
from healing.strangers import defined, mro, plain_dict

_DICT = type.__dict__["__dict__"]
_NAME = type.__dict__["__name__"]
_QUALIFIED_NAME = type.__dict__["__qualname__"]
_MODULE = type.__dict__["__module__"]
_FLAGS = type.__dict__["__flags__"]
_MADE_BY_A_CLASS_STATEMENT = 1 << 9
_SLOTS = (types.MemberDescriptorType, types.GetSetDescriptorType)
_MISSING = object()


def simple_name(cls: type[Any]) -> str:
    return str.__str__(_NAME.__get__(cls))


def dotted_name(cls: type[Any]) -> str:
    """`module.QualName`; builtins without their module."""
    module, name = _MODULE.__get__(cls), str.__str__(_QUALIFIED_NAME.__get__(cls))
    return name if type(module) is not str or module == "builtins" else f"{module}.{name}"


def is_library(cls: type[Any]) -> bool:
    """Whether `cls` and all that it inherits from is of the standard library or an installed package."""
    return all(map(_is_of_library, mro(cls)))


def _is_of_library(cls: type[Any]) -> bool:
    if not _FLAGS.__get__(cls) & _MADE_BY_A_CLASS_STATEMENT:
        return True
    module = _MODULE.__get__(cls)
    if type(module) is not str or _found(module, cls) is not cls:
        return False
    return is_library_module(module)


def _found(module: str, cls: type[Any]) -> object:
    """What stands in the module where the class says that it stands: any class may claim any module."""
    found: Any = sys.modules.get(module)
    for part in str.__str__(_QUALIFIED_NAME.__get__(cls)).split("."):
        space = _DICT.__get__(found) if issubclass(type(found), type) else getattr(found, "__dict__", {})
        found = space.get(part)
    return found


def instance_dict(value: object) -> dict[str, Any]:
    """The attributes that an instance holds itself."""
    return plain_dict(value) or {}


def field(value: object, name: str) -> Any:
    """A field as it is stored; raises AttributeError where none is, or where only code could tell it."""
    slot = defined(type(value), name, _MISSING)
    if type(slot) in _SLOTS:
        return slot.__get__(value)
    held = instance_dict(value).get(name, slot)
    if held is _MISSING or (held is slot and defined(type(held), "__get__") is not None):
        raise AttributeError(name)
    return held


def fields(value: object, names: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for name in names:
        try:
            yield name, field(value, name)
        except AttributeError:
            continue
