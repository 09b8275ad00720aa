"""Tests of truth and class, and texts for people, that have no effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.healing.proving.stage import Gateway, Order, Payload, Plain, State, log, safe


@safe("a plain object, a class and a number are asked whether they are true")
def tests_truth(gateway: Gateway, order: dict[str, Any]) -> Any:
    empty: Any = Plain()
    assert empty
    if empty and order:
        return (empty or order) and 1 < order["id"] < 9 and gateway.refuse({**order, "more": 1, **order})
    return None


@safe("isinstance asks classes that answer by themselves")
def asks_classes(gateway: Gateway, order: Any) -> Any:
    known = isinstance(order, dict | None) or issubclass(Order, (Plain, Payload))
    if isinstance(order, Mapping) and not isinstance(order, State):
        return gateway.refuse(known)
    return None


@safe("the text of an error that was caught and written down")
def tells_of_error(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        int(order["name"])
    except ValueError as error:
        log.warning("no number: %s", error)
    except (KeyError, TypeError) as error:
        log.warning("no name: %s", error)
    return gateway.refuse()


@safe("in the handler itself, too")
def tells_of_error_and_fails(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        int(order["name"])
    except ValueError as error:
        log.warning("no number: %s", error)
        return gateway.refuse()
