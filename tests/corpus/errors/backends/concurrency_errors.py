"""asyncio and threads: lateness, cancellation, locks and misuse of the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, REPAIRS, UNKNOWN, heals, in_thread, raised, stays, surfaces, thrown

CLEARING = "CLEAR_CACHE_AND_RETRY ROLLBACK_TRANSACTION USE_DEFAULT_VALUE SKIP_OPERATION"


def in_loop(main: Coroutine[Any, Any, object]) -> BaseException:
    return in_thread(lambda: raised(lambda: asyncio.run(main)))


async def too_slow() -> None:
    await asyncio.wait_for(asyncio.sleep(5), timeout=0.01)


async def deadline() -> None:
    async with asyncio.timeout(0.01):
        await asyncio.sleep(5)


async def cancelled() -> None:
    task = asyncio.ensure_future(asyncio.sleep(5))
    await asyncio.sleep(0)
    task.cancel("client disconnected")
    await task


async def result_too_early() -> None:
    asyncio.get_running_loop().create_future().result()


async def full() -> None:
    jobs: asyncio.Queue[int] = asyncio.Queue(maxsize=1)
    jobs.put_nowait(1)
    jobs.put_nowait(2)


async def cut_off() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b"HTTP/1.1 2")
    reader.feed_eof()
    await reader.readexactly(64)


async def line_too_long() -> None:
    reader = asyncio.StreamReader(limit=16)
    reader.feed_data(b"x" * 64)
    await reader.readuntil(b"\n")


async def loop_in_loop() -> None:
    main = too_slow()
    try:
        asyncio.run(main)
    finally:
        main.close()


def closed_loop() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    loop.call_soon(print)


async def awaited_list() -> None:
    await [1, 2]  # type: ignore[misc]


async def coroutine_iterated() -> None:
    rows = too_slow()
    try:
        list(rows)  # type: ignore[call-overload]
    finally:
        rows.close()


def dictionary_grows() -> None:
    counts = {"a": 1}
    for key in counts:
        counts[key + "x"] = 2


def broken_barrier() -> None:
    threading.Barrier(2).wait(timeout=0.01)


def too_many_releases() -> None:
    threading.BoundedSemaphore(1).release()


def generator_in_itself() -> None:
    def numbers() -> Iterator[int]:
        yield next(own)

    own = numbers()
    next(own)


def nightly_job() -> None:
    lock = threading.Lock()
    lock.acquire()
    if not lock.acquire(timeout=0.01):
        raise TimeoutError("could not acquire lock 'nightly' within 10 s")


CASES: list[Case] = [
    heals(
        "asyncio_wait_for_timeout",
        lambda: in_loop(too_slow()),
        "timeout",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SURFACE",
        UNKNOWN,
        "No answer within the given time; the error has no words at all.",
        harmful=CLEARING,
    ),
    heals(
        "asyncio_timeout_context",
        lambda: in_loop(deadline()),
        "timeout",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SURFACE",
        UNKNOWN,
        "The block ran out of time; the cancellation inside it is only the means.",
        harmful=CLEARING,
    ),
    surfaces(
        "asyncio_cancelled",
        lambda: in_loop(cancelled()),
        "concurrency",
        "Somebody cancelled the task; a cancellation must never be swallowed.",
        executed=UNKNOWN | NO,
    ),
    surfaces(
        "asyncio_result_is_not_ready",
        lambda: in_loop(result_too_early()),
        "programming concurrency",
        "The code asks for a result without waiting for it.",
    ),
    heals(
        "asyncio_queue_full",
        lambda: in_loop(full()),
        "queue resource concurrency",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER SURFACE",
        NO,
        "There is room again when the consumer catches up.",
        harmful="CLEAR_CACHE_AND_RETRY RESET_CONNECTION",
    ),
    heals(
        "asyncio_incomplete_read",
        lambda: in_loop(cut_off()),
        "network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The other end closed the stream in the middle of a message.",
        harmful=CLEARING,
    ),
    stays(
        "asyncio_line_exceeds_limit",
        lambda: in_loop(line_too_long()),
        "validation configuration network",
        "A line is longer than the reader allows.",
        harmful=f"RETRY_WITH_BACKOFF {REPAIRS}",
    ),
    surfaces(
        "asyncio_run_in_a_running_loop",
        lambda: in_loop(loop_in_loop()),
        "programming concurrency",
        "asyncio.run is called from a coroutine.",
    ),
    surfaces(
        "asyncio_event_loop_is_closed",
        lambda: raised(closed_loop),
        "programming concurrency",
        "The code goes on with a loop that was closed.",
    ),
    surfaces(
        "asyncio_attached_to_a_different_loop",
        lambda: thrown(
            RuntimeError(
                "Task <Task pending name='Task-8' coro=<handler()>> got Future <Future pending> attached to a "
                "different loop"
            )
        ),
        "programming concurrency",
        "An object of one loop is used in another.",
    ),
    surfaces(
        "awaited_something_else",
        lambda: in_loop(awaited_list()),
        "programming",
        "A list cannot be awaited.",
    ),
    surfaces(
        "coroutine_not_awaited",
        lambda: in_loop(coroutine_iterated()),
        "programming",
        "An await is missing.",
    ),
    surfaces(
        "lock_released_twice",
        lambda: raised(threading.Lock().release),
        "programming concurrency",
        "The code releases a lock that is not taken.",
    ),
    surfaces(
        "semaphore_released_too_often",
        lambda: raised(too_many_releases),
        "programming concurrency",
        "One release too many: a ValueError that has nothing to do with data.",
    ),
    stays(
        "barrier_broken",
        lambda: raised(broken_barrier),
        "concurrency timeout",
        "A thread that the others waited for did not come.",
        acceptable="SURFACE RETRY_WITH_BACKOFF",
        harmful=CLEARING,
    ),
    stays(
        "dictionary_changed_during_iteration",
        lambda: raised(dictionary_grows),
        "programming concurrency",
        "The code changes what it walks through.",
        harmful=f"{REPAIRS} USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    surfaces(
        "generator_already_executing",
        lambda: raised(generator_in_itself),
        "programming concurrency",
        "A generator is advanced while it runs.",
    ),
    heals(
        "own_lock_not_acquired_in_time",
        lambda: raised(nightly_job),
        "timeout concurrency",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER SURFACE",
        NO_OR_UNKNOWN,
        "Another job holds the lock for now.",
        harmful=CLEARING,
    ),
]
