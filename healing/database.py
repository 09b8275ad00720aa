"""The shared database: how it is opened, how it is written to, and how an empty one gets its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from healing.errors import SchemaError
from healing.schema import SCHEMA_REVISION, metadata

SQLITE_PRAGMAS = (
    "busy_timeout = 5000",
    # A commit lets the spool drop its copy; for a writer that commits batches, FULL costs 6-10 %.
    "synchronous = FULL",
    "foreign_keys = ON",
    "wal_autocheckpoint = 10000",
)
POSTGRES_OPTIONS = {
    "connect_timeout": 2,
    "tcp_user_timeout": 10_000,
    "options": "-c statement_timeout=30s -c lock_timeout=10s -c timezone=UTC",
}
SETUP_LOCK = 0x4845414C
"""The key of the PostgreSQL advisory lock under which tables are made."""

version_table = sa.Table(
    "healing_schema_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="healing_schema_version_pkc"),
)


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`; nothing is connected yet, but SQLite's folder is made.

    On SQLite a transaction that writes must be opened by `write`: one that reads first and writes then fails
    at once with "database is locked" when another process wrote in between. Raises OSError where the folder
    cannot be made.
    """
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args=POSTGRES_OPTIONS,
        pool_pre_ping=True,
        pool_size=3,
        max_overflow=5,
        pool_timeout=5,
        pool_recycle=1800,
        hide_parameters=True,
    )


def _sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        Path(address.database).absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(address, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Take transactions away from sqlite3, whose own handling loses updates; set the pragmas."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        _switch_to_wal(cursor)
    cursor.close()


def _switch_to_wal(cursor: DBAPICursor) -> None:
    """The mode stays with the file, so another process that is doing this just now will do.

    SQLite does not wait for a lock here, whatever the busy timeout.
    """
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that may write: committed at the end, rolled back at an exception."""
    with engine.connect() as connection, connection.execution_options(begin="IMMEDIATE").begin():
        yield connection


def insert(connection: Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the connection's own dialect, which can say what to do about a row that is there."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def ensure_schema(engine: Engine) -> None:
    """Give an empty database its tables, once, whoever comes first; leave an existing one alone.

    Raises SchemaError where its tables are of another revision than this version of Healing needs.
    """
    with engine.connect() as connection:
        if _is_current(connection):
            return
    with write(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(SETUP_LOCK)))
        if not _is_current(connection):
            metadata.create_all(connection)
            version_table.create(connection)
            connection.execute(sa.insert(version_table).values(version_num=SCHEMA_REVISION))


def _is_current(connection: Connection) -> bool:
    """False for a database without any of our tables."""
    found = set(sa.inspect(connection).get_table_names())
    if version_table.name in found:
        return _is_at(connection.scalars(sa.select(version_table.c.version_num)).all())
    ours = sorted(found & set(metadata.tables))
    if ours:
        raise SchemaError(
            f"the database has {', '.join(ours)} but no {version_table.name}: give Healing an empty database"
        )
    return False


def _is_at(revisions: Sequence[str]) -> bool:
    if revisions == [SCHEMA_REVISION]:
        return True
    raise SchemaError(
        f"the database's tables are at revision {', '.join(revisions) or 'none'}, "
        f"this version of Healing needs {SCHEMA_REVISION}: run `healing db upgrade`"
    )
