from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from healing import Outcome, StopReason, self_healing, testing
from healing.event import Opening
from healing.testing import Recorder

STOPS = [KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError]
Fault = Callable[[], None]


@pytest.fixture
def recorder(caplog: pytest.LogCaptureFixture) -> Iterator[Recorder]:
    with testing.active() as active:
        yield active
    assert "healing failed on its own account" not in caplog.text


def refuse() -> None:
    raise ConnectionRefusedError("refused")


def sync_call(fault: Fault, **declared: Any) -> None:
    self_healing(**declared)(fault)()


def async_call(fault: Fault, **declared: Any) -> None:
    @self_healing(**declared)
    async def call() -> None:
        fault()

    coroutine: Any = call()
    try:
        coroutine.send(None)
    except StopIteration:
        return


def generator_call(fault: Fault, **declared: Any) -> None:
    @self_healing(**declared)
    def items() -> Iterator[int]:
        fault()
        yield 1

    next(items())


def async_generator_call(fault: Fault, **declared: Any) -> None:
    @self_healing(**declared)
    async def items() -> AsyncIterator[int]:
        fault()
        yield 1

    first: Any = anext(items())
    first.send(None)


Call = Callable[..., None]
EVERY_KIND = pytest.mark.parametrize("call", [sync_call, async_call, generator_call, async_generator_call])
FULLY_DECLARED: dict[str, Any] = {
    "idempotent": True,
    "skippable": True,
    "default": "masked",
    "resets": [list],
    "clears": [list],
}


def untouched(error: BaseException) -> bool:
    return not hasattr(error, "__notes__") and not vars(error)


@EVERY_KIND
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("cached", [False, True])
def test_what_stops_a_program_passes_untouched(
    recorder: Recorder, call: Call, stop: type[BaseException], cached: bool
) -> None:
    error = stop("stop")
    declared = FULLY_DECLARED | ({"cache": True} if cached and call in {sync_call, async_call} else {})

    def fault() -> None:
        raise error

    with pytest.raises(stop) as raised:
        call(fault, source="stopped", **declared)
    assert raised.value is error
    assert untouched(error)
    assert raised.value.__context__ is None
    assert recorder.events == []


@EVERY_KIND
@pytest.mark.parametrize("stop", STOPS)
def test_what_stops_a_program_in_a_run_made_by_healing_leaves_at_once(
    recorder: Recorder, call: Call, stop: type[BaseException]
) -> None:
    error = stop("stop")
    faults: Iterator[BaseException] = iter([ConnectionRefusedError("refused"), error, AssertionError("run again")])

    def fault() -> None:
        raise next(faults)

    with pytest.raises(stop) as raised:
        call(fault, source="stopped.rerun", idempotent=True, default="masked")
    assert raised.value is error
    assert untouched(error)
    assert endings(recorder) == [(Outcome.INTERRUPTED, StopReason.INTERRUPTED)]


def endings(recorder: Recorder) -> list[tuple[Outcome, StopReason]]:
    return [(event.outcome, event.stop_reason) for event in recorder.events]


@pytest.mark.parametrize("call", [sync_call, generator_call])
@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_what_stops_a_program_during_a_pause_leaves_at_once(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, call: Call, stop: type[BaseException]
) -> None:
    error = stop("stop")
    runs: list[int] = []

    def fault() -> None:
        runs.append(1)
        refuse()

    def interrupted(seconds: float) -> None:
        raise error

    monkeypatch.setattr(recorder.clock, "sleep", interrupted)
    with pytest.raises(stop) as raised:
        call(fault, source="stopped.pause", idempotent=True, default="masked")
    assert raised.value is error
    assert untouched(error)
    assert len(runs) == 1
    assert endings(recorder) == [(Outcome.INTERRUPTED, StopReason.INTERRUPTED)]


class Paused:
    """A coroutine's call that was refused and pauses before its next run, without an end."""

    def __init__(self, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
        self.runs = 0
        self.pausing = asyncio.Event()
        monkeypatch.setattr(recorder.clock, "sleep_async", self._pause)
        self.call: Callable[[], Awaitable[None]] = self_healing(source="paused", idempotent=True, default="masked")(
            self._run
        )

    async def _run(self) -> None:
        self.runs += 1
        refuse()

    async def _pause(self, seconds: float) -> None:
        self.pausing.set()
        await asyncio.Event().wait()


async def test_a_task_cancelled_during_a_pause_ends_at_once(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with testing.active() as own:
        paused = Paused(own, monkeypatch)
        task = asyncio.ensure_future(paused.call())
        await paused.pausing.wait()
        task.cancel("enough")
        with pytest.raises(asyncio.CancelledError, match="enough") as raised:
            await task
    assert untouched(raised.value)
    assert task.cancelled()
    assert paused.runs == 1
    assert endings(own) == [(Outcome.INTERRUPTED, StopReason.INTERRUPTED)]


async def test_a_timeout_of_the_caller_s_ends_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    with testing.active() as own:
        paused = Paused(own, monkeypatch)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(paused.call(), 0.01)
    assert paused.runs == 1
    assert endings(own) == [(Outcome.INTERRUPTED, StopReason.INTERRUPTED)]


async def test_a_coroutine_closed_during_a_pause_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with testing.active() as own:
        paused = Paused(own, monkeypatch)
        coroutine: Any = paused.call()
        coroutine.send(None)
        assert paused.pausing.is_set()
        coroutine.close()
    assert paused.runs == 1
    assert endings(own) == [(Outcome.INTERRUPTED, StopReason.INTERRUPTED)]


def test_a_generator_that_its_consumer_leaves_is_closed_and_makes_no_event(recorder: Recorder) -> None:
    seen: list[BaseException] = []

    @self_healing(source="left", idempotent=True, default=[])
    def items() -> Iterator[int]:
        try:
            yield 1
        except GeneratorExit as error:
            seen.append(error)
            raise

    opened: Any = items()
    next(opened)
    opened.close()
    assert [type(error) for error in seen] == [GeneratorExit]
    assert untouched(seen[0])
    assert recorder.events == []


async def test_an_asynchronous_generator_that_its_consumer_leaves_makes_no_event() -> None:
    seen: list[BaseException] = []

    @self_healing(source="left.async", idempotent=True, default=[])
    async def items() -> AsyncIterator[int]:
        try:
            yield 1
        except GeneratorExit as error:
            seen.append(error)
            raise

    with testing.active() as own:
        opened: Any = items()
        await anext(opened)
        await opened.aclose()
    assert [type(error) for error in seen] == [GeneratorExit]
    assert own.events == []


def functions(error: BaseException) -> list[str]:
    return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


@EVERY_KIND
def test_the_original_exception_leaves_with_its_own_traceback_and_one_note(recorder: Recorder, call: Call) -> None:
    original = ConnectionRefusedError("the first")
    faults = iter([original, TimeoutError("the second"), OSError(32, "the third"), KeyError("the fourth")])

    def origin() -> None:
        raise next(faults)

    with pytest.raises(ConnectionRefusedError) as raised:
        call(origin, source="original", idempotent=True)
    assert raised.value is original
    assert raised.value.args == ("the first",)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert functions(original)[-1] == "origin"
    assert functions(original).count("origin") == 1
    assert not {"heal", "heal_async", "drive", "steps"} & set(functions(original))
    assert len(original.__notes__) == 1
    assert original.__notes__[0].startswith("Healing: tried retry_with_backoff ×3")
    assert recorder.events[0].opening.id in original.__notes__[0]


def test_cause_and_context_stay_as_they_were_raised(recorder: Recorder) -> None:
    raised_in_runs: list[BaseException] = []

    @self_healing(source="chained", idempotent=True)
    def chained() -> None:
        try:
            raise ValueError("context")
        except ValueError as context:
            raised_in_runs.append(context)
            raise ConnectionRefusedError("refused") from KeyError("cause")

    with pytest.raises(ConnectionRefusedError) as raised:
        chained()
    assert len(raised_in_runs) == 4
    assert raised.value.__context__ is raised_in_runs[0]
    assert repr(raised.value.__cause__) == repr(KeyError("cause"))
    assert raised.value.__suppress_context__


@EVERY_KIND
def test_an_exception_raised_over_and_over_carries_the_note_of_its_last_event(recorder: Recorder, call: Call) -> None:
    singleton = ConnectionRefusedError("always the same")
    singleton.add_note("the application's own")

    def fault() -> None:
        raise singleton

    for _ in range(3):
        with pytest.raises(ConnectionRefusedError) as raised:
            call(fault, source="singleton", idempotent=True)
        assert raised.value is singleton
    own, ours = singleton.__notes__
    assert own == "the application's own"
    assert recorder.events[-1].opening.id in ours
    assert [event.runs for event in recorder.events] == [4, 4, 4]


@dataclass(frozen=True)
class Sealed(ConnectionRefusedError):
    """Takes no attributes, so neither notes nor marks."""

    host: str


@EVERY_KIND
def test_an_exception_that_refuses_attributes_still_leaves(recorder: Recorder, call: Call) -> None:
    original = Sealed("example.org")

    def fault() -> None:
        raise original

    with pytest.raises(Sealed) as raised:
        call(fault, source="sealed", idempotent=True, attempts=2)
    assert raised.value is original
    assert endings(recorder) == [(Outcome.FAILED, StopReason.ATTEMPTS)]


class Rude(Exception):
    """Fails at whatever it is asked."""

    def __str__(self) -> str:
        raise RuntimeError("do not ask")

    __repr__ = __str__

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"do not ask for {name}")


@EVERY_KIND
def test_an_exception_that_fails_at_every_question_still_leaves(recorder: Recorder, call: Call) -> None:
    original = Rude()
    left: list[type[BaseException]] = []

    def fault() -> None:
        raise original

    try:
        call(fault, source="rude", idempotent=True)
    except BaseException as error:
        left.append(type(error))
    assert left == [Rude]
    assert len(recorder.events) == 1


class BrokenSink(Recorder):
    __slots__ = ()

    def opened(self, opening: Opening) -> None:
        raise RuntimeError("the sink is broken")


@EVERY_KIND
def test_an_exception_that_cannot_be_logged_still_leaves_when_healing_fails_itself(call: Call) -> None:
    left: list[type[BaseException]] = []

    def fault() -> None:
        raise Rude

    with testing.active() as broken:
        broken.__class__ = BrokenSink
        try:
            call(fault, source="rude.broken")
        except BaseException as error:
            left.append(type(error))
    assert left == [Rude]


@EVERY_KIND
def test_an_exception_group_is_handled_as_one_exception(recorder: Recorder, call: Call) -> None:
    group = ExceptionGroup("several", [ConnectionRefusedError("one"), ValueError("two")])

    def fault() -> None:
        raise group

    with pytest.raises(ExceptionGroup) as raised:
        call(fault, source="group")
    assert raised.value is group
    assert len(recorder.events) == 1


def test_a_group_that_holds_an_interrupt_passes_untouched(recorder: Recorder) -> None:
    group = BaseExceptionGroup("stopped", [KeyboardInterrupt(), ValueError("late")])

    def fault() -> None:
        raise group

    with pytest.raises(BaseExceptionGroup) as raised:
        sync_call(fault, source="group.stopped", idempotent=True)
    assert raised.value is group
    assert untouched(group)
    assert recorder.events == []


def test_a_permanent_error_keeps_its_type_and_its_attributes(recorder: Recorder) -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        sync_call(lambda: json.loads("{"), source="attributes")
    assert (raised.value.pos, raised.value.doc) == (1, "{")
    assert len(raised.value.__notes__) == 1
