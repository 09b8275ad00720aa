"""Which failed jobs are tried again: those whose run may be repeated."""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

from healing import Mode, Outcome, queue, self_healing, testing
from healing.queue import jobs
from healing.testing import Recorder

EVENT = "0" * 32
DEAD = queue.Sizes(waiting=0, scheduled=0, dead=1)
LATER = queue.Sizes(waiting=0, scheduled=1, dead=0)


@pytest.fixture
def recorder(sqlite_url: str, tmp_path: Path) -> Iterator[Recorder]:
    with testing.active(database_url=sqlite_url, spool_dir=tmp_path / "spool") as recording:
        yield recording
        queue.close()


def queued(function: Callable[[], object], **declared: Any) -> str:
    source = f"test.{uuid.uuid4().hex}"
    self_healing(source, queue=True, **declared)(function)
    queue.enqueue(source, "{}", EVENT)
    return source


def raising(error: BaseException) -> tuple[Callable[[], None], list[int]]:
    runs: list[int] = []

    def fail() -> None:
        runs.append(1)
        raise error

    return fail, runs


def drain_for_hours(recorder: Recorder) -> None:
    for _ in range(25):
        queue.drain()
        recorder.clock.advance(700)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("read timed out"),
        ConnectionResetError(104, "reset by peer"),
        ValueError("a bug"),
        RuntimeError("never seen before"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_job_that_may_have_had_an_effect_is_run_once_and_is_a_dead_letter(
    recorder: Recorder, error: Exception
) -> None:
    charge, runs = raising(error)
    queued(charge)

    drain_for_hours(recorder)

    assert len(runs) == 1
    assert queue.sizes() == DEAD
    (letter,) = queue.dead_letters()
    assert letter.tries == 1
    assert letter.error.startswith(f"{type(error).__name__}: ")
    assert "not run again" in letter.error


def test_a_charge_that_waited_for_its_server_is_not_repeated_when_it_then_times_out(recorder: Recorder) -> None:
    charged: list[int] = []
    down = True

    @self_healing("second.charge", queue=True, atomic=True)
    def charge(number: int) -> None:
        if down:
            raise ConnectionRefusedError(111, "refused")
        charged.append(number)
        raise TimeoutError("read timed out")

    assert isinstance(charge(7), queue.Queued)
    down = False
    drain_for_hours(recorder)

    assert charged == [7]
    assert queue.sizes() == DEAD


def test_the_event_of_a_job_that_is_given_up_at_once_is_written_once(recorder: Recorder) -> None:
    fail, _ = raising(TimeoutError("read timed out"))
    queued(fail)

    queue.drain()

    assert [event.outcome for event in recorder.events] == [Outcome.FAILED]


def test_a_permanent_error_buries_even_an_idempotent_job(recorder: Recorder) -> None:
    fail, runs = raising(ValueError("a bug"))
    queued(fail, idempotent=True)

    drain_for_hours(recorder)

    assert len(runs) == 1
    assert queue.sizes() == DEAD


def test_a_refused_connection_lets_an_atomic_job_wait(recorder: Recorder) -> None:
    fail, _ = raising(ConnectionRefusedError(111, "refused"))
    queued(fail, atomic=True)

    queue.drain()

    assert queue.sizes() == LATER


@pytest.mark.parametrize(("idempotent", "sizes"), [(True, LATER), (False, DEAD)])
def test_what_an_inner_call_gave_up_on_is_tried_again_where_it_is_idempotent(
    recorder: Recorder, idempotent: bool, sizes: queue.Sizes
) -> None:
    fail, _ = raising(ConnectionRefusedError(111, "refused"))
    inner = self_healing(f"inner.{uuid.uuid4().hex}")(fail)

    def outer() -> None:
        inner()

    queued(outer, idempotent=idempotent)
    queue.drain()

    assert queue.sizes() == sizes


class Bare(Exception):
    """Takes no mark: whatever is set on it is forgotten."""

    @property
    def __dict__(self) -> dict[str, object]:  # type: ignore[override]
        return {}


@pytest.mark.parametrize(("idempotent", "sizes"), [(True, LATER), (False, DEAD)])
def test_without_a_word_from_healing_the_declaration_decides(
    recorder: Recorder, idempotent: bool, sizes: queue.Sizes
) -> None:
    fail, _ = raising(Bare("no mark"))
    queued(fail, idempotent=idempotent)

    queue.drain()

    assert queue.sizes() == sizes


@pytest.mark.parametrize(("idempotent", "sizes"), [(True, LATER), (False, DEAD)])
def test_where_healing_only_observes_the_declaration_decides(
    recorder: Recorder, idempotent: bool, sizes: queue.Sizes
) -> None:
    fail, _ = raising(ValueError("no"))
    queued(fail, idempotent=idempotent, mode=Mode.OBSERVE)

    queue.drain()

    assert queue.sizes() == sizes


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)], ids=repr)
def test_an_interrupted_job_that_may_have_had_an_effect_is_a_dead_letter(
    recorder: Recorder, error: BaseException
) -> None:
    fail, runs = raising(error)
    queued(fail)

    with pytest.raises(type(error)):
        queue.drain()

    assert queue.drain() == 0
    assert len(runs) == 1
    (letter,) = queue.dead_letters()
    assert "interrupted" in letter.error


def test_a_job_that_cancels_itself_has_failed_and_does_not_end_the_worker(recorder: Recorder) -> None:
    async def leave() -> None:
        raise asyncio.CancelledError

    queued(leave)

    assert queue.drain() == 1
    assert queue.sizes() == DEAD


def test_arguments_that_do_not_fit_wait_for_a_version_that_takes_them(recorder: Recorder) -> None:
    runs: list[int] = []

    def note(number: int) -> None:
        runs.append(number)

    source = f"test.{uuid.uuid4().hex}"
    self_healing(source, queue=True)(note)
    queue.enqueue(source, '{"other": 1}', EVENT)

    assert queue.drain() == 1
    assert runs == []
    assert queue.sizes() == LATER


class Mute(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError


def test_an_exception_without_a_text_is_a_dead_letter_too(recorder: Recorder) -> None:
    fail, _ = raising(Mute())
    queued(fail)

    assert queue.drain() == 1
    assert queue.sizes() == DEAD


def test_the_reason_of_a_dead_letter_is_logged_without_secrets(
    recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    fail, _ = raising(TimeoutError("password=hunter2hunter2"))
    source = queued(fail)
    with caplog.at_level(logging.ERROR, logger="healing.queue"):
        queue.drain()

    assert f"of {source} is given up after 1 tries: TimeoutError: password=" in caplog.text
    assert "hunter2" not in caplog.text + queue.dead_letters()[0].error


word: ContextVar[str] = ContextVar("word", default="")


def test_in_an_event_loop_a_coroutines_job_runs_in_a_thread_with_the_callers_context(recorder: Recorder) -> None:
    seen: list[tuple[str, bool]] = []
    here = threading.current_thread()

    async def note() -> None:
        await asyncio.sleep(0)
        seen.append((word.get(), threading.current_thread() is here))

    queued(note)

    async def main() -> int:
        word.set("told")
        return queue.drain()

    assert asyncio.run(main()) == 1
    assert seen == [("told", False)]
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=0, dead=0)


def test_in_an_event_loop_a_failed_job_fares_as_elsewhere(recorder: Recorder) -> None:
    async def fail() -> None:
        raise ConnectionRefusedError(111, "refused")

    queued(fail, idempotent=True, attempts=1)

    async def main() -> int:
        return queue.drain()

    assert asyncio.run(main()) == 1
    assert queue.sizes() == LATER


def test_without_an_event_loop_a_job_runs_in_the_callers_thread(recorder: Recorder) -> None:
    seen: list[threading.Thread] = []
    queued(lambda: seen.append(threading.current_thread()))

    assert queue.drain() == 1
    assert seen == [threading.current_thread()]


def test_a_job_tried_for_the_last_time_gets_an_event_of_its_own(recorder: Recorder) -> None:
    fail, runs = raising(ConnectionRefusedError(111, "refused"))
    queued(fail, idempotent=True, attempts=1)

    for _ in range(jobs.MAX_TRIES):
        queue.drain()
        recorder.clock.advance(jobs.MAX_DELAY)

    assert len(runs) == jobs.MAX_TRIES
    assert [event.outcome for event in recorder.events].count(Outcome.FAILED) == 1
