"""What `healing doctor` looks at. Nothing here changes what it looks at."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

import healing
from healing import queue, spool
from healing.cli.reasons import first_line
from healing.cli.versions import installed
from healing.database import ensure_schema, open_engine
from healing.errors import ConfigurationError, SchemaError
from healing.identity import new_id
from healing.queue.storage import open_store, schedule_table
from healing.redaction import Redactor
from healing.runtime import rules_of
from healing.schema import SCHEMA_REVISION, audit_log, metadata
from healing.settings import NAMES, Settings, load

SERVER = "check database_url (HEALING_DATABASE_URL), and that the server runs and lets this user in"


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for a person; `remedy` says how to mend what is not well."""

    level: Level
    subject: str
    text: str
    remedy: str = ""


def all_findings() -> Iterator[Finding]:
    yield from _versions()
    try:
        settings = load()
        rules_of(settings)
    except ConfigurationError as error:
        yield Finding(Level.FAIL, "settings", str(error), "mend it in the place named in brackets")
        return
    yield from _settings(settings)
    yield _spool(settings)
    yield from _database(settings)


def _versions() -> Iterator[Finding]:
    yield Finding(Level.OK, "version", f"Python {platform.python_version()}")
    yield Finding(Level.OK, "version", f"healing {healing.__version__}")
    for name in ("SQLAlchemy", "huey", "streamlit"):
        found = installed(name)
        if found is not None:
            yield Finding(Level.OK, "version", f"{name} {found}")


def _settings(settings: Settings) -> Iterator[Finding]:
    mask = Redactor(personal_data=False)
    for name in NAMES:
        value = getattr(settings, name)
        value = [rule.get("name") for rule in value] if name == "rules" else value
        shown = "(empty)" if value in ("", (), {}, []) else str(value)
        text = mask.text(f"{name} = {shown}")
        yield Finding(Level.OK, "settings", f"{text}  ({settings.origins[name]})")


def _spool(settings: Settings) -> Finding:
    folder = settings.spool_dir.absolute()
    nearest = _nearest(folder)
    if not _takes_files(nearest):
        remedy = f"make {nearest} writable for this user, or set spool_dir to a folder that is"
        return Finding(Level.FAIL, "spool", f"{folder} cannot be written", remedy)
    found = spool.survey(folder)
    text = f"{folder}: {found.size} bytes pending in {found.files} files, {found.left_behind} of dead processes"
    if found.rejected:
        text += f", {found.rejected} bytes rejected"
        return Finding(Level.WARN, "spool", text, "see the .rejected files there: the database refused these lines")
    if found.left_behind:
        return Finding(Level.WARN, "spool", text, "the next process that uses this folder delivers them")
    return Finding(Level.OK, "spool", text)


def _nearest(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def _takes_files(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _database(settings: Settings) -> Iterator[Finding]:
    shown = sa.make_url(settings.database_url).render_as_string(hide_password=True)
    file = _sqlite_file(settings)
    if file is not None and not file.exists():
        yield _not_there(shown, _nearest(file.absolute().parent))
        return
    try:
        engine = open_engine(settings.database_url)
        try:
            yield from _open_database(engine, settings, shown)
        finally:
            engine.dispose()
    except (SQLAlchemyError, ModuleNotFoundError, OSError) as error:
        yield _unreachable(shown, error, in_file=file is not None)


def _not_there(shown: str, folder: Path) -> Finding:
    if _takes_files(folder):
        text = f"{shown} does not exist yet: the first event or `healing dashboard` makes it"
        return Finding(Level.WARN, "database", text)
    remedy = f"make {folder} writable for this user, or point database_url (HEALING_DATABASE_URL) elsewhere"
    return Finding(Level.FAIL, "database", f"{shown} does not exist and cannot be made", remedy)


def _sqlite_file(settings: Settings) -> Path | None:
    url = sa.make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _unreachable(shown: str, error: Exception, *, in_file: bool) -> Finding:
    if isinstance(error, ModuleNotFoundError):
        return Finding(Level.FAIL, "database", f"{shown}: {error}", 'pip install "healing[postgres]"')
    reason = first_line(error)
    return Finding(Level.FAIL, "database", f"{shown}: {reason}", _remedy(reason) if in_file else SERVER)


def _remedy(reason: str) -> str:
    """For an SQLite file."""
    if "disk I/O error" in reason:
        return "the file was moved or replaced while in use, or its disk is full or broken: restart what uses it"
    return "check database_url (HEALING_DATABASE_URL), and that this user may read and write the file and its folder"


def _open_database(engine: Engine, settings: Settings, shown: str) -> Iterator[Finding]:
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        yield Finding(Level.OK, "database", f"{shown} answers ({_server(connection)})")
    yield _tables(engine, tables)
    yield _queue(engine, settings, tables)


def _server(connection: sa.Connection) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {connection.scalar(sa.text('show server_version'))}"


def _tables(engine: Engine, tables: set[str]) -> Finding:
    if not tables & set(metadata.tables):
        return Finding(Level.WARN, "tables", "none yet: the first event or `healing db upgrade` makes them")
    try:
        ensure_schema(engine)
        _try_to_write(engine)
    except SchemaError as error:
        return Finding(Level.FAIL, "tables", str(error))
    except SQLAlchemyError as error:
        reason = first_line(error)
        remedy = _remedy(reason) if "disk I/O error" in reason else "let this user write to the database"
        return Finding(Level.FAIL, "tables", f"cannot be written: {reason}", remedy)
    return Finding(Level.OK, "tables", f"revision {SCHEMA_REVISION}, writable")


def _try_to_write(engine: Engine) -> None:
    row = {"actor": "doctor", "action": "probe", "subject": "database", "details": {}}
    values = {"id": new_id(), "happened_at": sa.func.current_timestamp(), **row}
    with engine.connect() as connection, connection.execution_options(begin="IMMEDIATE").begin() as attempt:
        connection.execute(sa.insert(audit_log).values(**values))
        attempt.rollback()


def _queue(engine: Engine, settings: Settings, tables: set[str]) -> Finding:
    table = schedule_table(settings.database_url)
    if table not in tables:
        return Finding(Level.OK, "queue", "nothing was ever queued")
    columns = {column["name"] for column in sa.inspect(engine).get_columns(table)}
    if not {"id", "queue", "data", "timestamp"} <= columns:
        text = f"table {table} is somebody else's: QUEUE_FOR_LATER cannot use this database"
        return Finding(Level.FAIL, "queue", text, "set database_url to an SQLite file that is Healing's alone")
    sizes = _sizes(settings)
    text = f"{sizes.waiting} waiting, {sizes.scheduled} scheduled, {sizes.dead} dead"
    if sizes.dead:
        return Finding(Level.WARN, "queue", text, "healing.queue.dead_letters() lists the dead ones and their errors")
    return Finding(Level.OK, "queue", text)


def _sizes(settings: Settings) -> queue.Sizes:
    store = open_store(settings.database_url, settings.queue_name)
    try:
        return queue.measure(store, time.time())
    finally:
        store.close()
