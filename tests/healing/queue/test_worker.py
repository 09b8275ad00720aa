from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from healing import queue, self_healing, testing
from healing.queue import worker

EVENT = "0" * 32


@pytest.fixture(autouse=True)
def quick(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(worker, "POLL", 0.005)
    with testing.active(database_url=sqlite_url, spool_dir=tmp_path / "spool"):
        yield
        queue.close()


def test_jobs_are_run_until_the_stop_and_the_one_under_way_is_finished() -> None:
    stop = threading.Event()
    seen: list[int] = []

    @self_healing("worker.finish", queue=True)
    def note(number: int) -> None:
        if number == 2:
            stop.set()
        seen.append(number)

    for number in (1, 2, 3):
        queue.enqueue("worker.finish", f'{{"number": {number}}}', EVENT)

    worker.serve(stop)

    assert seen == [1, 2]
    assert queue.sizes().waiting == 1


def test_so_many_jobs_run_at_a_time_as_was_asked_for() -> None:
    stop = threading.Event()
    meeting = threading.Barrier(2, timeout=10)

    @self_healing("worker.meet", queue=True)
    def meet(number: int) -> None:
        meeting.wait()
        stop.set()

    for number in (1, 2):
        queue.enqueue("worker.meet", f'{{"number": {number}}}', EVENT)

    worker.serve(stop, concurrency=2)

    assert queue.sizes() == queue.Sizes(0, 0, 0)


def test_a_job_that_ends_its_thread_ends_the_worker() -> None:
    @self_healing("worker.leave", queue=True)
    def leave() -> None:
        raise SystemExit(3)

    queue.enqueue("worker.leave", "{}", EVENT)

    with pytest.raises(SystemExit):
        worker.serve(threading.Event(), concurrency=2)


class Pause(threading.Event):
    """A stop whose waits take no time; the n-th of them does the n-th thing."""

    def __init__(self, *things: Callable[[], object]) -> None:
        super().__init__()
        self._things = iter(things)

    def wait(self, timeout: float | None = None) -> bool:
        next(self._things)()
        return self.is_set()


def test_an_empty_queue_is_looked_at_again() -> None:
    seen: list[int] = []

    @self_healing("worker.late", queue=True)
    def late(number: int) -> None:
        seen.append(number)

    stop = Pause(lambda: queue.enqueue("worker.late", '{"number": 1}', EVENT), lambda: stop.set())

    worker.serve(stop)

    assert seen == [1]


def test_a_queue_out_of_reach_does_not_end_the_worker(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = tmp_path / "broken.db"
    broken.write_text("not a database at all" * 100)
    stop = Pause(lambda: None, lambda: stop.set())

    with testing.active(database_url=f"sqlite:///{broken}"):
        worker.serve(stop)

    assert [record.getMessage() for record in caplog.records] == [
        "the queue is out of reach; looking again in 0.005 s"
    ] * 2
