"""`healing worker`."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import sys
import threading
import traceback
from types import FrameType

import click


@click.command(name="worker")
@click.argument("module")
@click.option("--once", is_flag=True, help="Run what is due now, then exit.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="How many jobs to run at a time, each in a thread.",
)
def command(module: str, once: bool, concurrency: int) -> None:
    """Run the calls that QUEUE_FOR_LATER has stored.

    MODULE is the module that wraps the functions, such as shop.orders; it is imported with the working
    directory on the import path. SIGTERM or Ctrl-C stops the worker when the jobs under way are finished; the
    same signal again stops it at once, and those jobs are run again later.
    """
    from healing import flush, queue, settings
    from healing.queue.worker import serve

    settings.load()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    _import(module)
    if once:
        click.echo(f"jobs run: {queue.drain()}")
    else:
        stop = threading.Event()
        _stop_at_signals(stop)
        click.echo(f"waiting for jobs of {module}; Ctrl-C stops", err=True)
        serve(stop, concurrency)
    queue.close()
    flush()


def _import(module: str) -> None:
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - sys.path holds texts
    try:
        importlib.import_module(module)
    except Exception as error:
        raise click.ClickException(f"cannot import MODULE {module}: {_told(error)}") from error
    _warn_without_queued(module)


def _told(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if not frame.filename.startswith(("<frozen", __file__))]
    where = f" ({ours[-1].filename}:{ours[-1].lineno})" if len(ours) > 1 else ""
    return f"{type(error).__name__}: {error}{where}"


def _warn_without_queued(module: str) -> None:
    from healing.wrapped import operations

    if not any(wrapped.operation.queue for wrapped in operations().values()):
        click.echo(f"warning: {module} wraps no function with queue=True: every job will be put back", err=True)


def _stop_at_signals(stop: threading.Event) -> None:
    def handle(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        os.write(sys.stderr.fileno(), b"stopping when the jobs under way are finished\n")
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
