"""What stays usable in a forked child, whatever other threads were at when the process forked."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload
from weakref import WeakSet

Made = TypeVar("Made")


class Lock:
    """A lock that is free in a forked child: the thread that held it in the parent does not exist there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        _locks.add(self)

    def renew(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *failure: object) -> None:
        if self._lock.locked():
            self._lock.release()


_locks: WeakSet[Lock] = WeakSet()


def _after_fork_in_child() -> None:
    for lock in list(_locks):
        lock.renew()


os.register_at_fork(after_in_child=_after_fork_in_child)


class cached_property(Generic[Made]):  # noqa: N801 - it stands for functools.cached_property
    """`functools.cached_property` without the lock it has up to Python 3.11, one for all instances.

    A child that was forked while another thread made a value would wait for that lock for ever. Two threads may make
    the value twice here; the later one is kept.
    """

    def __init__(self, make: Callable[[Any], Made]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Made: ...

    def __get__(self, instance: object | None, owner: type) -> Self | Made:
        if instance is None:
            return self
        made = instance.__dict__[self._name] = self._make(instance)
        return made
