"""Same error, same fingerprint: stable over ids, times, addresses and shifted lines; apart for different errors."""

from __future__ import annotations

import os
import re
import sysconfig
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from types import CodeType, TracebackType

from healing import lineage
from healing.redaction.classes import dotted_name

FINGERPRINT_VERSION = 1

MAX_CHAIN = 20
MAX_MEMBERS = 20
MAX_NESTED_GROUPS = 2
MAX_FRAMES = 20_000
KEPT_FRAMES = 2
MAX_MESSAGE = 512
"""Characters of a message that count; the end of a word that lies across the limit does not."""

_HERE = f"{Path(__file__).resolve().parent}{os.sep}"
_EXAMPLES = f"{Path(_HERE, '_dashboard', 'examples')}{os.sep}"
_LIBRARIES = (
    _HERE,
    *(f"{sysconfig.get_path(name)}{os.sep}" for name in ("stdlib", "platstdlib", "purelib", "platlib")),
)
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_MAX_FILES = 10_000
_files: dict[str, bool] = {}


def is_app_code(code: CodeType, module: str) -> bool:
    """Whether code is the application's own: not of the standard library, an installed package or Healing itself."""
    known = _files.get(code.co_filename)
    if known is None:
        if len(_files) >= _MAX_FILES:
            _files.clear()
        known = _files[code.co_filename] = _is_app_file(code.co_filename)
    return known and not is_own_code(code, module)


def is_own_code(code: CodeType, module: str) -> bool:
    """Whether code is Healing's, whose frames say nothing about an error of the application."""
    if module != "healing" and not module.startswith("healing."):
        return False
    return not code.co_filename.startswith(_EXAMPLES)


def _is_app_file(name: str) -> bool:
    if name.startswith(_EXAMPLES):
        return True
    if name.startswith(("<frozen ", *_LIBRARIES)):
        return False
    return not any(folder in name for folder in _INSTALLED)


def fingerprint(error: BaseException, *, skip: frozenset[CodeType] = frozenset()) -> str:
    """32 hexadecimal digits. `skip` are wrappers whose frames do not count. Never raises."""
    try:
        label = _label(error, skip)
    except Exception:  # noqa: BLE001 - a stranger's exception may raise anything when it is read
        label = dotted_name(type(error))
    return blake2b(f"{FINGERPRINT_VERSION}\0{label}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _label(error: BaseException, skip: frozenset[CodeType], depth: int = MAX_NESTED_GROUPS) -> str:
    """The root's type, codes, message and frames; the outer type and codes where an error was raised from another."""
    root = next(reversed([link for link, _ in chain(error)]), error)
    parts = [dotted_name(type(root)), *_codes(root), normalised(_message(root)), *_places(root, skip)]
    if root is not error:
        parts += [dotted_name(type(error)), *_codes(error)]
    if isinstance(root, BaseExceptionGroup) and depth:
        parts += sorted({_label(member, skip, depth - 1) for member in root.exceptions[:MAX_MEMBERS]})
    return "\0".join(parts)


def chain(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    """Each exception that led to `error`, nearest first, with its relation (`cause` or `context`); cycles end it."""
    seen = {id(error)}
    while len(seen) < MAX_CHAIN:
        before, said = lineage.cause(error)
        if before is None or id(before) in seen:
            return
        yield before, "cause" if said else "context"
        seen.add(id(before))
        error = before


def message_of(error: BaseException) -> str:
    """`str(error)`, or `<unprintable>` where that fails."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a stranger's __str__ may raise anything
        return "<unprintable>"


def _message(error: BaseException) -> str:
    """The key of a KeyError is data, a RecursionError tells where the stack happened to end, a group counts itself."""
    if type(error) in (KeyError, RecursionError):
        return ""
    return error.message if isinstance(error, BaseExceptionGroup) else message_of(error)


_CLOSED_SETS: tuple[tuple[str, Callable[[object], bool]], ...] = (
    ("errno", lambda value: type(value) is int),
    ("sqlstate", lambda value: _is_code(value)),
    ("pgcode", lambda value: _is_code(value)),
    ("sqlite_errorname", lambda value: _is_code(value)),
    ("status_code", lambda value: _is_status(value)),
    ("status", lambda value: _is_status(value)),
    ("code", lambda value: _is_status(value)),
)
_NAMED_BY_SOURCE = (ImportError, AttributeError, NameError)


def _codes(error: BaseException) -> list[str]:
    found = [
        f"{name}={value}"
        for name, belongs in _CLOSED_SETS
        if (value := _attribute(error, name)) is not None and belongs(value)
    ]
    if isinstance(error, _NAMED_BY_SOURCE) and type(error.name) is str:
        found.append(f"name={error.name[:200]}")
    response = _attribute(error, "response")
    if response is not None:
        found.extend(_response_codes(response))
    return found


def _response_codes(response: object) -> list[str]:
    """HTTP clients keep a response object, botocore a dictionary."""
    if type(response) is dict:
        return [f"code={response['Error']['Code']}"] if "Error" in response else []
    status = _attribute(response, "status_code") or _attribute(response, "status")
    return [f"status={status}"] if _is_status(status) else []


def _attribute(holder: object, name: str) -> object:
    try:
        return getattr(holder, name, None)
    except Exception:  # noqa: BLE001 - a stranger's property may raise anything
        return None


def _is_code(value: object) -> bool:
    return type(value) is str and 0 < len(value) <= 40


def _is_status(value: object) -> bool:
    return isinstance(value, int) and 100 <= value <= 599


def _places(error: BaseException, skip: frozenset[CodeType]) -> list[str]:
    """The innermost functions of the application, each counted once however deep it recursed."""
    own: dict[str, int] = {}
    others: dict[str, int] = {}
    for code, module, _ in frames(error.__traceback__):
        if (skip and code in skip) or is_own_code(code, module):
            continue
        places = own if is_app_code(code, module) else others
        place = f"{module}.{code.co_qualname}"
        places[place] = places.get(place, 0) + 1
    counted = own or others
    if isinstance(error, RecursionError):
        return sorted(place for place, times in counted.items() if times > 1)[:MAX_MEMBERS]
    return list(counted)[-KEPT_FRAMES:]


def frames(traceback: TracebackType | None) -> Iterator[tuple[CodeType, str, TracebackType]]:
    """Code, module and traceback entry of each frame, outermost first."""
    for _ in range(MAX_FRAMES):
        if traceback is None:
            return
        frame = traceback.tb_frame
        module = frame.f_globals.get("__name__")
        yield frame.f_code, module if type(module) is str else "?", traceback
        traceback = traceback.tb_next


_STATUS = r"""
    (?i:http(?:/\d(?:\.\d)?)?|status|code|error|response)(?:[ _-](?i:code))?[ :=('"]{1,3}[1-5]\d\d(?!\d)
    | (?<![\w.])[1-5]\d\d(?=\ (?i:client\ error|server\ error|not\ found|bad\ gateway|bad\ request|unauthori[sz]ed
        |forbidden|conflict|gone|too\ many\ requests|internal\ server\ error|service\ (?:temporarily\ )?unavailable
        |gateway\ time-?out)\b)
"""
"""A status belongs to a closed set: 503 is not 429."""

_VARIABLE = re.compile(
    rf"""(?x)
    (?P<kept> {_STATUS} | (?<!\w)[A-Za-z]{{1,64}}+(?![\w@+.:/\\'"`-])[ ]? )
    | (?P<url> \b[A-Za-z][A-Za-z0-9+.-]{{1,30}}+://[^\s'"<>]{{1,512}} )
    | (?P<uuid> \b[0-9a-fA-F]{{8}}-?[0-9a-fA-F]{{4}}-?[0-9a-fA-F]{{4}}-?[0-9a-fA-F]{{4}}-?[0-9a-fA-F]{{12}}\b )
    | (?P<time> \b\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?)?(?:Z|[+-]\d\d:?\d\d)?\b
        | \b\d\d?:\d\d:\d\d(?:[.,]\d{{1,9}})?\b )
    | (?P<quoted> (?<!\w)b?(?: '(?:[^'\\\n]|\\.){{0,512}}'(?!\w) | "(?:[^"\\\n]|\\.){{0,512}}" | `[^`\n]{{0,512}}` ) )
    | (?P<address> \b0x[0-9a-fA-F]{{1,32}}\b )
    | (?P<path> (?<![\w/.])(?:[A-Za-z]:\\|~?/)[\w.@%+-]{{1,128}}(?:[/\\][\w.@%+-]{{0,128}}){{0,32}} )
    | (?P<email> \b[\w.+-]{{1,64}}+@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}} )
    | (?P<ip> \b\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{1,5}})?\b )
    | (?P<hex> \b(?=[a-fA-F]{{0,16}}\d)[0-9a-fA-F]{{8,128}}\b )
    | (?P<id> \b(?=(?:[^\W\d]{{0,64}}\d){{3}})(?=\d{{0,64}}[A-Za-z_-])[\w-]{{12,200}}\b )
    | (?P<number> [+-]?\d{{1,40}}+(?:[.,_]\d{{1,40}}+){{0,10}} )
    | (?P<rest> [A-Za-z_]{{1,64}}+ )
    """
)
_REPEATED = re.compile(r"(<[a-z]{2,8}>)(?:[,;]? ?(?:and )?\1){1,200}")


def normalised(message: str) -> str:
    """`message` with what differs from one occurrence to the next replaced by the name of its class."""
    if len(message) > MAX_MESSAGE:
        message = message[:MAX_MESSAGE].rpartition(" ")[0] or message[:MAX_MESSAGE]
    return _REPEATED.sub(r"\1", _VARIABLE.sub(_class_of, message))


_KEPT = frozenset({"kept", "rest"})
_IDS = frozenset({"uuid", "address", "hex", "number"})
"""Told apart by their look only: the next id of the same kind may look like another of these."""


def _class_of(match: re.Match[str]) -> str:
    if match.lastgroup in _KEPT:
        return match[0]
    return "<id>" if match.lastgroup in _IDS else f"<{match.lastgroup}>"
