"""What becomes of events when processes are killed, fork or end: with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import sqlalchemy as sa

from healing.database import open_engine
from healing.journal import Journal
from healing.schema import event_rollups, events
from healing.settings import Settings
from healing.spool import survey

PRELUDE = """
import os, signal, sys, threading, time
from pathlib import Path
from healing.journal import Journal
from healing.settings import Settings
from tests.healing.sample_events import a_closing, an_opening

journal = Journal(settings=Settings(database_url=sys.argv[1], spool_dir=Path(sys.argv[2])))

def say(word, opening):
    os.write(1, f"{word} {opening.id}\\n".encode())

def record():
    opening = an_opening()
    journal.recorded(opening, a_closing(opening))
    say("recorded", opening)

"""


ROOT = Path(__file__).parents[2]


def start(body: str, url: str, spool: Path, stdin: int | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(body), url, spool],
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def run(body: str, url: str, spool: Path) -> dict[str, set[str]]:
    """What a script acknowledged, by word, when it had ended well."""
    with start(body, url, spool) as process:
        try:
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    return words(said)


def words(said: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in said.splitlines():
        word, _, event_id = line.partition(" ")
        found.setdefault(word, set()).add(event_id)
    return found


def stored(url: str) -> dict[str, str]:
    """The outcome of each event, after a look whether it was counted once."""
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {row.id: row.outcome for row in connection.execute(sa.select(events.c.id, events.c.outcome))}
        assert connection.scalar(sa.select(sa.func.sum(event_rollups.c.events))) == len(found)
    engine.dispose()
    return found


def recover(url: str, spool: Path) -> None:
    """Be the next process: deliver all that dead ones left."""
    journal = Journal(settings=Settings(database_url=url, spool_dir=spool))
    journal.start()
    deadline = time.monotonic() + 30
    while survey(spool).files and time.monotonic() < deadline:
        assert journal.flush(30)
    journal.close()
    assert survey(spool).files == 0


KILLED_AT_WORK = """
def work():
    while True:
        opening = an_opening()
        journal.opened(opening)
        say("opened", opening)
        journal.closed(a_closing(opening))
        say("closed", opening)

for _ in range(2):
    threading.Thread(target=work).start()
"""


def test_a_process_killed_at_work_loses_nothing_that_it_acknowledged(database_url: str, tmp_path: Path) -> None:
    with start(KILLED_AT_WORK, database_url, tmp_path / "spool") as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(3000))
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read()
    assert process.returncode == -signal.SIGKILL

    recover(database_url, tmp_path / "spool")

    acknowledged = words(said)
    found = stored(database_url)
    assert acknowledged["opened"] <= set(found)
    assert acknowledged["closed"] <= {event_id for event_id, outcome in found.items() if outcome == "healed"}
    assert len(set(found) - acknowledged["opened"]) <= 2


def test_a_process_killed_while_it_heals_leaves_interrupted_events(database_url: str, tmp_path: Path) -> None:
    body = """
    for _ in range(3):
        opening = an_opening()
        journal.opened(opening)
        say("opened", opening)
    record()
    journal.flush(30)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    process = start(body, database_url, tmp_path / "spool")
    acknowledged = words(process.communicate(timeout=60)[0])
    assert len(stored(database_url)) == 1

    recover(database_url, tmp_path / "spool")

    found = stored(database_url)
    assert {event_id for event_id, outcome in found.items() if outcome == "interrupted"} == acknowledged["opened"]
    assert {event_id for event_id, outcome in found.items() if outcome == "healed"} == acknowledged["recorded"]


def test_a_process_killed_without_a_database_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    url = f"sqlite:///{tmp_path / 'data' / 'healing.db'}"
    body = """
    for _ in range(50):
        record()
    os.kill(os.getpid(), signal.SIGKILL)
    """
    acknowledged = words(start(body, url, tmp_path / "spool").communicate(timeout=60)[0])
    (tmp_path / "data").unlink()

    recover(url, tmp_path / "spool")

    assert set(stored(url)) == acknowledged["recorded"]
    assert len(acknowledged["recorded"]) == 50


def test_several_processes_take_over_what_one_left_and_store_it_once(sqlite_url: str, tmp_path: Path) -> None:
    body = """
    for _ in range(300):
        record()
    os.kill(os.getpid(), signal.SIGKILL)
    """
    (tmp_path / "spool").mkdir()
    left = words(start(body, sqlite_url, tmp_path / "spool").communicate(timeout=60)[0])["recorded"]

    heirs = [start("record(); journal.flush(30)", sqlite_url, tmp_path / "spool") for _ in range(3)]
    own = [words(heir.communicate(timeout=60)[0])["recorded"] for heir in heirs]
    recover(sqlite_url, tmp_path / "spool")

    assert set(stored(sqlite_url)) == left.union(*own)


def test_the_end_of_a_process_delivers_what_it_recorded(database_url: str, tmp_path: Path) -> None:
    acknowledged = run("for _ in range(20): record()", database_url, tmp_path / "spool")

    assert set(stored(database_url)) == acknowledged["recorded"]
    assert list((tmp_path / "spool").iterdir()) == []


def test_the_end_of_a_process_does_not_wait_long_for_a_database_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    url = f"sqlite:///{tmp_path / 'data' / 'healing.db'}"

    started = time.monotonic()
    acknowledged = run("record()", url, tmp_path / "spool")
    assert time.monotonic() - started < 15
    (tmp_path / "data").unlink()

    recover(url, tmp_path / "spool")

    assert set(stored(url)) == acknowledged["recorded"]


FORKING = """
def record_some():
    for _ in range(30):
        record()

record_some()
child = os.fork()
record_some()
if child == 0:
    sys.exit(0 if journal.flush(30) else 1)
assert os.waitpid(child, 0)[1] == 0
assert journal.flush(30)
"""


def test_after_a_fork_both_processes_deliver_their_own_events_once(database_url: str, tmp_path: Path) -> None:
    acknowledged = run(FORKING, database_url, tmp_path / "spool")

    assert set(stored(database_url)) >= acknowledged["recorded"]
    recover(database_url, tmp_path / "spool")
    assert set(stored(database_url)) == acknowledged["recorded"]
    assert len(acknowledged["recorded"]) == 90


def test_forks_while_the_writer_is_busy_neither_hang_nor_lose(sqlite_url: str, tmp_path: Path) -> None:
    body = """
    def work():
        for _ in range(2000):
            record()
    worker = threading.Thread(target=work)
    worker.start()
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            record()
            os._exit(0 if journal.flush(30) else 1)
        children.append(child)
    ends = [os.waitpid(child, 0)[1] for child in children]
    worker.join()
    assert ends == [0] * 8
    assert journal.flush(30)
    """
    acknowledged = run(body, sqlite_url, tmp_path / "spool")
    recover(sqlite_url, tmp_path / "spool")

    assert set(stored(sqlite_url)) == acknowledged["recorded"]


def test_what_a_killed_child_left_is_not_held_by_its_parent(sqlite_url: str, tmp_path: Path) -> None:
    body = """
    record()
    journal.flush(30)
    child = os.fork()
    if child == 0:
        opening = an_opening()
        journal.opened(opening)
        say("opened", opening)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    say("forked", an_opening())
    sys.stdin.read()
    """
    process = start(body, sqlite_url, tmp_path / "spool", stdin=subprocess.PIPE)
    assert process.stdout is not None
    said = process.stdout.readline() + process.stdout.readline() + process.stdout.readline()
    assert "forked" in said

    assert survey(tmp_path / "spool").left_behind == 1
    process.communicate(timeout=60)
    recover(sqlite_url, tmp_path / "spool")

    (interrupted,) = words(said)["opened"]
    assert stored(sqlite_url)[interrupted] == "interrupted"


def test_what_a_killed_parent_left_is_not_held_by_its_child(sqlite_url: str, tmp_path: Path) -> None:
    body = """
    record()
    journal.flush(30)
    opening = an_opening()
    journal.opened(opening)
    say("opened", opening)
    if os.fork() == 0:
        os.close(1)
        sys.stdin.read()
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    held_open, holder = os.pipe()
    with start(body, sqlite_url, tmp_path / "spool", stdin=held_open) as process:
        os.close(held_open)
        assert process.stdout is not None
        said = process.stdout.read()

    assert survey(tmp_path / "spool").left_behind == 1
    os.close(holder)
    recover(sqlite_url, tmp_path / "spool")
    (interrupted,) = words(said)["opened"]
    assert stored(sqlite_url)[interrupted] == "interrupted"


def test_the_journal_loads_no_database_library_on_the_callers_thread() -> None:
    code = "import sys, healing.journal; sys.exit('sqlalchemy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0
