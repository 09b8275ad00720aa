from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.healing.cli.conftest import Run, Spawn

SHOP = """
import os, sys
from pathlib import Path
import healing
from healing import queue

@healing.self_healing(queue=True)
def ship(order: int) -> None:
    Path("shipped").write_text(str(order))

@healing.self_healing(queue=True)
def wait(order: int) -> None:
    print("under way", flush=True)
    Path("gate").read_text()
    Path("waited").write_text(str(order))
"""
ORDER = """
from shop import queue
import sys
queue.enqueue(sys.argv[1], '{"order": 7}', "0" * 32)
queue.close()
"""


@pytest.fixture
def shop(elsewhere: Path, sqlite_url: str) -> Path:
    (elsewhere / "shop.py").write_text(SHOP)
    (elsewhere / "order.py").write_text(ORDER)
    os.mkfifo(elsewhere / "gate")
    return elsewhere


def order(shop: Path, sqlite_url: str, name: str) -> None:
    """A job stored by another process than the worker's."""
    import subprocess
    import sys

    from tests.healing.cli.conftest import ROOT

    subprocess.run(
        [sys.executable, "order.py", f"shop.{name}"],
        cwd=shop,
        env={"PYTHONPATH": str(ROOT), "HEALING_DATABASE_URL": sqlite_url},
        check=True,
    )


def test_once_runs_what_is_due_and_exits(spawn: Spawn, shop: Path, sqlite_url: str) -> None:
    order(shop, sqlite_url, "ship")

    worker = spawn("worker", "shop", "--once", HEALING_DATABASE_URL=sqlite_url)
    told, errors = worker.communicate(timeout=60)

    assert worker.returncode == 0, errors
    assert told == "jobs run: 1\n"
    assert (shop / "shipped").read_text() == "7"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_running_job_finish(
    spawn: Spawn, shop: Path, sqlite_url: str, number: signal.Signals
) -> None:
    order(shop, sqlite_url, "wait")
    worker = spawn("worker", "shop", "--concurrency", "2", HEALING_DATABASE_URL=sqlite_url)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "under way\n"

    worker.send_signal(number)
    (shop / "gate").write_text("open")

    assert worker.wait(timeout=60) == 0
    assert (shop / "waited").read_text() == "7"


def test_a_second_signal_ends_it_at_once_and_keeps_the_job(spawn: Spawn, run: Run, shop: Path, sqlite_url: str) -> None:
    order(shop, sqlite_url, "wait")
    worker = spawn("worker", "shop", HEALING_DATABASE_URL=sqlite_url)
    assert worker.stdout is not None
    assert worker.stderr is not None
    assert worker.stdout.readline() == "under way\n"

    worker.terminate()
    while "stopping when" not in worker.stderr.readline():
        pass
    worker.terminate()

    assert worker.wait(timeout=60) == -signal.SIGTERM
    assert "0 waiting, 1 scheduled" in run("doctor", HEALING_DATABASE_URL=sqlite_url).output


def test_a_module_that_is_not_there_is_one_line(spawn: Spawn, sqlite_url: str) -> None:
    worker = spawn("worker", "shoop", "--once", HEALING_DATABASE_URL=sqlite_url)

    _, errors = worker.communicate(timeout=60)

    assert worker.returncode == 1
    assert errors == "Error: cannot import MODULE shoop: ModuleNotFoundError: No module named 'shoop'\n"


def test_a_module_that_fails_is_told_with_its_line(spawn: Spawn, sqlite_url: str, elsewhere: Path) -> None:
    (elsewhere / "broken.py").write_text("import os\n1 / 0\n")

    worker = spawn("worker", "broken", "--once", HEALING_DATABASE_URL=sqlite_url)
    _, errors = worker.communicate(timeout=60)

    assert worker.returncode == 1
    assert errors == (
        f"Error: cannot import MODULE broken: ZeroDivisionError: division by zero ({elsewhere}/broken.py:2)\n"
    )


def test_a_module_without_queued_functions_is_warned_of(spawn: Spawn, sqlite_url: str, elsewhere: Path) -> None:
    (elsewhere / "empty.py").write_text("")

    worker = spawn("worker", "empty", "--once", HEALING_DATABASE_URL=sqlite_url)
    told, errors = worker.communicate(timeout=60)

    assert worker.returncode == 0, errors
    assert told == "jobs run: 0\n"
    assert "warning: empty wraps no function with queue=True" in errors


@pytest.mark.parametrize("arguments", [[], ["shop", "--concurrency", "0"]])
def test_wrong_usage_is_told(run: Run, arguments: list[str]) -> None:
    assert run("worker", *arguments).exit_code == 2
