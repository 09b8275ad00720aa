from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import Engine

from db import migrate
from db.__main__ import main
from healing.database import ensure_schema, open_engine
from healing.schema import SCHEMA_REVISION, metadata


@pytest.fixture
def bare_engine(database_url: str) -> Engine:
    return open_engine(database_url)


def test_the_code_names_the_newest_revision() -> None:
    assert migrate.head() == SCHEMA_REVISION


def test_an_upgraded_database_equals_the_codes_tables(bare_engine: Engine) -> None:
    assert migrate.upgrade(bare_engine) == SCHEMA_REVISION

    assert migrate.differences(bare_engine) == []
    assert migrate.current(bare_engine) == SCHEMA_REVISION
    assert migrated_tables(bare_engine) == set(metadata.tables) | {"healing_schema_version"}
    bare_engine.dispose()


def test_a_database_set_up_by_a_service_needs_no_upgrade(bare_engine: Engine) -> None:
    ensure_schema(bare_engine)

    assert migrate.differences(bare_engine) == []
    assert migrate.current(bare_engine) == SCHEMA_REVISION
    assert migrate.upgrade(bare_engine) == SCHEMA_REVISION
    bare_engine.dispose()


def test_both_ways_give_the_same_columns_keys_and_indexes(bare_engine: Engine) -> None:
    migrate.upgrade(bare_engine)
    migrated = reflected(bare_engine)
    with bare_engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)

    assert reflected(bare_engine) == migrated
    bare_engine.dispose()


def test_a_table_of_somebody_else_is_no_difference(bare_engine: Engine) -> None:
    with bare_engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE kv (queue VARCHAR(20), key VARCHAR(20))"))
    migrate.upgrade(bare_engine)

    assert migrate.differences(bare_engine) == []
    bare_engine.dispose()


def test_a_missing_index_is_a_difference(bare_engine: Engine) -> None:
    migrate.upgrade(bare_engine)
    with bare_engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_healing_events_occurred_at_id"))

    assert "ix_healing_events_occurred_at_id" in "".join(migrate.differences(bare_engine))
    bare_engine.dispose()


def test_every_revision_can_be_taken_back(bare_engine: Engine) -> None:
    migrate.upgrade(bare_engine)
    migrate.downgrade(bare_engine, "base")

    assert migrated_tables(bare_engine) == {"healing_schema_version"}
    bare_engine.dispose()


def test_the_command_upgrades_and_then_finds_nothing_to_do(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALING_DATABASE_URL", sqlite_url)

    before = CliRunner().invoke(main, ["check"])
    upgraded = CliRunner().invoke(main, ["upgrade"])
    after = CliRunner().invoke(main, ["check"])

    assert before.exit_code == 1
    assert "healing db upgrade" in before.stderr
    assert upgraded.exit_code == 0
    assert f"revision {SCHEMA_REVISION}" in upgraded.stdout
    assert after.exit_code == 0
    assert "up to date" in after.stdout


def migrated_tables(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def reflected(engine: Engine) -> dict[str, object]:
    inspector = sa.inspect(engine)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            inspector.get_foreign_keys(table),
            sorted((str(index["name"]), index["column_names"]) for index in inspector.get_indexes(table)),
        )
        for table in metadata.tables
    }
