from __future__ import annotations

import json
import resource
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from healing.database import ensure_schema, open_engine
from healing.queue.storage import DEAD, open_store
from healing.schema import SCHEMA_REVISION
from healing.spool import SpoolFile
from tests.healing.cli.conftest import Run


def made(url: str) -> str:
    engine = open_engine(url)
    ensure_schema(engine)
    engine.dispose()
    return url


def line(output: str, start: str) -> str:
    return next(text for text in output.splitlines() if text.startswith(start))


def test_all_is_well_with_a_fresh_database(run: Run, database_url: str) -> None:
    result = run("doctor", HEALING_DATABASE_URL=made(database_url))

    assert result.exit_code == 0, result.output
    assert line(result.output, "ok   tables") == f"ok   tables    revision {SCHEMA_REVISION}, writable"
    assert line(result.output, "ok   queue") == "ok   queue     nothing was ever queued"
    assert line(result.output, "ok   version   Python 3.")
    assert line(result.output, "ok   version   SQLAlchemy ")
    assert "warnings: 0, failures: 0" in result.output


def test_looking_changes_nothing(run: Run, database_url: str) -> None:
    made(database_url)
    run("doctor", HEALING_DATABASE_URL=database_url)

    engine = open_engine(database_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select count(*) from audit_log")) == 0
    engine.dispose()


def test_settings_are_shown_with_where_they_come_from(run: Run, elsewhere: Path) -> None:
    (elsewhere / "healing.toml").write_text('release = "1.2.3"\n')

    result = run("doctor", HEALING_MODE="observe")

    assert "mode = observe  (environment)" in result.output
    assert "release = 1.2.3  (healing.toml)" in result.output
    assert "environment = (empty)  (default)" in result.output
    assert "redact_keys = (empty)  (default)" in result.output


def test_a_password_is_not_shown(run: Run) -> None:
    url = "postgresql://app:s3cr3tpassw0rd@127.0.0.1:1/app"

    result = run("doctor", HEALING_DATABASE_URL=url)

    assert "s3cr3t" not in result.output
    assert result.exit_code == 1
    assert "fail database  postgresql+psycopg://app:***@127.0.0.1:1/app" in result.output
    assert "-> check database_url (HEALING_DATABASE_URL)" in result.output


def test_a_database_that_is_not_there_yet_is_a_warning_and_is_not_made(run: Run, elsewhere: Path) -> None:
    result = run("doctor")

    assert result.exit_code == 0
    assert "does not exist yet" in line(result.output, "warn database")
    assert list(elsewhere.iterdir()) == []


def test_an_empty_database_is_a_warning(run: Run, postgres_url: str) -> None:
    result = run("doctor", HEALING_DATABASE_URL=postgres_url)

    assert result.exit_code == 0
    assert "`healing db upgrade` makes them" in line(result.output, "warn tables")


def test_a_wrong_setting_is_a_failure_with_its_remedy(run: Run) -> None:
    result = run("doctor", HEALING_MODE="sometimes")

    assert result.exit_code == 1
    assert "HEALING_MODE (environment): must be heal, observe or off" in line(result.output, "fail settings")


def test_tables_of_another_revision_are_a_failure(run: Run, sqlite_url: str) -> None:
    made(sqlite_url)
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute("update healing_schema_version set version_num = '9999'")
    connection.close()

    result = run("doctor", HEALING_DATABASE_URL=sqlite_url)

    assert result.exit_code == 1
    assert "9999" in line(result.output, "fail tables")
    assert "healing db upgrade" in result.output


def test_a_database_that_takes_no_rows_is_a_failure(run: Run, database_url: str) -> None:
    engine = open_engine(made(database_url))
    with engine.begin() as connection:
        connection.execute(sa.text("drop table audit_log"))
    engine.dispose()

    result = run("doctor", HEALING_DATABASE_URL=database_url)

    assert result.exit_code == 1
    assert "cannot be written" in line(result.output, "fail tables")


def test_a_file_that_is_no_database_is_a_failure(run: Run, elsewhere: Path) -> None:
    (elsewhere / "healing.db").write_text("not a database at all" * 100)

    result = run("doctor")

    assert result.exit_code == 1
    assert "file is not a database" in line(result.output, "fail database")


def test_a_missing_driver_is_a_failure_with_its_remedy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)

    result = run("doctor", HEALING_DATABASE_URL="postgresql://app@127.0.0.1:1/app")

    assert result.exit_code == 1
    assert '-> pip install "healing[postgres]"' in result.output


def test_the_queues_sizes_are_told_and_dead_letters_are_a_warning(run: Run, database_url: str) -> None:
    store = open_store(made(database_url), "healing")
    store.add(b"{}", 0.0)
    store.add(b"{}", 9e9)
    result = run("doctor", HEALING_DATABASE_URL=database_url)
    assert line(result.output, "ok   queue") == "ok   queue     1 waiting, 1 scheduled, 0 dead"

    store.huey.storage.put_data(DEAD + "1", json.dumps({}).encode())
    store.close()
    result = run("doctor", HEALING_DATABASE_URL=database_url)
    assert result.exit_code == 0
    assert line(result.output, "warn queue") == "warn queue     1 waiting, 1 scheduled, 1 dead"


def test_a_table_of_the_user_where_the_queue_would_be_is_a_failure(run: Run, sqlite_url: str) -> None:
    made(sqlite_url)
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute("create table schedule (train text, leaves text)")
    connection.close()

    result = run("doctor", HEALING_DATABASE_URL=sqlite_url)

    assert result.exit_code == 1
    assert "table schedule is somebody else's" in line(result.output, "fail queue")


def test_the_spool_of_a_dead_process_is_a_warning(run: Run, sqlite_url: str, elsewhere: Path) -> None:
    file = SpoolFile.create(elsewhere / "spool")
    file.append(b"one line\n")
    file.close()

    result = run("doctor", HEALING_SPOOL_DIR="spool", HEALING_DATABASE_URL=made(sqlite_url))

    assert result.exit_code == 0
    text = line(result.output, "warn spool")
    assert text.endswith("9 bytes pending in 1 files, 1 of dead processes")


def test_rejected_lines_are_a_warning(run: Run, sqlite_url: str, elsewhere: Path) -> None:
    (elsewhere / "spool").mkdir()
    (elsewhere / "spool" / "1-2.rejected").write_text("{}")

    result = run("doctor", HEALING_SPOOL_DIR="spool", HEALING_DATABASE_URL=made(sqlite_url))

    assert "2 bytes rejected" in line(result.output, "warn spool")


def test_a_spool_that_cannot_be_written_is_a_failure(run: Run, elsewhere: Path) -> None:
    (elsewhere / "file").write_text("")

    result = run("doctor", HEALING_SPOOL_DIR="file/spool")

    assert result.exit_code == 1
    assert "cannot be written" in line(result.output, "fail spool")
    assert "set spool_dir to a folder that is" in result.output


def test_a_database_that_cannot_be_made_is_a_failure(run: Run, elsewhere: Path) -> None:
    (elsewhere / "file").write_text("")

    result = run("doctor", HEALING_DATABASE_URL="sqlite:///file/healing.db")

    assert result.exit_code == 1
    assert "cannot be made" in line(result.output, "fail database")
    assert f"-> make {elsewhere / 'file'} writable for this user" in result.output


def test_a_disk_that_fails_has_a_remedy_of_its_own(run: Run, sqlite_url: str) -> None:
    made(sqlite_url)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        result = run("doctor", HEALING_DATABASE_URL=sqlite_url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert result.exit_code == 1
    assert "disk I/O error" in line(result.output, "fail database")
    assert "-> the file was moved or replaced while in use, or its disk is full or broken" in result.output
