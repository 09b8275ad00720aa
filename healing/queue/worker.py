"""The loop of `healing worker`."""

from __future__ import annotations

import contextvars
import logging
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from healing.queue.jobs import drain

logger = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between looks at an empty queue."""


def serve(stop: threading.Event, concurrency: int = 1) -> None:
    """Run jobs as they fall due, so many at a time, until `stop` is set; jobs under way are then finished."""
    with ThreadPoolExecutor(concurrency, thread_name_prefix="healing-worker") as pool:
        loops = [pool.submit(contextvars.copy_context().run, _loop, stop) for _ in range(concurrency)]
        ended = wait(loops, return_when=FIRST_COMPLETED).done
        stop.set()
    for loop in ended:
        loop.result()


def _loop(stop: threading.Event) -> None:
    while not stop.is_set():
        if not _worked():
            stop.wait(POLL)


def _worked() -> bool:
    try:
        return drain(limit=1) > 0
    except Exception:
        logger.exception("the queue is out of reach; looking again in %g s", POLL)
        return False
