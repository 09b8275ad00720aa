"""Opens the shop: `python -m examples.shop [--seconds N] [--speed N] [--directory PATH]`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from examples.shop.world import World
from examples.shop.world.spells import Schedule
from healing import flush, queue

if TYPE_CHECKING:
    from examples.shop.customers import Crowd

logger = logging.getLogger("shop")

QUEUE_EVERY = 2.0
"""Seconds between two looks into the queue."""
REPORT_EVERY = 15.0
"""Seconds between two lines of the log that sum up."""


def main() -> None:
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    with tempfile.TemporaryDirectory(prefix="shop-") as temporary:
        directory = arguments.directory or Path(temporary)
        with closing(World(directory, Schedule(arguments.speed))) as world:
            os.environ.update(world.environment)
            asyncio.run(_open(arguments.seconds, arguments.speed))
    flush(5)
    logger.info("The shop is closed.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m examples.shop", description="A web shop among troubles.")
    parser.add_argument("--seconds", type=float, help="close after so many seconds (default: when stopped)")
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster all comes (default: 1)")
    parser.add_argument("--directory", type=Path, help="where files are kept (default: a temporary place)")
    return parser.parse_args()


async def _open(seconds: float | None, speed: float) -> None:
    # Only now, because they read from the environment where the world is.
    from examples.shop import customers, database

    database.create_tables()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=24, thread_name_prefix="shop"))
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    crowd = customers.Crowd(speed)
    logger.info("The shop is open: trouble comes and goes. Watch it with: healing dashboard")
    work = (stopped.wait(), crowd.keep_coming(), _work_off_queue(speed), _report(crowd))
    done, running = await asyncio.wait(
        [asyncio.create_task(each) for each in work], timeout=seconds, return_when=asyncio.FIRST_COMPLETED
    )
    for task in running:
        task.cancel()
    await crowd.leave()
    for task in done:
        task.result()


async def _work_off_queue(speed: float) -> None:
    """What `healing worker` would do in a process of its own. An outage of the database is told once."""
    away = ""
    while True:
        await asyncio.sleep(QUEUE_EVERY / speed)
        before, away = away, await asyncio.to_thread(_drain)
        if away and not before:
            logger.warning("The queue is out of reach, nothing in it is lost: %s", away)


def _drain() -> str:
    """Why that was not possible, else empty."""
    try:
        queue.drain()
    except Exception as error:  # noqa: BLE001 - a loop's border: the databases' drivers share no class of errors
        return type(error).__name__
    return ""


async def _report(crowd: Crowd) -> None:
    while True:
        await asyncio.sleep(REPORT_EVERY)
        logger.info("%d customers served, %d met an error", crowd.served, crowd.disappointed)


if __name__ == "__main__":
    main()
