"""An exception and its call, as redacted plain data: nothing here holds the exception, its frames or its arguments."""

from __future__ import annotations

import asyncio
import linecache
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from inspect import Parameter, signature
from itertools import islice
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any
from weakref import WeakKeyDictionary

from healing import breadcrumbs, lineage
from healing.fingerprint import chain, fingerprint, frames, members
from healing.message import message_of
from healing.operation import FingerprintParts
from healing.origin import is_app_code, is_own_code
from healing.redaction import Limits, Plain, Redactor
from healing.redaction.classes import dotted_name
from healing.strangers import attribute
from healing.variables import variables

MAX_LINE = 300
MAX_TEXT = 16_384
MAX_FRAMES = 60
MAX_INNER_FRAMES = 20
MAX_LINKS = 10
MAX_NOTES = 10
MAX_NOTE = 2_000
MAX_PARAMETERS = 50
ARGUMENT_LIMITS = Limits(depth=6, items=50, nodes=300, characters=2_000, total=16_384)

FrameRow = list[Any]
"""`[module, function, file, line, in_app]`; frames left out are one row `["", "", "", how many, False]`."""


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """`message` is one line of at most 300 characters; `full_message` has up to 16 KB.

    `chain` holds what led to the error, nearest first, and the members of a group: `type`, `message`, `relation`
    (`cause`, `context` or `member`) and `frames`. `frames` are outermost first. `locals` (of frames of the application:
    `function`, `line`, `values`) and `breadcrumbs` (Unix time, level, logger, text) are empty unless asked for.
    """

    error_type: str
    message: str
    full_message: str
    fingerprint: str
    chain: list[dict[str, Any]]
    notes: list[str]
    frames: list[FrameRow]
    arguments: dict[str, Plain]
    process: dict[str, Any]
    locals: list[dict[str, Any]]
    breadcrumbs: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept beside the error; `locals` and the last `breadcrumbs` log records only on demand."""

    release: str = ""
    environment: str = ""
    locals: bool = False
    breadcrumbs: int = 0


def capture_error(
    error: BaseException,
    *,
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    redactor: Redactor,
    keeping: Keeping = Keeping(),
    override: FingerprintParts | None = None,
) -> ErrorContext:
    """What is kept of a failed call of `function`. Never raises: of what cannot be read, the type and fingerprint.

    `override` is the operation's own idea of the fingerprint.
    """
    process = _process(redactor, keeping)
    said = message_of(error)
    print_ = fingerprint(error, override=override, message=said)
    try:
        full_message = redactor.text(said, MAX_TEXT)
        entered = [entry for entry in frames(lineage.traceback(error)) if not is_own_code(entry[0], entry[1])]
        return ErrorContext(
            error_type=dotted_name(type(error)),
            message=_one_line(full_message),
            full_message=full_message,
            fingerprint=print_,
            chain=[_link(link, relation, redactor) for link, relation in islice(_links(error), MAX_LINKS)],
            notes=_notes(error, redactor),
            frames=_rows(entered, MAX_FRAMES),
            arguments=_arguments(function, args, kwargs, redactor),
            process=process,
            locals=variables(entered, redactor) if keeping.locals else [],
            breadcrumbs=_crumbs(keeping.breadcrumbs, redactor) if keeping.breadcrumbs else [],
        )
    except Exception:  # noqa: BLE001 - fail closed: a stranger's exception may raise anything when it is read
        return _bare(error, print_, process)


def _bare(error: BaseException, print_: str, process: dict[str, Any]) -> ErrorContext:
    unread = "[redacted:unreadable]"
    return ErrorContext(dotted_name(type(error)), unread, unread, print_, [], [], [], {}, process, [], [])


def _crumbs(count: int, redactor: Redactor) -> list[list[Any]]:
    return [
        [crumb.logged_at, crumb.level, crumb.logger, redactor.text(crumb.text)] for crumb in breadcrumbs.last(count)
    ]


def described(error: BaseException, redactor: Redactor) -> tuple[str, str]:
    """The dotted type and the redacted message, as one line of at most 300 characters."""
    return dotted_name(type(error)), _one_line(redactor.text(message_of(error), MAX_TEXT))


def _one_line(text: str) -> str:
    line = " ".join(text[: 4 * MAX_LINE].split())
    if len(line) <= MAX_LINE:
        return line
    return f"{line[: MAX_LINE - 1].rpartition(' ')[0] or line[: MAX_LINE - 1]}…"


def _links(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    yield from ((member, "member") for member in members(error))
    for link, relation in chain(error):
        yield link, relation
        yield from ((member, "member") for member in members(link))


def _link(error: BaseException, relation: str, redactor: Redactor) -> dict[str, Any]:
    error_type, message = described(error, redactor)
    entered = [entry for entry in frames(lineage.traceback(error)) if not is_own_code(entry[0], entry[1])]
    rows = _rows(entered, MAX_INNER_FRAMES)
    return {"type": error_type, "message": message, "relation": relation, "frames": rows}


def _notes(error: BaseException, redactor: Redactor) -> list[str]:
    notes = attribute(error, "__notes__")
    if type(notes) is not list:
        return []
    return [redactor.text(note, MAX_NOTE) for note in notes[:MAX_NOTES] if type(note) is str]


def _rows(entered: list[tuple[CodeType, str, TracebackType]], limit: int) -> list[FrameRow]:
    """Those in the middle of a deep recursion are left out."""
    if len(entered) <= limit:
        return [_row(*entry) for entry in entered]
    half = limit // 2
    gap: FrameRow = ["", "", "", len(entered) - 2 * half, False]
    return [*(_row(*entry) for entry in entered[:half]), gap, *(_row(*entry) for entry in entered[-half:])]


def _row(code: Any, module: str, entry: TracebackType) -> FrameRow:
    return [module, code.co_qualname, _shown_path(code.co_filename), entry.tb_lineno, is_app_code(code, module)]


@lru_cache(maxsize=4096)
def _shown_path(name: str) -> str:
    """Relative to the working directory or to where it was imported from, if it lies in one of them."""
    path = Path(name)
    if not path.is_absolute():
        return name
    roots = [Path.cwd(), *sorted((Path(entry) for entry in sys.path if entry), key=lambda root: -len(root.parts))]
    return next((str(path.relative_to(root)) for root in roots if path.is_relative_to(root)), name)


@dataclass(frozen=True, slots=True)
class _Parameters:
    """`receiver`: the first one is `self` or `cls`. `rest` is the name of `*args`, starred."""

    positional: tuple[str, ...]
    receiver: bool
    rest: str


_parameters: WeakKeyDictionary[Callable[..., Any], _Parameters] = WeakKeyDictionary()


def _parameters_of(function: Callable[..., Any]) -> _Parameters:
    try:
        return _parameters[function]
    except KeyError:
        found = _parameters[function] = _read_parameters(function)
        return found
    except TypeError:
        return _read_parameters(function)


def _read_parameters(function: Callable[..., Any]) -> _Parameters:
    try:
        declared = signature(function).parameters.values()
    except (TypeError, ValueError):
        return _Parameters((), False, "*args")
    by_place = {Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD}
    positional = tuple(parameter.name for parameter in declared if parameter.kind in by_place)
    rest = next((f"*{parameter.name}" for parameter in declared if parameter.kind is Parameter.VAR_POSITIONAL), "*args")
    return _Parameters(positional, positional[:1] in {("self",), ("cls",)}, rest)


def _arguments(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], redactor: Redactor
) -> dict[str, Plain]:
    declared = _parameters_of(function)
    named: dict[str, Any] = dict(zip(declared.positional, args, strict=False))
    if declared.receiver and args:
        named[declared.positional[0]] = _receiver(args[0])
    if len(args) > len(declared.positional):
        named[declared.rest] = args[len(declared.positional) :]
    named.update(islice(kwargs.items(), MAX_PARAMETERS))
    plain = redactor.value(named, ARGUMENT_LIMITS)
    return plain if type(plain) is dict else {}


def _receiver(receiver: object) -> str:
    if isinstance(receiver, type):
        return f"<class {dotted_name(receiver)}>"
    return f"<{dotted_name(type(receiver))}>"


_host = lru_cache(maxsize=1)(socket.gethostname)


def _process(redactor: Redactor, keeping: Keeping) -> dict[str, Any]:
    return {
        "host": _host(),
        "pid": os.getpid(),
        "thread": _name(threading.current_thread().name, redactor),
        "task": _task_name(redactor),
        "release": keeping.release,
        "environment": keeping.environment,
    }


def _task_name(redactor: Redactor) -> str:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return ""
    return "" if task is None else _name(task.get_name(), redactor)


@lru_cache(maxsize=512)
def _name(name: str, redactor: Redactor) -> str:
    return redactor.text(name, MAX_LINE)


@lru_cache(maxsize=1)
def _default_redactor() -> Redactor:
    return Redactor()


def format_traceback(
    error_type: str,
    full_message: str,
    frames: Sequence[FrameRow],
    chain: Sequence[Mapping[str, Any]],
    *,
    redactor: Redactor | None = None,
) -> str:
    """The text of a traceback much as Python prints it, out of an ErrorContext's fields.

    Source lines are read from disk, where they are still there, and redacted.
    """
    redactor = redactor or _default_redactor()
    blocks = [_block(error_type, full_message, frames, redactor)]
    members = []
    for link in chain:
        block = _block(link["type"], link["message"], link["frames"], redactor)
        if link["relation"] == "member":
            members.append(f"Member of the group:\n\n{block}")
        else:
            blocks[:0] = [block, _RELATIONS[link["relation"]]]
    return "\n\n".join([*blocks, *members])


_RELATIONS = {
    "cause": "The above exception was the direct cause of the following exception:",
    "context": "During handling of the above exception, another exception occurred:",
}


def _block(error_type: str, message: str, frames: Sequence[FrameRow], redactor: Redactor) -> str:
    head = ["Traceback (most recent call last):"] if frames else []
    last = f"{error_type}: {message}" if message else error_type
    return "\n".join([*head, *(_frame_lines(row, redactor) for row in frames), last])


def _frame_lines(row: FrameRow, redactor: Redactor) -> str:
    _module, function, file, line, _in_app = row
    if not file:
        return f"  [{line} more frames]"
    source = _source_line(file, line, redactor)
    place = f'  File "{file}", line {line}, in {function}'
    return f"{place}\n    {source}" if source else place


@lru_cache(maxsize=4096)
def _source_line(file: str, line: int, redactor: Redactor) -> str:
    return redactor.text(linecache.getline(file, line).strip(), MAX_LINE)
