"""Traps in the order and the surroundings of steps."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from tests.healing.proving.stage import (
    Gateway,
    charged,
    helper_that_charges_first,
    helper_with_effect,
    lock,
    registry,
    trap,
)

counter = 0


@trap("calls gateway.charge(...)", "the design's own example: charge, then the receipt is refused")
def charge_then_refused(gateway: Gateway, order: dict[str, Any]) -> Any:
    gateway.charge(order["id"])
    return gateway.refuse()


@trap("runs in a loop", "earlier rounds were executed")
def refused_in_loop(gateway: Gateway, order: dict[str, Any]) -> Any:
    for item in order["items"]:
        gateway.refuse(item)


@trap("runs in a loop", "earlier rounds were executed")
def refused_in_while(gateway: Gateway, order: dict[str, Any]) -> Any:
    while order:
        gateway.refuse()


@trap("", "a comprehension is a loop")
def refused_in_comprehension(gateway: Gateway, order: dict[str, Any]) -> Any:
    return [gateway.refuse(item) for item in order["items"]]


@trap("", "so is a generator expression that a builtin runs through")
def refused_in_generator_expression(gateway: Gateway, order: dict[str, Any]) -> Any:
    return sum(gateway.refuse(item) for item in order["items"])


@trap("changes self_count.value", "a counter on an object would be raised twice")
def augments_attribute(gateway: Gateway, order: dict[str, Any]) -> Any:
    self_count = COUNTER
    self_count.value += 1
    return gateway.refuse()


class _Counter:
    value = 0


COUNTER = _Counter()


@trap("changes order['id']", "the caller's data is changed")
def stores_into_argument(gateway: Gateway, order: dict[str, Any]) -> Any:
    order["id"] = order["id"] + 1
    return gateway.refuse()


@trap("changes order.update", "the caller's data is changed by a method")
def updates_argument(gateway: Gateway, order: dict[str, Any]) -> Any:
    order.update(id=3)
    return gateway.refuse()


@trap("changes items", "a parameter's list grows under another name")
def augments_alias(gateway: Gateway, order: dict[str, Any]) -> Any:
    items = order["items"]
    items += [{"price": 1, "qty": 1}]
    return gateway.refuse()


@trap("changes copy['items']", "a shallow copy still holds the caller's lists")
def shallow_copy(gateway: Gateway, order: dict[str, Any]) -> Any:
    copy = dict(order)
    copy["items"][0] = {}
    return gateway.refuse()


@trap("changes counter outside", "a global is changed")
def writes_global(gateway: Gateway, order: dict[str, Any]) -> Any:
    global counter
    counter += 1
    return gateway.refuse()


@trap("changes registry['x']", "a module's registry is changed")
def writes_registry(gateway: Gateway, order: dict[str, Any]) -> Any:
    registry["x"] = 1
    return gateway.refuse()


@trap("calls helper_with_effect(...)", "the effect is one level down")
def helper_had_effect(gateway: Gateway, order: dict[str, Any]) -> Any:
    helper_with_effect(gateway)
    return gateway.refuse()


@trap("in helper_that_charges_first: calls gateway.charge(...)", "the effect is inside the failing helper")
def helper_charges_first(gateway: Gateway, order: dict[str, Any]) -> Any:
    return helper_that_charges_first(gateway)


@trap("calls open(...)", "the file has been cut off already")
def opens_for_writing(gateway: Gateway, order: dict[str, Any]) -> Any:
    with open(os.devnull, "w"):  # noqa: PTH123
        return gateway.refuse()


@trap("enters `with gateway", "entering it has an effect")
def enters_manager(gateway: Gateway, order: dict[str, Any]) -> Any:
    with gateway:
        return gateway.refuse()


@trap("calls charged(...)", "so has a context manager written as a generator")
def enters_generator_manager(gateway: Gateway, order: dict[str, Any]) -> Any:
    with charged(gateway):
        return gateway.refuse()


@trap("enters `with lock", "a lock is no allow-listed manager")
def enters_lock(gateway: Gateway, order: dict[str, Any]) -> Any:
    with lock:
        return gateway.refuse()


@trap("calls gateway.charge(...)", "the failing step is in the handler: the body may have had an effect")
def refused_in_handler(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        gateway.charge()
        raise KeyError
    except KeyError:
        return gateway.refuse()


@trap("calls gateway.charge(...)", "the handler had an effect before it raised again")
def handler_has_effect(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        return gateway.refuse()
    except ConnectionError:
        gateway.charge("compensation")
        raise


@trap("calls gateway.charge(...)", "the finally clause had an effect on the way out")
def finally_has_effect(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        return gateway.refuse()
    finally:
        gateway.charge("audit")


@trap("calls gateway.charge(...)", "refused in the else clause, after the body")
def refused_in_else(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        gateway.charge()
    except KeyError:
        return None
    else:
        return gateway.refuse()


@trap("calls gateway.charge(...)", "refused in the finally clause, after a branch that returned")
def refused_in_finally(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        if order:
            gateway.charge()
            return 1
    finally:
        gateway.refuse()


@trap("calls gateway.charge(...)", "what was raised in the branch was swallowed by the suppress around it")
def swallowed_branch(gateway: Gateway, order: dict[str, Any]) -> Any:
    with contextlib.suppress(KeyError):
        if order:
            gateway.charge()
            raise KeyError
    return gateway.refuse()
