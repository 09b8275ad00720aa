"""Exceptions whose classes fight back are read all the same, and none of their code runs."""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message
from typing import Any

import grpc
import pytest

from healing.diagnosis.reading import entry, kind, message, number
from healing.diagnosis.rules import diagnose
from healing.strangers import attribute, is_a, speaks


class Touched(BaseException):
    """Raised by whatever must not run: no `except Exception` would hide it."""


def touch(*_: Any, **__: Any) -> Any:
    raise Touched


def of_hostile_metaclass() -> Exception:
    """Made where pytest does not look: collecting would touch the class."""

    class Meta(type):
        __getattribute__ = touch
        __hash__ = touch
        __eq__ = touch
        __instancecheck__ = touch
        __subclasscheck__ = touch

    class OfHostileMeta(Exception, metaclass=Meta):
        pass

    return type.__call__(OfHostileMeta, "x")  # type: ignore[no-any-return]


def lying() -> Exception:
    class Lying(Exception):
        __class__ = property(touch)

    return Lying("x")


class Overriding(OSError):
    __getattribute__ = touch
    __str__ = touch
    __repr__ = touch
    __hash__ = touch
    __eq__ = touch


class Group(ExceptionGroup[Exception]):
    exceptions = property(touch)


class Call(grpc.RpcError):  # type: ignore[misc]  # grpc has no types
    code = touch
    details = touch


class Fields(Exception):
    status_code = property(touch)
    response = property(touch)
    headers = property(touch)
    errno = property(touch)
    sqlstate = property(touch)
    retry_after = property(touch)


class Text(str):
    __eq__ = touch
    __hash__ = str.__hash__
    __str__ = touch


class Number(int):
    __le__ = touch
    __ge__ = touch
    __eq__ = touch
    __hash__ = int.__hash__
    __int__ = touch
    __index__ = touch


class Headers(dict[str, str]):
    get = touch
    __getitem__ = touch
    __contains__ = touch


def holding(**attributes: Any) -> Exception:
    error = Exception("x")
    vars(error).update(attributes)
    return error


HOSTILE: dict[str, Callable[[], Exception]] = {
    "metaclass": of_hostile_metaclass,
    "class": lying,
    "everything overridden": lambda: Overriding(111, "x"),
    "group": lambda: Group("x", [ValueError("x")]),
    "grpc": lambda: Call("x"),
    "properties": lambda: Fields("x"),
    "text": lambda: Exception(Text("HTTP 503")),
    "number": lambda: holding(status_code=Number(503)),
    "headers": lambda: holding(status=503, headers=Headers({"Retry-After": "1"})),
    "response": lambda: holding(response=lying()),
    "codes": lambda: holding(code=Text("x"), errno=Number(3), retry_after=Number(2)),
    "cause": lambda: caused(lying(), of_hostile_metaclass()),
}


def caused(error: Exception, cause: Exception) -> Exception:
    BaseException.__dict__["__cause__"].__set__(error, cause)
    return error


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_a_hostile_exception_runs(name: str) -> None:
    assert diagnose(HOSTILE[name](), 0.0).reason


def test_what_lies_there_is_read_past_the_overridden_methods() -> None:
    assert diagnose(holding(status_code=Number(503)), 0.0).rule == "http_server_error"
    assert diagnose(holding(status=503, headers=Headers({"Retry-After": "9"})), 0.0).retry_after == 9
    assert diagnose(Group("x", [ConnectionRefusedError(111, "x")]), 0.0).rule == "connection_refused"


def test_a_type_is_what_it_is_and_not_what_it_claims() -> None:
    assert is_a(lying(), Exception)
    assert not is_a(lying(), OSError)
    assert kind(type(of_hostile_metaclass())).names[0].endswith(".OfHostileMeta")


def test_properties_are_read_of_libraries_alone() -> None:
    assert attribute(Fields(), "status_code") is None
    assert speaks(Fields(), frozenset({"status_code"}))
    assert attribute(UnicodeDecodeError("utf-8", b"x", 0, 1, "why"), "reason") == "why"


def test_numbers_are_plain_and_flags_are_none() -> None:
    assert [number(value) for value in (Number(3), 4, True, "5", None)] == [3, 4, None, None, None]
    assert type(number(Number(3))) is int


def test_entries_come_out_of_mappings_of_libraries_and_of_dicts() -> None:
    headers = Message()
    headers["Retry-After"] = "3"
    assert entry(headers, "retry-after") == "3"
    assert entry({"a": 1}, "b", "a") == 1
    assert entry([], "a") is None


def test_the_message_is_the_first_text_also_in_bytes_and_cut() -> None:
    assert message(Exception(1, "two")) == "two"
    assert message(Exception(b"-ERR no")) == "-ERR no"
    assert len(message(Exception("x" * 9_999))) == 500
    assert message(holding_without_text(detail="why")) == "why"


def holding_without_text(**attributes: Any) -> Exception:
    error = Exception()
    vars(error).update(attributes)
    return error
