"""Attempts that can have had no effect."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import logging
import math
import os
import re
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import healing
from tests.healing.proving.stage import (
    Gateway,
    Order,
    Payload,
    Plain,
    Point,
    State,
    helper_that_only_refuses,
    log,
    normalise,
    quiet,
    safe,
)

counter = 0


@safe("the failing step is the first one")
def at_once(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse()


@safe("values are built from data")
def builds_values(gateway: Gateway, order: dict[str, Any]) -> Any:
    payload = {"id": order["id"], "at": datetime.now(UTC).isoformat(), "key": uuid.uuid4().hex}
    text = json.dumps(payload, sort_keys=True)
    return gateway.refuse(text, headers={"length": str(len(text))})


@safe("a dataclass, a tuple, an enum and a model without code of their own")
def builds_objects(gateway: Gateway, order: dict[str, Any]) -> Any:
    made = Order(id=order["id"])
    point = Point(1, 2)
    state = State("paid")
    model = Payload(id=order["id"])
    empty = Plain()
    return gateway.refuse(made, point, state, model, empty)


@safe("logging tells people, and nobody is charged twice")
def logs(gateway: Gateway, order: dict[str, Any]) -> Any:
    log.info("order %s of %s", order["id"], Plain)
    other = logging.getLogger("other")
    other.warning("soon")
    return gateway.refuse()


@safe("arithmetic on data")
def computes(gateway: Gateway, order: dict[str, Any]) -> Any:
    total = Decimal(order["id"]) * 2 + Decimal("0.5")
    ratio = math.sqrt(order["id"]) if order["id"] > 1 else 0.0
    code = re.sub(r"\W", "", order["name"].strip().upper())
    return gateway.refuse(total, ratio, code[:3], -order["id"], not order, f"{total:>10}")


@safe("the loop before the failing step only adds up")
def loops_before(gateway: Gateway, order: dict[str, Any]) -> Any:
    total = 0
    for item in order["items"]:
        total += item["price"] * item["qty"]
    return gateway.refuse(total)


@safe("a comprehension over data")
def comprehends_before(gateway: Gateway, order: dict[str, Any]) -> Any:
    prices = sorted([item["price"] for item in order["items"]], key=lambda price: -price)
    by_name = {name: len(name) for name in ("a", "b")}
    return gateway.refuse(sum(prices), by_name, max(item["qty"] for item in order["items"]))


@safe("a list of its own is filled")
def fills_own_list(gateway: Gateway, order: dict[str, Any]) -> Any:
    lines = []
    lines.append(order["name"])
    extra = {}
    extra["id"] = order["id"]
    return gateway.refuse(lines, extra)


@safe("the guard before it did not hold: it would have left the function")
def guarded(gateway: Gateway, order: dict[str, Any]) -> Any:
    if not order:
        gateway.charge("nothing")
        raise ValueError("empty")
    return gateway.refuse()


@safe("the other branch was not taken")
def other_branch(gateway: Gateway, order: dict[str, Any]) -> Any:
    if order["id"]:
        return gateway.refuse()
    gateway.charge()
    return gateway.charge()


@safe("the call around the failing one was not made yet")
def enclosing_call(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.charge(gateway.refuse())


@safe("what comes after it was not reached")
def effect_after(gateway: Gateway, order: dict[str, Any]) -> Any:
    gateway.refuse()
    gateway.charge()


@safe("the iterable is worked out before the first round")
def iterable_of_loop(gateway: Gateway, order: dict[str, Any]) -> Any:
    for item in gateway.refuse():
        gateway.charge(item)


@safe("the iterable of a comprehension likewise")
def iterable_of_comprehension(gateway: Gateway, order: dict[str, Any]) -> Any:
    return [gateway.charge(item) for item in gateway.refuse()]


@safe("the helper one level down has no effect before either")
def helper_refuses(gateway: Gateway, order: dict[str, Any]) -> Any:
    return helper_that_only_refuses(gateway)


@safe("marked as harmless")
def marked(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(normalise(order["name"]))


@safe("the decorator in between only logs")
@quiet
def quietly_decorated(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse()


safe("a lambda")(lambda gateway, order: gateway.refuse(str(order["id"])))


@safe("the handler around it only logs and raises again")
def handler_logs(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        return gateway.refuse()
    except ConnectionError:
        log.exception("refused")
        raise


@safe("suppress and nullcontext leave no trace")
def quiet_managers(gateway: Gateway, order: dict[str, Any]) -> Any:
    with contextlib.suppress(KeyError), contextlib.nullcontext():
        return gateway.refuse()


@safe("a partial calls once what it holds")
def through_partial(gateway: Gateway, order: dict[str, Any]) -> Any:
    return REFUSING(gateway)


REFUSING = functools.partial(helper_that_only_refuses)


@safe("a conditional expression that chooses data")
def conditional_data(gateway: Gateway, order: dict[str, Any]) -> Any:
    name = order["name"] if order["id"] else "none"
    return gateway.refuse(name or "x", order.get("id"))


@safe("a walrus that holds data")
def walrus_data(gateway: Gateway, order: dict[str, Any]) -> Any:
    if (number := order["id"]) > 1:
        return gateway.refuse(number)
    return None


@safe("a chain over several lines")
def several_lines(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(
        order["name"].strip(),
    )


@safe("an import, and the environment")
def imports_inside(gateway: Gateway, order: dict[str, Any]) -> Any:
    import base64

    token = base64.b64encode(order["name"].encode())
    return gateway.refuse(token, os.environ.get("HOME"), os.environ["PATH"])


@safe("nested data is taken apart")
def takes_apart(gateway: Gateway, order: dict[str, Any]) -> Any:
    first, *others = order["items"]
    price, qty = first["price"], first["qty"]
    return gateway.refuse(price * qty, len(others))


@safe("a function defined inside is not run by being defined")
def defines_inside(gateway: Gateway, order: dict[str, Any]) -> Any:
    def later(what: str = "x") -> None:
        gateway.charge(what)

    gateway.refuse(later)


@safe("awaits the failing step first")
async def awaits(gateway: Gateway, order: dict[str, Any]) -> Any:
    await asyncio.sleep(0)
    return await gateway.refuse_async(order["id"])


@safe("a time limit around it")
async def awaits_with_timeout(gateway: Gateway, order: dict[str, Any]) -> Any:
    async with asyncio.timeout(5):
        return await gateway.refuse_async()


@safe("a generator that fails before its first item")
def generator_at_once(gateway: Gateway, order: dict[str, Any]) -> Iterator[Any]:
    yield gateway.refuse()


@safe("an inner wrapped call that failed")
def inner_wrapped(gateway: Gateway, order: dict[str, Any]) -> Any:
    return wrapped_refusal(gateway)


@healing.self_healing(source="refusal")
def wrapped_refusal(gateway: Gateway) -> Any:
    return gateway.refuse()


@safe("raises by itself, after looking at data only")
def raises_itself(gateway: Gateway, order: dict[str, Any]) -> Any:
    if order["id"] > 1:
        raise ConnectionRefusedError(111, f"refused {order['id']}")


@safe("sleeping leaves no trace")
def sleeps(gateway: Gateway, order: dict[str, Any]) -> Any:
    time.sleep(0)
    return gateway.refuse()


@safe("the rest of Python's harmless corners")
def corners(gateway: Gateway, order: dict[str, Any]) -> Any:
    global counter
    text: str = "x"
    number: int
    pair = (order["id"] if order else 0, *order["items"])
    spread = {**order, "more": {1, 2}}
    same = order["id"] is None or (order["name"] == "Ada" and not empty_handed(order))
    while False:
        break
    if same:
        pass
    elif text:
        text = text + "y"
    else:
        return None
    try:
        number = int(order["id"])
    except (ValueError, KeyError) as error:
        log.warning("no number: %s", error)
        number = 0
    with contextlib.suppress(KeyError):
        number = order["id"]
    assert number, "zero"
    return gateway.refuse(pair[0], spread["more"], text[0:1], number, list[int], Gateway)


@safe("objects are collected and handed over")
def collects_objects(gateway: Gateway, order: dict[str, Any]) -> Any:
    lines: list[Any] = []
    by_id: dict[int, Any] = {}
    for number, item in enumerate(order["items"]):
        made = Order(id=number, items=[item])
        lines.append(made)
        by_id[number] = made
    return gateway.refuse(lines, by_id)


@healing.harmless
def empty_handed(order: dict[str, Any]) -> bool:
    return not order


@safe("the address that Healing itself gives")
def asks_for_endpoint(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(healing.attempt())


class Connecting:
    def __init__(self, gateway: Gateway) -> None:
        gateway.refuse()


@safe("making the client is the failing step")
def makes_client(gateway: Gateway, order: dict[str, Any]) -> Any:
    return Connecting(gateway)


class Slotted:
    __slots__ = ("gateway",)

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway


slotted = Slotted(Gateway())


@safe("an attribute that lies in a slot")
def reads_slot(gateway: Gateway, order: dict[str, Any]) -> Any:
    return slotted.gateway.refuse()


@safe("an attribute of an object of its own")
def sets_own_attribute(gateway: Gateway, order: dict[str, Any]) -> Any:
    made = Plain()
    made.number = order["id"]  # type: ignore[attr-defined]
    return gateway.refuse(made)


@safe("what comes after it binds the name anew")
def binds_again_later(gateway: Gateway, order: dict[str, Any]) -> Any:
    number: Any = order["id"]
    gateway.refuse(number)
    number = gateway.charge()
    return number, order


@safe("a lookup that failed and was handled")
def handles_miss(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        phone = order["phone"]
    except KeyError:
        phone = ""
    return gateway.refuse(phone)


@safe("a value inside a mapping")
def inside_mapping(gateway: Gateway, order: dict[str, Any]) -> Any:
    return {"id": order["id"], "answer": gateway.refuse()}


@safe("making the context manager is the failing step")
def makes_manager(gateway: Gateway, order: dict[str, Any]) -> Any:
    with contextlib.nullcontext(1), contextlib.nullcontext(gateway.refuse()) as answer:
        return answer


@safe("opening the manager itself is what fails")
def opens_manager(gateway: Gateway, order: dict[str, Any]) -> Any:
    with gateway.refuse() as answer:
        return answer


@safe("a comprehension with a condition")
def comprehends_with_condition(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse([item["qty"] for item in order["items"] if item["price"] > 1])
