"""Which calls leave no trace: the allow-list, and what users add to it with `@harmless`."""

from __future__ import annotations

import asyncio
import base64
import binascii
import collections
import contextlib
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import hashlib
import hmac
import html
import inspect
import json
import logging
import math
import os
import random
import re
import secrets
import textwrap
import time
import types
import urllib.parse
import uuid
import zoneinfo
from enum import Enum
from typing import Any, TypeVar

from healing.proving.values import QUIET_PACKAGES, static

F = TypeVar("F")


class Harmless(Enum):
    """What may be passed to a harmless call, and what comes of it."""

    COMPUTES = "takes plain data, gives new plain data"
    LOOKS = "takes anything without touching it, gives plain data"
    CLASSIFIES = "asks a class, which may have code of its own for it, about anything; gives plain data"
    TELLS = "writes what it is given down as text, for people; gives nothing"
    COLLECTS = "takes plain data or containers, gives what it was given in a new container"
    PICKS = "takes plain data or containers, gives a part of what it was given"
    BUILDS = "takes anything, gives a new object that holds it"
    TRUSTED = "marked by a user: takes anything, gives anything"


_marked: dict[int, object] = {}
"""By identity, with the object held, so that its id is not given to another."""


def harmless(function: F) -> F:
    """Declare that calling `function` has no effect that a second call would double; a class means its construction.

    Works as a decorator and as a call: `harmless(stripe.util.normalise)`. Returns what it was given.
    """
    for thing in (function, _essence(function)):
        _marked[id(thing)] = thing
    return function


def forget(function: object) -> None:
    """Take back what `harmless` was told."""
    for thing in (function, _essence(function)):
        _marked.pop(id(thing), None)


def judge(callee: Any) -> Harmless | None:
    """How harmless one call of `callee` is; None where that is not known."""
    essence = _essence(callee)
    if id(callee) in _marked or id(essence) in _marked:
        return Harmless.TRUSTED
    known = _KNOWN.get(id(essence))
    if known is not None:
        return known
    if isinstance(essence, type):
        return _judge_class(essence)
    return _judge_function(essence) if isinstance(essence, types.FunctionType) else _judge_builtin(essence)


def _essence(callee: Any) -> Any:
    """The function beneath a method, a static or class method, or Healing's own wrapper."""
    if isinstance(callee, (types.MethodType, staticmethod, classmethod)):
        return callee.__func__
    if isinstance(callee, types.BuiltinMethodType) and not isinstance(callee.__self__, (types.ModuleType, type)):
        found = inspect.getattr_static(type(callee.__self__), callee.__name__, callee)
        return callee if callee.__self__ is None else found
    if isinstance(callee, types.FunctionType) and _is_ours(callee):
        return callee.__dict__.get("__wrapped__", callee)
    return callee


def _is_ours(function: types.FunctionType) -> bool:
    return str(function.__globals__.get("__name__", "")).partition(".")[0] == "healing"


def _judge_function(function: types.FunctionType) -> Harmless | None:
    module = function.__module__ or ""
    if _is_ours(function) and function.__name__ in {"endpoint", "attempt", "idempotency_key", "redact"}:
        return Harmless.LOOKS
    if module.startswith(("sqlalchemy.sql.", "sqlalchemy.orm.attributes", "sqlalchemy.orm.strategy_options")):
        return Harmless.BUILDS
    return None


def _judge_builtin(callee: Any) -> Harmless | None:
    """A method of one of the value types, or a classmethod of one (`datetime.now`, `dict.fromkeys`)."""
    owner = getattr(callee, "__objclass__", None) or getattr(callee, "__self__", None)
    return Harmless.COMPUTES if isinstance(owner, type) and _KNOWN.get(id(owner)) is Harmless.COMPUTES else None


def _judge_class(cls: type) -> Harmless | None:
    if isinstance(cls, enum.EnumMeta):
        return Harmless.COMPUTES if static(cls, "_missing_") is _ENUM_MISSING else None
    if any(base.__module__ == "pydantic.main" for base in cls.__mro__):
        return _judge_model(cls)
    if type(cls) is not type:
        return None
    if dataclasses.is_dataclass(cls):
        return _judge_dataclass(cls)
    made, allocated = static(cls, "__init__"), static(cls, "__new__")
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return Harmless.BUILDS if _machine_made(allocated) and not _written(made) else None
    if issubclass(cls, BaseException):
        return None if _written(made) or _written(allocated) else Harmless.BUILDS
    return Harmless.BUILDS if made is _PLAIN_INIT and allocated is object.__new__ else None


def _judge_dataclass(cls: type) -> Harmless | None:
    written = (static(cls, "__post_init__"), static(cls, "__new__"), static(cls, "__setattr__"))
    factories = [item.default_factory for item in dataclasses.fields(cls)]
    if not _machine_made(static(cls, "__init__")) or any(
        _written(item) and not _machine_made(item) for item in written
    ):
        return None
    if any(_intercepts(inspect.getattr_static(cls, item.name, None)) for item in dataclasses.fields(cls)):
        return None
    harmful = [item for item in factories if item is not dataclasses.MISSING and judge(item) is None]
    return None if harmful else Harmless.BUILDS


def _judge_model(cls: type) -> Harmless | None:
    """A pydantic model without code of its own between the input and the instance."""
    own = [base for base in cls.__mro__ if base.__module__.partition(".")[0] not in QUIET_PACKAGES]
    decorators: Any = static(cls, "__pydantic_decorators__")
    validators = ("validators", "field_validators", "root_validators", "model_validators")
    if any({"__init__", "__new__", "model_post_init"} & base.__dict__.keys() for base in own if base is not object):
        return None
    if any(getattr(decorators, name, None) for name in validators):
        return None
    return None if _runs_code(static(cls, "__pydantic_core_schema__")) else Harmless.BUILDS


def _runs_code(schema: object) -> bool:
    """Whether a pydantic core schema calls functions, as `Annotated` validators and default factories do."""
    if isinstance(schema, dict):
        factory = schema.get("default_factory")
        calls = str(schema.get("type", "")).startswith("function-") or (factory is not None and judge(factory) is None)
        return calls or any(_runs_code(part) for key, part in schema.items() if key not in {"metadata", "cls"})
    return isinstance(schema, (list, tuple)) and any(_runs_code(part) for part in schema)


def _intercepts(found: Any) -> bool:
    """Whether setting an attribute of this name runs code: a property, or another data descriptor."""
    return hasattr(type(found), "__set__") and not isinstance(found, types.MemberDescriptorType)


def _written(found: Any) -> bool:
    return isinstance(found, types.FunctionType)


def _machine_made(found: Any) -> bool:
    return _written(found) and found.__code__.co_filename.startswith("<")


_PLAIN_INIT = static(object, "__init__")
_ENUM_MISSING = static(enum.Enum, "_missing_")

_COMPUTES: tuple[Any, ...] = (
    *(bool, int, float, complex, str, bytes, bytearray, range, slice, abs, ascii, bin, chr, divmod, format, hash, hex),
    *(len, oct, ord, pow, repr, round, any, all),
    *(json.dumps, json.loads),
    *(datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone, zoneinfo.ZoneInfo),
    *(time.time, time.time_ns, time.monotonic, time.monotonic_ns, time.perf_counter, time.perf_counter_ns),
    *(time.process_time, time.gmtime, time.localtime, time.strftime, time.mktime, time.sleep, asyncio.sleep),
    *(uuid.UUID, uuid.uuid1, uuid.uuid3, uuid.uuid4, uuid.uuid5, decimal.Decimal, fractions.Fraction),
    *(re.compile, re.match, re.search, re.fullmatch, re.findall, re.split, re.escape, re.sub, re.subn),
    *(textwrap.dedent, textwrap.indent, textwrap.shorten, textwrap.fill, html.escape, html.unescape),
    *(base64.b64encode, base64.b64decode, base64.urlsafe_b64encode, base64.urlsafe_b64decode),
    *(binascii.hexlify, binascii.unhexlify, hmac.new, hmac.digest, hmac.compare_digest),
    *(secrets.token_hex, secrets.token_urlsafe, secrets.token_bytes, random.random, random.randint, random.uniform),
    *(urllib.parse.quote, urllib.parse.quote_plus, urllib.parse.unquote, urllib.parse.urlencode, urllib.parse.urljoin),
    *(urllib.parse.urlparse, urllib.parse.urlsplit, urllib.parse.parse_qs, urllib.parse.parse_qsl),
    *(os.getenv, os.getpid, os.path.join, os.path.basename, os.path.dirname, os.path.splitext),
)
_LOOKS: tuple[Any, ...] = (callable, id)
_CLASSIFIES: tuple[Any, ...] = (isinstance, issubclass)
_BUILDS: tuple[Any, ...] = (logging.getLogger, object)
_COLLECTS: tuple[Any, ...] = (
    *(list, tuple, set, frozenset, dict, sorted, enumerate, zip, reversed, map, filter, copy.copy),
    *(collections.OrderedDict, collections.Counter, collections.deque, collections.defaultdict, dataclasses.replace),
    *(copy.deepcopy, dataclasses.asdict, dataclasses.astuple),
)
_PICKS: tuple[Any, ...] = (min, max, sum)


def _known() -> dict[int, Harmless]:
    known = {id(_essence(item)): Harmless.COMPUTES for item in (*_COMPUTES, *_functions(math), *_functions(hashlib))}
    known |= {id(_essence(item)): Harmless.LOOKS for item in _LOOKS}
    known |= {id(_essence(item)): Harmless.CLASSIFIES for item in _CLASSIFIES}
    known |= {id(_essence(item)): Harmless.TELLS for item in _log_methods()}
    known |= {id(item): Harmless.BUILDS for item in _BUILDS}
    known |= {id(item): Harmless.COLLECTS for item in _COLLECTS}
    return known | {id(item): Harmless.PICKS for item in _PICKS}


def _functions(module: types.ModuleType) -> list[Any]:
    return [item for name, item in vars(module).items() if callable(item) and not name.startswith("_")]


def _log_methods() -> list[Any]:
    names = ("debug", "info", "warning", "error", "exception", "critical", "log", "isEnabledFor", "getChild")
    owners = (logging.Logger, logging.LoggerAdapter)
    methods = [vars(owner)[name] for owner in owners for name in names if name in vars(owner)]
    return methods + [getattr(logging, name) for name in names if hasattr(logging, name)]


_KNOWN = _known()

MANAGERS = frozenset({id(contextlib.suppress), id(contextlib.nullcontext), id(asyncio.timeout), id(asyncio.timeout_at)})
"""Context managers that leave no trace."""
