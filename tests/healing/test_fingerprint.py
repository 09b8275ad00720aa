"""Same error, same fingerprint; different errors, different ones."""

from __future__ import annotations

import asyncio
import errno
import functools
import json
import os
import socket
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.fingerprint import chain, fingerprint, frames
from healing.message import message_of
from healing.operation import DEFAULT_FINGERPRINT
from healing.origin import is_app_code, is_own_code
from healing.wording import MAX_MESSAGE, normalised
from tests.healing import hostile

Thunk = Callable[[], object]


def raised(call: Thunk) -> BaseException:
    try:
        call()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def module(source: str, *, name: str = "shop.orders", file: str = "/srv/shop/orders.py") -> types.ModuleType:
    made = types.ModuleType(name)
    exec(compile(source, file, "exec"), made.__dict__)
    return made


def fail(error: BaseException) -> None:
    raise error


def fail_elsewhere(error: BaseException) -> None:
    raise error


def fail_from(error: BaseException, cause: BaseException) -> None:
    try:
        raise cause
    except BaseException as inner:
        raise error from inner


class HttpError(Exception):
    def __init__(self, status: int, message: str = "upstream failed") -> None:
        super().__init__(message)
        self.status_code = status


class Reply:
    def __init__(self, status: int) -> None:
        self.status = status


class ClientError(Exception):
    def __init__(self, response: object) -> None:
        super().__init__("call failed")
        self.response = response


class DatabaseError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("statement failed")
        self.sqlstate = sqlstate


def deep(depth: int) -> None:
    if depth:
        deep(depth - 1)
    raise ValueError("too deep")


ORDERS = "def load(n):\n    raise ValueError(f'order {n} is gone')\n"

SAME: dict[str, tuple[Thunk, Thunk]] = {
    "ids in the message": (
        lambda: fail(ValueError("order 150234 rejected")),
        lambda: fail(ValueError("order 7 rejected")),
    ),
    "UUIDs": (
        lambda: fail(ValueError("job 123e4567-e89b-12d3-a456-426614174000 lost")),
        lambda: fail(ValueError("job 00000000-e89b-12d3-a456-42661417ffff lost")),
    ),
    "addresses of objects": (
        lambda: fail(TypeError("bad <Order object at 0x7f01>")),
        lambda: fail(TypeError("bad <Order object at 0x8abc>")),
    ),
    "times": (
        lambda: fail(ValueError("stale since 2024-05-01T12:00:00Z")),
        lambda: fail(ValueError("stale since 2026-01-31")),
    ),
    "quoted text": (lambda: fail(ValueError("no user 'bob'")), lambda: fail(ValueError("no user 'alice smith'"))),
    "quotes of both kinds": (lambda: fail(ValueError("no user 'bob'")), lambda: fail(ValueError('no user "o\'neil"'))),
    "e-mail addresses": (
        lambda: fail(ValueError("no bob@x.com")),
        lambda: fail(ValueError("no alice.b@mail.example.org")),
    ),
    "URLs": (
        lambda: fail(ValueError("GET http://a/b?c=1 failed")),
        lambda: fail(ValueError("GET https://d.e/f failed")),
    ),
    "paths": (lambda: fail(ValueError("cannot read /tmp/a/b.csv")), lambda: fail(ValueError("cannot read /var/c.csv"))),
    "opaque ids": (
        lambda: fail(ValueError("request req_8fK2jLs91a lost")),
        lambda: fail(ValueError("request req_0aZ91kQ77b lost")),
    ),
    "hashes": (
        lambda: fail(ValueError("blob 9f86d081884c lost")),
        lambda: fail(ValueError("blob 0a1b2c3d4e5f66 lost")),
    ),
    "amounts": (lambda: fail(ValueError("took 30.5 s")), lambda: fail(ValueError("took 1,200.25 s"))),
    "lists of any length": (lambda: fail(ValueError("bad rows [1, 2, 3]")), lambda: fail(ValueError("bad rows [7]"))),
    "keys": (lambda: {"a": 1}["b"], lambda: {"a": 1}["b"]),
    "keys of any name": (lambda: fail(KeyError("bob")), lambda: fail(KeyError(42))),
    "shifted lines": (
        lambda: module(ORDERS).load(1),
        lambda: module("import os\n\n# a comment\n" + ORDERS).load(2),
    ),
    "another place on disk": (
        lambda: module(ORDERS).load(1),
        lambda: module(ORDERS, file="/home/dev/shop/orders.py").load(1),
    ),
    "any depth of recursion": (lambda: deep(3), lambda: deep(40)),
    "the end of the stack": (lambda: endless(0), lambda: helped(0)),
    "one cause in two messages": (
        lambda: fail_from(RuntimeError("order 1"), ValueError("v")),
        lambda: fail_from(RuntimeError("order 2"), ValueError("v")),
    ),
    "the same status in other words": (lambda: fail(HttpError(503, "id 1")), lambda: fail(HttpError(503, "id 2"))),
    "ports": (
        lambda: fail(ConnectionError("10.0.0.1:5432 refused")),
        lambda: fail(ConnectionError("10.0.12.7:6432 refused")),
    ),
    "members of a group in any order": (
        lambda: fail(ExceptionGroup("g", [ValueError("a"), TypeError("b")])),
        lambda: fail(ExceptionGroup("g", [TypeError("b"), ValueError("a"), ValueError("a")])),
    ),
    "a long tail": (
        lambda: fail(ValueError("bad " + "x " * 800 + "1")),
        lambda: fail(ValueError("bad " + "x " * 800 + "y")),
    ),
}

DIFFERENT: dict[str, tuple[Thunk, Thunk]] = {
    "types": (lambda: fail(ValueError("x")), lambda: fail(TypeError("x"))),
    "places": (lambda: fail(ValueError("x")), lambda: fail_elsewhere(ValueError("x"))),
    "words": (lambda: fail(ValueError("disk full")), lambda: fail(ValueError("disk missing"))),
    "statuses as attributes": (lambda: fail(HttpError(503)), lambda: fail(HttpError(429))),
    "statuses in words": (
        lambda: fail(ValueError("503 Server Error for url: http://a")),
        lambda: fail(ValueError("504 Server Error for url: http://a")),
    ),
    "statuses after a word": (lambda: fail(ValueError("HTTP status 503")), lambda: fail(ValueError("HTTP status 429"))),
    "statuses of a response": (lambda: fail(ClientError(Reply(404))), lambda: fail(ClientError(Reply(500)))),
    "codes of a cloud": (
        lambda: fail(ClientError({"Error": {"Code": "Throttling"}})),
        lambda: fail(ClientError({"Error": {"Code": "AccessDenied"}})),
    ),
    "errnos": (
        lambda: fail(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/a")),
        lambda: fail(OSError(errno.EROFS, os.strerror(errno.EROFS), "/a")),
    ),
    "states of SQL": (lambda: fail(DatabaseError("40001")), lambda: fail(DatabaseError("23505"))),
    "modules that are missing": (lambda: __import__("no_such_a"), lambda: __import__("no_such_b")),
    "attributes that are missing": (lambda: object().a, lambda: object().b),  # type: ignore[attr-defined]
    "names that are missing": (lambda: eval("no_such_a"), lambda: eval("no_such_b")),
    "causes": (
        lambda: fail_from(RuntimeError("x"), ValueError("v")),
        lambda: fail_from(RuntimeError("x"), OSError("v")),
    ),
    "outer types over one cause": (
        lambda: fail_from(RuntimeError("x"), ValueError("v")),
        lambda: fail_from(LookupError("x"), ValueError("v")),
    ),
    "members of a group": (
        lambda: fail(ExceptionGroup("g", [ValueError("a")])),
        lambda: fail(ExceptionGroup("g", [TypeError("a")])),
    ),
    "modules of one function's name": (
        lambda: module(ORDERS).load(1),
        lambda: module(ORDERS, name="shop.refunds").load(1),
    ),
    "a bare error and a caused one": (
        lambda: fail(RuntimeError("x")),
        lambda: fail_from(RuntimeError("x"), ValueError("v")),
    ),
}


def endless(number: int) -> int:
    return helped(number + 1)


def helped(number: int) -> int:
    return endless(number + 1)


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME.keys())
def test_what_differs_by_accident_is_one_error(pair: tuple[Thunk, Thunk]) -> None:
    first, second = (fingerprint(raised(call)) for call in pair)
    assert first == second


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_differs_in_substance_is_two_errors(pair: tuple[Thunk, Thunk]) -> None:
    first, second = (fingerprint(raised(call)) for call in pair)
    assert first != second


def test_the_corpora_are_wide() -> None:
    assert len(SAME) + len(DIFFERENT) >= 40


def test_a_fingerprint_is_32_hexadecimal_digits_and_the_same_in_another_process() -> None:
    error = ValueError("order 7 rejected")
    assert fingerprint(error) == fingerprint(ValueError("order 8 rejected"))
    assert len(fingerprint(error)) == 32
    assert set(fingerprint(error)) <= set("0123456789abcdef")
    assert fingerprint(error) == "75890ae54e2988478ef5a382d50effa4"


def test_frames_of_the_library_do_not_count_where_the_application_has_some() -> None:
    first = raised(lambda: json.loads("{"))
    second = raised(lambda: json.loads("["))
    assert type(first) is type(second)
    assert [entry[1] for entry in frames(first.__traceback__)][-1] == "json.decoder"
    assert fingerprint(first.with_traceback(None)) != fingerprint(raised(lambda: json.loads("{")))


def test_without_frames_of_the_application_those_of_the_library_count() -> None:
    library = module(
        "def parse():\n    raise ValueError('x')\ndef read():\n    raise ValueError('x')\n",
        name="lib",
        file="/x/site-packages/lib.py",
    )
    errors = [raised(library.parse), raised(library.read)]
    for error in errors:
        assert error.__traceback__ is not None
        error.__traceback__ = error.__traceback__.tb_next
    assert fingerprint(errors[0]) != fingerprint(errors[1])


def test_a_skipped_wrapper_does_not_count() -> None:
    wrapper = module("def call(f):\n    return f()\n", name="shop.wrapper")
    plain = raised(lambda: fail(ValueError("x")))

    def through() -> None:
        wrapper.call(lambda: fail(ValueError("x")))

    assert fingerprint(raised(through), skip=frozenset({wrapper.call.__code__})) != fingerprint(plain)
    renamed = module("def other(f):\n    return f()\n", name="shop.wrapper")
    calls = [raised(functools.partial(made, int_of)) for made in (wrapper.call, renamed.other)]
    codes = frozenset({wrapper.call.__code__, renamed.other.__code__})
    assert fingerprint(calls[0], skip=codes) == fingerprint(calls[1], skip=codes)


def int_of() -> int:
    return int("x")


def test_a_cause_that_is_suppressed_does_not_count() -> None:
    def suppressed() -> None:
        try:
            raise ValueError("inner")
        except ValueError:
            raise RuntimeError("outer") from None

    assert [type(link) for link, _ in chain(raised(suppressed))] == []


def test_a_chain_tells_causes_from_contexts() -> None:
    def chained() -> None:
        try:
            try:
                raise ValueError("a")
            except ValueError as error:
                raise TypeError("b") from error
        except TypeError:
            raise RuntimeError("c")  # noqa: B904

    assert [(type(link), relation) for link, relation in chain(raised(chained))] == [
        (TypeError, "context"),
        (ValueError, "cause"),
    ]


def test_chains_that_loop_or_never_end_are_survived() -> None:
    first, second = ValueError("a"), TypeError("b")
    first.__cause__, second.__cause__ = second, first
    assert [type(link) for link, _ in chain(first)] == [TypeError]
    assert len(fingerprint(first)) == 32
    head = error = ValueError("0")
    for number in range(100):
        error.__cause__ = ValueError(str(number))
        error = error.__cause__
    assert len(list(chain(head))) < 30


def test_a_recursion_error_is_one_error_wherever_the_stack_ends() -> None:
    limit = sys.getrecursionlimit()
    try:
        prints = set()
        for room in (400, 413, 426):
            sys.setrecursionlimit(room)
            prints.add(fingerprint(raised(lambda: endless(0))))
    finally:
        sys.setrecursionlimit(limit)
    assert len(prints) == 1


class Silent(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


class Numbered(Exception):
    def __str__(self) -> str:
        return 5  # type: ignore[return-value]


class Touchy(Exception):
    @property
    def errno(self) -> int:
        raise RuntimeError

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


class Nowhere(Exception):
    @property
    def __traceback__(self) -> None:  # type: ignore[override]
        raise RuntimeError


def test_hostile_exceptions_have_a_fingerprint_too() -> None:
    assert message_of(Silent()) == "<unprintable>"
    assert message_of(Numbered()) == "<unprintable>"
    prints = [fingerprint(raised(lambda error=error: fail(error))) for error in (Silent(), Touchy(), Nowhere())]  # type: ignore[misc]
    assert len(set(prints)) == 3
    assert fingerprint(raised(lambda: fail(Nowhere()))) == fingerprint(raised(lambda: fail(Nowhere())))


def test_the_application_is_told_from_libraries_and_from_healing() -> None:
    assert is_app_code(fail.__code__, __name__)
    assert not is_app_code(json.loads.__code__, "json")
    assert not is_app_code(pytest.raises.__code__, "_pytest.python_api")
    assert not is_app_code(fingerprint.__code__, "healing.fingerprint")
    assert not is_app_code(fail.__code__, "healing.engine")
    assert is_own_code(fail.__code__, "healing")
    assert not is_own_code(fail.__code__, "healing_tools.x")
    frozen = compile("pass", "<frozen importlib._bootstrap>", "exec")
    assert not is_app_code(frozen, "importlib._bootstrap")
    assert is_app_code(compile("pass", "<ipython-input-1>", "exec"), "__main__")


def test_the_examples_that_ship_with_healing_are_an_application() -> None:
    package = Path(fingerprint.__code__.co_filename).parent
    shop = compile("pass", str(package / "_dashboard" / "examples" / "shop" / "app.py"), "exec")
    assert is_app_code(shop, "healing._dashboard.examples.shop.app")


def test_real_errors_of_the_network_are_told_apart() -> None:
    refused = raised(lambda: socket.create_connection(("127.0.0.1", 1), timeout=1))
    unknown = raised(lambda: socket.getaddrinfo("host.invalid.", 80))
    assert fingerprint(refused) != fingerprint(unknown)


def test_groups_within_groups_are_survived() -> None:
    group: ExceptionGroup[Exception] = ExceptionGroup("g", [ValueError("x")])
    for _ in range(60):
        group = ExceptionGroup("g", [group, group])
    assert len(fingerprint(group)) == 32


async def test_a_task_group_has_the_fingerprint_of_its_members() -> None:
    async def grouped(*numbers: int) -> str:
        try:
            async with asyncio.TaskGroup() as tasks:
                for number in numbers:
                    tasks.create_task(failing(number))
        except ExceptionGroup as group:
            return fingerprint(group)
        raise AssertionError

    assert await grouped(1, 2) == await grouped(3)


async def failing(number: int) -> None:
    raise ValueError(f"order {number}")


@given(st.text(max_size=200))
def test_normalising_never_fails_and_settles(message: str) -> None:
    assert len(normalised(message)) <= 10 * MAX_MESSAGE


@given(st.integers(min_value=0), st.integers(min_value=0), st.uuids(), st.uuids())
def test_what_varies_never_splits(one: int, two: int, left: Any, right: Any) -> None:
    assert normalised(f"order {one} of {left} failed") == normalised(f"order {two} of {right} failed")
    assert normalised(f"no '{one}' at http://h/{left}") == normalised(f"no '{two}' at http://h/{right}")


@given(st.builds(Exception, st.text() | st.integers() | st.binary(), st.text()))
def test_any_exception_has_a_fingerprint(error: Exception) -> None:
    assert len(fingerprint(error)) == 32


def test_an_operation_can_say_itself_what_makes_errors_one() -> None:
    one, other = raised(lambda: fail(ValueError("a"))), raised(lambda: fail(TypeError("b")))
    assert fingerprint(one, override=["orders"]) == fingerprint(other, override=("orders",))
    assert fingerprint(one, override=["orders"]) != fingerprint(one, override=["bills"])
    assert fingerprint(one, override=["orders", DEFAULT_FINGERPRINT]) != fingerprint(
        other, override=["orders", DEFAULT_FINGERPRINT]
    )
    assert fingerprint(one, override=lambda error: str(error)) == fingerprint(one, override=lambda _: ["a"])


@pytest.mark.parametrize(
    "override",
    [
        lambda error: 1 / 0,
        lambda error: None,
        lambda error: [],
        lambda error: [5],
        lambda error: hostile.leave(),
        lambda error: hostile.thing(hostile.fight),
        [],
    ],
)
def test_an_override_that_makes_no_sense_counts_for_nothing(override: Any) -> None:
    error = raised(lambda: fail(ValueError("a")))
    assert fingerprint(error, override=override) == fingerprint(error)


def test_an_override_of_the_default_alone_is_an_override_all_the_same() -> None:
    error = raised(lambda: fail(ValueError("a")))
    assert fingerprint(error, override=[DEFAULT_FINGERPRINT]) != fingerprint(error)
