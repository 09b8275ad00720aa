"""The tables' history, run by Alembic without an ini file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from db.differences import lines
from healing.database import SETUP_LOCK, version_table, write
from healing.schema import metadata


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Other tables may live in the same database: the queue's, or the user's own."""
    return kind != "table" or name in metadata.tables


OPTIONS: dict[str, Any] = {
    "target_metadata": metadata,
    "include_name": _is_ours,
    "version_table": version_table.name,
}


def upgrade(engine: Engine) -> str:
    """Brings the tables to the newest revision and returns it."""
    with write(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(SETUP_LOCK)))
        command.upgrade(_config(connection), "head")
    return head()


def downgrade(engine: Engine, revision: str) -> None:
    """Takes the tables back to `revision`; `base` is before the first."""
    with write(engine) as connection:
        command.downgrade(_config(connection), revision)


def head() -> str:
    """The newest revision that the code knows."""
    found = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert found is not None  # noqa: S101 - versions/ ships with this file
    return found


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection, opts=OPTIONS).get_current_revision()


def is_empty(engine: Engine) -> bool:
    """Whether a service or an upgrade may still make the tables: there are none, nor a revision."""
    with engine.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
    return not there & set(metadata.tables) and current(engine) is None


def differences(engine: Engine) -> list[str]:
    """What an upgrade would still have to change for the database to equal the code's tables."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        return list(lines(compare_metadata(context, metadata)))


def _config(connection: Connection | None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
