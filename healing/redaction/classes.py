"""What a class is, read in ways that no metaclass and no property can get to run for."""

from __future__ import annotations

import sys
import sysconfig
import types
from collections.abc import Iterator
from typing import Any

_MRO = type.__dict__["__mro__"]
_DICT = type.__dict__["__dict__"]
_NAME = type.__dict__["__name__"]
_QUALIFIED_NAME = type.__dict__["__qualname__"]
_MODULE = type.__dict__["__module__"]
_FLAGS = type.__dict__["__flags__"]
_MADE_BY_A_CLASS_STATEMENT = 1 << 9
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_INSTALLED = ("/site-packages/", "/dist-packages/", "\\site-packages\\")
_SLOTS = (types.MemberDescriptorType, types.GetSetDescriptorType)
_MISSING = object()


def mro(cls: type[Any]) -> tuple[type[Any], ...]:
    found: tuple[type[Any], ...] = _MRO.__get__(cls)
    return found


def own(cls: type[Any], name: str, default: Any = None) -> Any:
    """What `cls` or one of its bases holds under `name`, without the descriptor's say."""
    for base in mro(cls):
        found = _DICT.__get__(base).get(name, _MISSING)
        if found is not _MISSING:
            return found
    return default


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
    file = _file(module)
    return file is None or file.startswith(_LIBRARIES) or any(folder in file for folder in _INSTALLED)


def _found(module: str, cls: type[Any]) -> object:
    """What stands in the module where the class says that it stands: any class may claim any module."""
    found: Any = sys.modules.get(module)
    for part in str.__str__(_QUALIFIED_NAME.__get__(cls)).split("."):
        space = _DICT.__get__(found) if issubclass(type(found), type) else getattr(found, "__dict__", {})
        found = space.get(part)
    return found


def _file(module: str) -> str | None:
    """None for what is built into the interpreter."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None:
        return None if module in sys.builtin_module_names or module in sys.stdlib_module_names else ""
    return str(file)


def instance_dict(value: object) -> dict[str, Any]:
    """The attributes that an instance holds itself."""
    slot = own(type(value), "__dict__")
    found = slot.__get__(value) if type(slot) in _SLOTS else {}
    return found if type(found) is dict else {}


def field(value: object, name: str) -> Any:
    """A field as it is stored; raises AttributeError where none is, or where only code could tell it."""
    slot = own(type(value), name, _MISSING)
    if type(slot) in _SLOTS:
        return slot.__get__(value)
    held = instance_dict(value).get(name, slot)
    if held is _MISSING or (held is slot and own(type(held), "__get__") is not None):
        raise AttributeError(name)
    return held


def fields(value: object, names: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for name in names:
        try:
            yield name, field(value, name)
        except AttributeError:
            continue
