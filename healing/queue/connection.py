"""This process's connection to the queue: opened at first use, never carried over a fork."""

from __future__ import annotations

import os
import threading

from healing.queue.storage import Store, open_store

Key = tuple[int, str, str]

_stores: dict[Key, Store] = {}
_paused: list[Store] = []
_opening = threading.RLock()


def process_store() -> Store:
    """One store a process, for the settings of the moment."""
    from healing import runtime

    settings = runtime.current().settings
    key = (os.getpid(), settings.database_url, settings.queue_name)
    with _opening:
        if key not in _stores:
            _stores[key] = open_store(settings.database_url, settings.queue_name)
        return _stores[key]


def close() -> None:
    """Give the connection to the queue back; the next use opens another."""
    with _opening:
        for key in _own_keys():
            _stores.pop(key).close()


def _own_keys() -> list[Key]:
    return [key for key in _stores if key[0] == os.getpid()]


def _before_fork() -> None:
    """In a forked child, a connection of SQLite's would take its parent's locks for its own: none may be open."""
    _opening.acquire()
    _paused.extend(_stores[key] for key in _own_keys() if _stores[key].pause())


def _after_fork() -> None:
    for store in _paused:
        store.resume()
    _paused.clear()
    _opening.release()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
