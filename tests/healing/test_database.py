from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from healing.database import ensure_schema, insert, open_engine, version_table, write
from healing.errors import SchemaError
from healing.schema import SCHEMA_REVISION, event_rollups, metadata, patterns

COUNTER = sa.Table("counter", sa.MetaData(), sa.Column("n", sa.Integer))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def tables_of(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def test_an_empty_database_gets_all_tables_and_the_stamp(engine: Engine) -> None:
    ensure_schema(engine)

    assert tables_of(engine) == {*metadata.tables, "healing_schema_version"}
    with engine.connect() as connection:
        assert connection.scalars(sa.select(version_table.c.version_num)).all() == [SCHEMA_REVISION]


def test_a_database_with_tables_of_somebody_else_counts_as_empty(engine: Engine) -> None:
    with write(engine) as connection:
        COUNTER.create(connection)

    ensure_schema(engine)

    assert {"counter", *metadata.tables} <= tables_of(engine)


def test_an_existing_database_is_left_alone(engine: Engine) -> None:
    ensure_schema(engine)
    with write(engine) as connection:
        patterns.drop(connection)

    ensure_schema(engine)

    assert patterns.name not in tables_of(engine)


def test_another_revision_is_an_error_that_names_the_command(engine: Engine) -> None:
    ensure_schema(engine)
    with write(engine) as connection:
        connection.execute(sa.update(version_table).values(version_num="0000"))

    with pytest.raises(SchemaError, match=r"revision 0000.*needs 0001.*healing db upgrade"):
        ensure_schema(engine)


def test_our_tables_without_a_stamp_are_an_error(engine: Engine) -> None:
    with write(engine) as connection:
        patterns.create(connection)

    with pytest.raises(SchemaError, match="has healing_patterns but no healing_schema_version"):
        ensure_schema(engine)


def test_many_processes_set_up_one_database_once(database_url: str) -> None:
    code = "import sys; from healing.database import *; ensure_schema(open_engine(sys.argv[1]))"
    racers = [subprocess.Popen([sys.executable, "-c", code, database_url]) for _ in range(3)]

    assert [racer.wait(60) for racer in racers] == [0, 0, 0]


def test_read_then_write_transactions_of_two_threads_lose_nothing(engine: Engine) -> None:
    with write(engine) as connection:
        COUNTER.create(connection)
        connection.execute(sa.insert(COUNTER).values(n=0))

    def increment() -> None:
        for _ in range(25):
            with write(engine) as connection:
                before = connection.scalar(sa.select(COUNTER.c.n).with_for_update())
                assert before is not None
                connection.execute(sa.update(COUNTER).values(n=before + 1))

    threads = [threading.Thread(target=increment) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with engine.connect() as connection:
        assert connection.scalar(sa.select(COUNTER.c.n)) == 50


def test_a_write_that_fails_leaves_nothing(engine: Engine) -> None:
    with write(engine) as connection:
        COUNTER.create(connection)

    with pytest.raises(ZeroDivisionError), write(engine) as connection:
        connection.execute(sa.insert(COUNTER).values(n=1 // 0))
    with pytest.raises(RuntimeError), write(engine) as connection:
        connection.execute(sa.insert(COUNTER).values(n=1))
        raise RuntimeError

    with engine.connect() as connection:
        assert connection.scalars(sa.select(COUNTER.c.n)).all() == []


def test_reading_does_not_wait_for_a_writer(engine: Engine) -> None:
    with write(engine) as connection:
        COUNTER.create(connection)

    with write(engine) as writer:
        writer.execute(sa.insert(COUNTER).values(n=1))
        with engine.connect() as reader:
            assert reader.scalars(sa.select(COUNTER.c.n)).all() == []


def test_an_insert_speaks_the_databases_dialect(engine: Engine) -> None:
    ensure_schema(engine)
    with write(engine) as connection:
        statement = insert(connection, event_rollups).on_conflict_do_nothing()

        assert "ON CONFLICT DO NOTHING" in str(statement.compile(engine))


def test_an_sqlite_file_is_opened_for_a_batching_writer(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a' / 'b' / 'healing.db'}")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "synchronous", "foreign_keys", "wal_autocheckpoint")
        }
    engine.dispose()

    assert found == {
        "journal_mode": "wal",
        "busy_timeout": 5000,
        "synchronous": 2,
        "foreign_keys": 1,
        "wal_autocheckpoint": 10000,
    }


def test_an_sqlite_file_that_is_locked_while_it_is_opened_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "healing.db"
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("CREATE TABLE t (n)")
    first.execute("BEGIN IMMEDIATE")

    engine = open_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT * FROM t").all() == []
    engine.dispose()
    first.close()


def test_a_file_that_is_no_database_is_an_error_at_the_first_use(tmp_path: Path) -> None:
    (tmp_path / "healing.db").write_bytes(b"no database at all" * 100)
    engine = open_engine(f"sqlite:///{tmp_path / 'healing.db'}")

    with pytest.raises(sa.exc.DatabaseError, match="not a database"):
        engine.connect()
    engine.dispose()


def test_parameters_stay_out_of_error_texts(engine: Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError) as caught, engine.connect() as connection:
        connection.execute(sa.text("SELECT * FROM missing WHERE x = :x"), {"x": "hunter2"})

    assert "hunter2" not in str(caught.value)


def test_postgresql_is_reached_through_psycopg_and_soon_or_not_at_all(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "30s"
    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()
