from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from healing.clock import SystemClock
from healing.database import ensure_schema, open_engine, write
from healing.event import Opening
from healing.journal import Journal, JournalStats
from healing.pattern_store import pin
from healing.patterns import Patterns
from healing.schema import event_details, event_rollups, events, metadata
from healing.settings import Settings
from healing.spool import set_aside
from healing.vocabulary import Strategy
from tests.healing.sample_events import a_closing, an_opening

SOON = 20.0
"""Seconds after which a flush that must succeed has failed."""
RETRY = Strategy.RETRY_WITH_BACKOFF

MakeJournal = Callable[..., Journal]


class MovedClock(SystemClock):
    """The system's clock, `ahead` seconds ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return SystemClock.monotonic() + self.ahead


@pytest.fixture
def make_journal(tmp_path: Path) -> Iterator[MakeJournal]:
    made: list[Journal] = []

    def make(url: str, *, clock: SystemClock | None = None, **settings: Any) -> Journal:
        chosen = {"spool_dir": tmp_path / "spool"} | settings
        journal = Journal(settings=Settings(database_url=url, **chosen), clock=clock)
        made.append(journal)
        return journal

    yield make
    for journal in made:
        journal.close()


def until_away(journal: Journal) -> JournalStats:
    """The stats once the journal has noticed that there is no database."""
    while not journal.stats().database_away:
        assert not journal.flush(0.05)
    return journal.stats()


def record(journal: Journal, **changes: Any) -> Opening:
    opening = an_opening(**changes)
    journal.recorded(opening, a_closing(opening))
    return opening


def spool_files(journal: Journal, suffix: str = ".spool") -> list[Path]:
    return sorted(path for path in journal._settings.spool_dir.glob("*") if path.suffix == suffix)


def outcomes(url: str) -> dict[str, str]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {row.id: row.outcome for row in connection.execute(sa.select(events.c.id, events.c.outcome))}
        counted = connection.scalar(sa.select(sa.func.coalesce(sa.func.sum(event_rollups.c.events), 0)))
        with_details = connection.scalar(sa.select(sa.func.count()).select_from(event_details))
    engine.dispose()
    assert counted == with_details == len(found), "events, details and roll-ups differ"
    return found


def test_an_event_reaches_the_database(make_journal: MakeJournal, database_url: str) -> None:
    journal = make_journal(database_url)
    opening = an_opening()

    journal.opened(opening)
    journal.closed(a_closing(opening))
    at_once = record(journal)

    assert journal.flush(SOON)
    assert outcomes(database_url) == {opening.id: "healed", at_once.id: "healed"}
    assert [path.stat().st_size for path in spool_files(journal)] == [0]


def test_events_of_many_threads_reach_the_database(make_journal: MakeJournal, database_url: str) -> None:
    journal = make_journal(database_url)

    def work() -> None:
        for _ in range(300):
            opening = an_opening()
            journal.opened(opening)
            journal.closed(a_closing(opening))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert journal.flush(SOON)
    assert len(outcomes(database_url)) == 900
    assert journal.stats().delivered == 900


def test_more_than_a_round_of_events_needs_no_further_call(make_journal: MakeJournal, sqlite_url: str) -> None:
    blocker = Path(sqlite_url.removeprefix("sqlite:///"))
    blocker.mkdir()
    journal = make_journal(sqlite_url)
    for _ in range(5_200):
        record(journal, details={})
    blocker.rmdir()

    assert journal.flush(SOON)
    assert journal.stats().delivered == 5_200


def test_a_flush_does_not_wait_for_a_healing_that_goes_on(make_journal: MakeJournal, sqlite_url: str) -> None:
    journal = make_journal(sqlite_url)
    long = an_opening()
    journal.opened(long)
    short = record(journal)

    assert journal.flush(SOON)
    assert outcomes(sqlite_url) == {short.id: "healed"}
    assert journal.stats().pending == 1

    journal.closed(a_closing(long))
    assert journal.flush(SOON)
    assert set(outcomes(sqlite_url)) == {short.id, long.id}


def test_a_journal_without_an_event_touches_nothing(make_journal: MakeJournal, tmp_path: Path) -> None:
    journal = make_journal(f"sqlite:///{tmp_path / 'healing.db'}")

    assert journal.flush(SOON)
    journal.close()

    assert journal.stats() == JournalStats()
    assert list(tmp_path.iterdir()) == []


def test_a_closed_journal_leaves_no_file(make_journal: MakeJournal, sqlite_url: str) -> None:
    journal = make_journal(sqlite_url)
    opening = record(journal)

    journal.close()

    assert spool_files(journal) == []
    assert outcomes(sqlite_url) == {opening.id: "healed"}


def test_what_is_still_being_healed_when_the_journal_closes_is_delivered_when_it_ends(
    make_journal: MakeJournal, sqlite_url: str
) -> None:
    before = make_journal(sqlite_url)
    long = an_opening()
    before.opened(long)
    before.close()

    now = make_journal(sqlite_url)
    record(now)
    assert now.flush(SOON)
    assert long.id not in outcomes(sqlite_url)

    before.closed(a_closing(long))
    assert before.flush(SOON)
    assert outcomes(sqlite_url)[long.id] == "healed"


def test_what_comes_after_the_end_waits_for_the_next_journal(make_journal: MakeJournal, sqlite_url: str) -> None:
    before = make_journal(sqlite_url)
    record(before)
    before.close()
    late = record(before)
    assert not before.flush(0.0)
    before._spool.release()

    now = make_journal(sqlite_url)
    now.start()
    record(now)

    assert now.flush(SOON)
    assert late.id in outcomes(sqlite_url)


def test_two_journals_deliver_to_one_database(make_journal: MakeJournal, database_url: str) -> None:
    journals = [make_journal(database_url) for _ in range(2)]
    sent = {record(journal).id for _ in range(100) for journal in journals}

    assert all(journal.flush(SOON) for journal in journals)
    assert set(outcomes(database_url)) == sent


# The database away


def test_events_wait_while_sqlites_folder_is_missing(
    make_journal: MakeJournal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "healing.journal")
    (tmp_path / "data").touch()
    url = f"sqlite:///{tmp_path / 'data' / 'healing.db'}"
    journal = make_journal(url)

    sent = {record(journal).id for _ in range(20)}
    assert not journal.flush(0.0)
    stats = until_away(journal)
    assert (stats.pending, stats.delivered_at) == (20, None)
    assert "data" in stats.last_error
    (tmp_path / "data").unlink()

    assert journal.flush(SOON)
    assert set(outcomes(url)) == sent
    assert not journal.stats().database_away
    assert journal.stats().delivered_at is not None
    journal.close()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert said[0].startswith("no database, events wait in")
    assert said[1] == "the database is back"


def test_events_wait_while_a_postgresql_database_is_missing(
    make_journal: MakeJournal, postgres_url: str, postgres_server: str
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"]
    journal = make_journal(postgres_url)
    first = record(journal)
    assert journal.flush(SOON)
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        admin.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_away"')
        second = record(journal)
        until_away(journal)
        admin.execute(f'ALTER DATABASE "{name}_away" RENAME TO "{name}"')

    assert journal.flush(SOON)
    assert set(outcomes(postgres_url)) == {first.id, second.id}


def test_events_wait_while_the_tables_are_of_another_revision(make_journal: MakeJournal, database_url: str) -> None:
    engine = open_engine(database_url)
    ensure_schema(engine)
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE healing_schema_version SET version_num = '0000'"))
    journal = make_journal(database_url)
    opening = record(journal)
    assert "healing db upgrade" in until_away(journal).last_error

    with write(engine) as connection:
        connection.execute(sa.text("UPDATE healing_schema_version SET version_num = '0001'"))
    engine.dispose()

    assert journal.flush(SOON)
    assert set(outcomes(database_url)) == {opening.id}


def test_tables_that_vanish_are_made_again(make_journal: MakeJournal, database_url: str) -> None:
    journal = make_journal(database_url)
    record(journal)
    assert journal.flush(SOON)
    engine = open_engine(database_url)
    with write(engine) as connection:
        metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE healing_schema_version"))
    engine.dispose()

    opening = record(journal)

    assert journal.flush(SOON)
    assert set(outcomes(database_url)) == {opening.id}


def test_a_locked_sqlite_file_holds_no_caller(make_journal: MakeJournal, sqlite_url: str) -> None:
    journal = make_journal(sqlite_url)
    record(journal)
    assert journal.flush(SOON)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    started = SystemClock.monotonic()
    opening = record(journal)
    assert SystemClock.monotonic() - started < 0.2
    assert not journal.flush(0.1)
    other.execute("COMMIT")
    other.close()

    assert journal.flush(SOON)
    assert opening.id in outcomes(sqlite_url)


# The spool in trouble


def test_events_find_their_way_through_memory_where_the_spool_cannot_be_written(
    make_journal: MakeJournal, sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    journal = make_journal(sqlite_url, spool_dir=tmp_path / "file" / "spool")
    sent = {record(journal).id for _ in range(20)}

    assert journal.flush(SOON)
    assert set(outcomes(sqlite_url)) == sent
    assert "Not a directory" in journal.stats().last_error
    (tmp_path / "file").unlink()
    record(journal)
    assert journal.flush(SOON)
    journal.close()

    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert said[0].startswith("the spool cannot be written, events wait in memory")
    assert said[1].endswith("can be written again")


def test_a_full_spool_refuses_events_says_so_once_and_recovers(
    make_journal: MakeJournal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").touch()
    journal = make_journal(f"sqlite:///{tmp_path / 'data' / 'healing.db'}", spool_max_mb=1)
    big = {"blob": "x" * 100_000}
    for _ in range(15):
        record(journal, details=big)

    stats = until_away(journal)
    assert (stats.pending, stats.refused) == (10, 5)
    assert stats.spool_bytes <= 1 << 20
    (tmp_path / "data").unlink()
    assert journal.flush(SOON)
    record(journal, details=big)
    assert journal.flush(SOON)

    assert journal.stats().delivered == 11
    journal.close()
    assert sum("is full, events are lost" in record.getMessage() for record in caplog.records) == 1


def test_what_cannot_be_stored_is_set_aside_and_holds_nobody_up(
    make_journal: MakeJournal, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = make_journal(database_url)
    first = record(journal)
    journal.closed(a_closing(an_opening()))
    record(journal, source="s" * 500)
    last = record(journal)

    assert journal.flush(SOON)
    assert set(outcomes(database_url)) == {first.id, last.id}
    (rejected,) = spool_files(journal, ".rejected")
    assert len(rejected.read_bytes().splitlines()) == 2
    assert journal.stats().rejected == 2
    assert any("were set aside in" in record.getMessage() for record in caplog.records)


def test_what_can_neither_be_stored_nor_set_aside_is_said(
    make_journal: MakeJournal, sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    journal = make_journal(sqlite_url, spool_dir=tmp_path / "file" / "spool")
    journal.closed(a_closing(an_opening()))
    good = record(journal)

    assert journal.flush(SOON)
    assert set(outcomes(sqlite_url)) == {good.id}
    assert any("nor set aside" in record.getMessage() for record in caplog.records)


def test_an_event_that_cannot_be_written_down_is_counted_and_raises_nothing(
    make_journal: MakeJournal, sqlite_url: str
) -> None:
    journal = make_journal(sqlite_url)

    journal.recorded(an_opening(message={("not", "json"): 1}), a_closing(an_opening()))

    assert journal.stats().refused == 1


def test_events_lie_safe_while_no_thread_can_be_started(
    make_journal: MakeJournal, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    journal = make_journal(sqlite_url)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        opening = record(journal)
        assert not journal.flush(0.0)
    assert journal.stats().pending == 1

    assert journal.flush(SOON)
    assert set(outcomes(sqlite_url)) == {opening.id}


# What others left, or learnt


def test_files_of_dead_processes_are_looked_for_every_minute(make_journal: MakeJournal, sqlite_url: str) -> None:
    clock = MovedClock()
    journal = make_journal(sqlite_url, clock=clock)
    record(journal)
    assert journal.flush(SOON)
    dead = make_journal(sqlite_url)
    dead._closing = True
    left = record(dead)
    dead._spool.release()

    record(journal)
    assert journal.flush(SOON)
    assert left.id not in outcomes(sqlite_url)

    clock.ahead = 61.0
    record(journal)
    assert journal.flush(SOON)
    assert outcomes(sqlite_url)[left.id] == "healed"
    assert journal.flush(SOON)
    assert len(spool_files(journal)) == 1


def test_what_a_dead_process_left_is_set_aside_where_it_is_no_event(
    make_journal: MakeJournal, sqlite_url: str, tmp_path: Path
) -> None:
    path = set_aside(tmp_path / "spool" / "1-x.spool", [b"garbage"])
    path.rename(path.with_suffix(".spool"))
    journal = make_journal(sqlite_url)
    record(journal)

    assert journal.flush(SOON)
    assert journal.flush(SOON)
    assert (tmp_path / "spool" / "1-x.rejected").read_bytes() == b"garbage\n"
    assert not (tmp_path / "spool" / "1-x.spool").exists()


def test_trials_become_figures_that_a_flush_makes_known(make_journal: MakeJournal, database_url: str) -> None:
    journal = make_journal(database_url)
    assert journal.patterns.figures("f" * 32) == {}
    for _ in range(5):
        record(journal)

    assert journal.flush(SOON)

    figures = journal.patterns.figures("f" * 32)[RETRY]
    assert figures.successes == 5
    assert figures.proven(figures.updated_at, 1.0)


def test_rulings_of_operators_are_known_after_a_flush(make_journal: MakeJournal, database_url: str) -> None:
    journal = make_journal(database_url)
    record(journal)
    assert journal.flush(SOON)
    engine = open_engine(database_url)
    pin(engine, "f" * 32, RETRY, "ada")
    engine.dispose()

    assert journal.flush(SOON)

    assert journal.patterns.figures("f" * 32)[RETRY].ruling == "pin"


def test_a_start_loads_the_patterns(make_journal: MakeJournal, database_url: str) -> None:
    first = make_journal(database_url)
    record(first)
    assert first.flush(SOON)

    second = make_journal(database_url)
    second.start()
    second.start()
    record(second, fingerprint="e" * 32)
    assert second.flush(SOON)

    assert second.patterns.ready
    assert second.patterns.figures("f" * 32)[RETRY].tries == 1


def test_patterns_are_refreshed_some_seconds_after_an_event(make_journal: MakeJournal, sqlite_url: str) -> None:
    clock = MovedClock()
    journal = make_journal(sqlite_url, clock=clock)
    refreshed = threading.Event()

    class Watched(Patterns):
        def merge(self, rows: Any) -> None:
            rows = list(rows)
            super().merge(rows)
            if rows:
                refreshed.set()

    journal.patterns = Watched()
    record(journal)
    while not refreshed.wait(0.05) and clock.ahead < 1000:
        clock.ahead += 3.0
        record(journal)

    assert journal.patterns.figures("f" * 32)[RETRY].tries >= 1


def test_relative_places_stay_where_they_were(
    make_journal: MakeJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    journal = make_journal("sqlite:///data/healing.db", spool_dir=Path("spool"))
    monkeypatch.chdir(tmp_path / "elsewhere")

    record(journal)

    assert journal.flush(SOON)
    assert len(outcomes(f"sqlite:///{tmp_path / 'data' / 'healing.db'}")) == 1
    assert (tmp_path / "spool").is_dir()
    assert list((tmp_path / "elsewhere").iterdir()) == []
