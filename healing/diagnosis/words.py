"""What the name of an unknown error's type says, and whether a library raised a RuntimeError by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from opcode import opmap
from types import TracebackType

from healing.diagnosis.reading import DEEPEST_TRACEBACK, kind, traceback_of
from healing.origin import is_app_code

_SUFFIXES = ("error", "exception", "failure", "failed", "fault", "err", "exc")
_WORD = re.compile(r"[A-Z]{2,40}(?![a-z])|[A-Z]?[a-z]{1,40}|\d{1,9}")
LONGEST_NAME = 80
MOST_LAST_WORDS = 3
_STANDARD_BASES = 3
"""Names of bases that are asked after the error's own."""
_RAISES = frozenset({opmap["RAISE_VARARGS"], opmap["RERAISE"]})


def keys(error: BaseException) -> Iterator[str]:
    cls = type(error)
    if cls is RuntimeError:
        if raised_by_library(traceback_of(error)):
            yield "raised_by_library:RuntimeError"
        return
    yield from _word_keys(_own_names(kind(cls).names))


def _own_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Of the types that are no builtin's, the nearest ones."""
    own = [name.rpartition(".")[2] for name in names if not name.startswith("builtins.")]
    return tuple(own[:_STANDARD_BASES])


def _keys_of_names(names: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        words = _words(name)
        if words:
            ends = ["".join(words[-count:]) for count in range(min(len(words), MOST_LAST_WORDS), 0, -1)]
            found += [*(f"last:{end}" for end in ends), f"first:{words[0]}"]
    return tuple(found)


_word_keys: Callable[[tuple[str, ...]], tuple[str, ...]] = lru_cache(maxsize=2048)(_keys_of_names)


def _words(name: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(name[-LONGEST_NAME:])]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return words


def raised_by_library(step: TracebackType | None) -> bool:
    """Whether the innermost frame is a library's, or the application's in the midst of a call of compiled code."""
    for _ in range(DEEPEST_TRACEBACK):
        if step is None or step.tb_next is None:
            break
        step = step.tb_next
    if step is None or step.tb_next is not None:
        return False
    frame = step.tb_frame
    module = frame.f_globals.get("__name__")
    if not is_app_code(frame.f_code, module if type(module) is str else ""):
        return True
    return frame.f_code.co_code[step.tb_lasti] not in _RAISES
