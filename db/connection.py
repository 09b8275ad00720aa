"""Connections of the dashboard, and the one error that pages know of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from healing.database import ensure_schema, open_engine, write
from healing.errors import SchemaError

__all__ = ["DatabaseAwayError", "Engine", "connect", "reading", "without_password", "writing"]

_FILES: WeakKeyDictionary[Engine, tuple[int, int]] = WeakKeyDictionary()
"""Device and inode of the SQLite file that an engine's connections have open."""


class DatabaseAwayError(Exception):
    """The database cannot be used just now; a later try may succeed. The text is the driver's first line."""


def connect(url: str) -> Engine:
    """An engine whose database has its tables. Raises DatabaseAwayError."""
    with _translated():
        engine = open_engine(url)
    try:
        with _translated():
            ensure_schema(engine)
            _remember_file(engine)
    except DatabaseAwayError:
        engine.dispose()
        raise
    return engine


def without_password(url: str) -> str:
    """A database's address as it may be shown."""
    return sa.make_url(url).render_as_string(hide_password=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for queries. Raises DatabaseAwayError."""
    with _translated():
        _follow_file(engine)
        with engine.connect() as connection:
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection within one transaction, committed at the end. Raises DatabaseAwayError."""
    with _translated():
        _follow_file(engine)
        with write(engine) as connection:
            yield connection


def _follow_file(engine: Engine) -> None:
    """An open SQLite file stays readable after it was moved or replaced, and would be shown for ever."""
    known = _FILES.get(engine)
    if known is None or known == _file(engine):
        return
    engine.dispose()
    if _file(engine) is None:
        raise DatabaseAwayError(f"no such file: {engine.url.database}")
    ensure_schema(engine)
    _remember_file(engine)


def _remember_file(engine: Engine) -> None:
    found = _file(engine)
    if found is not None:
        _FILES[engine] = found


def _file(engine: Engine) -> tuple[int, int] | None:
    """None where there is none: a server, a database in memory, a file that is gone."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name:
        return None
    try:
        found = Path(name).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise DatabaseAwayError(_first_line(str(error.orig))) from error
    except (sa.exc.TimeoutError, SchemaError, OSError) as error:
        raise DatabaseAwayError(_first_line(str(error))) from error


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
