"""Ways in which a wrapper could do harm, each tried once: wrong values, lost errors, kept objects."""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import signal
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from healing import DeclarationError, Outcome, StopReason, configure, endpoint, queue, runtime, self_healing, testing
from healing.wrapped import every_wrapped, operations


def refuse() -> None:
    raise ConnectionRefusedError("nobody listens")


def test_a_function_that_changes_its_arguments_gets_no_other_call_s_cached_value() -> None:
    down = False

    @self_healing(source="harm.orders", cache=True)
    def orders(request: dict[str, str]) -> str:
        user = request.pop("user")
        if down:
            refuse()
        return f"orders of {user}"

    with testing.active():
        assert orders({"user": "alice"}) == "orders of alice"
        down = True
        assert orders({"user": "alice"}) == "orders of alice"
        with pytest.raises(ConnectionRefusedError):
            orders({"user": "bob"})


def test_a_call_is_queued_with_the_arguments_that_came_in(sqlite_url: str, tmp_path: Path) -> None:
    configure(database_url=sqlite_url, spool_dir=tmp_path / "spool")
    paid: list[int] = []

    @self_healing(source="harm.pay", queue=True, atomic=True, attempts=1)
    def pay(order: dict[str, int]) -> None:
        amount = order.pop("amount")
        if not paid:
            paid.append(0)
            refuse()
        paid.append(amount)

    assert isinstance(pay({"amount": 7}), queue.Queued)
    assert queue.drain() == 1
    assert paid == [0, 7]
    queue.close()


@pytest.mark.parametrize("early", [True, False])
def test_switching_off_leaves_the_first_endpoint(early: bool) -> None:
    addresses = ("http://a", "http://b")
    with testing.active(mode="off" if early else "heal"):
        fetch = self_healing(source=f"harm.off.{early}", endpoints=addresses)(lambda: endpoint())
    with testing.active(mode="off"):
        operations()[f"harm.off.{early}"].follow(runtime.settings())
        assert fetch() == "http://a"


async def test_switching_off_leaves_coroutines_and_generators_their_endpoint() -> None:
    addresses = ("http://a", "http://b")
    with testing.active(mode="off"):

        @self_healing(source="harm.off.async", endpoints=addresses)
        async def fetch() -> str:
            return endpoint()

        @self_healing(source="harm.off.items", endpoints=addresses)
        def items() -> Iterator[str]:
            yield endpoint()

        assert (await fetch(), list(items())) == ("http://a", ["http://a"])


def test_a_call_switches_from_the_endpoint_that_it_used_not_from_the_one_found_meanwhile() -> None:
    used: list[str] = []

    @self_healing(
        source="harm.switch", idempotent=True, endpoints=("http://a", "http://b"), strategies=["switch_api_endpoint"]
    )
    def fetch() -> str:
        used.append(endpoint())
        if used[-1] == "http://a":
            operations()["harm.switch"].prefer("http://b", runtime.clock().monotonic())
            raise ConnectionRefusedError
        return used[-1]

    with testing.active(chance=0.0):
        assert fetch() == "http://b"
    assert used == ["http://a", "http://b"]


class Held:
    """What a call was given."""


@pytest.mark.parametrize("declared", [{}, {"default": 1}, {"idempotent": True}])
def test_nothing_of_a_failed_call_is_kept(declared: dict[str, Any]) -> None:
    @self_healing(source="harm.kept", **declared)
    def fetch(held: Held) -> None:
        raise ConnectionRefusedError

    def call() -> weakref.ref[Held]:
        held = Held()
        with contextlib.suppress(ConnectionRefusedError):
            fetch(held)
        return weakref.ref(held)

    gc.collect()
    gc.disable()
    try:
        with testing.active():
            assert call()() is None
    finally:
        gc.enable()


def test_a_healthy_call_needs_no_working_directory(tmp_path: Path) -> None:
    fetch = self_healing(source="harm.nowhere", cache=True)(lambda: 7)
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    try:
        assert fetch() == 7
    finally:
        os.chdir(tmp_path)


def test_a_failed_call_is_healed_and_noted_without_a_working_directory(tmp_path: Path) -> None:
    fetch = self_healing(source="harm.nowhere.healed", default=7)(refuse)
    lost = self_healing(source="harm.nowhere.lost")(refuse)
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    try:
        assert fetch() == 7
        with pytest.raises(ConnectionRefusedError) as raised:
            lost()
    finally:
        os.chdir(tmp_path)
    assert len(raised.value.__notes__) == 1


def test_every_function_follows_a_change_of_mode_also_those_that_share_a_source(tmp_path: Path) -> None:
    functions = [self_healing(source="harm.shared")(lambda: 1) for _ in range(2)]
    configure(mode="observe", spool_dir=tmp_path)
    modes = {wrapped.mode for wrapped in every_wrapped() if wrapped.operation.source == "harm.shared"}
    assert (len(functions), modes) == (2, {"observe"})


@pytest.mark.parametrize("caused", [True, False])
def test_an_outer_failure_raised_from_an_inner_one_is_an_event_of_its_own(caused: bool) -> None:
    inner = self_healing(source="harm.inner")(refuse)

    @self_healing(source="harm.outer", critical=True)
    def outer() -> None:
        try:
            inner()
        except ConnectionRefusedError as error:
            raise RuntimeError("the order failed") from (error if caused else None)

    with testing.active() as recorder, pytest.raises(RuntimeError) as raised:
        outer()
    assert [event.source for event in recorder.events] == ["harm.inner", "harm.outer"]
    assert recorder.events[1].opening.critical
    assert len(raised.value.__notes__) == 1


class TimeLimitError(Exception):
    """As a worker's soft time limit raises it from a signal handler."""


def test_what_a_signal_handler_raises_during_a_pause_reaches_the_caller() -> None:
    def limit(*_: object) -> None:
        raise TimeLimitError

    runs = []

    @self_healing(source="harm.signal", idempotent=True)
    def fetch() -> None:
        runs.append(1)
        raise ConnectionRefusedError

    before = signal.signal(signal.SIGALRM, limit)
    try:
        with testing.active() as recorder:
            recorder.clock.sleep = lambda seconds: signal.raise_signal(signal.SIGALRM)  # type: ignore[method-assign]
            with pytest.raises(TimeLimitError):
                fetch()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert len(runs) == 1
    assert [event.outcome for event in recorder.events] == [Outcome.INTERRUPTED]


def test_a_default_that_can_be_changed_is_made_anew_for_each_caller() -> None:
    token = object()
    fetch = self_healing(source="harm.default", default={"items": [token]})(refuse)
    with testing.active():
        first: Any = fetch()
        first["items"].append("the first caller's")
        assert fetch() == {"items": [token]}


def test_an_awaitable_that_a_sync_function_cannot_await_is_no_answer() -> None:
    async def made() -> int:
        return 1

    fetch = self_healing(source="harm.awaitable", default_factory=lambda: made())(refuse)
    with testing.active(), pytest.raises(ConnectionRefusedError):
        fetch()


def test_the_test_mode_s_own_mode_counts() -> None:
    fetch = self_healing(source="harm.testing", idempotent=True)(refuse)
    for mode, outcomes in {"observe": [Outcome.OBSERVED], "off": []}.items():
        with testing.active(mode=mode) as recorder, pytest.raises(ConnectionRefusedError):
            fetch()
        assert [event.outcome for event in recorder.events] == outcomes


def test_nested_generators_write_one_event_for_one_error_after_the_first_item() -> None:
    @self_healing(source="harm.items.inner")
    def inner() -> Iterator[int]:
        yield 1
        refuse()

    @self_healing(source="harm.items.outer")
    def outer() -> Iterator[int]:
        yield from inner()

    with testing.active() as recorder, pytest.raises(ConnectionRefusedError) as raised:
        list(outer())
    assert [(event.source, event.stop_reason) for event in recorder.events] == [
        ("harm.items.inner", StopReason.AFTER_FIRST_ITEM)
    ]
    assert len(raised.value.__notes__) == 1


def test_an_exception_object_raised_by_every_run_leaves_with_the_traceback_of_the_first() -> None:
    always = ConnectionRefusedError("always the same")

    def fault() -> None:
        raise always

    with testing.active(), pytest.raises(ConnectionRefusedError) as raised:
        self_healing(source="harm.singleton", idempotent=True)(fault)()
    assert [entry.name for entry in raised.traceback[1:]] == ["wrapper", "fault"]


class Fetcher:
    def __init__(self) -> None:
        self.failures = 1

    async def __call__(self) -> str:
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError
        return "there"


async def test_an_object_whose_call_is_a_coroutine_is_healed() -> None:
    with testing.active() as recorder:
        assert await self_healing(idempotent=True)(Fetcher())() == "there"
    assert recorder.events[0].source == f"{__name__}.Fetcher"


def test_a_partial_is_named_after_its_type_where_no_source_is_given() -> None:
    fetch = self_healing(default=1)(functools.partial(refuse))
    with testing.active() as recorder:
        assert fetch() == 1
    assert recorder.events[0].source == "functools.partial"


def test_a_class_is_refused() -> None:
    with pytest.raises(DeclarationError, match="wrap its methods"):
        self_healing(source="harm.class")(Fetcher)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"idempotent": "no"}, "idempotent='no' must be True or False"),
        ({"queue": 1}, "queue=1"),
        ({"attempts": 2.5}, "attempts=2.5"),
        ({"attempts": True}, "attempts=True"),
        ({"budget": "10"}, "budget='10'"),
        ({"default_factory": 3}, "must be callable"),
        ({"dependency": 5}, "health check"),
        ({"source": ""}, "1 to 200 characters"),
        ({"source": 5}, "source=5"),
        ({"strategies": "retry_with_backoff"}, "tuple or list"),
    ],
)
def test_an_argument_of_the_wrong_type_is_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(DeclarationError, match=said):
        self_healing(**{"source": "harm.types"} | arguments)(refuse)
