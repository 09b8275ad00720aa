from __future__ import annotations

import enum
import json
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from healing.errors import DeclarationError
from healing.queue import check_arguments

if TYPE_CHECKING:
    from fractions import Fraction


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Address:
    street: str
    number: int | None = None


class Contact(BaseModel):
    name: str
    born: date
    addresses: list[Address]


def everything(
    whole: int,
    real: float,
    text: str,
    raw: bytes,
    flag: bool,
    nothing: None,
    numbers: list[int],
    pair: tuple[str, int],
    names: set[str],
    table: dict[str, list[float]],
    at: datetime,
    lasting: timedelta,
    price: Decimal,
    key: UUID,
    colour: Colour,
    address: Address,
    contact: Contact,
    either: int | str,
) -> None: ...


HINTS = typing.get_type_hints(everything)
VALUES = {name: st.from_type(hint) for name, hint in HINTS.items() if name != "return"}
VALUES["real"] = st.floats(allow_nan=False)
VALUES["table"] = st.dictionaries(st.text(), st.lists(st.floats(allow_nan=False)))
VALUES["at"] = st.datetimes(timezones=st.none() | st.just(UTC))
VALUES["lasting"] = st.timedeltas(min_value=timedelta(days=-9999), max_value=timedelta(days=9999))
VALUES["price"] = st.decimals(allow_nan=False, allow_infinity=False)


@given(st.fixed_dictionaries(VALUES))
def test_what_is_dumped_comes_back_equal(values: dict[str, Any]) -> None:
    codec = check_arguments(everything)

    args, kwargs = codec.load(codec.dump((), values))

    assert codec.signature.bind(*args, **kwargs).arguments == values
    assert [type(value) for value in args] == [type(values[name]) for name in codec.signature.parameters]


@given(st.integers(), st.lists(st.integers()), st.booleans(), st.dictionaries(st.text(min_size=1), st.text()))
def test_every_kind_of_parameter_keeps_its_place(
    first: int, rest: list[int], loud: bool, named: dict[str, str]
) -> None:
    def take(first: int, /, *rest: int, loud: bool, **named: str) -> None: ...

    codec = check_arguments(take)
    options: dict[str, Any] = {"loud": loud} | {f"n_{name}": text for name, text in named.items()}

    assert codec.load(codec.dump((first, *rest), options)) == ((first, *rest), options)


def test_arguments_left_out_are_left_to_the_defaults_at_the_time_of_the_run() -> None:
    def take(first: int = 1, second: int = 2, third: int = 3) -> None: ...

    codec = check_arguments(take)

    assert codec.dump((), {"second": 5}) == '{"second": 5}'
    assert codec.load('{"second": 5}') == ((), {"second": 5})
    assert codec.load("{}") == ((), {})


def test_the_dump_is_a_json_object_that_people_can_read() -> None:
    def take(contact: Contact) -> None: ...

    text = check_arguments(take).dump((Contact(name="Ada", born=date(1815, 12, 10), addresses=[]),), {})

    assert json.loads(text) == {"contact": {"name": "Ada", "born": "1815-12-10", "addresses": []}}


def take_data(data: dict[str, Any]) -> None: ...


def take_secret(secret: SecretStr) -> None: ...


def take_ratio(ratio: float) -> None: ...


def take_numbers(numbers: list[int]) -> None: ...


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (take_data, {"at": datetime(2026, 1, 1)}),  # noqa: DTZ001
        (take_data, {"thing": object()}),
        (take_secret, SecretStr("hush")),
        (take_ratio, float("nan")),
        (take_numbers, (1, 2)),
        (take_numbers, ["1"]),
    ],
)
def test_a_value_that_would_come_back_changed_is_refused(function: Callable[..., Any], value: Any) -> None:
    with pytest.raises(TypeError, match=rf"{function.__name__}: \w+ .* would not come back from JSON"):
        check_arguments(function).dump((value,), {})


def test_json_without_a_type_of_its_own_is_taken_as_it_is() -> None:
    codec = check_arguments(take_data)
    data = {"name": "Ada", "tags": ["a", None, 1, 2.5, True], "deep": {"er": {}}}

    assert codec.load(codec.dump((data,), {})) == ((data,), {})


def test_a_call_that_does_not_fit_the_signature_is_refused() -> None:
    with pytest.raises(TypeError, match="missing a required argument"):
        check_arguments(take_data).dump((), {})


def test_text_that_does_not_fit_the_annotations_is_refused() -> None:
    codec = check_arguments(take_numbers)
    for text in ('{"numbers": "many"}', '{"figures": [1]}', "{"):
        with pytest.raises(ValueError):
            codec.load(text)


def test_a_codec_is_made_once_per_function() -> None:
    assert check_arguments(take_data) is check_arguments(take_data)


class Service:
    def send(self, text: str) -> None: ...

    @classmethod
    def make(cls, text: str) -> None: ...

    @staticmethod
    def post(text: str) -> None: ...


@pytest.mark.parametrize(("method", "name"), [(Service.send, "self"), (Service.__dict__["make"].__func__, "cls")])
def test_a_method_is_refused_by_name(method: Callable[..., Any], name: str) -> None:
    with pytest.raises(DeclarationError, match=rf"Service\.\w+: .* cannot store '{name}'.*staticmethod"):
        check_arguments(method)


def test_a_staticmethod_can_be_queued() -> None:
    codec = check_arguments(Service.post)

    assert codec.load(codec.dump(("hello",), {})) == (("hello",), {})


def test_a_parameter_without_annotation_is_refused_and_told_what_would_be_right() -> None:
    def take(data) -> None: ...  # type: ignore[no-untyped-def]

    with pytest.raises(DeclarationError, match=r"take: .* needs an annotation for 'data', such as `data: "):
        check_arguments(take)


class Opaque:
    pass


def test_an_annotation_without_a_json_form_is_refused() -> None:
    def opaque(thing: Opaque) -> None: ...

    def callback(then: Callable[[], None]) -> None: ...

    for function, name in ((opaque, "thing"), (callback, "then")):
        with pytest.raises(DeclarationError, match=f"cannot turn '{name}' into JSON .*: annotate it"):
            check_arguments(function)


def test_an_annotation_that_cannot_be_resolved_is_refused() -> None:
    def take(share: Fraction) -> None: ...

    with pytest.raises(DeclarationError, match=r"cannot resolve its annotations .*Fraction.*TYPE_CHECKING"):
        check_arguments(take)
