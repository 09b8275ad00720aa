"""Traps in what values are made of, and in what was done with them."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import json
import logging
import os
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydantic

import healing
from tests.healing.proving.stage import (
    Checked,
    Gateway,
    Loud,
    Order,
    State,
    charging,
    helper_with_effect,
    registry,
    trap,
)


@trap("calls Loud(...)", "a dataclass with __post_init__")
def effect_in_post_init(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(Loud(gateway))


@trap("calls Checked(...)", "a model with a validator")
def effect_in_validator(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(Checked(id=1))


@trap("calls made.pay(...)", "a method of a value object is code like any other")
def method_of_dataclass(gateway: Gateway, order: dict[str, Any]) -> Any:
    made = Order(id=1)
    made.pay(gateway)
    return gateway.refuse()


@trap("calls Order(id=1).pay(...)", "also on an object that has no name")
def method_of_nameless(gateway: Gateway, order: dict[str, Any]) -> Any:
    Order(id=1).pay(gateway)
    return gateway.refuse()


@trap("calls State.PAID.tell(...)", "also on the member of an enum")
def method_of_enum(gateway: Gateway, order: dict[str, Any]) -> Any:
    State.PAID.tell(gateway)
    return gateway.refuse()


@trap("calls dataclasses.replace(made).pay(...)", "also on a copy")
def method_of_copy(gateway: Gateway, order: dict[str, Any]) -> Any:
    made = Order(id=1)
    dataclasses.replace(made).pay(gateway)
    return gateway.refuse()


@trap("calls wrapped_charge(...)", "an inner wrapped call that had succeeded")
def inner_wrapped_succeeded(gateway: Gateway, order: dict[str, Any]) -> Any:
    wrapped_charge(gateway)
    return gateway.refuse()


@healing.self_healing(source="charge")
def wrapped_charge(gateway: Gateway) -> Any:
    return gateway.charge()


@trap("in wrapper: calls gateway.charge(...)", "the decorator in between charges")
@charging
def decorated_with_effect(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse()


@trap("gives an item", "an item has been given")
def generator_gave_one(gateway: Gateway, order: dict[str, Any]) -> Iterator[Any]:
    yield 1
    yield gateway.refuse()


@trap("calls gateway.charge_async(...)", "an awaited call had an effect")
async def awaited_charge(gateway: Gateway, order: dict[str, Any]) -> Any:
    await gateway.charge_async()
    return await gateway.refuse_async()


@trap("calls gateway.charge_async(...)", "a task runs beside it")
async def task_beside(gateway: Gateway, order: dict[str, Any]) -> Any:
    task = asyncio.create_task(gateway.charge_async())
    await asyncio.sleep(0)
    await gateway.refuse_async(task)


@trap("", "the failing coroutine ran under gather, beside another")
async def gathered(gateway: Gateway, order: dict[str, Any]) -> Any:
    await asyncio.gather(gateway.charge_async(), gateway.refuse_async())


@trap("passes gateway.refuse to json.dumps", "a library called back into the app")
def called_back(gateway: Gateway, order: dict[str, Any]) -> Any:
    return json.dumps({1, 2}, default=gateway.refuse)


@trap("contains what is not looked into", "del may run anything")
def deletes(gateway: Gateway, order: dict[str, Any]) -> Any:
    values = [1]
    del values[0]
    return gateway.refuse()


@trap("match", "match statements are not looked into")
def matches(gateway: Gateway, order: dict[str, Any]) -> Any:
    match order["id"]:
        case 7:
            return gateway.refuse()


@trap("calls exec(...)", "text that runs")
def executes_text(gateway: Gateway, order: dict[str, Any]) -> Any:
    exec("gateway.charge()")
    return gateway.refuse()


@trap("calls Path(", "writing a file")
def writes_file(gateway: Gateway, order: dict[str, Any]) -> Any:
    Path(os.devnull).write_text("x")
    return gateway.refuse()


@trap("calls setattr(...)", "setattr in disguise")
def sets_attribute(gateway: Gateway, order: dict[str, Any]) -> Any:
    setattr(gateway, "x", 1)  # noqa: B010
    return gateway.refuse()


@trap("calls iter(...)", "an iterator is used up")
def uses_up(gateway: Gateway, order: dict[str, Any]) -> Any:
    numbers = registry["numbers"] = iter([1, 2])
    next(numbers)
    return gateway.refuse()


@trap("calls order['pay'](...)", "a callable out of a mapping")
def callable_of_mapping(gateway: Gateway, order: dict[str, Any]) -> Any:
    order["pay"](1)
    return gateway.refuse()


@trap("calls call(...)", "a charge behind partial")
def charge_behind_partial(gateway: Gateway, order: dict[str, Any]) -> Any:
    call = CHARGING
    call(gateway)
    return gateway.refuse()


CHARGING = functools.partial(helper_with_effect)


@trap("decorates a function", "a decorator runs when the function is defined")
def decorates_inside(gateway: Gateway, order: dict[str, Any]) -> Any:
    @charging
    def later(gateway: Gateway, order: dict[str, Any]) -> None:
        return None

    gateway.refuse(later)


@trap("calls gateway.charge(...)", "a default is worked out when the function is defined")
def default_with_effect(gateway: Gateway, order: dict[str, Any]) -> Any:
    def later(what: str = gateway.charge()) -> None:
        return None

    gateway.refuse(later)


@trap("calls gateway.charge(...)", "so is a lambda's")
def lambda_default_with_effect(gateway: Gateway, order: dict[str, Any]) -> Any:
    later = lambda what=gateway.charge(): what  # noqa: B008, E731  # noqa: B008
    gateway.refuse(later)


@healing.harmless
class Leaving:
    """Made and entered without a trace, but leaving it fails."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        raise ConnectionRefusedError


@trap("no plain call", "the failing step is the end of the block, which has run")
def refused_on_leaving(gateway: Gateway, order: dict[str, Any]) -> Any:
    with Leaving():
        gateway.charge()


@trap("passes [gateway] to str", "the repr of a list calls that of its members")
def effect_in_member(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(str([gateway]))


@trap("works on members", "also behind a name")
def effect_in_named_member(gateway: Gateway, order: dict[str, Any]) -> Any:
    members = [[gateway]]
    return gateway.refuse(f"{members}")


@trap("works on holder", "also in the field of a dataclass, whose repr calls its")
def effect_in_field(gateway: Gateway, order: dict[str, Any]) -> Any:
    holder = Order(id=gateway)  # type: ignore[arg-type]
    return gateway.refuse(f"{holder}")


def charge_validator(value: int) -> int:
    registry["validated"] = value
    return value


class Annotated(pydantic.BaseModel):
    id: typing.Annotated[int, pydantic.AfterValidator(charge_validator)]


@trap("calls Annotated(...)", "a validator that hides in an annotation")
def effect_in_annotation(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(Annotated(id=1))


@trap("calls Made(...)", "a default that is worked out by a call")
def effect_in_default_factory(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(Made())


@dataclass
class Made:
    id: object = field(default_factory=lambda: registry.update(made=True))


@trap("calls Intercepted(...)", "a field that is a property sets more than itself")
def effect_in_descriptor(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(Intercepted(1))


@dataclass
class Intercepted:
    number: int

    @property  # type: ignore[no-redef]
    def number(self) -> int:
        return 1

    @number.setter
    def number(self, value: int) -> None:
        registry["number"] = value


@trap("calls logging.getLogger().addHandler(...)", "a handler would be there twice")
def adds_handler(gateway: Gateway, order: dict[str, Any]) -> Any:
    logging.getLogger().addHandler(HANDLER)
    return gateway.refuse()


HANDLER = logging.NullHandler()


@trap("contains what is not looked into", "a class body runs")
def defines_class(gateway: Gateway, order: dict[str, Any]) -> Any:
    class Inner:
        gateway.charge()

    return gateway.refuse(Inner)


@trap("changes total outside", "a nonlocal is changed")
def writes_nonlocal(gateway: Gateway, order: dict[str, Any]) -> Any:
    total = 0

    def add() -> Any:
        nonlocal total
        total += 1
        return gateway.refuse()

    return add()


@trap("iterates over what has to be awaited", "an asynchronous iteration runs code")
async def comprehends_async(gateway: Gateway, order: dict[str, Any]) -> Any:
    rows = [row async for row in async_rows(gateway)]
    return await gateway.refuse_async(rows)


async def async_rows(gateway: Gateway) -> Any:
    yield gateway.charge()


@trap("awaits task", "what is awaited is not known")
async def awaits_name(gateway: Gateway, order: dict[str, Any]) -> Any:
    task = asyncio.sleep(0)
    await task
    return await gateway.refuse_async()


@trap("calls row.pay(...)", "the list that is empty in the end held orders before")
def emptied_list(gateway: Gateway, order: dict[str, Any]) -> Any:
    rows: list[Any] = []
    rows.append(Order(id=1))
    for row in rows:
        row.pay(gateway)
    rows.clear()
    return gateway.refuse(rows)


@trap("to row.pay(...)", "likewise where the name is bound twice")
def emptied_list_of_two(gateway: Gateway, order: dict[str, Any]) -> Any:
    rows: list[Any] = []
    if not order:
        rows = []
    for _ in order["items"]:
        for row in rows:
            row.pay(gateway)
        rows.append(Order(id=1))
    return gateway.refuse(rows)


@trap("reads made[0]", "put there by subscript")
def stored_by_subscript(gateway: Gateway, order: dict[str, Any]) -> Any:
    made: list[Any] = [None]
    made[0] = Order(id=1)
    made[0].pay(gateway)
    made[0] = None
    return gateway.refuse()


@trap("calls order.get('x', made).pay(...)", "a default that is no data")
def default_of_mapping(gateway: Gateway, order: dict[str, Any]) -> Any:
    made = Order(id=1)
    order.get("x", made).pay(gateway)
    return gateway.refuse()


@trap("iterates over [] + [made]", "a sum of lists is no data if its members are none")
def sum_of_lists(gateway: Gateway, order: dict[str, Any]) -> Any:
    made = Order(id=1)
    for row in [] + [made]:  # noqa: RUF005
        row.pay(gateway)
    return gateway.refuse()
