"""Errors of tasks, threads, processes, and groups of errors."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from tests.corpus.fingerprints.model import (
    App,
    Group,
    Make,
    awaited,
    caught,
    dispatched,
    retried,
    run,
    tasked,
    threaded,
)

FANOUT = App(
    "search.fanout",
    "search/fanout.py",
    """\
import asyncio
import subprocess


async def slow(host):
    raise TimeoutError(f"no answer from {host} within 3 s")


async def keyed(row):
    return row["id"]


async def counted(text):
    return int(text)


async def search(*parts):
    async with asyncio.TaskGroup() as group:
        for part, argument in parts:
            group.create_task(part(argument))


def import_rows(rows, source):
    errors = []
    for row in rows:
        try:
            int(row["count"])
        except (KeyError, ValueError, TypeError) as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{len(errors)} rows of {source} failed", errors)


def nightly(batches):
    errors = []
    for source, rows in batches.items():
        try:
            import_rows(rows, source)
        except ExceptionGroup as failed:
            errors.append(failed)
    raise ExceptionGroup(f"nightly run of {len(batches)} sources failed", errors)


async def price(seconds):
    return await asyncio.wait_for(asyncio.sleep(30), seconds)


async def stock(seconds):
    async with asyncio.timeout(seconds):
        await asyncio.sleep(30)


async def stopped(reason):
    asyncio.current_task().cancel(reason)
    await asyncio.sleep(1)


async def frame(reader, size):
    return await reader.readexactly(size)


async def sized(data, size):
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return await frame(reader, size)


def wait_report(future, seconds):
    return future.result(timeout=seconds)


def hand_over(submit, work):
    return submit(work)


def rotate(buffer, item):
    oldest = buffer.get_nowait()
    buffer.put_nowait(item)
    buffer.put_nowait(oldest)


def leave(lock):
    lock.release()


def convert(command, seconds=5):
    return subprocess.run(command, check=True, timeout=seconds, capture_output=True)
""",
)
F1, F2, F3 = FANOUT.releases()


def with_queue(app: Any, items: int, size: int, via: Callable[..., Make] = run) -> Make:
    def make() -> BaseException:
        buffer: queue.Queue[int] = queue.Queue(size)
        for item in range(items):
            buffer.put(item)
        return via(app.rotate, buffer, items * 7)()

    return make


def after_shutdown(app: Any, workers: int) -> Make:
    pool = ThreadPoolExecutor(workers)
    pool.shutdown()
    return run(app.hand_over, pool.submit, print)


def after_close(app: Any) -> Make:
    loop = asyncio.new_event_loop()
    loop.close()
    return run(app.hand_over, loop.call_soon, print)


def cancelled(app: Any, seconds: float) -> Make:
    def make() -> BaseException:
        future: Future[None] = Future()
        future.cancel()
        return caught(app.wait_report, future, seconds)

    return make


def lock_of(app: Any, locks: str, via: Callable[..., Make]) -> Make:
    def make() -> BaseException:
        return via(app.leave, getattr(threading, locks)())()

    return make


def shell(script: str, *arguments: str) -> list[str]:
    return ["sh", "-c", script, *arguments]


GROUPS: tuple[Group, ...] = (
    Group(
        "search_timeout_and_key",
        (
            awaited(F1.search, (F1.slow, "10.0.0.7"), (F1.keyed, {})),
            dispatched(F2.search, (F2.keyed, {"name": 1}), (F2.slow, "shard-12.internal")),
            awaited(F3.search, (F3.slow, "shard-1"), (F3.keyed, {}), (F3.slow, "shard-2")),
        ),
        ("search_timeout_and_value", "search_timeout_only"),
        "One part of the search is late, another misses a key, in whatever order and number.",
    ),
    Group(
        "search_timeout_and_value",
        (
            awaited(F1.search, (F1.slow, "10.0.0.7"), (F1.counted, "x")),
            dispatched(F2.search, (F2.counted, "twelve"), (F2.slow, "shard-3")),
            awaited(F3.search, (F3.counted, ""), (F3.slow, "192.168.0.44")),
        ),
        ("search_timeout_and_key",),
        "Another member in the group of errors.",
    ),
    Group(
        "search_timeout_only",
        (
            awaited(F1.search, (F1.slow, "10.0.0.7")),
            dispatched(F2.search, (F2.slow, "shard-4.internal")),
            awaited(F3.search, (F3.slow, "shard-5"), (F3.slow, "shard-6")),
        ),
        ("search_timeout_and_key",),
        "Only late parts, one or several.",
    ),
    Group(
        "rows_without_number",
        (
            run(F1.import_rows, [{"count": "x"}], "orders-2026-01-03.csv"),
            threaded(F2.import_rows, [{"count": "1"}, {"count": "many"}, {"count": "?"}], "/tmp/tmp1k2/b.csv"),
            retried(F3.import_rows, [{"count": "a1"}], "part-00077.csv"),
        ),
        ("rows_without_count",),
        "Rows whose count is no number; how many is a count.",
    ),
    Group(
        "rows_without_count",
        (
            run(F1.import_rows, [{}], "orders-2026-01-03.csv"),
            run(F2.import_rows, [{"id": 3}, {"count": "1"}, {"id": 4}], "/tmp/tmp9z/b.csv"),
            tasked(F3.import_rows, [{"name": "x"}], "part-00078.csv"),
        ),
        ("rows_without_number",),
        "Rows that lack the count: other members in the same group.",
    ),
    Group(
        "nightly_rows_without_number",
        (
            run(F1.nightly, {"a-1.csv": [{"count": "x"}]}),
            run(F2.nightly, {"b-2.csv": [{"count": "y"}], "b-3.csv": [{"count": "1"}]}),
            threaded(F3.nightly, {"c-4.csv": [{"count": "z"}, {"count": "zz"}]}),
        ),
        ("nightly_rows_of_wrong_type",),
        "A group within a group: the root is a text that is no number.",
    ),
    Group(
        "nightly_rows_of_wrong_type",
        (
            run(F1.nightly, {"a-1.csv": [{"count": None}]}),
            run(F2.nightly, {"b-2.csv": [{"count": None}], "b-3.csv": [{"count": "1"}]}),
            retried(F3.nightly, {"c-4.csv": [{"count": "8"}, {"count": None}]}),
        ),
        ("nightly_rows_without_number",),
        "A group within a group: the root is a missing value.",
    ),
    Group(
        "price_too_late",
        (awaited(F1.price, 0.001), dispatched(F2.price, 0.002), awaited(F3.price, 0.003)),
        ("stock_too_late",),
        "The price does not come in time.",
    ),
    Group(
        "stock_too_late",
        (awaited(F1.stock, 0.001), dispatched(F2.stock, 0.002), awaited(F3.stock, 0.003)),
        ("price_too_late",),
        "The stock does not come in time: another function.",
    ),
    Group(
        "work_stopped",
        (
            awaited(F1.stopped, "shutdown after 30 s"),
            dispatched(F2.stopped, "shutdown after 4 s"),
            awaited(F3.stopped, "shutdown after 120 s"),
        ),
        (),
        "The task is cancelled from outside.",
    ),
    Group(
        "frame_cut_off",
        (awaited(F1.sized, b"abc", 8), dispatched(F2.sized, b"", 4), awaited(F3.sized, b"0" * 900, 1024)),
        (),
        "The stream ends inside a frame; both sizes are data.",
    ),
    Group(
        "report_not_ready",
        (
            run(F1.wait_report, Future(), 0.001),
            threaded(F2.wait_report, Future(), 0.002),
            retried(F3.wait_report, Future(), 0.003),
        ),
        ("report_cancelled",),
        "The report is not ready in time.",
    ),
    Group(
        "report_cancelled",
        (cancelled(F1, 1), cancelled(F2, 0.5), cancelled(F3, 30)),
        ("report_not_ready",),
        "The report was cancelled, however long one would have waited.",
    ),
    Group(
        "pool_already_shut_down",
        (after_shutdown(F1, 1), after_shutdown(F2, 2), after_shutdown(F3, 8)),
        ("loop_already_closed",),
        "Work is handed to a pool that was shut down.",
    ),
    Group(
        "loop_already_closed",
        (after_close(F1), after_close(F2), after_close(F3)),
        ("pool_already_shut_down",),
        "Work is handed to an event loop that was closed: same class and function.",
    ),
    Group(
        "buffer_empty",
        (with_queue(F1, 0, 3), with_queue(F2, 0, 1, threaded), with_queue(F3, 0, 99)),
        ("buffer_full",),
        "There is nothing to rotate.",
    ),
    Group(
        "buffer_full",
        (with_queue(F1, 3, 3), with_queue(F2, 1, 1), with_queue(F3, 8, 8, tasked)),
        ("buffer_empty",),
        "There is no place left in the same function.",
    ),
    Group(
        "lock_not_held",
        (lock_of(F1, "Lock", run), lock_of(F2, "Lock", threaded), lock_of(F3, "Lock", tasked)),
        (),
        "A lock is released that nobody holds.",
    ),
    Group(
        "converter_fails",
        (
            run(F1.convert, shell("exit 1", "/tmp/in-1.png")),
            threaded(F2.convert, shell("exit 1", "/srv/media/99/in.webp")),
            retried(F3.convert, shell("exit 1", "/tmp/tmp8xk2/a.tiff", "-q", "80")),
        ),
        ("converter_killed", "converter_too_slow"),
        "The program gives up with status 1; its arguments are data.",
    ),
    Group(
        "converter_killed",
        (
            run(F1.convert, shell("kill -9 $$", "/tmp/in-1.png")),
            run(F2.convert, shell("kill -9 $$", "/srv/media/7/in.webp")),
            threaded(F3.convert, shell("kill -9 $$", "/tmp/tmpq/b.tiff")),
        ),
        ("converter_fails",),
        "The program is killed, as when memory runs out.",
    ),
    Group(
        "converter_too_slow",
        (
            run(F1.convert, ["sleep", "3"], 0.01),
            run(F2.convert, ["sleep", "4"], 0.02),
            threaded(F3.convert, ["sleep", "5"], 0.03),
        ),
        ("converter_fails", "converter_missing"),
        "The program does not end in time.",
    ),
    Group(
        "converter_missing",
        (
            run(F1.convert, ["/opt/tools-7/bin/convert", "a.png"]),
            run(F2.convert, ["/opt/tools-8/bin/convert", "b.png", "-q", "80"]),
            retried(F3.convert, ["/usr/local/tools/bin/convert"]),
        ),
        ("converter_too_slow",),
        "The program is not installed, wherever it was looked for.",
    ),
)
