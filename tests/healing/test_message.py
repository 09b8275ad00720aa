"""What an exception says, whatever its class makes of `str`."""

from __future__ import annotations

import decimal
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from healing import strangers
from healing.message import UNPRINTABLE, message_of
from tests.healing import hostile


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    hostile.released.clear()
    yield
    hostile.released.set()
    strangers._silent.clear()
    strangers._unanswered.clear()


def deep_error() -> Exception:
    try:
        json.loads("{")
    except ValueError as error:
        return RuntimeError(error)
    raise AssertionError


PLAIN = [
    ValueError(),
    ValueError("x"),
    ValueError("x", 5),
    ValueError(b"x"),
    ValueError(["x", {"a": (1, 2)}]),
    KeyError("x"),
    OSError(2, "No such file", "/tmp/x"),
    OSError(2, "No such file", Path("/tmp/x")),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    ValueError(decimal.Decimal("1.5")),
    ExceptionGroup("several", [ValueError("x")]),
    sa.exc.OperationalError("SELECT 1", {"a": 1}, sqlite3.OperationalError("locked")),
    deep_error(),
]


@pytest.mark.parametrize("error", PLAIN, ids=repr)
def test_plain_exceptions_say_what_str_says_on_the_callers_own_thread(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healing.message.ask", hostile.fight)
    assert message_of(error) == str(error)


@given(st.builds(Exception, st.text() | st.integers() | st.binary() | st.lists(st.text(), max_size=3), st.text()))
def test_whatever_the_arguments_it_is_what_str_says(error: Exception) -> None:
    assert message_of(error) == str(error)


class Worded(Exception):
    def __str__(self) -> str:
        return f"order {self.args[0]}, on {threading.current_thread().name}"


class Order:
    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __repr__(self) -> str:
        return str(self._answer())


def test_words_of_the_applications_own_are_asked_for_on_another_thread() -> None:
    assert message_of(Worded(7)).startswith("order 7, on ")
    assert threading.current_thread().name not in message_of(Worded(7))
    assert message_of(ValueError(Order(lambda: "an order"))) == "an order"
    assert message_of(ValueError([Order(lambda: "an order")])) == "[an order]"


@pytest.mark.parametrize("how", [hostile.fight, hostile.leave, hostile.hang])
def test_where_a_class_will_not_say_the_texts_among_its_arguments_do(how: Any) -> None:
    kind = hostile.error_type(how, ("__str__", "__repr__"))
    assert message_of(kind()) == UNPRINTABLE
    assert message_of(kind("out of stock", 5)) == "out of stock"


@pytest.mark.parametrize("how", [hostile.fight, hostile.leave, hostile.hang])
def test_an_argument_that_will_not_say_costs_only_itself(how: Any) -> None:
    assert message_of(ValueError("out of stock", hostile.thing(how))) == "out of stock"
    assert message_of(OSError(2, "No such file", hostile.thing(how))) == "No such file"
    assert message_of(RuntimeError(ValueError(hostile.thing(how)))) == UNPRINTABLE


class Verbose(str):
    def __getitem__(self, key: Any) -> str:
        raise RuntimeError(key)


class Loud(Exception):
    def __str__(self) -> str:
        return Verbose("loud")


def test_what_comes_out_is_a_plain_text() -> None:
    assert type(message_of(Loud())) is str


class LibraryError(Exception):
    __str__ = sa.exc.SQLAlchemyError.__str__


def test_a_librarys_words_that_fail_are_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healing.message.ask", hostile.fight)
    assert message_of(LibraryError("a", "b")) == "a, b"


def test_a_key_that_was_pressed_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("healing.message.ask", pressed)
    with pytest.raises(KeyboardInterrupt):
        message_of(Worded(1))
