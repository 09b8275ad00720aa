"""How objects of unknown classes are read: as they lie there, and where their code must run, under a limit of time.

An exception may be of anybody's class. What the class defines (`__str__`, `__getattr__`, properties, `__class__`) may
raise, and may hang. So it is not run where that can be helped, and else on a thread of its own.
"""

from __future__ import annotations

import _thread
import os
import time
from abc import ABCMeta
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from enum import EnumMeta
from functools import lru_cache
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from healing.origin import is_library_code

SECONDS = 0.1
"""How long an answer is waited for."""
FORGIVEN_AFTER = 60.0
"""Seconds after which a class that did not answer is asked again."""
MOST_UNANSWERED = 4
"""Questions that may be without an answer at one time; then nobody is asked."""

Read = Callable[[Any], Any]


class NoAnswerError(Exception):
    """A stranger's code raised, hung, or was not asked because it had hung before."""


def is_a(thing: object, base: type) -> bool:
    """`isinstance` by the real type alone: what `__class__` claims is not asked."""
    return any(found is base for found in mro(type(thing)))


def is_tame(cls: type) -> bool:
    """Whether the class may be a key: a metaclass of its own may make its hash raise or hang."""
    return type(cls) in _TAME_METACLASSES


_TAME_METACLASSES = (type, ABCMeta, EnumMeta)


def attribute(thing: object, name: str) -> Any:
    """The attribute as it lies there; None where reading it would run code of the application's own classes."""
    values = plain_dict(thing)
    if values is not None and name in values:
        return values[name]
    cls = type(thing)
    found, read = (_of_class if is_tame(cls) else _found_in)(cls, name)
    return found if read is None else _read(read, thing)


def attributes(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    """Those of `names` that are there, each as `attribute` reads it."""
    cls = type(thing)
    there = (_of_class_among if is_tame(cls) else _found_among)(cls, names)
    found = {name: value if read is None else _read(read, thing) for name, value, read in there}
    held = plain_dict(thing)
    if held:
        found.update((name, held[name]) for name in names if name in held)
    return found


def speaks(thing: object, names: frozenset[str]) -> bool:
    """Whether the instance or its class has any of these attributes."""
    cls = type(thing)
    if (_class_has if is_tame(cls) else _any_in_class)(cls, names):
        return True
    held = plain_dict(thing)
    return held is not None and not names.isdisjoint(held)


def _any_in_class(cls: type, names: frozenset[str]) -> bool:
    return any(not names.isdisjoint(_NAMESPACE(base)) for base in mro(cls))


_NAMESPACE = type.__dict__["__dict__"].__get__
_class_has: Callable[[type, frozenset[str]], bool] = lru_cache(maxsize=4096)(_any_in_class)


def _read(read: Read, thing: object) -> Any:
    try:
        return read(thing)
    except Exception:  # noqa: BLE001 - an empty slot, or a library's property that cannot do without the rest
        return None


def plain_dict(thing: object) -> dict[str, Any] | None:
    """The instance's own dictionary; None where there is none, or where it is somebody's property."""
    cls = type(thing)
    if not (_has_plain_dict if is_tame(cls) else _dict_is_plain)(cls):
        return None
    values = object.__getattribute__(thing, "__dict__")
    return values if type(values) is dict else None


def _dict_is_plain(cls: type) -> bool:
    return type(defined(cls, "__dict__")) in {GetSetDescriptorType, MemberDescriptorType}


_has_plain_dict: Callable[[type], bool] = lru_cache(maxsize=2048)(_dict_is_plain)


def mro(cls: type) -> tuple[type, ...]:
    """Also of a class whose metaclass has an `__mro__` of its own."""
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(cls)
    return found


def defined(cls: type, name: str, default: Any = None) -> Any:
    """What the class or the nearest of its bases defines under `name`, as it lies there; else `default`."""
    for base in mro(cls):
        own = _NAMESPACE(base)
        if name in own:
            return own[name]
    return default


def _found_in(cls: type, name: str) -> tuple[Any, Read | None]:
    """A constant of the class, or how to read the attribute from an instance."""
    found = defined(cls, name)
    if type(found) in {MemberDescriptorType, GetSetDescriptorType}:
        return None, found.__get__
    if type(found) is property:
        return None, found.fget if is_library_code(found.fget) else None
    return found, None


_of_class: Callable[[type, str], tuple[Any, Read | None]] = lru_cache(maxsize=8192)(_found_in)


def _found_among(cls: type, names: tuple[str, ...]) -> tuple[tuple[str, Any, Read | None], ...]:
    there = [(name, *_found_in(cls, name)) for name in names]
    return tuple(each for each in there if each[1] is not None or each[2] is not None)


_of_class_among: Callable[[type, tuple[str, ...]], tuple[tuple[str, Any, Read | None], ...]] = lru_cache(maxsize=4096)(
    _found_among
)


@dataclass(slots=True)
class _Question:
    """One call on a thread of its own; `answered` is held until it is over."""

    function: Callable[..., Any]
    subject: Any
    context: Context = field(default_factory=copy_context)
    answered: Any = field(default_factory=_thread.allocate_lock)
    answer: Any = None
    failed: bool = True

    def put(self, seconds: float) -> bool:
        self.answered.acquire()
        _thread.start_new_thread(self._run, ())
        return bool(self.answered.acquire(timeout=seconds))

    def _run(self) -> None:
        try:
            self.answer = self.context.run(self.function, self.subject)
            self.failed = False
        except BaseException:  # noqa: BLE001 - a stranger's code may raise anything, on a thread that ends here
            self.failed = True
        finally:
            self.answered.release()


_unanswered: list[_Question] = []
_silent: dict[int, float] = {}
"""Id of a class that did not answer -> when it may be asked again (monotonic seconds)."""
os.register_at_fork(after_in_child=_unanswered.clear)


def ask(function: Callable[..., Any], subject: object) -> Any:
    """`function(subject)`, where that runs a stranger's code. Raises NoAnswerError, after `SECONDS` at the latest."""
    now = time.monotonic()
    _unanswered[:] = [question for question in _unanswered if question.answered.locked()]
    if _silent.get(id(type(subject)), now) > now or len(_unanswered) >= MOST_UNANSWERED:
        raise NoAnswerError
    question = _Question(function, subject)
    if not question.put(SECONDS):
        if len(_silent) >= 256:
            _silent.clear()
        _silent[id(type(subject))] = now + FORGIVEN_AFTER
        _unanswered.append(question)
        raise NoAnswerError
    if question.failed:
        raise NoAnswerError
    return question.answer
