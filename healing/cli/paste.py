"""A pasted traceback, or `Type: message`, made into an exception again, as far as text allows.

Only modules of the standard library and of installed distributions are imported; whatever else the text
names is stood for by a class with that name.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import re
import site
import sysconfig
import textwrap
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path

_DIRECT = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"
_CHAIN = re.compile(rf"^({re.escape(_DIRECT)}|{re.escape(_CONTEXT)})$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_GROUP = re.compile(r"^ {0,40}\+-\+-{3}", re.MULTILINE)
_GROUP_MARGIN = re.compile(r"^ {0,40}[|+] ?", re.MULTILINE)
_MEMBERS = "\n-+-"
_TRACEBACK = re.compile(r"^.{0,60}Traceback \(most recent call last\):$", re.MULTILINE)
_HEADLINE = re.compile(r"^(?P<type>[A-Za-z_][\w.]{0,200})(?:: ?(?P<message>.*))?$", re.MULTILINE)
_ERRNO = re.compile(r"\[Errno (-?\d{1,9})\] (.*)", re.DOTALL)
_SIDE_EFFECTS = frozenset({"__main__", "antigravity", "idlelib", "test", "this", "turtledemo"})
"""Modules that do something visible when they are imported."""
_GUESSES = (
    ("timeout", TimeoutError),
    ("connectionrefused", ConnectionRefusedError),
    ("connectionreset", ConnectionResetError),
    ("connect", ConnectionError),
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """`known` says whether `error` is of the very type that the text names."""

    error: BaseException
    known: bool


def rebuild(text: str) -> Pasted:
    """The text's last exception, with those it was raised from. Raises ValueError where there is none."""
    head, *linked = _CHAIN.split(_plain(text))
    pasted = _one(head)
    for link, block in zip(linked[::2], linked[1::2], strict=True):
        outer = _one(block)
        if link == _DIRECT:
            outer.error.__cause__ = pasted.error
        else:
            outer.error.__context__ = pasted.error
        pasted = outer
    return pasted


def _plain(text: str) -> str:
    bare = _COLOUR.sub("", text.replace("\r\n", "\n"))
    if _GROUP.search(bare):
        bare = _GROUP_MARGIN.sub("", bare)
    return textwrap.dedent(bare).strip()


def _one(block: str) -> Pasted:
    frames = _TRACEBACK.search(block)
    rest = block[frames.end() :] if frames else block
    headline = _HEADLINE.search(rest)
    if headline is None:
        raise ValueError("no exception found: paste a traceback, or one line such as `TimeoutError: timed out`")
    first, more = headline["message"] or "", rest[headline.end() :].partition(_MEMBERS)[0]
    return _made(headline["type"], (first + more).strip())


def _made(name: str, message: str) -> Pasted:
    kind = _real(name)
    if kind is not None:
        error = _instance(kind, message)
        if error is not None:
            return Pasted(error, known=True)
    return Pasted(_stand_in(name)(message), known=False)


def _real(name: str) -> type[BaseException] | None:
    module, _, last = name.rpartition(".")
    found = getattr(_imported(module) if module else builtins, last, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _imported(module: str) -> object:
    if not _SIDE_EFFECTS.isdisjoint(module.split(".")) or not _installed(module.partition(".")[0]):
        return None
    try:
        return importlib.import_module(module)
    except (Exception, SystemExit):  # noqa: BLE001 - a stranger's module: whatever its import raises, it is not to be had
        return None


def _installed(package: str) -> bool:
    try:
        spec = importlib.util.find_spec(package)
    except ValueError:
        return False
    if spec is None or spec.origin in {"built-in", "frozen"}:
        return spec is not None
    return any(place.is_relative_to(root) for place in _places(spec) for root in _roots())


def _places(spec: ModuleSpec) -> list[Path]:
    if spec.origin is not None:
        return [Path(spec.origin).resolve()]
    return [Path(location).resolve() for location in spec.submodule_search_locations or ()]


def _roots() -> list[Path]:
    paths = sysconfig.get_paths()
    names = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return [Path(name).resolve() for name in (*names, site.getusersitepackages())]


def _instance(kind: type[BaseException], message: str) -> BaseException | None:
    """None where the type cannot live on a message alone."""
    numbered = _ERRNO.match(message) if issubclass(kind, OSError) else None
    arguments = (int(numbered[1]), numbered[2]) if numbered else (message,)
    for make in (kind, lambda *given: kind.__new__(kind, *given)):
        try:
            error = make(*arguments)
            str(error)
        except Exception:  # noqa: BLE001, S112 - a stranger's constructor: whatever it raises, try the next way
            continue
        return error
    return None


def _stand_in(name: str) -> type[Exception]:
    module, _, last = name.rpartition(".")
    lowered = last.lower()
    base = next((guess for part, guess in _GUESSES if part in lowered), Exception)
    return type(last, (base,), {"__module__": module or "builtins"})
