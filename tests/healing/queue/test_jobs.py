from __future__ import annotations

import asyncio
import json
import logging
import os
import pickle
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing import Queued, queue, self_healing, testing
from healing.queue import jobs
from healing.queue.arguments import check_arguments
from healing.queue.storage import Lease, Store, open_store
from healing.testing import Recorder
from healing.wrapped import operations

EVENT = "0" * 32


@pytest.fixture
def recorder(database_url: str, tmp_path: Path) -> Iterator[Recorder]:
    with testing.active(database_url=database_url, spool_dir=tmp_path / "spool") as recording:
        yield recording
        queue.close()
    jobs._tell_where.cache_clear()


@pytest.fixture
def store(recorder: Recorder, database_url: str) -> Iterator[Store]:
    opened = open_store(database_url, "healing")
    yield opened
    opened.close()


def wrap(function: Callable[..., Any], **declared: Any) -> str:
    """Wrapped under a source of its own, which is returned."""
    source = f"test.{uuid.uuid4().hex}"
    self_healing(source, queue=True, **declared)(function)
    return source


def submit(source: str, *args: Any, **options: Any) -> Queued:
    codec = check_arguments(operations()[source].operation.function)
    return queue.enqueue(source, codec.dump(args, {}), EVENT, **options)


def succeeding() -> tuple[str, list[int]]:
    seen: list[int] = []

    def note(number: int) -> None:
        seen.append(number)

    return wrap(note), seen


def failing(error: BaseException, **declared: Any) -> tuple[str, list[int]]:
    seen: list[int] = []

    def fail(number: int) -> None:
        seen.append(number)
        raise error

    return wrap(fail, **declared), seen


REPEATABLE: dict[str, Any] = {"idempotent": True, "attempts": 1}


def test_the_receipt_names_job_operation_event_and_time(recorder: Recorder) -> None:
    source, _ = succeeding()

    receipt = submit(source, 1)

    assert receipt == Queued(receipt.job_id, source, recorder.clock.time(), EVENT)
    assert int(receipt.job_id, 16) > 0
    assert len(receipt.job_id) == 32


def test_drain_runs_what_is_due_in_its_order(recorder: Recorder) -> None:
    source, seen = succeeding()
    for number in (1, 2, 3):
        submit(source, number)

    assert queue.drain() == 3
    assert seen == [1, 2, 3]
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=0, dead=0)


def test_drain_heeds_its_limit(recorder: Recorder) -> None:
    source, seen = succeeding()
    for number in (1, 2, 3):
        submit(source, number)

    assert queue.drain(limit=2) == 2
    assert seen == [1, 2]
    assert queue.sizes() == queue.Sizes(waiting=1, scheduled=0, dead=0)


def test_a_delayed_job_waits_for_its_time(recorder: Recorder) -> None:
    source, seen = succeeding()
    submit(source, 1, delay=30)

    assert queue.drain() == 0
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=1, dead=0)
    recorder.clock.advance(30)
    assert queue.drain() == 1
    assert seen == [1]


def test_arguments_arrive_with_the_types_of_their_annotations(recorder: Recorder) -> None:
    seen: list[object] = []

    def note(at: datetime, raw: bytes) -> None:
        seen.extend((at, raw))

    submit(wrap(note), datetime(2026, 1, 2, tzinfo=UTC), b"\xff")
    queue.drain()

    assert seen == [datetime(2026, 1, 2, tzinfo=UTC), b"\xff"]


def test_a_coroutine_function_is_run_to_its_end(recorder: Recorder) -> None:
    seen: list[int] = []

    async def note(number: int) -> None:
        await asyncio.sleep(0)
        seen.append(number)

    submit(wrap(note), 7)

    assert queue.drain() == 1
    assert seen == [7]


def test_a_failed_job_is_tried_again_after_five_seconds_then_ten(recorder: Recorder) -> None:
    source, seen = failing(ConnectionRefusedError("no"), **REPEATABLE)
    submit(source, 1)

    tried_at = []
    for second in range(16):
        if queue.drain():
            tried_at.append(second)
        recorder.clock.advance(1)

    assert tried_at == [0, 5, 15]
    assert seen == [1, 1, 1]


@given(st.integers(1, 1000))
def test_the_wait_doubles_and_never_exceeds_ten_minutes(tries: int) -> None:
    wait = jobs.retry_delay(tries)

    assert 5 <= wait <= 600
    assert jobs.retry_delay(tries + 1) == min(600, 2 * wait)


def test_after_twenty_tries_a_job_is_a_dead_letter(recorder: Recorder) -> None:
    source, seen = failing(ConnectionRefusedError("password=hunter2hunter2 is wrong"), **REPEATABLE)
    receipt = submit(source, 5)
    for _ in range(40):
        queue.drain()
        recorder.clock.advance(600)

    assert len(seen) == 20
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=0, dead=1)
    (letter,) = queue.dead_letters()
    assert (letter.job_id, letter.source, letter.event_id) == (receipt.job_id, source, EVENT)
    assert (letter.tries, letter.queued_at, letter.payload) == (20, receipt.queued_at, '{"number": 5}')
    assert receipt.queued_at < letter.died_at < recorder.clock.time()
    assert letter.error.startswith("ConnectionRefusedError: password=")
    assert "hunter2" not in letter.error
    assert "number" not in repr(letter)


def test_dead_letters_come_in_the_order_of_their_deaths(recorder: Recorder, store: Store) -> None:
    source, _ = failing(ValueError())
    for name in ("c", "a", "b"):
        job = jobs.Job(name, source, __name__, EVENT, 0.0, '{"number": 1}', tries_left=1)
        store.add(jobs._encoded(store, job), 0.0)
        queue.drain()
        recorder.clock.advance(1)

    assert [letter.job_id for letter in queue.dead_letters()] == ["c", "a", "b"]


def test_a_job_that_no_longer_fits_its_function_counts_as_failed(recorder: Recorder) -> None:
    source, seen = succeeding()
    queue.enqueue(source, '{"text": "one"}', EVENT)

    assert queue.drain() == 1
    assert seen == []
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=1, dead=0)


def test_the_log_shows_no_secret_of_a_failure(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    source, _ = failing(ConnectionRefusedError("password=hunter2hunter2"), **REPEATABLE)
    submit(source, 1)

    queue.drain()

    assert f"of {source} failed, next try in 5 s: ConnectionRefusedError: password=" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_job_of_another_process_is_put_back_and_the_module_to_run_is_named(
    recorder: Recorder, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, seen = succeeding()
    submit(source, 1)
    submit(source, 2)
    wrapped = operations()[source]
    monkeypatch.delitem(operations(), source)

    assert queue.drain() == 0
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=2, dead=0)
    (record,) = caplog.records
    assert record.getMessage() == (
        f"a job of {source} waits for a process that knows it: run `healing worker {__name__}`; "
        "a function made inside another one is known only where that has made it"
    )

    monkeypatch.setitem(operations(), source, wrapped)
    recorder.clock.advance(60)
    assert queue.drain() == 2
    assert seen == [1, 2]


def test_a_job_of_a_script_is_found_under_the_name_by_which_a_worker_imports_it(
    recorder: Recorder, store: Store
) -> None:
    seen: list[int] = []

    def note(number: int) -> None:
        seen.append(number)

    self_healing("shop.orders.note", queue=True)(note)
    job = jobs.Job("1", "__main__.note", "shop.orders", EVENT, 0.0, '{"number": 3}')
    store.add(jobs._encoded(store, job), 0.0)

    assert queue.drain() == 1
    assert seen == [3]


SCRIPT = """
import logging, healing
from healing import queue
from healing.queue.connection import process_store

@healing.self_healing(queue=True)
def note(number: int) -> None: ...

queue.enqueue("__main__.note", '{"number": 1}', "0" * 32)
lease = process_store().claim(2e9, 3e9)
print(queue.jobs._decoded(process_store(), lease.data).module)
"""


@pytest.mark.parametrize("arguments", [["orders.py"], ["-m", "orders"]])
def test_a_script_stores_the_name_by_which_it_can_be_imported(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "orders.py").write_text(SCRIPT)
    root = str(Path(__file__).parents[3])

    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stdout == "orders\n", ran.stderr


def test_a_killed_process_leaves_its_job_to_the_next_one(recorder: Recorder, store: Store) -> None:
    source, seen = succeeding()
    submit(source, 1)
    now = recorder.clock.time()
    assert store.claim(now, now + jobs.LEASE) is not None

    assert queue.drain() == 0
    recorder.clock.advance(jobs.LEASE)
    assert queue.drain() == 1
    assert seen == [1]


def test_a_job_that_kills_its_process_each_time_runs_out_of_tries(recorder: Recorder, store: Store) -> None:
    source, seen = failing(SystemExit(9), idempotent=True)
    submit(source, 1)

    for _ in range(20):
        with pytest.raises(SystemExit):
            queue.drain()
    assert len(seen) == 20
    assert queue.drain() == 0
    assert [letter.tries for letter in queue.dead_letters()] == [20]


def test_an_interrupted_idempotent_job_is_put_back_at_once(recorder: Recorder) -> None:
    source, _ = failing(KeyboardInterrupt(), idempotent=True)
    submit(source, 1)

    with pytest.raises(KeyboardInterrupt):
        queue.drain()

    assert queue.sizes() == queue.Sizes(waiting=1, scheduled=0, dead=0)


def test_a_long_job_keeps_its_lease(recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LEASE", 0.03)
    renewed = threading.Event()
    claimed: list[object] = []

    def slow(number: int) -> None:
        recorder.clock.advance(0.02)
        while not renewed.wait(0.005):
            now = recorder.clock.time()
            if store.later(now + 0.02):
                renewed.set()
        claimed.append(store.claim(recorder.clock.time() + 0.02, 0.0))

    submit(wrap(slow), 1)

    assert queue.drain() == 1
    assert claimed == [None]
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=0, dead=0)


def test_the_keeper_of_a_lease_outlives_a_database_that_is_away(
    recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "LEASE", 0.003)
    lease = Lease(row=1, data=b"", until=float("nan"))
    finished = threading.Event()
    tries: list[int] = []

    class Away:
        def renew(self, lease: Lease, until: float) -> bool:
            tries.append(1)
            if len(tries) == 2:
                finished.set()
            raise OSError("away")

    jobs._keep(Away(), lease, finished, recorder.clock)  # type: ignore[arg-type]

    assert len(tries) == 2
    assert "could not be renewed" in caplog.text


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(("posix", "system")),
        b"{}",
        json.dumps({"id": "1", "name": "n", "retries": 1, "args": [], "kwargs": {}}).encode(),
        json.dumps({"id": "1", "name": "n", "args": ["{}"], "kwargs": {}}).encode(),
        json.dumps({"id": "1", "name": "n", "retries": 1, "args": ["{}"], "kwargs": {"x": 1}}).encode(),
    ],
)
def test_a_row_that_is_no_job_is_put_with_the_dead_letters_and_never_run(
    recorder: Recorder, store: Store, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    source, seen = succeeding()
    store.add(data, 0.0)
    submit(source, 1)

    assert queue.drain() == 1
    assert seen == [1]
    (letter,) = queue.dead_letters()
    assert letter.error.startswith("not readable: ")
    assert letter.payload.encode("latin-1") == data
    assert "is no job of Healing" in caplog.text


def test_a_call_that_cannot_be_stored_raises(tmp_path: Path) -> None:
    (tmp_path / "healing.db").write_text("not a database, but long enough to be taken for a damaged one" * 20)
    source, _ = succeeding()

    with (
        testing.active(database_url=f"sqlite:///{tmp_path / 'healing.db'}"),
        pytest.raises(Exception, match="not a database"),
    ):
        submit(source, 1)


def test_the_engines_own_run_of_a_job_does_not_queue_it_again(recorder: Recorder) -> None:
    source, seen = failing(ConnectionRefusedError(111, "refused"), idempotent=True)
    submit(source, 1)

    queue.drain()

    assert seen
    sizes = queue.sizes()
    assert sizes.waiting + sizes.scheduled == 1


def test_nothing_is_logged_when_all_is_well(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="healing.queue")
    source, _ = succeeding()
    submit(source, 1)

    queue.drain()

    assert caplog.records == []
