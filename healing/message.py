"""What an exception says: `str(error)`, come by without letting a stranger's code raise or hang."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import NoneType
from typing import Any

from healing.origin import is_library_code
from healing.strangers import NoAnswerError, ask, defined, is_tame

UNPRINTABLE = "<unprintable>"
DEEPEST = 4
"""Exceptions and containers within an exception's arguments that are looked through."""
MOST_ITEMS = 50
ARGS: Callable[[BaseException], tuple[Any, ...]] = BaseException.__dict__["args"].__get__
_FILENAME = OSError.__dict__["filename"].__get__
_FILENAME2 = OSError.__dict__["filename2"].__get__
_SPOKEN = frozenset({str, bytes, int, float, bool, complex, NoneType})


def message_of(error: BaseException) -> str:
    """`str(error)`; where that fails or does not end, the texts among its arguments, else `<unprintable>`."""
    try:
        said = str(error) if _is_harmless(error, DEEPEST) else ask(str, error)
        return str.__str__(said)
    except NoAnswerError:
        return _texts(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - a library's __str__ may raise anything, SystemExit included
        return _texts(error)


def _texts(error: BaseException) -> str:
    return ", ".join(argument for argument in ARGS(error) if type(argument) is str) or UNPRINTABLE


def _is_harmless(value: object, depth: int) -> bool:
    """Whether `str(value)` and `repr(value)` run nothing but the interpreter's and installed packages' code."""
    cls = type(value)
    if cls in _SPOKEN:
        return True
    if depth < 1 or not is_tame(cls) or not _speaks_by_library(cls):
        return False
    if issubclass(cls, BaseException):
        return all(_is_harmless(part, depth - 1) for part in _parts_of_error(value))
    if issubclass(cls, (list, tuple, set, frozenset, dict)):
        return _are_harmless(value, depth - 1)
    return True


def _words_are_a_librarys(cls: type) -> bool:
    return all(is_library_code(defined(cls, name)) for name in ("__str__", "__repr__"))


_speaks_by_library: Callable[[type], bool] = lru_cache(maxsize=4096)(_words_are_a_librarys)


def _parts_of_error(error: Any) -> tuple[Any, ...]:
    """What is spelled out in its text."""
    if issubclass(type(error), BaseExceptionGroup):
        return ()
    if issubclass(type(error), OSError):
        return (*ARGS(error), _FILENAME(error), _FILENAME2(error))
    return ARGS(error)


def _are_harmless(container: Any, depth: int) -> bool:
    if type(container) not in {list, tuple, set, frozenset, dict} or len(container) > MOST_ITEMS:
        return False
    items = (*container, *container.values()) if type(container) is dict else container
    return all(_is_harmless(item, depth) for item in items)
