"""Labelled errors: what they are, whether they pass, whether the failing step was executed, what to try first.

Real exceptions wherever the library is at hand; `like` makes the others by their dotted names and attributes. A label
says what a senior engineer would say, not what the rules happen to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from healing.vocabulary import Category, Executed, Strategy

NO, UNKNOWN, YES = Executed.NO, Executed.UNKNOWN, Executed.YES
RETRY, RATE, RESET = Strategy.RETRY_WITH_BACKOFF, Strategy.RATE_LIMIT_BACKOFF, Strategy.RESET_CONNECTION
ROLLBACK, CLEAR = Strategy.ROLLBACK_TRANSACTION, Strategy.CLEAR_CACHE_AND_RETRY
C = Category


@dataclass(frozen=True)
class Labelled:
    name: str
    make: Callable[[], BaseException]
    category: Category
    executed: Executed
    first: Strategy | None
    """None: permanent, and nothing is to be done about it."""


def like(dotted: str, *bases: type[BaseException], arguments: tuple[Any, ...] = (), **attributes: Any) -> Any:
    """An exception whose type bears this dotted name."""
    module, _, name = dotted.rpartition(".")
    made: Any = type(name, bases or (Exception,), {"__module__": module})(*arguments)
    vars(made).update(attributes)
    return made


def raised(step: Callable[[], Any]) -> BaseException:
    try:
        step()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def handling(error: BaseException, context: BaseException) -> BaseException:
    error.__context__ = context
    return error


class AppError(Exception):
    """An application's own."""


class Coded(Exception):
    def __init__(self, **attributes: Any) -> None:
        super().__init__("coded")
        vars(self).update(attributes)


def oserror(number: int) -> OSError:
    return OSError(number, "trouble")


def rows(*rows: tuple[str, Callable[[], BaseException], Category, Executed, Strategy | None]) -> list[Labelled]:
    return [Labelled(*row) for row in rows]
