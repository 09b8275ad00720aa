"""A fork while the queue is in use, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from healing import testing
from healing.queue import close, connection, storage
from healing.queue.connection import process_store

ROOT = str(Path(__file__).parents[3])

BEGIN = """
import os, threading, healing
from healing import queue
from healing.queue import connection
from healing.queue.connection import process_store

def waited(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""

UNUSED = """
child = os.fork()
if child == 0:
    os._exit(0 if connection._stores == {} and queue.sizes().waiting == 0 else 1)
print(waited(child), connection._stores)
"""

OPEN = """
store = process_store()
store.add(b"job", 0.0)
connected = store._storage._conn
child = os.fork()
if child == 0:
    mine = process_store()
    good = mine is not store and store._storage._conn is None and mine.due(1.0) == 1
    mine.add(b"child's", 0.0)
    queue.close()
    grandchild = os.fork()
    if grandchild == 0:
        process_store().add(b"grandchild's", 0.0)
        os._exit(0)
    os._exit(0 if good and waited(grandchild) == 0 else 1)
print(waited(child), process_store() is store, store.due(1.0))
"""

JOB_UNDER_WAY = """
begun, ended = threading.Event(), threading.Event()
done = []

@healing.self_healing("fork.job", queue=True)
def job() -> None:
    begun.set()
    ended.wait(30)
    done.append(1)

queue.enqueue("fork.job", "{}", "0" * 32)
runner = threading.Thread(target=queue.drain)
runner.start()
begun.wait(30)
child = os.fork()
if child == 0:
    os._exit(0 if queue.sizes().scheduled == 1 else 1)
code = waited(child)
ended.set()
runner.join()
print(code, done, queue.sizes().scheduled)
"""

BUSY = """
stop = threading.Event()

def use() -> None:
    while not stop.is_set():
        process_store().due(0.0)

users = [threading.Thread(target=use) for _ in range(2)]
for user in users:
    user.start()
codes = set()
for _ in range(20):
    child = os.fork()
    if child == 0:
        process_store().add(b"job", 0.0)
        os._exit(0)
    codes.add(waited(child))
stop.set()
for user in users:
    user.join()
print(codes, process_store().due(1.0))
"""


@pytest.mark.parametrize(
    ("script", "told"),
    [(UNUSED, "0 {}"), (OPEN, "0 True 3"), (JOB_UNDER_WAY, "0 [1] 0"), (BUSY, "{0} 20")],
    ids=["unused", "open", "job under way", "busy"],
)
def test_a_fork_leaves_parent_and_child_a_working_queue(
    script: str, told: str, tmp_path: Path, sqlite_url: str
) -> None:
    (tmp_path / "forks.py").write_text(BEGIN + script)
    ran = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "forks.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ROOT, "HEALING_DATABASE_URL": sqlite_url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.stdout.strip() == told, ran.stderr
    assert ran.stderr == ""


@pytest.fixture
def used(sqlite_url: str) -> Iterator[storage.Store]:
    with testing.active(database_url=sqlite_url):
        yield process_store()
        close()


def test_no_connection_is_open_and_none_can_be_opened_while_a_fork_is_under_way(used: storage.Store) -> None:
    used.due(0.0)
    done = threading.Event()

    def count() -> None:
        process_store().due(0.0)
        done.set()

    connection._before_fork()
    other = threading.Thread(target=count)
    other.start()
    try:
        assert used._storage._conn is None
        assert not done.wait(0.05)
    finally:
        connection._after_fork()
    other.join(10)
    assert done.is_set()


def test_a_statement_that_does_not_end_holds_a_fork_for_a_while_only(
    used: storage.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "FORK_PATIENCE", 0.01)
    with used._storage.db():
        connection._before_fork()
        connection._after_fork()

    assert used.due(0.0) == 0


def test_a_connection_that_cannot_be_closed_does_not_disturb_a_fork(used: storage.Store) -> None:
    class Stuck:
        def close(self) -> None:
            raise OSError("away")

    used._storage._conn.close() if used._storage._conn else None
    used._storage._conn = Stuck()
    connection._before_fork()
    connection._after_fork()

    assert used.due(0.0) == 0
