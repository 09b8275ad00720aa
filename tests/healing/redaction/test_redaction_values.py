"""Structures: plain data in their place, no stranger's code, no secret."""

from __future__ import annotations

import json
import math
from collections import OrderedDict, deque, namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import attrs
import httpx
import pydantic
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from healing.redaction import Limits, Redactor, redact
from healing.redaction.budget import Budget
from healing.redaction.names import SecretNames
from healing.redaction.text import Texts


class Stranger:
    def __repr__(self) -> str:
        raise AssertionError("a stranger's repr was called")

    __str__ = __repr__


@dataclass
class Account:
    user: str
    password: str = field(repr=False)
    limits: dict[str, int] = field(default_factory=dict)


@attrs.define
class Endpoint:
    host: str
    api_key: str


class Settings(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    url: str
    key: pydantic.SecretStr
    client_secret: str


class Colour(Enum):
    RED = 1


class Level(IntEnum):
    HIGH = 3


class Word(StrEnum):
    HELLO = "hello"


Point = namedtuple("Point", "name token")


def test_a_dataclass_is_walked_by_its_fields() -> None:
    assert redact(Account("bob", "hunter2", {"max": 3})) == {
        "user": "bob",
        "password": "[redacted:password]",
        "limits": {"max": 3},
    }


def test_an_attrs_class_is_walked_by_its_attributes() -> None:
    assert redact(Endpoint("db1", "abc")) == {"host": "db1", "api_key": "[redacted:api_key]"}


def test_a_pydantic_model_is_walked_by_its_fields_and_extras() -> None:
    model = Settings.model_validate({"url": "x", "key": "hunter2", "client_secret": "s", "db_password": "p", "n": 1})
    assert redact(model) == {
        "url": "x",
        "key": "SecretStr([redacted:secret])",
        "client_secret": "[redacted:secret]",
        "db_password": "[redacted:password]",
        "n": 1,
    }


def test_a_model_that_was_made_without_validation_is_walked_too() -> None:
    assert redact(Settings.model_construct(url="x")) == {"url": "x"}


def test_a_named_tuple_keeps_its_names() -> None:
    assert redact(Point("a", "b")) == {"name": "a", "token": "[redacted:token]"}


def test_a_row_of_a_database_is_walked_by_its_columns() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        row = connection.execute(sa.text("SELECT 7 AS id, 'hunter2' AS password")).one()
    assert redact(row) == {"id": 7, "password": "[redacted:password]"}


def test_the_url_of_an_engine_keeps_its_host() -> None:
    url = sa.make_url("postgresql://bob:hunter2@db1/shop")
    plain: Any = redact(url)
    assert plain["host"] == "db1"
    assert plain["password"] == "[redacted:password]"


def test_headers_keep_their_scheme_and_their_cookies_names() -> None:
    headers = httpx.Headers({"Authorization": "Bearer abcdef", "Cookie": "sid=abc; b=c", "Accept": "*/*"})
    assert redact(headers) == {
        "authorization": "Bearer [redacted:authorization]",
        "cookie": "sid=[redacted:cookie]; b=[redacted:cookie]",
        "accept": "*/*",
    }
    assert redact({"Authorization": "abcdef", "Cookie": "abc"}) == {
        "Authorization": "[redacted:authorization]",
        "Cookie": "[redacted:cookie]",
    }


def test_pairs_and_flags_name_the_item_that_follows() -> None:
    assert redact([(b"authorization", b"Bearer abcdef"), ("accept", "*/*")]) == [
        ["authorization", "Bearer [redacted:authorization]"],
        ["accept", "*/*"],
    ]
    assert redact(["psql", "--password", "hunter2", "-h", "db1"]) == [
        "psql",
        "--password",
        "[redacted:password]",
        "-h",
        "db1",
    ]
    assert redact(["--no-password", "--verbose"]) == ["--no-password", "--verbose"]
    assert redact([{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "MODE", "value": "live"}]) == [
        {"name": "DB_PASSWORD", "value": "[redacted:password]"},
        {"name": "MODE", "value": "live"},
    ]


def test_what_lies_under_a_secrets_name_is_hidden_part_by_part_but_for_what_describes_it() -> None:
    assert redact({"credentials": {"user": "bob", "pins": [1234, True, None, ""]}}) == {
        "credentials": {"user": "bob", "pins": ["[redacted:credentials]", True, None, ""]}
    }


def test_personal_names_hide_their_own_value_but_not_a_whole_structure() -> None:
    assert redact({"email": {"subject": "hi"}, "phone": "5551234"}) == {
        "email": {"subject": "hi"},
        "phone": "[redacted:phone]",
    }


def test_a_dsn_keeps_what_is_no_secret() -> None:
    assert redact({"dsn": "redis://:pw@cache:6379", "conn_str": "opaque", "db_dsn": "redis://cache"}) == {
        "dsn": "redis://:[redacted:password]@cache:6379",
        "conn_str": "[redacted:dsn]",
        "db_dsn": "redis://cache",
    }


def test_an_exception_becomes_its_type_arguments_and_notes() -> None:
    error = ValueError("password=hunter2", 3)
    error.add_note("token=abc123")
    assert redact(error) == {
        "type": "ValueError",
        "args": ["password=[redacted:password]", 3],
        "notes": ["token=[redacted:token]"],
    }


def test_common_values_keep_their_text() -> None:
    values = [
        datetime(2026, 1, 2, tzinfo=UTC),
        date(2026, 1, 2),
        Decimal("1.50"),
        UUID(int=5),
        PurePosixPath("/srv/app"),
        Colour.RED,
        Level.HIGH,
        Word.HELLO,
        int,
        b"hello",
        b"\xff\xfe\x00",
        bytearray(b"x"),
        memoryview(b"y"),
    ]
    assert redact(values) == [
        "2026-01-02 00:00:00+00:00",
        "2026-01-02",
        "1.50",
        "00000000-0000-0000-0000-000000000005",
        "/srv/app",
        f"{__name__}.Colour.RED",
        3,
        "hello",
        "<class int>",
        "hello",
        "<bytes 3>",
        "x",
        "y",
    ]


def test_numbers_stay_numbers_unless_json_or_secrecy_forbids() -> None:
    assert redact([1, -2.5, True, 10**15]) == [1, -2.5, True, 10**15]
    assert redact([math.nan, math.inf, 10**400, 4111111111111111]) == ["nan", "inf", "…", "[redacted:card]"]


def test_a_stranger_is_named_by_its_type_and_never_asked() -> None:
    assert redact(Stranger()) == f"<{__name__}.Stranger>"
    assert redact({Stranger(): charge}) == {f"<{__name__}.Stranger>": f"<function {__name__}.charge>"}


def test_containers_of_all_kinds_are_walked() -> None:
    assert redact([{1}, frozenset({2}), deque([3]), OrderedDict(a=4), range(3), {"b": 5}.keys()]) == [
        [1],
        [2],
        [3],
        {"a": 4},
        [0, 1, 2],
        ["b"],
    ]


def test_keys_are_texts_and_names_that_become_the_same_are_numbered() -> None:
    assert redact({1: "a", None: "b", False: "c", 2.5: "d"}) == {"1": "a", "None": "b", "False": "c", "2.5": "d"}
    assert redact({"a@example.com": 1, "b@example.com": 2}) == {"[redacted:email]": 1, "[redacted:email] (2)": 2}


def test_extra_keys_are_secret_in_any_spelling() -> None:
    redactor = Redactor(extra_keys=("favourite_colour",))
    assert redactor.value({"favouriteColour": "red", "X-Favourite-Colour": "red", "colour": "red"}) == {
        "favouriteColour": "[redacted:declared]",
        "X-Favourite-Colour": "[redacted:declared]",
        "colour": "red",
    }
    assert redactor.text("favourite_colour=red") == "favourite_colour=[redacted:declared]"
    assert redact({"tone": "x"}, keys=("tone",)) == {"tone": "[redacted:declared]"}


def test_depth_items_nodes_and_characters_are_bounded() -> None:
    limits = Limits(depth=2, items=3, nodes=6, characters=20, total=60)
    redactor = Redactor()
    assert redactor.value([[[1]]], limits) == [["…"]]
    assert redactor.value([1, 2, 3, 4], limits) == [1, 2, 3, "…"]
    assert redactor.value({"a": 1, "b": 2, "c": 3, "d": 4}, limits) == {"a": 1, "b": 2, "c": 3, "…": "…"}
    assert redactor.value([[1, 2], [3, 4], [5, 6]], limits) == [[1, 2], [3, 4], "…"]
    assert redactor.value("word " * 50, limits) == "word word word…"
    assert redactor.value(["x" * 20, "y" * 20, "z" * 20], limits) == ["x" * 20, "y" * 20, "z" * 20]
    assert redactor.value(["x" * 30] * 3, limits) == ["x" * 19 + "…"] * 3
    assert redactor.value({"a": ["x" * 30] * 3, "pin": 1234}, limits) == {"a": ["x" * 19 + "…"] * 3, "…": "…"}


def test_a_cycle_ends() -> None:
    loop: list[Any] = [1]
    loop.append(loop)
    assert redact(loop) == [1, "…"]


class Hostile:
    """Each way of looking at it raises."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]


class BrokenMapping(Mapping[str, int]):
    def __iter__(self) -> Iterator[str]:
        raise KeyError("nothing here")

    def __getitem__(self, key: str) -> int:
        raise KeyError(key)

    def __len__(self) -> int:
        return 3


class Endless(Mapping[str, int]):
    def __iter__(self) -> Iterator[str]:
        number = 0
        while True:
            yield f"k{number}"
            number += 1

    def __getitem__(self, key: str) -> int:
        return 1

    def __len__(self) -> int:
        return 3


class LyingText(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError

    def lower(self) -> str:
        raise RuntimeError


class NoQualifiedName(type):
    @property
    def __module__(cls) -> str:  # type: ignore[override]
        raise RuntimeError


class Unnamed(metaclass=NoQualifiedName):
    pass


@dataclass
class Unset:
    password: str
    name: str


def test_hostile_objects_are_survived() -> None:
    assert redact(Hostile()) == f"<{__name__}.Hostile>"
    assert redact([BrokenMapping(), 1]) == [f"<{__name__}.BrokenMapping>", 1]
    assert redact(Endless()) == f"<{__name__}.Endless>"
    assert redact(LyingText("password=hunter2")) == "password=[redacted:password]"
    assert redact([Unnamed(), 2]) == [f"<{__name__}.Unnamed>", 2]
    blank = object.__new__(Unset)
    blank.name = "bob"
    assert redact(blank) == {"name": "bob"}


def test_what_databases_cannot_hold_is_replaced() -> None:
    assert redact("a\x00b\ud800é") == "a\ufffdb?é"


def test_a_long_text_is_cut_where_a_word_ends() -> None:
    redactor = Redactor()
    text = "word " * 10 + "ghp_" + "a1B2" * 9
    assert redactor.text(text, 60) == "word " * 9 + "word…"
    assert redactor.text("x" * 5_000, 1_000) == "x" * 999 + "…"


def charge() -> None:
    """Stands for any function."""


class Growing:
    patterns = ()

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        return text + "x"


def test_what_does_not_settle_or_cannot_be_read_is_given_up() -> None:
    texts = Texts((Growing(),), SecretNames(), personal_data=True)
    assert texts.redacted("text of some length", 1_000, Budget()) == "[redacted:unreadable]"
    assert Redactor().text(None) == "[redacted:unreadable]"  # type: ignore[arg-type]


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.binary(max_size=40)
FRAGMENTS = st.sampled_from(
    [
        "password",
        "token",
        "=",
        ": ",
        "'",
        '"',
        "[redacted:email]",
        "[redacted:",
        "]",
        "Bearer ",
        "Cookie: ",
        "a=b; ",
        "@x.com",
        "bob",
        "://",
        "4111111111111111",
        "+1 415 555 2671",
        "eyJhbGciOi",
        "--",
        " ",
        ",",
        "(",
        "[",
        "{",
        "\\",
        "\n",
        "%3D",
        "İ",
        "x" * 9,
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=5), max_size=14).map("".join)
VALUES = st.recursive(
    PLAIN | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(
            TEXTS | st.sampled_from(["password", "email", "auth", "name", "value", "cookie"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_any_value_becomes_json_and_redacting_it_again_changes_nothing(value: Any) -> None:
    once = redact(value)
    json.dumps(once, allow_nan=False).encode()
    assert redact(once) == once


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(min_value=20, max_value=80))
def test_any_text_is_a_fixed_point_within_its_limit(text: str, limit: int) -> None:
    redactor = Redactor()
    once = redactor.text(text, limit)
    assert len(once) <= max(limit, len("[redacted:unreadable]"))
    assert redactor.text(once, limit) == once


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["password", "apiKey", "X-Auth-Token", "DB_PASS", "client_secret", "credentials"]),
    st.text("bcdfghjkmnpqz", min_size=8, max_size=20).map("Qz7".__add__),
    st.sampled_from(
        [
            lambda key, secret: {key: secret},
            lambda key, secret: {key: [secret, {"x": secret}]},
            lambda key, secret: [(key, secret)],
            lambda key, secret: {"headers": {key: secret.encode()}},
            lambda key, secret: f"{key}={secret}",
            lambda key, secret: f"{key}: {secret}\n",
            lambda key, secret: repr({key: secret}),
            lambda key, secret: json.dumps({"a": {key: secret}}),
            lambda key, secret: json.dumps(json.dumps({key: secret})),
            lambda key, secret: f"?{key}={secret}&x=1",
            lambda key, secret: ["tool", f"--{key}", secret],
        ]
    ),
)
def test_a_planted_secret_never_survives_under_a_secrets_name(key: str, secret: str, plant: Any) -> None:
    assert secret not in json.dumps(redact(plant(key, secret)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dbPassword", "password"),
        ("PGPASSWORD", "password"),
        ("MYSQL_PWD", "password"),
        ("X-API-Key", "api_key"),
        ("refreshToken", "token"),
        ("csrfmiddlewaretoken", "token"),
        ("aws_access_key_id", "credentials"),
        ("SECRET_KEY", "secret"),
        ("ssh_key", "private_key"),
        ("smtp_pass", "password"),
        ("basic_auth", "credentials"),
        ("card_pin", "otp"),
        ("token_secret", "token"),
        ("session_id", "session"),
        ("token_count", None),
        ("max_tokens", None),
        ("next_token", None),
        ("key_id", None),
        ("token_id", None),
        ("first_pass", None),
        ("auth_method", None),
        ("gpio_pin", None),
        ("email_count", None),
        ("author", None),
        ("", None),
    ],
)
def test_names_are_told_apart(name: str, kind: str | None) -> None:
    redacted: Any = redact({name: "zq8"})
    assert redacted == {name: "zq8" if kind is None else f"[redacted:{kind}]"}
