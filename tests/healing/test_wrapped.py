from __future__ import annotations

from collections.abc import Callable

import pytest

from healing import Outcome, StopReason, Strategy, marks, runtime, self_healing, testing
from healing.wrapped import PREFERENCE_SECONDS, operations


def refuse() -> None:
    raise ConnectionRefusedError("nobody listens")


def test_a_queued_call_that_fails_again_waits_and_is_no_event_of_its_own() -> None:
    self_healing(source="replayed.fails", idempotent=True, default="made up")(refuse)
    with testing.active() as recorder, pytest.raises(ConnectionRefusedError) as raised:
        operations()["replayed.fails"].run_queued((), {}, "a" * 32)
    assert recorder.events == []
    assert marks.may_run_again(raised.value, "replayed.fails")


def lose_the_answer() -> None:
    raise TimeoutError("read timed out")


def multiply_by_none() -> None:
    raise TypeError("unsupported operand")


@pytest.mark.parametrize(
    ("function", "stop"), [(lose_the_answer, StopReason.UNSAFE_TO_RERUN), (multiply_by_none, StopReason.PERMANENT)]
)
def test_a_queued_call_that_must_not_be_tried_again_has_failed(function: Callable[[], None], stop: StopReason) -> None:
    self_healing(source="replayed.lost")(function)
    with testing.active() as recorder, pytest.raises((TimeoutError, TypeError)) as raised:
        operations()["replayed.lost"].run_queued((), {}, "a" * 32)
    (event,) = recorder.events
    assert (event.outcome, event.stop_reason, event.opening.parent_id) == (Outcome.FAILED, stop, "a" * 32)
    assert not marks.may_run_again(raised.value, "replayed.lost")


def test_a_queued_call_may_be_repaired_but_no_fallback_stands_in_for_its_work() -> None:
    failures = [ConnectionRefusedError()]

    def send(text: str) -> str:
        if failures:
            raise failures.pop()
        return text

    self_healing(source="replayed.heals", idempotent=True, skippable=True)(send)
    with testing.active() as recorder:
        assert operations()["replayed.heals"].run_queued(("hello",), {}, "b" * 32) == "hello"
    assert [(event.outcome, event.strategy) for event in recorder.events] == [
        (Outcome.HEALED, Strategy.RETRY_WITH_BACKOFF)
    ]


def test_a_queued_call_of_a_coroutine_function_is_run_to_its_end() -> None:
    @self_healing(source="replayed.async")
    async def send(text: str) -> str:
        return text.upper()

    assert operations()["replayed.async"].run_queued(("hello",), {}, "") == "HELLO"


def test_a_mode_that_changes_reaches_queued_calls_too() -> None:
    self_healing(source="replayed.mode")(refuse)
    wrapped = operations()["replayed.mode"]
    with testing.active(mode="observe") as recorder:
        wrapped.follow(runtime.settings())
        with pytest.raises(ConnectionRefusedError):
            wrapped.run_queued((), {}, "c" * 32)
    assert [event.outcome for event in recorder.events] == [Outcome.OBSERVED]


def test_calls_start_at_the_endpoint_that_answered_last_for_a_while() -> None:
    self_healing(source="preferring", endpoints=("http://a", "http://b"))(refuse)
    wrapped = operations()["preferring"]
    assert wrapped.preferred_endpoint(0.0) == "http://a"
    wrapped.prefer("http://b", 0.0)
    assert wrapped.preferred_endpoint(PREFERENCE_SECONDS - 1) == "http://b"
    assert wrapped.preferred_endpoint(PREFERENCE_SECONDS + 1) == "http://a"
