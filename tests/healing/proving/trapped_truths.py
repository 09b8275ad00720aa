"""Traps in tests of truth and class, and in what is written down for people."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

from tests.healing.proving.stage import Gateway, Plain, log, registry, trap


class Charging:
    """Charges when it is asked whether it is true."""

    def __bool__(self) -> bool:
        registry["charged"] = True
        return True


class Counting:
    """Charges when its length, its keys or its text are asked for."""

    def __len__(self) -> int:
        registry["charged"] = True
        return 1

    def __lt__(self, other: object) -> bool:
        registry["charged"] = True
        return True

    def keys(self) -> Iterator[str]:
        registry["charged"] = True
        return iter(())

    def __getitem__(self, key: str) -> str:
        return key


class Speaking:
    def __str__(self) -> str:
        registry["charged"] = True
        return ""


class Asking(type):
    def __instancecheck__(cls, instance: object) -> bool:
        registry["charged"] = True
        return True

    def __subclasscheck__(cls, subclass: type) -> bool:
        registry["charged"] = True
        return True


class Asked(metaclass=Asking):
    """Charges when it is asked about an object or a class."""


class LoudError(Exception):
    def __init__(self) -> None:
        registry["charged"] = True


class SpeakingError(Exception):
    def __str__(self) -> str:
        registry["charged"] = True
        return ""


charging, counting, speaking = Charging(), Counting(), Speaking()
spread: Any = counting


@trap("tests charging", "`if` asks `__bool__`")
def effect_in_if(gateway: Gateway, order: dict[str, Any]) -> Any:
    if charging:
        return gateway.refuse()
    return None


@trap("tests counting", "or `__len__` where there is none")
def effect_in_length(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse() if counting else None


@trap("tests charging", "so does `and`")
def effect_in_and(gateway: Gateway, order: dict[str, Any]) -> Any:
    return charging and gateway.refuse()


@trap("tests charging", "and `not`, whatever becomes of it")
def effect_in_not(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(not charging)


@trap("tests charging", "and an assertion that held")
def effect_in_assert(gateway: Gateway, order: dict[str, Any]) -> Any:
    assert charging
    return gateway.refuse()


@trap("tests charging", "and the message of one that is being made")
def effect_before_message(gateway: Gateway, order: dict[str, Any]) -> Any:
    assert not charging, gateway.refuse()
    return gateway.refuse()


@trap("tests charging", "and a branch that was not taken")
def effect_in_other_if(gateway: Gateway, order: dict[str, Any]) -> Any:
    if not order and charging:
        return None
    return gateway.refuse()


@trap("tests stand_in", "a stand-in asks what it stands for")
def effect_by_proxy(gateway: Gateway, order: dict[str, Any]) -> Any:
    stand_in = PROXY
    if stand_in:
        return gateway.refuse()
    return None


PROXY = weakref.proxy(charging)


@trap("works on counting", "a chain compares before it goes on")
def effect_in_chain(gateway: Gateway, order: dict[str, Any]) -> Any:
    return counting < 2 < gateway.refuse()


@trap("iterates over", "a mapping is spread before the next item is worked out")
def effect_in_spread(gateway: Gateway, order: dict[str, Any]) -> Any:
    return {**spread, "more": gateway.refuse()}


@trap("iterates over spread", "so are keyword arguments")
def effect_in_keywords(gateway: Gateway, order: dict[str, Any]) -> Any:
    return dict(**spread, more=gateway.refuse())


@trap("asks a class", "a metaclass with a check of its own")
def effect_in_isinstance(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(isinstance(order, Asked))


@trap("asks a class", "among several")
def effect_in_issubclass(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse(issubclass(Plain, (dict, Asked)))


@trap("asks a class", "and one that is not known")
def effect_in_unknown_class(gateway: Gateway, order: dict[str, Any]) -> Any:
    return gateway.refuse([isinstance(order, cls) for cls in (dict, Asked)])


@trap("writes what may run code by log.warning(...)", "the text of a log call's argument")
def effect_in_log(gateway: Gateway, order: dict[str, Any]) -> Any:
    log.warning("order of %s", speaking)
    return gateway.refuse()


@trap("writes what may run code by log.warning(...)", "or of an error, by its class")
def effect_in_text_of_error(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        int(order["name"])
    except (ValueError, SpeakingError) as error:
        log.warning("no number: %s", error)
    return gateway.refuse()


@trap("writes what may run code by log.warning(...)", "or by what it was made of")
def effect_in_argument_of_error(gateway: Gateway, order: dict[str, Any]) -> Any:
    made = ValueError(speaking)
    log.warning("no number: %s", made)
    return gateway.refuse()


@trap("raises LoudError", "a class that is raised is called")
def effect_in_raise(gateway: Gateway, order: dict[str, Any]) -> Any:
    try:
        raise LoudError
    except LoudError:
        return gateway.refuse()
