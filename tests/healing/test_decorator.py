from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import healing
from healing import Outcome, StopReason, Strategy, attempt, runtime, self_healing, testing
from healing.event import Opening
from healing.wrapped import operations


class Flaky:
    """Refuses the first `failures` calls, then answers with the number of the call."""

    def __init__(self, failures: int, error: type[Exception] = ConnectionRefusedError) -> None:
        self.failures, self.error, self.calls = failures, error, 0

    def __call__(self) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error("refused")
        return self.calls


def test_a_bare_decorator_names_the_operation_after_the_function() -> None:
    @self_healing
    def fetch() -> str:
        return "there"

    assert fetch() == "there"
    assert f"{__name__}.{fetch.__qualname__}" in operations()


def test_the_wrapper_keeps_name_docstring_and_signature() -> None:
    @self_healing(source="signed")
    def create(name: str, *, vip: bool = False) -> int:
        """Create a contact."""
        return len(name) + vip

    assert (create.__name__, create.__doc__) == ("create", "Create a contact.")
    assert str(inspect.signature(create)) == "(name: 'str', *, vip: 'bool' = False) -> 'int'"


def test_methods_static_and_class_methods_are_wrapped_in_either_order_of_decorators() -> None:
    class Shop:
        calls = 0

        @self_healing(source="shop.method", idempotent=True)
        def method(self, value: int) -> int:
            Shop.calls += 1
            if Shop.calls == 1:
                raise ConnectionRefusedError
            return value

        @self_healing(source="shop.outside")
        @staticmethod
        def outside(value: int) -> int:
            return value + 1

        @staticmethod
        @self_healing(source="shop.inside")
        def inside(value: int) -> int:
            return value + 2

        @self_healing(source="shop.class")
        @classmethod
        def of_class(cls, value: int) -> tuple[str, int]:
            return cls.__name__, value

    with testing.active() as recorder:
        assert (Shop().method(7), Shop.outside(1), Shop().inside(1), Shop.of_class(3)) == (7, 2, 3, ("Shop", 3))
    assert [event.source for event in recorder.events] == ["shop.method"]


def test_a_success_is_counted_and_a_healed_failure_is_not() -> None:
    flaky = Flaky(1)
    fetch = self_healing(source="counted", idempotent=True)(flaky.__call__)
    with testing.active():
        fetch()
        fetch()
        fetch()
    assert operations()["counted"].successes == 2


async def test_a_coroutine_function_stays_one_and_is_healed() -> None:
    flaky = Flaky(2)

    @self_healing(source="coroutine", idempotent=True)
    async def fetch() -> tuple[int, int]:
        return flaky(), attempt()

    assert inspect.iscoroutinefunction(fetch)
    with testing.active() as recorder:
        assert await fetch() == (3, 3)
    assert [event.runs for event in recorder.events] == [3]


def test_the_environment_s_kill_switch_returns_the_bare_function() -> None:
    def fetch() -> None: ...

    with testing.active(mode="off"):
        assert self_healing(source="off")(fetch) is fetch
        assert self_healing(fetch) is fetch
    assert self_healing(source="off.alone", mode="off")(fetch) is fetch


def test_switching_off_later_leaves_the_plain_call() -> None:
    flaky = Flaky(1)
    fetch = self_healing(source="off.later", idempotent=True)(flaky.__call__)
    wrapped = operations()["off.later"]
    with testing.active(mode="off") as recorder:
        wrapped.follow(runtime.settings())
        with pytest.raises(ConnectionRefusedError) as raised:
            fetch()
    assert recorder.events == []
    assert not hasattr(raised.value, "__notes__")


def test_a_source_can_have_a_mode_of_its_own() -> None:
    flaky = Flaky(9)
    with testing.active(modes={"watched": "observe"}) as recorder:
        fetch = self_healing(source="watched", idempotent=True)(flaky.__call__)
        with pytest.raises(ConnectionRefusedError) as raised:
            fetch()
    assert flaky.calls == 1
    assert not hasattr(raised.value, "__notes__")
    assert [(event.outcome, event.stop_reason) for event in recorder.events] == [
        (Outcome.OBSERVED, StopReason.OBSERVING)
    ]
    assert "would have tried" in recorder.events[0].closing.note


def test_an_observed_nest_is_recorded_once() -> None:
    inner = self_healing(source="observed.inner", mode="observe")(Flaky(9).__call__)
    outer = self_healing(source="observed.outer", mode="observe")(lambda: inner())
    with testing.active() as recorder, pytest.raises(ConnectionRefusedError):
        outer()
    assert [event.source for event in recorder.events] == ["observed.inner"]


def test_calls_run_at_most_attempts_times() -> None:
    flaky = Flaky(99)
    fetch = self_healing(source="attempts", idempotent=True, attempts=3)(flaky.__call__)
    with testing.active() as recorder, pytest.raises(ConnectionRefusedError):
        fetch()
    assert flaky.calls == 3
    assert recorder.events[0].stop_reason is StopReason.ATTEMPTS


def test_the_budget_ends_healing_however_many_attempts_are_left() -> None:
    with testing.active(chance=0.99) as recorder:

        def slow() -> None:
            recorder.clock.advance(4.0)
            raise ConnectionRefusedError

        fetch = self_healing(source="budget", idempotent=True, attempts=50, budget=10.0)(slow)
        with pytest.raises(ConnectionRefusedError):
            fetch()
        event = recorder.events[0]
    assert event.stop_reason is StopReason.BUDGET
    assert event.runs == 4
    assert event.closing.healing_ms < 16_000


def test_the_second_error_decides_whether_to_go_on() -> None:
    errors = iter([ConnectionRefusedError("first"), KeyError("a bug")])

    def fetch() -> None:
        raise next(errors)

    wrapped = self_healing(source="second", idempotent=True, default="masked")(fetch)
    with testing.active() as recorder, pytest.raises(ConnectionRefusedError, match="first"):
        wrapped()
    assert (recorder.events[0].stop_reason, recorder.events[0].runs) == (StopReason.PERMANENT, 2)


def test_a_critical_operation_raises_the_severity_of_its_events() -> None:
    fetch = self_healing(source="critical", critical=True)(Flaky(9).__call__)
    with testing.active() as recorder, pytest.raises(ConnectionRefusedError):
        fetch()
    assert (recorder.events[0].opening.severity, recorder.events[0].opening.critical) == ("critical", True)


def test_a_fault_of_healing_itself_lets_the_original_through(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(recorder: testing.Recorder, opening: Opening) -> None:
        raise RuntimeError("the sink is broken")

    monkeypatch.setattr(testing.Recorder, "opened", broken)
    fetch = self_healing(source="broken.sink", idempotent=True)(Flaky(9).__call__)
    with testing.active(), pytest.raises(ConnectionRefusedError):
        fetch()
    assert "healing failed on its own account" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"idempotnt": True}, "did you mean 'idempotent'"),
        ({"category": "databse"}, "did you mean 'database'"),
        ({"strategies": ["retry"]}, "retry"),
        ({"mode": "watch"}, "mode="),
        ({"budget": -1}, "budget=-1"),
        ({"source": "x" * 201}, "source='xxx"),
        ({"attempts": 0}, "attempts=0"),
        ({"default": 1, "default_factory": list}, "not both"),
        ({"cache": "yes"}, "cache="),
        ({"endpoints": ["http://one"]}, "at least two"),
        ({"endpoints": "http://one"}, "tuple or list"),
        ({"clears": len}, "tuple or list"),
    ],
)
def test_a_declaration_that_does_not_fit_is_an_error_that_names_it(arguments: dict[str, Any], said: str) -> None:
    def fetch() -> None: ...

    with pytest.raises(healing.DeclarationError, match=said) as raised:
        self_healing(**{"source": "misdeclared"} | arguments)(fetch)
    assert "source" in arguments or "misdeclared" in str(raised.value)


def test_a_sync_function_cannot_be_reset_by_a_coroutine() -> None:
    async def reset() -> None: ...

    with pytest.raises(healing.DeclarationError, match="cannot await"):
        self_healing(source="mixed", resets=[reset])(lambda: None)


@pytest.mark.parametrize("arguments", [{"cache": True}, {"queue": True}])
def test_what_cannot_go_with_a_generator_is_refused(arguments: dict[str, Any]) -> None:
    def items() -> Any:
        yield 1

    with pytest.raises(healing.DeclarationError, match="generator"):
        self_healing(source="items", **arguments)(items)


def test_what_is_no_function_is_refused() -> None:
    decorate: Callable[[Any], Any] = self_healing(source="number")
    with pytest.raises(healing.DeclarationError, match="wraps functions"):
        decorate(42)


def test_only_allowed_strategies_are_used() -> None:
    flaky = Flaky(9)
    fetch = self_healing(source="allowed", idempotent=True, default=0, strategies=[Strategy.USE_DEFAULT_VALUE])(
        flaky.__call__
    )
    with testing.active() as recorder:
        assert fetch() == 0
    assert (flaky.calls, recorder.events[0].strategy) == (1, Strategy.USE_DEFAULT_VALUE)
