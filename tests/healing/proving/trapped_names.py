"""Traps in names, operands and arguments."""

from __future__ import annotations

import operator
from typing import Any

from tests.healing.proving.stage import Gateway, trap


@trap("calls len(...)", "a local called len")
def shadowed_local(gateway: Gateway, order: dict[str, Any]) -> Any:
    len = gateway.charge  # noqa: A001
    len(order)
    return gateway.refuse()


@trap("calls len(...)", "a name that was a charge first and is harmless by now")
def renamed_meanwhile(gateway: Gateway, order: dict[str, Any]) -> Any:
    step: Any = gateway.charge
    len = step  # noqa: A001
    len(order)
    len = operator.length_hint  # noqa: A001
    return gateway.refuse(len)


@trap("calls step(...)", "one of several callables, chosen in a loop")
def callable_of_loop(gateway: Gateway, order: dict[str, Any]) -> Any:
    for step in (gateway.charge, str):
        step(1)
    return gateway.refuse()


@trap("calls gateway.charge(...)", "an argument of the failing call is a call")
def effect_in_argument(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(gateway.charge())


@trap("calls gateway.charge(...)", "the left operand was worked out first")
def effect_in_operand(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.charge() + gateway.refuse()


@trap("calls gateway.charge(...)", "a condition with an effect")
def effect_in_condition(gateway: Gateway, order: dict[str, Any]) -> Any:
    if gateway.charge():
        return gateway.refuse()
    return None


@trap("calls gateway.charge(...)", "a conditional expression with an effect")
def effect_in_conditional(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse() if gateway.charge() else None


@trap("calls gateway.charge(...)", "a walrus with an effect")
def effect_in_walrus(gateway: Gateway, order: dict[str, Any]) -> Any:
    if receipt := gateway.charge():
        return gateway.refuse(receipt)
    return None


@trap("calls gateway.charge(...)", "a call inside an f-string")
def effect_in_format(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(f"receipt {gateway.charge()}")


@trap("works on gateway", "formatting calls __str__")
def effect_in_str(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(f"receipt {gateway}")


@trap("passes gateway to str", "so does str()")
def effect_in_builtin(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(str(gateway))


@trap("reads gateway.receipt", "a property with an effect")
def effect_in_property(gateway: Gateway, order: dict[str, Any]) -> Any:
    number = gateway.receipt
    return gateway.refuse(number)


@trap("works on gateway", "an operator with an effect")
def effect_in_operator(gateway: Gateway, order: dict[str, Any]) -> Any:
    gateway << order
    return gateway.refuse()


@trap("iterates over gateway", "iterating with an effect")
def effect_in_iteration(gateway: Gateway, order: dict[str, Any]) -> Any:
    for _ in gateway:
        pass
    return gateway.refuse()


@trap("passes gateway to list", "a builtin that iterates")
def effect_in_list(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(list(gateway))


@trap("to sorted(...)", "a builtin that calls back")
def effect_in_key(gateway: Gateway, order: dict[str, Any]) -> Any:
    rows = sorted(order["items"], key=gateway.charge)
    return gateway.refuse(rows)


@trap("calls gateway.charge(...)", "a lambda that a builtin calls")
def effect_in_lambda(gateway: Gateway, order: dict[str, Any]) -> Any:
    rows = sorted(order["items"], key=lambda item: gateway.charge(item))
    return gateway.refuse(rows)


@trap("to map(...)", "map calls what it is given, later and often")
def effect_in_map(gateway: Gateway, order: dict[str, Any]) -> Any:
    return list(map(gateway.refuse, order["items"]))


@trap("", "sorted calls the failing step once for each item")
def refused_as_key(gateway: Gateway, order: dict[str, Any]) -> Any:
    return sorted(order["items"], key=gateway.refuse)


@trap("cannot be located", "the failing step belongs to the definition of another function")
def refused_in_default(gateway: Gateway, order: dict[str, Any]) -> Any:
    def later(what: Any = gateway.refuse()) -> Any:  # noqa: B008
        return what

    return later


@trap("reads thing.receipt", "a property of one of several objects")
def property_of_several(gateway: Gateway, order: dict[str, Any]) -> Any:
    for thing in [gateway, gateway]:
        thing.receipt  # noqa: B018
    return gateway.refuse()


MANY = list(range(1000))


@trap("passes MANY to sum", "more than is looked through")
def too_many(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(sum(MANY))


class Watched:
    def __init__(self) -> None:
        self.number = 1

    def __getattribute__(self, name: str) -> Any:
        return super().__getattribute__(name)


watched = Watched()


@trap("reads watched.number", "a class that hears of every attribute that is read")
def reads_watched(gateway: Gateway, order: dict[str, Any]) -> Any:
    number = watched.number
    return gateway.refuse(number)
