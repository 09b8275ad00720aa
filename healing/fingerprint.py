"""Same error, same fingerprint: stable over ids, times, addresses and shifted lines; apart for different errors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import blake2b
from types import CodeType, FunctionType, TracebackType
from typing import Any

from healing import lineage
from healing.message import ARGS, message_of
from healing.operation import DEFAULT_FINGERPRINT, FingerprintParts
from healing.origin import is_app_code, is_library_code, is_library_module, is_own_code
from healing.redaction.classes import dotted_name
from healing.strangers import ask, attribute, attributes
from healing.wording import normalised

FINGERPRINT_VERSION = 2

MAX_CHAIN = 20
MAX_MEMBERS = 20
MAX_NESTED_GROUPS = 2
MAX_FRAMES = 20_000
KEPT_FRAMES = 2
MAX_PARTS = 20


def fingerprint(
    error: BaseException,
    *,
    skip: frozenset[CodeType] = frozenset(),
    override: FingerprintParts | None = None,
    message: str | None = None,
) -> str:
    """32 hexadecimal digits. `skip` are wrappers whose frames do not count. Never raises.

    `message` is what `message_of` has given for this error, where it is at hand.

    An override that fails, does not end or gives no texts counts for nothing.
    """
    try:
        label = _label(error, skip, message=message)
    except Exception:  # noqa: BLE001 - a stranger's exception may raise anything when it is read
        label = dotted_name(type(error))
    return _digest(label if override is None else _overridden(error, override, label))


def _digest(label: str) -> str:
    return blake2b(f"{FINGERPRINT_VERSION}\0{label}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _overridden(error: BaseException, override: FingerprintParts, label: str) -> str:
    try:
        chosen: Any = ask(override, error) if callable(override) else override
        parts = [chosen] if type(chosen) is str else list(chosen)
        texts = [label if part == DEFAULT_FINGERPRINT else str.__str__(part) for part in parts[:MAX_PARTS]]
    except Exception:  # noqa: BLE001 - a user's callable may raise or give anything
        return label
    return "\0".join(["override", *texts]) if texts else label


def _label(
    error: BaseException, skip: frozenset[CodeType], depth: int = MAX_NESTED_GROUPS, message: str | None = None
) -> str:
    """The root's type, codes, message and frames; the outer type and codes, unless it is the same error once more."""
    root = next(reversed([link for link, _ in chain(error)]), error)
    wording = _wording(_message(root, message if root is error else None))
    parts = [dotted_name(type(root)), *_codes(root), wording, *_places(root, skip)]
    if root is not error and (type(error) is not type(root) or _wording(_message(error, message)) != wording):
        parts += [dotted_name(type(error)), *_codes(error)]
    if depth:
        parts += sorted({_label(member, skip, depth - 1) for member in members(root)[:MAX_MEMBERS]})
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


_GROUP = BaseExceptionGroup.__dict__


def members(error: BaseException) -> tuple[BaseException, ...]:
    """The exceptions of a group; of any other exception none."""
    if not issubclass(type(error), BaseExceptionGroup):
        return ()
    found: tuple[BaseException, ...] = _GROUP["exceptions"].__get__(error)
    return found


def _message(error: BaseException, said: str | None) -> str:
    """The key of a KeyError is data, a RecursionError tells where the stack happened to end, a group counts itself."""
    if type(error) in (KeyError, RecursionError):
        return ""
    if members(error):
        return str(_GROUP["message"].__get__(error))
    return message_of(error) if said is None else said


def _is_status(value: Any) -> bool:
    return issubclass(type(value), int) and 100 <= int.__int__(value) <= 599


def _is_code(value: object) -> bool:
    return type(value) is str and 0 < len(value) <= 40


def _is_whole(value: object) -> bool:
    return type(value) is int


_CLOSED_SETS: dict[str, Callable[[Any], bool]] = {
    "errno": _is_whole,
    "sqlstate": _is_code,
    "pgcode": _is_code,
    "sqlite_errorname": _is_code,
    "smtp_code": _is_whole,
    "status_code": _is_status,
    "status": _is_status,
    "code": _is_status,
}
_READ = (*_CLOSED_SETS, "response")
_NAMED_BY_SOURCE = (ImportError, AttributeError, NameError)
_NUMBERED = frozenset({"pymysql", "MySQLdb", "mysql"})
"""Packages whose errors begin with a number of theirs."""


def _codes(error: BaseException) -> list[str]:
    held = attributes(error, _READ)
    found = [
        f"{name}={value if type(value) is str else int.__int__(value)}"
        for name, value in held.items()
        if name in _CLOSED_SETS and _CLOSED_SETS[name](value)
    ]
    found.sort()
    if issubclass(type(error), _NAMED_BY_SOURCE) and type(name := attribute(error, "name")) is str:
        found.append(f"name={name[:200]}")
    found.extend(_own_codes(error, held.get("code")))
    response = held.get("response")
    return found if response is None else [*found, *_response_codes(response)]


def _own_codes(error: BaseException, code: object) -> Iterator[str]:
    """The codes of databases and remote procedure calls that lie elsewhere than in an attribute."""
    arguments = ARGS(error)
    if arguments and _is_whole(arguments[0]) and type(error).__module__.partition(".")[0] in _NUMBERED:
        yield f"number={arguments[0]}"
    if type(code) is str and _is_code(code) and not _is_app_type(type(error)):
        yield f"code={code}"
    if type(code) is FunctionType and is_library_code(code):
        yield f"code={getattr(code(error), 'name', None)}"


def _is_app_type(cls: type) -> bool:
    """Whether the class is the application's: what it calls a code may be anything."""
    return not is_library_module(cls.__module__)


def _response_codes(response: object) -> list[str]:
    """HTTP clients keep a response object, botocore a dictionary."""
    if type(response) is dict:
        return [f"code={response['Error']['Code']}"] if "Error" in response else []
    status = attribute(response, "status_code") or attribute(response, "status")
    return [f"status={int.__int__(status)}"] if _is_status(status) else []


def _places(error: BaseException, skip: frozenset[CodeType]) -> list[str]:
    """The innermost functions of the application, each counted once however deep it recursed."""
    own: list[tuple[CodeType, str]] = []
    others: list[tuple[CodeType, str]] = []
    for code, module, _ in frames(lineage.traceback(error)):
        if (skip and code in skip) or is_own_code(code, module):
            continue
        (own if is_app_code(code, module) else others).append((code, module))
    counted = own or others
    if issubclass(type(error), RecursionError):
        times = Counter(map(_place, counted))
        return sorted(place for place, count in times.items() if count > 1)[:MAX_MEMBERS]
    return _innermost(counted)


def _innermost(entered: list[tuple[CodeType, str]]) -> list[str]:
    """Without those that only pass a call on, as decorators and retry loops do: they do not know whom they call."""
    kept: list[str] = []
    callee = ""
    for entry in reversed(entered):
        place = _place(entry)
        if place in kept:
            callee = entry[0].co_name
            continue
        if kept and not _knows(entry[0], callee):
            continue
        kept.append(place)
        callee = _name(entry[0])
        if len(kept) == KEPT_FRAMES:
            break
    return kept


def _place(entry: tuple[CodeType, str]) -> str:
    """Module and function; what is written within a function counts as that function."""
    code, module = entry
    return f"{module}.{_ANONYMOUS.sub('', code.co_qualname)}"


_ANONYMOUS = re.compile(r"(?:\.<locals>\.<(?:genexpr|listcomp|setcomp|dictcomp|lambda)>){1,20}$")


def _name(code: CodeType) -> str:
    return _ANONYMOUS.sub("", code.co_qualname).rpartition(".")[2]


def _knows(caller: CodeType, callee: str) -> bool:
    """Whether the caller's code names its callee; operators and the like call by no name."""
    return callee.startswith(("__", "<")) or callee in caller.co_names or callee in caller.co_varnames


def frames(traceback: TracebackType | None) -> Iterator[tuple[CodeType, str, TracebackType]]:
    """Code, module and traceback entry of each frame, outermost first."""
    for _ in range(MAX_FRAMES):
        if traceback is None:
            return
        frame = traceback.tb_frame
        module = frame.f_globals.get("__name__")
        yield frame.f_code, module if type(module) is str else "?", traceback
        traceback = traceback.tb_next


_MAX_SEEN = 2_048
_seen: dict[int, bytes] = {}


def _wording(message: str) -> str:
    """A digest of the normalised message, remembered under a hash: neither holds the message itself."""
    key = hash(message)
    known = _seen.get(key)
    if known is None:
        if len(_seen) >= _MAX_SEEN:
            _seen.clear()
        known = _seen[key] = blake2b(normalised(message).encode("utf-8", "replace"), digest_size=12).digest()
    return known.hex()
