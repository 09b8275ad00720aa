"""Where jobs lie: Huey's tables in the shared database.

A job is one row of Huey's schedule from the moment it is stored until it is done. Whoever runs it moves the
row's time to the end of a lease instead of taking the row out: that of a killed process falls due again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healing.errors import ConfigurationError

if TYPE_CHECKING:
    from huey.registry import Message
    from sqlalchemy.engine import URL

TABLE_PREFIX = "healing_queue"
"""Of the tables in PostgreSQL. In SQLite Huey's own names are fixed: task, schedule, kv, counter."""
LOCK_TIMEOUT = 2.0
"""Seconds that a caller's thread waits for the database: to connect, then for each statement."""
FORK_PATIENCE = 3.0
"""Seconds that a fork waits for the statement of another thread: longer than any should take."""
DEAD = "dead:"


class JsonSerializer:
    """Huey's messages as JSON; nothing else is read, pickles least of all."""

    def serialize(self, message: Message) -> bytes:
        set_fields = {name: value for name, value in message._asdict().items() if value is not None}
        return json.dumps(set_fields).encode()

    def deserialize(self, data: bytes) -> Message:
        """Raises ValueError for whatever `serialize` has not made."""
        from huey.registry import Message

        fields = json.loads(bytes(data).decode("utf-8"))
        if not isinstance(fields, dict) or not {"id", "name"} <= fields.keys() <= set(Message._fields):
            raise ValueError("not a job's JSON")
        return Message(**fields)


@dataclass
class Lease:
    """One job in hand. `until` (Unix seconds) also proves that it still is: another holder's would differ."""

    row: int
    data: bytes
    until: float


@dataclass(frozen=True)
class Dialect:
    """In what SQLite and PostgreSQL differ: tables, the mark of a parameter, how rivals pass each other."""

    schedule: str
    kv: str
    mark: str
    skip_locked: str


SQLITE = Dialect("schedule", "kv", "?", "")
POSTGRESQL = Dialect(f"{TABLE_PREFIX}_schedule", f"{TABLE_PREFIX}_kv", "%s", "for update skip locked")


class Store:
    """Rows of one queue. Every method is one transaction."""

    def __init__(self, huey: Any, dialect: Dialect) -> None:
        self.huey = huey
        self._storage = huey.storage
        self._name: str = huey.name
        self._mark = dialect.mark
        self._names = {"schedule": dialect.schedule, "kv": dialect.kv, "skip_locked": dialect.skip_locked}

    def add(self, data: bytes, due: float) -> None:
        # Huey's own method takes a datetime, whose rounding can put what is due now into the future.
        self._change(
            "insert into {schedule} (queue, data, timestamp) values (?, ?, ?) returning id", (self._name, data, due)
        )

    def claim(self, now: float, until: float) -> Lease | None:
        """The job that is due longest, leased until then; None where none is due. Times are Unix seconds."""
        probe = self._sql("select 1 from {schedule} where queue = ? and timestamp <= ? limit 1")
        if not self._storage.sql(probe, (self._name, now), results=True):
            return None
        rows = self._change(
            "update {schedule} set timestamp = ? where id = (select id from {schedule} where queue = ? "
            "and timestamp <= ? order by timestamp, id limit 1 {skip_locked}) returning id, data",
            (until, self._name, now),
        )
        return Lease(rows[0][0], bytes(rows[0][1]), until) if rows else None

    def renew(self, lease: Lease, until: float) -> bool:
        """False where the lease had run out and somebody else took the job."""
        held = self._update(lease, lease.data, until)
        if held:
            lease.until = until
        return held

    def rewrite(self, lease: Lease, data: bytes) -> None:
        self._update(lease, data, lease.until)

    def put_back(self, lease: Lease, due: float) -> None:
        self._update(lease, lease.data, due)

    def remove(self, lease: Lease) -> None:
        self._change("delete from {schedule} where id = ? and timestamp = ? returning id", lease_key(lease))

    def bury(self, lease: Lease, key: str, record: bytes) -> None:
        """Into the dead letters, out of the schedule: in one step."""
        with self._storage.db(commit=True) as cursor:
            cursor.execute(self._sql("delete from {schedule} where id = ? and timestamp = ?"), lease_key(lease))
            if cursor.rowcount:
                cursor.execute(
                    self._sql("insert into {kv} (queue, key, value) values (?, ?, ?)"),
                    (self._name, DEAD + key, record),
                )

    def due(self, now: float) -> int:
        return self._count("select count(*) from {schedule} where queue = ? and timestamp <= ?", now)

    def later(self, now: float) -> int:
        return self._count("select count(*) from {schedule} where queue = ? and timestamp > ?", now)

    def dead(self) -> dict[str, bytes]:
        """Records of dead letters by job id."""
        items = self._storage.result_items().items()
        return {key.removeprefix(DEAD): bytes(value) for key, value in items if key.startswith(DEAD)}

    def close(self) -> None:
        self._storage.close()

    def pause(self) -> bool:
        """Close the connection and let no thread open another until `resume`; False where one cannot be stopped."""
        storage = self._storage
        if not storage.lock.acquire(timeout=FORK_PATIENCE):
            return False
        connection, storage._conn = storage._conn, None  # noqa: SLF001 - Huey's close() wants the lock for itself
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()
        return True

    def resume(self) -> None:
        self._storage.lock.release()

    def _update(self, lease: Lease, data: bytes, until: float) -> bool:
        rows = self._change(
            "update {schedule} set data = ?, timestamp = ? where id = ? and timestamp = ? returning id",
            (data, until, *lease_key(lease)),
        )
        if rows:
            lease.data = data
        return bool(rows)

    def _change(self, template: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._storage.db(commit=True) as cursor:
            cursor.execute(self._sql(template), parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def _count(self, template: str, now: float) -> int:
        rows = self._storage.sql(self._sql(template), (self._name, now), results=True)
        return int(rows[0][0])

    def _sql(self, template: str) -> str:
        named = template.format(**self._names)
        return named.replace("?", self._mark)


def lease_key(lease: Lease) -> tuple[int, float]:
    """What a row must match still: SQLite gives the number of a deleted row to the next one."""
    return lease.row, lease.until


def schedule_table(database_url: str) -> str:
    from sqlalchemy.engine import make_url

    postgresql = make_url(database_url).get_backend_name() == "postgresql"
    return POSTGRESQL.schedule if postgresql else SQLITE.schedule


def open_store(database_url: str, name: str) -> Store:
    """The queue `name` in that database; makes Huey's tables where they are missing."""
    from sqlalchemy.engine import make_url

    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        return _open_postgresql(url, name)
    return _open_sqlite(url, name)


def _open_sqlite(url: URL, name: str) -> Store:
    from huey import SqliteHuey

    if not url.database or url.database == ":memory:":
        raise ConfigurationError("setting database_url: queued work needs an SQLite file, not one in memory")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    options = {"filename": url.database, "timeout": LOCK_TIMEOUT}
    return Store(SqliteHuey(name, serializer=JsonSerializer(), results=False, **options), SQLITE)


def _open_postgresql(url: URL, name: str) -> Store:
    from huey import PostgresHuey

    huey = PostgresHuey(
        name,
        serializer=JsonSerializer(),
        results=False,
        connection=_connector(url.set(drivername="postgresql").render_as_string(hide_password=False)),
        blocking=False,
        table_prefix=TABLE_PREFIX,
    )
    return Store(huey, POSTGRESQL)


def _connector(dsn: str) -> Callable[[], Any]:
    def connect() -> Any:
        import psycopg

        milliseconds = int(LOCK_TIMEOUT * 1000)
        connection = psycopg.connect(
            dsn, autocommit=True, connect_timeout=int(LOCK_TIMEOUT), tcp_user_timeout=milliseconds
        )
        connection.execute(f"set statement_timeout = {milliseconds}")
        return connection

    return connect
