"""The demo in the foreground and detached, as real processes in a working directory of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from healing import demo
from healing.schema import events

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    demo.stop()
    wait_until_closed()


def wait_until_closed() -> demo.DemoStatus | None:
    """The demo needs a moment to end; ten seconds are far more than that."""
    deadline = time.monotonic() + 10
    while (status := demo.status()) is not None and status.running:
        assert time.monotonic() < deadline, "the demo does not close"
        threading.Event().wait(0.05)
    return status


def test_there_is_no_demo_before_the_first_start() -> None:
    assert demo.status() is None


@pytest.mark.parametrize("ask", [demo.status, demo.stop])
def test_asking_after_a_demo_makes_no_files(place: Path, ask: Callable[[], object]) -> None:
    assert ask() is None
    assert list(place.iterdir()) == []


def test_where_no_demo_can_be_started_there_is_none(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "file").write_text("")
    monkeypatch.setenv("HEALING_SPOOL_DIR", "file/spool")
    assert demo.status() is None


def test_a_demo_that_was_never_born_is_none(place: Path) -> None:
    (place / ".healing").mkdir()
    (place / ".healing" / "demo.gate").touch()
    assert demo.status() is None


def test_stopping_nothing_does_nothing() -> None:
    demo.stop()
    assert demo.status() is None


def test_a_demo_in_the_foreground_ends_by_itself_and_leaves_events(sqlite_url: str) -> None:
    demo.run(5, sqlite_url)
    engine = sa.create_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(events))
    engine.dispose()


def test_a_demo_may_be_run_in_a_thread(sqlite_url: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(demo.run, 0.1, sqlite_url).exception(timeout=20) is None


def test_a_demo_that_cannot_start_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        demo.run(1, "oracle://nowhere")
    assert "HEALING_DATABASE_URL" in capfd.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_demo_in_order(number: signal.Signals) -> None:
    script = "from healing import demo; demo.run(None); print('went on')"
    command = [sys.executable, "-c", script]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "The shop is open" in process.stderr.readline()
        process.send_signal(number)
        assert process.stderr.read().rstrip().endswith(demo.LAST_LINE)
        assert process.stdout.read() == "went on\n"


def test_the_signal_handlers_of_before_are_put_back(sqlite_url: str) -> None:
    before = signal.getsignal(signal.SIGTERM)
    demo.run(0.1, sqlite_url)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_detached_demo_is_there_once_and_stops_on_request(sqlite_url: str) -> None:
    demo.start(sqlite_url)
    first = demo.status()
    demo.start(sqlite_url)
    second = demo.status()
    assert first is not None
    assert first.running
    assert first == second
    assert abs(first.started_at - time.time()) < 10
    demo.stop()
    ended = wait_until_closed()
    assert ended is not None
    assert (ended.running, ended.pid) == (False, first.pid)


def test_a_detached_demo_that_was_closed_in_order_has_nothing_to_say(place: Path, sqlite_url: str) -> None:
    demo.start(sqlite_url)
    log = place / ".healing" / "demo.log"
    while "The shop is open" not in log.read_text():
        threading.Event().wait(0.05)
    demo.stop()
    ended = wait_until_closed()
    assert ended is not None
    assert ended.message == ""


def test_a_detached_demo_that_fails_says_why() -> None:
    demo.start("oracle://nowhere")
    ended = wait_until_closed()
    assert ended is not None
    assert "HEALING_DATABASE_URL" in ended.message


def test_the_demo_is_found_inside_the_wheel(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "healing" / "_dashboard").mkdir(parents=True)
    monkeypatch.setattr(demo, "__file__", str(place / "healing" / "demo.py"))
    assert demo._home() == (place / "healing" / "_dashboard").resolve()
