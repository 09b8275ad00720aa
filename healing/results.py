"""The last good results of an operation, for FALLBACK_TO_CACHE."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from healing.forks import Lock
from healing.operation import Cache


class Results:
    """Results by arguments, in memory; copies go in and out, so that nobody changes what another gets.

    A call whose arguments cannot be told apart for certain, or whose result cannot be copied, is not kept.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lock = Lock()
        self._entries: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
        """What tells these arguments from others, to be made before the call, which may change them; None: cannot."""
        try:
            if self._cache.key is not None:
                return (self._cache.key(*args, **kwargs),)
            return _frozen(list(args)), _frozen(kwargs)
        except Exception:  # noqa: BLE001  # arguments are strangers: whatever they raise, there is no key
            return None

    def keep(self, key: Hashable, result: Any, now: float) -> None:
        if key is None:
            return
        try:
            kept = copy.deepcopy(result)
        except Exception:  # noqa: BLE001  # results are strangers: whatever they raise, there is no entry
            return
        with self._lock:
            self._entries[key] = (now, kept)
            self._entries.move_to_end(key)
            if len(self._entries) > self._cache.max_entries:
                self._entries.popitem(last=False)

    def find(self, key: Hashable, now: float) -> Any:
        """The last good result of this key. Raises LookupError where none is young enough."""
        with self._lock:
            kept_at, result = self._entries[key]
        if now - kept_at > self._cache.ttl + self._cache.max_stale:
            raise LookupError("the last good result is too old")
        return copy.deepcopy(result)


def _frozen(part: Any) -> Hashable:
    """Equal only for equal arguments of equal types: 1, True and "1" are three."""
    if isinstance(part, list | tuple):
        return type(part), tuple(_frozen(item) for item in part)
    if isinstance(part, Mapping):
        return type(part), frozenset((_frozen(name), _frozen(item)) for name, item in part.items())
    if isinstance(part, set | frozenset):
        return type(part), frozenset(_frozen(item) for item in part)
    if isinstance(part, Decimal | datetime | time):
        return type(part), str(part)
    hash(part)
    return type(part), part
