"""Arguments that an attempt has read from, or may have: a re-run would be given what is left of them."""

from __future__ import annotations

import collections.abc
import dataclasses
import dis
import functools
import gc
import inspect
import io
import itertools
import json
import sys
import types
from collections import UserDict, UserList, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any

from healing.proving.values import SCALARS

DEEPEST = 4
"""Levels below an argument that are looked into."""

MOST_ITEMS = 200
"""Values within one argument that are looked at; what comes after them is not."""

LONGEST_KEY = 40
"""Characters of a key that are shown."""

_HOLDERS = (types.SimpleNamespace, UserDict, UserList)
"""Classes of the standard library whose attributes are what they were given."""

_RUNNING = (GeneratorType, CoroutineType, AsyncGeneratorType)


@dataclass(frozen=True, slots=True)
class _Part:
    """`behaves`: an attribute of an object that does more than hold data, where an iterator may be anything."""

    place: str
    value: object
    depth: int = 0
    behaves: bool = False

    def within(self, suffix: str, value: object, *, behaves: bool = False) -> _Part:
        return _Part(self.place + suffix, value, self.depth + 1, self.behaves or behaves)


def consumed_argument(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str | None:
    """The first argument that is, or holds, something that is or may be read from already; None if none is.

    It is named as people would write it: its position from 1 or its name, and the way to it, as in `files["file"]`.
    """
    named = [*((str(number), value) for number, value in enumerate(args, 1)), *kwargs.items()]
    return next((place for name, value in named if (place := _consumed_within(_Part(name, value)))), None)


def _consumed_within(argument: _Part) -> str | None:
    """Nearest first, so that the bounds leave out what is farthest."""
    queue, seen = deque([argument]), {id(argument.value)}
    while queue:
        part = queue.popleft()
        if _is_consumed(part):
            return part.place
        if part.depth < DEEPEST:
            try:
                found = list(itertools.islice(_inside(part), max(0, MOST_ITEMS - len(seen))))
            except RuntimeError:  # another thread is changing it
                return part.place
            queue.extend(inner for inner in found if id(inner.value) not in seen)
            seen.update(id(inner.value) for inner in found)
    return None


def _inside(part: _Part) -> Iterable[_Part]:
    """What lies in a container or object, read without running anybody's code."""
    value = part.value
    if type(value) in SCALARS:
        return ()
    look = next((look for kind, look in _CONTAINERS if issubclass(type(value), kind)), None)
    return _of_instance(part) if look is None else look(part)


def _of_mapping(part: _Part) -> Iterator[_Part]:
    value: Any = part.value
    return (part.within(_shown_key(key), item) for key, item in dict.items(value))


def _of_sequence(part: _Part) -> Iterator[_Part]:
    value: Any = part.value
    kind: Any = next(kind for kind in (list, tuple, deque) if issubclass(type(value), kind))
    return (part.within(f"[{index}]", item) for index, item in enumerate(kind.__iter__(value)))


def _of_set(part: _Part) -> Iterator[_Part]:
    value: Any = part.value
    kind: Any = set if issubclass(type(value), set) else frozenset
    return (part.within("[…]", item) for item in kind.__iter__(value))


def _of_partial(part: _Part) -> Iterator[_Part]:
    args, keywords = (vars(functools.partial)[name].__get__(part.value) for name in ("args", "keywords"))
    return itertools.chain(_of_sequence(part.within(".args", args)), _of_mapping(part.within(".keywords", keywords)))


def _of_proxy(part: _Part) -> Iterator[_Part]:
    """Its own methods would call those of the mapping beneath, which may be anybody's."""
    return (part.within("", mapping) for mapping in gc.get_referents(part.value))


_CONTAINERS: tuple[tuple[type | tuple[type, ...], Callable[[_Part], Iterator[_Part]]], ...] = (
    (dict, _of_mapping),
    ((list, tuple, deque), _of_sequence),
    ((set, frozenset), _of_set),
    (functools.partial, _of_partial),
    (types.MappingProxyType, _of_proxy),
)


def _of_instance(part: _Part) -> Iterator[_Part]:
    cls = type(part.value)
    if str(cls.__module__).partition(".")[0] in sys.stdlib_module_names and not issubclass(cls, _HOLDERS):
        return
    behaves = not (_is_data(cls) or issubclass(cls, (*_HOLDERS, Mapping)))
    for name, item in _attributes(part.value):
        yield part.within(f".{name}", item, behaves=behaves)


def _is_data(cls: type) -> bool:
    """Whether it is a dataclass, or of attrs or pydantic."""
    marks = ("__dataclass_fields__", "__attrs_attrs__", "__pydantic_fields__")
    return any(mark in base.__dict__ for base in cls.__mro__ for mark in marks)


def _attributes(value: object) -> Iterator[tuple[str, object]]:
    for name, found in ((name, found) for cls in type(value).__mro__ for name, found in cls.__dict__.items()):
        if name == "__dict__" and isinstance(found, types.GetSetDescriptorType | types.MemberDescriptorType):
            yield from dict.items(found.__get__(value))
        elif isinstance(found, types.MemberDescriptorType) and not name.startswith("__"):
            item = _slot(found, value)
            yield from () if item is dataclasses.MISSING else [(name, item)]


def _slot(slot: types.MemberDescriptorType, value: object) -> object:
    try:
        return slot.__get__(value)
    except AttributeError:
        return dataclasses.MISSING


def _shown_key(key: object) -> str:
    if type(key) is str:
        return f"[{json.dumps(key[:LONGEST_KEY], ensure_ascii=False)}]"
    return f"[{key!r}]" if type(key) in {int, bool, type(None)} else "[…]"


def _is_consumed(part: _Part) -> bool:
    value, cls = part.value, type(part.value)
    if cls in SCALARS:
        return False
    if cls in _RUNNING:
        return _was_started(value)
    stream = getattr(value, "file", None) if cls.__module__ == "tempfile" else value
    if issubclass(type(stream), io.IOBase):
        return _is_read_from(stream, certainly=part.behaves)
    if part.behaves or _has_method(cls, "execute"):
        return False
    iterates = issubclass(cls, (collections.abc.Iterator, collections.abc.AsyncIterator))
    return iterates or _has_method(cls, "read")


def _has_method(cls: type, name: str) -> bool:
    return callable(next((base.__dict__[name] for base in cls.__mro__ if name in base.__dict__), None))


def _was_started(value: object) -> bool:
    if inspect.isgenerator(value):
        return inspect.getgeneratorstate(value) != inspect.GEN_CREATED
    if inspect.iscoroutine(value):
        return inspect.getcoroutinestate(value) != inspect.CORO_CREATED
    return inspect.isasyncgen(value) and not _is_fresh_async_generator(value)


def _is_fresh_async_generator(generator: AsyncGeneratorType[Any, Any]) -> bool:
    if sys.version_info >= (3, 12):
        return inspect.getasyncgenstate(generator) == inspect.AGEN_CREATED
    frame, steps = generator.ag_frame, dis.get_instructions(generator.ag_code)
    begin = next(step.offset for step in steps if step.opname == "RETURN_GENERATOR")
    return frame is not None and not generator.ag_running and frame.f_lasti <= begin


def _is_read_from(stream: Any, *, certainly: bool) -> bool:
    """`certainly`: a log file or a socket that an object writes to counts for nothing."""
    try:
        if certainly and not (stream.readable() and stream.seekable()):
            return False
        return not stream.seekable() or stream.tell() != 0
    except Exception:  # noqa: BLE001  # anybody's stream may stand here, and one that does not answer is not whole
        return not certainly
