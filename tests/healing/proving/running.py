"""Runs a case until it fails, and proves it."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from healing.proof import Proof, prove


def failure(function: Any, *args: Any) -> BaseException:
    """What a call raises; generators are driven until they raise."""
    try:
        if inspect.iscoroutinefunction(function):
            asyncio.run(function(*args))
        elif inspect.isgeneratorfunction(function):
            list(function(*args))
        else:
            function(*args)
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def proof_of(function: Any, *args: Any, session: object | None = None) -> Proof:
    return prove(failure(function, *args).__traceback__, function, session=session)


def order() -> dict[str, Any]:
    return {"id": 7, "name": " Ada ", "items": [{"price": 3, "qty": 2}, {"price": 5, "qty": 1}]}
