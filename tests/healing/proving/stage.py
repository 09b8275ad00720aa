"""Small functions that end with a refused connection, and what may have happened before: nothing, or a spoiler.

`safe` marks those whose attempt can have had no effect; `trap` those that must not be run again, with a part of the
reason that a person is given.
"""

from __future__ import annotations

import contextlib
import enum
import functools
import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pydantic

import healing

log = logging.getLogger(__name__)
registry: dict[str, Any] = {}
lock = threading.Lock()


@dataclass
class Case:
    function: Callable[..., Any]
    spoiler: str | None
    why: str


CASES: list[Case] = []


def safe(why: str) -> Callable[[Any], Any]:
    def add(function: Any) -> Any:
        CASES.append(Case(function, None, why))
        return function

    return add


def trap(spoiler: str, why: str) -> Callable[[Any], Any]:
    def add(function: Any) -> Any:
        CASES.append(Case(function, spoiler, why))
        return function

    return add


class Gateway:
    """What the functions talk to; `refuse` is the step that fails before it is executed."""

    def __init__(self) -> None:
        self.charges: list[Any] = []

    def charge(self, *what: Any, **named: Any) -> str:
        self.charges.append(what or named or "charge")
        return "charged"

    def refuse(self, *_: Any, **__: Any) -> Any:
        raise ConnectionRefusedError(111, "Connection refused")

    async def refuse_async(self, *_: Any) -> Any:
        raise ConnectionRefusedError(111, "Connection refused")

    async def charge_async(self) -> None:
        self.charge()

    @property
    def receipt(self) -> str:
        return self.charge()

    def __lshift__(self, other: Any) -> str:
        return self.charge(other)

    def __str__(self) -> str:
        return self.charge()

    def __iter__(self) -> Iterator[str]:
        yield self.charge()

    def __enter__(self) -> Gateway:
        self.charge()
        return self

    def __exit__(self, *_: object) -> None:
        return None


@dataclass
class Order:
    id: int
    items: list[dict[str, int]] = field(default_factory=list)

    def pay(self, gateway: Gateway) -> str:
        return gateway.charge()


@dataclass
class Loud:
    gateway: Gateway

    def __post_init__(self) -> None:
        self.gateway.charge()


class Point(NamedTuple):
    x: int
    y: int


class State(enum.Enum):
    PAID = "paid"

    def tell(self, gateway: Gateway) -> None:
        gateway.charge(self.value)


class Payload(pydantic.BaseModel):
    id: int


class Checked(pydantic.BaseModel):
    id: int

    @pydantic.field_validator("id")
    @classmethod
    def _check(cls, value: int) -> int:
        registry["checked"] = value
        return value


class Plain:
    """Nothing is worked out when it is made."""


@healing.harmless
def normalise(text: str) -> str:
    return text.strip().lower()


def helper_with_effect(gateway: Gateway) -> None:
    gateway.charge()


def helper_that_charges_first(gateway: Gateway) -> None:
    gateway.charge()
    gateway.refuse()


def helper_that_only_refuses(gateway: Gateway) -> None:
    payload = json.dumps({"a": 1})
    gateway.refuse(payload)


def charging(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(gateway: Gateway, order: dict[str, Any]) -> Any:
        gateway.charge()
        return function(gateway, order)

    return wrapper


def quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(gateway: Gateway, order: dict[str, Any]) -> Any:
        log.info("called")
        return function(gateway, order)

    return wrapper


@contextlib.contextmanager
def charged(gateway: Gateway) -> Iterator[None]:
    gateway.charge()
    yield
