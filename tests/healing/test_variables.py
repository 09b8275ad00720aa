"""Local variables of the application's frames: only on demand, redacted, bounded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from healing import self_healing, testing
from healing.variables import MAX_FRAMES, MAX_VARIABLES


class Order:
    def __repr__(self) -> str:
        raise AssertionError("a stranger's repr was called")


def price(order: Order, password: str) -> float:
    currency, card = "EUR", "4111 1111 1111 1111"
    json.loads(f"{{{currency}{card}{password}{order is None}")
    return 1.0


def details(call: Any, *args: Any, **settings: Any) -> Any:
    wrapped = self_healing(source="price")(call)
    with testing.active(**settings) as recorder, pytest.raises(Exception, match=r".*"):
        wrapped(*args)
    return recorder.events[0].opening.details


def test_variables_are_kept_only_where_they_are_asked_for() -> None:
    assert details(price, Order(), "hunter2")["locals"] == []


def test_variables_of_the_applications_frames_are_kept_redacted() -> None:
    (kept,) = details(price, Order(), "hunter2", capture_locals=True)["locals"]
    assert kept["function"] == f"{__name__}.price"
    assert kept["line"] == price.__code__.co_firstlineno + 2
    assert kept["values"] == {
        "order": f"<{__name__}.Order>",
        "password": "[redacted:password]",
        "currency": "EUR",
        "card": "[redacted:card]",
    }


def test_the_innermost_frames_count_and_each_is_bounded() -> None:
    def sink(depth: int) -> None:
        if depth:
            sink(depth - 1)
        raise LookupError

    kept = details(sink, 20, capture_locals=True)["locals"]
    assert [entry["values"]["depth"] for entry in kept] == list(reversed(range(MAX_FRAMES)))

    def wide() -> None:
        exec("\n".join(f"v{number} = {number}" for number in range(200)) + "\nraise LookupError", {}, {})

    (values,) = [entry["values"] for entry in details(wide, capture_locals=True)["locals"]]
    assert len(values) == MAX_VARIABLES


def test_a_modules_own_frame_has_globals_and_no_locals() -> None:
    code = compile("secret = 'hunter2'\nraise LookupError", "/srv/shop/main.py", "exec")

    def run() -> None:
        exec(code, {"__name__": "main"})

    assert [entry["function"] for entry in details(run, capture_locals=True)["locals"]] == [
        f"{__name__}.{run.__qualname__}"
    ]
