"""Objects of libraries are read; of strangers nothing runs, whatever their classes try."""

from __future__ import annotations

import argparse
import os
import sqlite3
from array import array
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPMessage
from http.cookies import SimpleCookie
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

import attrs
import httpx
import msgspec
import multidict
import pydantic
import pytest
import requests
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.datastructures import Headers, Secret

from healing.redaction import Redactor, redact
from healing.redaction.classes import dotted_name, is_library

HIDDEN = "[redacted:password]"


class Struct(msgspec.Struct):
    host: str
    password: str


@attrs.frozen
class Frozen:
    host: str
    password: str


@dataclass(slots=True, frozen=True)
class Slotted:
    host: str
    password: str


class Model(pydantic.BaseModel):
    host: str
    password: pydantic.SecretBytes


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    password: Mapped[str]


@pytest.mark.parametrize(
    "value",
    [
        Struct("db1", "hunter2"),
        Frozen("db1", "hunter2"),
        Slotted("db1", "hunter2"),
        SimpleNamespace(host="db1", password="hunter2"),
        argparse.Namespace(host="db1", password="hunter2"),
        MappingProxyType({"host": "db1", "password": "hunter2"}),
        ChainMap({"host": "db1"}, {"host": "db2", "password": "hunter2"}),
        UserDict(host="db1", password="hunter2"),
        OrderedDict(host="db1", password="hunter2"),
        defaultdict(str, host="db1", password="hunter2"),
        multidict.CIMultiDict(host="db1", password="hunter2"),
        requests.structures.CaseInsensitiveDict(host="db1", password="hunter2"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_fields_and_mappings_are_read_by_name(value: object) -> None:
    assert redact(value) == {"host": "db1", "password": HIDDEN}


def test_secret_types_are_hidden_by_their_type() -> None:
    assert redact(Model(host="db1", password=pydantic.SecretBytes(b"x"))) == {
        "host": "db1",
        "password": "[redacted:password]",
    }
    assert redact([pydantic.SecretStr("x"), Secret("y")]) == [
        "SecretStr([redacted:secret])",
        "Secret([redacted:secret])",
    ]


@pytest.mark.parametrize("kind", [HTTPMessage, EmailMessage])
def test_headers_of_messages_are_read(kind: Any) -> None:
    message = kind()
    message["Authorization"] = "Bearer abcdef"
    message["Accept"] = "*/*"
    assert redact(message) == {"Authorization": "Bearer [redacted:authorization]", "Accept": "*/*"}


@pytest.mark.parametrize(
    "headers",
    [
        Headers({"authorization": "Bearer abcdef", "accept": "*/*"}),
        httpx.Headers({"authorization": "Bearer abcdef", "accept": "*/*"}),
        multidict.CIMultiDictProxy(multidict.CIMultiDict(authorization="Bearer abcdef", accept="*/*")),
        [[b"authorization", b"Bearer abcdef"], [b"accept", b"*/*"]],
        [(b"authorization", b"Bearer abcdef"), (b"accept", b"*/*")],
        (("authorization", "Bearer abcdef"), ("accept", "*/*")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_headers_are_told_in_every_form(headers: Any) -> None:
    redacted: Any = redact(headers)
    pairs = redacted.items() if isinstance(redacted, dict) else [tuple(pair) for pair in redacted]
    assert dict(pairs) == {"authorization": "Bearer [redacted:authorization]", "accept": "*/*"}


def test_lists_of_names_are_no_pairs() -> None:
    assert redact(["password", "email"]) == ["password", "email"]
    assert redact({"missing": ["password", "email"]}) == {"missing": ["password", "email"]}


def test_cookies_keep_their_names_and_attributes() -> None:
    cookie = SimpleCookie("sid=abc; theme=dark")
    assert redact(cookie) == {"sid": "[redacted:cookie]", "theme": "[redacted:cookie]"}
    cookie["sid"]["path"] = "/"
    assert redact(cookie["sid"]) == {"sid": "[redacted:cookie]", "path": "/"}


def test_the_environment_is_read_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_PASSWORD", "hunter2")
    assert "hunter2" not in str(redact(os.environ))
    assert redact({"A_PASSWORD": "x", "A_MODE": "live"}) == {"A_PASSWORD": HIDDEN, "A_MODE": "live"}


def test_rows_and_addresses_of_databases_are_read() -> None:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    assert redact(connection.execute("SELECT 7 AS id, 'hunter2' AS password").fetchone()) == {
        "id": 7,
        "password": HIDDEN,
    }
    connection.close()
    url: Any = redact(sa.make_url("postgresql://bob:hunter2@db1/shop"))
    assert (url["host"], url["password"]) == ("db1", HIDDEN)


def test_an_instance_of_a_mapped_class_is_named_and_not_loaded() -> None:
    assert redact(User(id=1, password="hunter2")) == f"<{__name__}.User>"


def test_parameters_go_by_the_columns_of_their_statement() -> None:
    statement = "INSERT INTO users (name, password) VALUES (?, ?)"
    assert redact({"statement": statement, "parameters": ("bob", "hunter2")}) == {
        "statement": statement,
        "parameters": ["bob", HIDDEN],
    }
    assert redact([statement, [("bob", "hunter2"), ("al", "x")]]) == [statement, [["bob", HIDDEN], ["al", HIDDEN]]]
    update = "UPDATE users SET password = %s WHERE id = %s"
    assert redact((update, ["hunter2", 7])) == [update, [HIDDEN, 7]]
    assert redact((update, ["one"])) == [update, [HIDDEN]]


def test_the_words_of_a_command_are_read_by_its_flags() -> None:
    assert redact(["redis-cli", "-a", "hunter2", "ping"]) == ["redis-cli", "-a", HIDDEN, "ping"]
    assert redact(["mysql", "-uroot", "-phunter2"]) == ["mysql", "-uroot", f"-p{HIDDEN}"]
    assert redact(["curl", "-u", "bob:hunter2", "http://x"]) == ["curl", "-u", f"bob:{HIDDEN}", "http://x"]
    assert redact(["docker", "run", "-p", "8080:80"]) == ["docker", "run", "-p", "8080:80"]


def test_the_input_of_a_failed_validation_goes_by_its_place() -> None:
    error = {"type": "too_short", "loc": ("body", "password"), "msg": "too short", "input": "hunter2"}
    assert redact([error, {"loc": ("body", "age"), "input": "x"}]) == [
        {**error, "loc": ["body", "password"], "input": HIDDEN},
        {"loc": ["body", "age"], "input": "x"},
    ]


def test_the_data_of_a_kubernetes_secret_are_secret_by_its_kind() -> None:
    assert redact({"kind": "Secret", "data": {"user": "Ym9i"}, "type": "Opaque"}) == {
        "kind": "Secret",
        "data": {"user": "[redacted:secret]"},
        "type": "Opaque",
    }


def test_an_exception_shows_its_cause() -> None:
    error = ValueError("outer")
    error.__cause__ = KeyError("token=abc123")
    assert redact(error) == {
        "type": "ValueError",
        "args": ["outer"],
        "cause": {"type": "KeyError", "args": ["token=[redacted:token]"]},
    }


def test_numbers_in_arrays_and_views_of_dicts_are_read() -> None:
    assert redact([array("i", [1, 2]), {"a": 1}.values(), Counter("aab")]) == [[1, 2], [1], {"a": 2, "b": 1}]


class Shout(type):
    """A metaclass of which each hook raises."""

    def __getattribute__(cls, name: str) -> Any:
        raise AssertionError(f"the metaclass was asked for {name}")

    def __instancecheck__(cls, instance: object) -> bool:
        raise AssertionError("the metaclass was asked about an instance")

    def __subclasscheck__(cls, subclass: type) -> bool:
        raise AssertionError("the metaclass was asked about a class")

    def __hash__(cls) -> int:
        raise AssertionError("the metaclass was asked for a hash")

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("the metaclass was asked to compare")


class Loud(metaclass=Shout):
    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise AssertionError("a property ran")

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"an attribute was asked for: {name}")

    def __class_getitem__(cls, item: object) -> Any:
        raise AssertionError


class Asked(Mapping[str, str]):
    """A mapping, sequence and set whose every method raises."""

    def __getitem__(self, key: Any) -> Any:
        raise AssertionError("a stranger's method ran")

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("a stranger's method ran")

    def __len__(self) -> int:
        raise AssertionError("a stranger's method ran")

    keys = items = values = __len__  # type: ignore[assignment]


class PlainDict(dict[str, str]):
    """A subclass of a builtin is read by the builtin's own methods."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("a stranger's method ran")

    __getitem__ = __len__ = items = keys = __iter__  # type: ignore[assignment]


class PlainBytes(bytearray):
    def __getitem__(self, key: Any) -> Any:
        raise AssertionError("a stranger's method ran")

    __len__ = __iter__ = decode = __getitem__  # type: ignore[assignment]


@dataclass
class Computed:
    host: str
    password: str = "hunter2"

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise AssertionError("a property ran")


class Liar(Mapping[str, str]):
    """Claims to be of the standard library."""

    __module__ = "collections"
    __getitem__ = __iter__ = __len__ = Asked.__len__  # type: ignore[assignment]


class LyingPath:
    __module__ = "pathlib"

    def __str__(self) -> str:
        raise AssertionError("a stranger's method ran")


def test_nothing_of_a_stranger_runs() -> None:
    assert redact(Loud()) == f"<{__name__}.Loud>"
    assert redact(Loud) == f"<class {__name__}.Loud>"
    assert redact([Asked(), PlainDict(password="x"), PlainBytes(b"token=abc123")]) == [
        f"<{__name__}.Asked>",
        {"password": HIDDEN},
        "token=[redacted:token]",
    ]
    assert redact(Computed("db1")) == {"password": HIDDEN}
    assert redact([Liar(), LyingPath()]) == ["<collections.Liar>", "<pathlib.LyingPath>"]


def test_containers_of_libraries_do_not_ask_the_strangers_they_hold() -> None:
    stranger = Asked()
    hidden = f"<{__name__}.Asked>"
    assert redact(MappingProxyType(cast("dict[str, str]", stranger))) == {"mapping": hidden}
    assert redact(ChainMap({"a": "b"}, stranger)) == {"a": "b", "mapping": hidden}  # type: ignore[arg-type]
    assert redact(Mapping.keys(stranger)) == "<collections.abc.KeysView>"
    wrapped: UserDict[str, str] = UserDict()
    wrapped.data = stranger  # type: ignore[assignment]
    assert redact(wrapped) == {"mapping": hidden}
    assert redact(UserList([1])) == [1]


def test_a_class_is_of_a_library_only_where_it_stands_in_it() -> None:
    assert is_library(OrderedDict)
    assert is_library(httpx.Headers)
    assert not is_library(Liar)
    assert not is_library(Loud)
    assert dotted_name(Loud) == f"{__name__}.Loud"


def test_a_redactor_never_raises_on_objects() -> None:
    redactor = Redactor()
    for value in (Loud(), Loud, Shout, Asked(), type, object(), NotImplemented, ..., redact, len, pytest):
        assert isinstance(redactor.value(value), str)
