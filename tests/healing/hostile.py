"""Exceptions and objects that fight whoever reads them: every way raises, or never ends until `released` is set."""

from __future__ import annotations

import threading
from typing import Any

released = threading.Event()
"""Set it when a test is over, so that no thread outlives it."""


def hang(*_: Any, **__: Any) -> Any:
    released.wait(30)
    raise RuntimeError("released")


def fight(*_: Any, **__: Any) -> Any:
    raise RuntimeError("read")


def leave(*_: Any, **__: Any) -> Any:
    raise SystemExit(3)


WAYS = ("__str__", "__repr__", "__hash__", "__eq__", "__getattr__", "__format__", "__len__", "__iter__", "__bool__")
PROPERTIES = ("__class__", "__dict__", "__cause__", "__context__", "__traceback__", "__notes__", "args", "response")
CODES = ("errno", "status", "status_code", "code", "headers", "name", "reason", "orig", "sqlstate", "retry_after")


def error_type(how: Any, ways: tuple[str, ...], base: type[Exception] = Exception) -> Any:
    """An exception class of the application on which each of `ways` does `how`."""
    methods = {way: how for way in ways if way in WAYS}
    properties = {way: property(how) for way in ways if way not in WAYS}
    return type("Hostile", (base,), {"__module__": "shop.errors", **methods, **properties})


def thing(how: Any, ways: tuple[str, ...] = WAYS, base: type = object) -> Any:
    """An object of the application on which each of `ways` does `how`."""
    methods = {way: how for way in ways if way in WAYS}
    properties = {way: property(how) for way in ways if way not in WAYS}
    return type("Thing", (base,), {"__module__": "shop.model", **methods, **properties})()
