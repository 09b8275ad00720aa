from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from db.connection import DatabaseAwayError, connect, reading, writing
from healing.schema import events, patterns
from tests.factories import event, insert, insert_patterns, pattern


def test_a_new_database_gets_its_tables(database_url: str) -> None:
    engine = connect(database_url)
    with reading(engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(events)).scalar_one() == 0
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_a_database_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(DatabaseAwayError, match="taken"):
        connect(f"sqlite:///{tmp_path}/taken/healing.db")


def test_tables_of_another_revision_are_a_database_that_is_away(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE healing_schema_version SET version_num = '9999'"))
    with pytest.raises(DatabaseAwayError, match="healing db upgrade"):
        connect(engine.url.render_as_string(hide_password=False))


def test_a_server_that_does_not_answer_is_a_database_that_is_away() -> None:
    with pytest.raises(DatabaseAwayError, match="refused"):
        connect("postgresql+psycopg://nobody:secret@127.0.0.1:1/healing")


def test_a_file_that_is_no_database_is_a_database_that_is_away(tmp_path: Path) -> None:
    path = tmp_path / "healing.db"
    path.write_text("this is a letter, not a database\n" * 200)
    with pytest.raises(DatabaseAwayError, match="not a database"):
        connect(f"sqlite:///{path}")


def test_a_file_that_was_moved_away_is_a_database_that_is_away_until_it_is_back(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    insert(sqlite_engine, event())
    path = Path(str(sqlite_engine.url.database))
    path.rename(tmp_path / "elsewhere.db")
    with pytest.raises(DatabaseAwayError, match="no such file"):
        count_events(sqlite_engine)
    assert not path.exists()

    (tmp_path / "elsewhere.db").rename(path)
    assert count_events(sqlite_engine) == 1


def test_a_file_that_was_replaced_is_read_anew(sqlite_engine: Engine, tmp_path: Path) -> None:
    other = connect(f"sqlite:///{tmp_path}/other.db")
    insert(other, event(), event())
    other.dispose()
    assert count_events(sqlite_engine) == 0

    replace_file(sqlite_engine, tmp_path / "other.db")
    assert count_events(sqlite_engine) == 2


def test_a_new_file_in_the_place_of_the_old_gets_its_tables(sqlite_engine: Engine, tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    insert(sqlite_engine, event())
    replace_file(sqlite_engine, empty)
    with writing(sqlite_engine) as connection:
        connection.execute(sa.delete(patterns))
    assert count_events(sqlite_engine) == 0


def replace_file(engine: Engine, other: Path) -> None:
    """With the log that SQLite keeps beside a file: one of another file must not be applied to this one."""
    path = str(engine.url.database)
    for suffix in ("-wal", "-shm"):
        Path(path + suffix).unlink(missing_ok=True)
    other.replace(path)


def count_events(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(events)).scalar_one()


def test_lost_tables_are_a_database_that_is_away(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(sa.text("DROP TABLE healing_event_details"))
        connection.execute(sa.text("DROP TABLE healing_events"))
    with pytest.raises(DatabaseAwayError, match="healing_events"), reading(engine) as connection:
        connection.execute(sa.select(events))


def test_a_pool_that_has_no_connection_left_is_a_database_that_is_away(sqlite_url: str) -> None:
    engine = sa.create_engine(sqlite_url, poolclass=sa.QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01)
    with reading(engine), pytest.raises(DatabaseAwayError, match="QueuePool limit"), reading(engine):
        pass
    engine.dispose()


def test_a_write_that_fails_half_way_leaves_nothing(engine: Engine) -> None:
    insert_patterns(engine, pattern())

    with pytest.raises(DatabaseAwayError):
        delete_patterns_then_fail(engine)

    with reading(engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(patterns)).scalar_one() == 1


def delete_patterns_then_fail(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(sa.delete(patterns))
        connection.execute(sa.text("DELETE FROM no_such_table"))
