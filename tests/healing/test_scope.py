from __future__ import annotations

import asyncio

import pytest

from healing import Outcome, StopReason, attempt, endpoint, self_healing, testing


def test_three_nested_wrappers_make_no_more_calls_than_one() -> None:
    calls = 0

    @self_healing(source="nest.inner", idempotent=True)
    def inner() -> None:
        nonlocal calls
        calls += 1
        raise ConnectionRefusedError

    middle = self_healing(source="nest.middle", idempotent=True)(lambda: inner())
    outer = self_healing(source="nest.outer", idempotent=True)(lambda: middle())
    with testing.active() as recorder, pytest.raises(ConnectionRefusedError) as raised:
        outer()
    assert calls == 4
    assert [event.source for event in recorder.events] == ["nest.inner"]
    assert len(raised.value.__notes__) == 1


def test_an_outer_call_may_still_fall_back_when_the_inner_one_gave_up() -> None:
    @self_healing(source="fall.inner", idempotent=True)
    def inner() -> int:
        raise ConnectionRefusedError

    outer = self_healing(source="fall.outer", default=7)(lambda: inner())
    with testing.active() as recorder:
        assert outer() == 7
    inside, outside = recorder.events
    assert (inside.outcome, outside.outcome) == (Outcome.FAILED, Outcome.DEGRADED)
    assert outside.opening.parent_id == inside.opening.id


def test_an_error_raised_from_one_that_was_given_up_counts_as_given_up() -> None:
    calls = 0

    @self_healing(source="from.inner", idempotent=True)
    def inner() -> None:
        nonlocal calls
        calls += 1
        raise ConnectionRefusedError

    @self_healing(source="from.outer", idempotent=True)
    def outer() -> None:
        try:
            inner()
        except ConnectionRefusedError as error:
            raise TimeoutError("service") from error

    with testing.active(), pytest.raises(TimeoutError):
        outer()
    assert calls == 4


def test_one_deadline_holds_for_all_calls_of_a_nest() -> None:
    with testing.active(chance=0.99) as recorder:

        @self_healing(source="deadline.inner", idempotent=True, attempts=50, budget=60.0)
        def inner() -> None:
            recorder.clock.advance(0.5)
            raise ConnectionRefusedError

        outer = self_healing(source="deadline.outer", idempotent=True, budget=2.0)(lambda: inner())
        began = recorder.clock.monotonic()
        with pytest.raises(ConnectionRefusedError):
            outer()
        assert recorder.clock.monotonic() - began <= 0.5 + 2.0 + 0.5
        assert recorder.events[0].stop_reason is StopReason.BUDGET


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_healing_spent_on_inner_calls_is_taken_from_the_outer_one(times: int) -> None:
    with testing.active() as recorder:
        failing = True

        @self_healing(source=f"spent.inner.{times}", idempotent=True)
        def inner() -> None:
            nonlocal failing
            recorder.clock.advance(0.4)
            failing = not failing
            if not failing:
                raise ConnectionRefusedError("inner")

        outer_runs = 0

        @self_healing(source=f"spent.outer.{times}", idempotent=True, budget=1.0, attempts=10)
        def outer() -> None:
            nonlocal outer_runs
            outer_runs += 1
            inner()
            raise ConnectionRefusedError("outer")

        for _ in range(times):
            before = recorder.clock.monotonic()
            with pytest.raises(ConnectionRefusedError, match="outer"):
                outer()
            assert recorder.clock.monotonic() - before <= 0.4 + 1.0 + 0.8


def test_every_call_of_a_batch_is_healed_on_its_own() -> None:
    failures = {2, 5, 9, 11, 17}

    @self_healing(source="batch.item", idempotent=True)
    def item(number: int) -> int:
        if number in failures:
            failures.discard(number)
            raise ConnectionRefusedError
        return number

    batch = self_healing(source="batch.all", budget=60.0)(lambda: [item(number) for number in range(20)])
    with testing.active() as recorder:
        assert batch() == list(range(20))
    assert [event.outcome for event in recorder.events] == [Outcome.HEALED] * 5


def test_a_wrapped_function_that_calls_itself_does_not_multiply_runs() -> None:
    calls = 0

    @self_healing(source="recursive", idempotent=True)
    def dig(depth: int) -> None:
        nonlocal calls
        if depth:
            dig(depth - 1)
        calls += 1
        raise ConnectionRefusedError

    with testing.active(), pytest.raises(ConnectionRefusedError):
        dig(4)
    assert calls == 4


async def test_inner_calls_in_other_tasks_share_the_outer_call_s_runs() -> None:
    calls = 0

    @self_healing(source="tasks.inner", idempotent=True)
    async def inner() -> None:
        nonlocal calls
        calls += 1
        raise ConnectionRefusedError

    @self_healing(source="tasks.outer", idempotent=True)
    async def outer() -> None:
        await asyncio.create_task(inner())

    with testing.active(), pytest.raises(ConnectionRefusedError):
        await outer()
    assert calls == 4


def test_attempt_is_1_outside_of_any_wrapped_call() -> None:
    assert attempt() == 1


def test_endpoint_says_what_it_is_for_where_none_was_declared() -> None:
    with pytest.raises(LookupError, match="endpoints="):
        endpoint()


async def test_a_task_that_outlives_the_call_which_started_it_has_a_budget_of_its_own() -> None:
    left_running: list[asyncio.Task[int]] = []
    may_go = asyncio.Event()
    failures = [ConnectionRefusedError()]

    @self_healing(source="left.inner", idempotent=True)
    async def inner() -> int:
        if failures:
            raise failures.pop()
        return 7

    async def background() -> int:
        await may_go.wait()
        return await inner()

    @self_healing(source="left.outer", idempotent=True, endpoints=("http://a", "http://b"))
    async def outer() -> None:
        if attempt() == 1:
            raise ConnectionRefusedError
        left_running.append(asyncio.create_task(background()))

    with testing.active() as recorder:
        await outer()
        recorder.clock.advance(3600)
        may_go.set()
        assert await left_running[0] == 7
