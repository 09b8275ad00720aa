"""Same error, same fingerprint: stable over ids, times, addresses and shifted lines; apart for different errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import blake2b
from types import CodeType, FunctionType, TracebackType
from typing import Any

from healing import lineage
from healing.message import ARGS, message_of
from healing.operation import DEFAULT_FINGERPRINT, FingerprintParts
from healing.origin import is_app_code, is_library_code, is_own_code
from healing.redaction.reading import dotted_name
from healing.strangers import ask, attribute, attributes

FINGERPRINT_VERSION = 2

MAX_CHAIN = 20
MAX_MEMBERS = 20
MAX_NESTED_GROUPS = 2
MAX_FRAMES = 20_000
KEPT_FRAMES = 2
MAX_PARTS = 20
MAX_MESSAGE = 512
"""Characters of a message that count; the end of a word that lies across the limit does not."""


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
    """The root's type, codes, message and frames; the outer type and codes where an error was raised from another."""
    root = next(reversed([link for link, _ in chain(error)]), error)
    parts = [
        dotted_name(type(root)),
        *_codes(root),
        _wording(_message(root, message if root is error else None)),
        *_places(root, skip),
    ]
    if root is not error:
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
    if type(code) is FunctionType and is_library_code(code):
        yield f"code={getattr(code(error), 'name', None)}"


def _response_codes(response: object) -> list[str]:
    """HTTP clients keep a response object, botocore a dictionary."""
    if type(response) is dict:
        return [f"code={response['Error']['Code']}"] if "Error" in response else []
    status = attribute(response, "status_code") or attribute(response, "status")
    return [f"status={int.__int__(status)}"] if _is_status(status) else []


def _places(error: BaseException, skip: frozenset[CodeType]) -> list[str]:
    """The innermost functions of the application, each counted once however deep it recursed."""
    own: dict[str, int] = {}
    others: dict[str, int] = {}
    for code, module, _ in frames(lineage.traceback(error)):
        if (skip and code in skip) or is_own_code(code, module):
            continue
        places = own if is_app_code(code, module) else others
        place = f"{module}.{code.co_qualname}"
        places[place] = places.get(place, 0) + 1
    counted = own or others
    if issubclass(type(error), RecursionError):
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
