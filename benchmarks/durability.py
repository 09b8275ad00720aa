"""What the journal keeps and what it costs: `python -m benchmarks.durability [--runs N] [--url URL]`."""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from healing.database import open_engine
from healing.event import Closing, Opening, Trial
from healing.identity import new_id
from healing.journal import Journal
from healing.lines import encode
from healing.schema import events
from healing.settings import Settings
from healing.spool import Spool, survey
from healing.vocabulary import Category, DecidedBy, Outcome, Severity, StopReason, Strategy

RATE = 1000
"""Events a second in the process that is killed."""
SAMPLE = 3000
"""Events whose time is taken, for each way."""
FRAMES = [["app.orders", f"step_{number}", __file__, 40 + number, True] for number in range(12)]


@dataclass(frozen=True, slots=True)
class Killed:
    """One run: events acknowledged to the caller, those of them missing in the database, and events a second."""

    acknowledged: int
    lost: int
    rate: float


def an_event() -> tuple[Opening, Closing]:
    """About 2.5 KB, as an error of a web service makes them."""
    opening = Opening(
        id=new_id(),
        occurred_at=time.time(),
        source="orders.create_order",
        category=Category.NETWORK,
        severity=Severity.MEDIUM,
        fingerprint="5f" * 16,
        fingerprint_version=1,
        error_type="ConnectionRefusedError",
        message="[Errno 111] Connection refused",
        critical=False,
        details={
            "function": "app.orders.create_order",
            "arguments": {"order": {"id": 4711, "lines": ["x" * 40] * 12}},
            "full_message": "[Errno 111] Connection refused",
            "chain": [],
            "notes": [],
            "frames": FRAMES,
            "diagnosis": {"rule": "connection_refused", "reason": "The far end refused the connection."},
            "plan": [{"strategy": "retry_with_backoff", "kind": "repair", "taken": True, "reason": "transient"}],
            "process": {"host": "web-1", "pid": os.getpid(), "thread": "MainThread"},
        },
    )
    trial = Trial(1, Strategy.RETRY_WITH_BACKOFF, 80.0, 80.0, 12.0, succeeded=True)
    healed = (Outcome.HEALED, StopReason.HEALED, Strategy.RETRY_WITH_BACKOFF, DecidedBy.RULES)
    return opening, Closing(opening.id, *healed, 2, 92.0, (trial,))


def journal_for(url: str, spool: Path) -> Journal:
    return Journal(settings=Settings(database_url=url, spool_dir=spool))


def stored(url: str) -> set[str]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = set(connection.scalars(sa.select(events.c.id)))
    engine.dispose()
    return found


def work_until_killed(url: str, spool: Path) -> None:
    """The process that is killed: about RATE events a second, each acknowledged on standard output."""
    journal = journal_for(url, spool)
    began = time.monotonic()
    for number in range(1, 1_000_000):
        opening, closing = an_event()
        journal.opened(opening)
        journal.closed(closing)
        os.write(1, f"{opening.id}\n".encode())
        ahead = began + number / RATE - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)


def kill_once(url: str, spool: Path, after: float) -> Killed:
    """Let a process work for `after` seconds, kill it, and be the next one."""
    command = [sys.executable, "-m", "benchmarks.durability", "--work", url, str(spool)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        began = time.monotonic()
        killer = threading.Timer(after, process.kill)
        killer.start()
        said += process.stdout.read()
        worked = time.monotonic() - began
        killer.join()
    acknowledged = {line for line in said.splitlines() if len(line) == 32}
    recover(url, spool)
    return Killed(len(acknowledged), len(acknowledged - stored(url)), len(acknowledged) / worked)


def recover(url: str, spool: Path) -> float:
    """Deliver what dead processes left; the seconds that it took."""
    began = time.monotonic()
    journal = journal_for(url, spool)
    journal.start()
    while survey(spool).files:
        journal.flush(60.0)
    taken = time.monotonic() - began
    journal.close()
    return taken


def callers_time(record: Callable[[Opening, Closing], None]) -> list[float]:
    """Microseconds for each of SAMPLE events, RATE a second."""
    taken = []
    began = time.monotonic()
    for number in range(1, SAMPLE + 1):
        event = an_event()
        start = time.perf_counter()
        record(*event)
        taken.append((time.perf_counter() - start) * 1e6)
        time.sleep(max(began + number / RATE - time.monotonic(), 0.0))
    return sorted(taken)


def caller(directory: Path) -> dict[str, list[float]]:
    """The caller's time for one event: the write alone, with a database, and with none in reach."""
    urls = {
        "journal, database there": f"sqlite:///{directory / 'there.db'}",
        "journal, database away": f"sqlite:///{directory / 'file' / 'away.db'}",
    }
    bare = os.open(directory / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    line = encode(*an_event())
    found = {
        "os.write of a line": callers_time(lambda _opening, _closing: _written(bare, line)),
        "the same, with JSON": callers_time(lambda *event: _written(bare, encode(*event))),
    }
    os.close(bare)
    for name, url in urls.items():
        (directory / "file").touch()
        journal = journal_for(url, directory / name)
        journal.recorded(*an_event())
        journal.flush(2.0)
        found[name] = callers_time(journal.recorded)
        (directory / "file").unlink()
        journal.close(60.0)
    return found


def _written(descriptor: int, line: bytes) -> None:
    os.write(descriptor, line)


def throughput(url: str, directory: Path, count: int = 20_000) -> float:
    """Events a second that the writer moves from a full spool to the database."""
    spool = Spool(directory / "full", 1 << 30)
    for _ in range(count):
        opening, closing = an_event()
        spool.append(encode(opening, closing), opening.id, opens=True, closes=True)
    spool.release()
    return count / recover(url, directory / "full")


def report_kills(runs: int, url: str | None, directory: Path) -> None:
    killed = []
    for run in range(runs):
        place = url or f"sqlite:///{directory / f'killed-{run}.db'}"
        killed.append(kill_once(place, directory / "killed", after=1.0 + run % 10 / 10))
    rate = statistics.median(run.rate for run in killed)
    acknowledged, lost = sum(run.acknowledged for run in killed), sum(run.lost for run in killed)
    print(f"SIGKILL at {rate:.0f} events/s, {runs} runs: {acknowledged} acknowledged, {lost} lost")


def report_caller(directory: Path) -> None:
    found = caller(directory)
    base = statistics.median(found["os.write of a line"])
    print("The caller's time per event, in microseconds:")
    for name, taken in found.items():
        median = statistics.median(taken)
        print(f"  {name:24} median {median:6.1f} ({median / base:4.1f} x)   p99 {taken[len(taken) * 99 // 100]:6.1f}")
    there, away = (statistics.median(taken) for name, taken in found.items() if name.startswith("journal"))
    print(f"  away / there: {away / there:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="processes to kill (10)")
    parser.add_argument("--url", help="a PostgreSQL database to measure too; events are added to it")
    parser.add_argument("--work", nargs=2, metavar=("URL", "SPOOL"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        work_until_killed(chosen.work[0], Path(chosen.work[1]))
        return
    logging.disable()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        report_kills(chosen.runs, None, directory)
        report_caller(directory)
        sqlite = f"sqlite:///{directory / 'full.db'}"
        print(f"Writer, SQLite: {throughput(sqlite, directory):.0f} events/s")
        if chosen.url:
            report_kills(chosen.runs, chosen.url, directory)
            print(f"Writer, PostgreSQL: {throughput(chosen.url, directory):.0f} events/s")


if __name__ == "__main__":
    main()
