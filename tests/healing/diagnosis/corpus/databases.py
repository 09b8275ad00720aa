"""Databases and what lies around them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
import psycopg.errors
import sqlalchemy
import sqlalchemy.exc
import sqlalchemy.orm.exc

from tests.healing.diagnosis.corpus.labels import (
    NO,
    RESET,
    RETRY,
    ROLLBACK,
    UNKNOWN,
    AppError,
    C,
    caused,
    like,
    raised,
    rows,
)


def refused_by_psycopg() -> BaseException:
    return raised(lambda: psycopg.connect("postgresql://nobody@127.0.0.1:1/none"))


def refused_by_sqlalchemy() -> BaseException:
    engine = sqlalchemy.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    return raised(engine.connect)


def sql(statement: str, *, setup: str = "") -> BaseException:
    def step() -> None:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(setup)
            connection.execute(statement)

    return raised(step)


def locked(tmp: str = "file:locked?mode=memory&cache=shared") -> BaseException:
    def step() -> None:
        with (
            closing(sqlite3.connect(tmp, uri=True, timeout=0)) as one,
            closing(sqlite3.connect(tmp, uri=True, timeout=0)) as two,
        ):
            one.execute("CREATE TABLE t (a)")
            one.execute("BEGIN EXCLUSIVE")
            one.execute("INSERT INTO t VALUES (1)")
            two.execute("SELECT * FROM t")

    return raised(step)


def alchemy(statement: str, setup: str = "SELECT 1") -> BaseException:
    engine = sqlalchemy.create_engine("sqlite://")

    def step() -> None:
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text(setup))
            connection.execute(sqlalchemy.text(statement))

    try:
        return raised(step)
    finally:
        engine.dispose()


def wrapped_by_alchemy(kind: Any, orig: BaseException) -> BaseException:
    return kind("SELECT 1", {}, orig)  # type: ignore[no-any-return]


def exhausted_pool() -> BaseException:
    engine = sqlalchemy.create_engine(
        "sqlite://", poolclass=sqlalchemy.QueuePool, pool_size=1, max_overflow=0, pool_timeout=0
    )
    held = engine.connect()
    try:
        return raised(engine.connect)
    finally:
        held.close()
        engine.dispose()


def pg(kind: Any) -> Callable[[], BaseException]:
    return lambda: kind("no")


DATABASES = rows(
    ("sqlite locked", locked, C.DATABASE, NO, ROLLBACK),
    ("sqlite locked as text", lambda: sqlite3.OperationalError("database is locked"), C.DATABASE, NO, ROLLBACK),
    ("sqlite no table", lambda: sql("SELECT * FROM nothing"), C.PROGRAMMING, UNKNOWN, None),
    ("sqlite syntax", lambda: sql("SELEKT"), C.PROGRAMMING, UNKNOWN, None),
    (
        "sqlite unique",
        lambda: sql("INSERT INTO t VALUES (1)", setup="CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)"),
        C.DATABASE,
        NO,
        None,
    ),
    (
        "sqlite not null",
        lambda: sql("INSERT INTO t VALUES (NULL)", setup="CREATE TABLE t (a NOT NULL)"),
        C.DATABASE,
        NO,
        None,
    ),
    ("sqlite no file", lambda: raised(lambda: sqlite3.connect("/nowhere/at/all.db")), C.CONFIGURATION, UNKNOWN, None),
    (
        "sqlite misuse",
        lambda: sqlite3.ProgrammingError("Cannot operate on a closed database."),
        C.PROGRAMMING,
        UNKNOWN,
        None,
    ),
    (
        "sqlite full",
        lambda: like("sqlite3.OperationalError", sqlite3.OperationalError, sqlite_errorcode=13),
        C.RESOURCE,
        UNKNOWN,
        None,
    ),
    (
        "sqlite snapshot",
        lambda: like("sqlite3.OperationalError", sqlite3.OperationalError, sqlite_errorcode=517),
        C.DATABASE,
        NO,
        ROLLBACK,
    ),
    ("sqlalchemy no table", lambda: alchemy("SELECT * FROM nothing"), C.PROGRAMMING, UNKNOWN, None),
    (
        "sqlalchemy locked",
        lambda: wrapped_by_alchemy(sqlalchemy.exc.OperationalError, sqlite3.OperationalError("database is locked")),
        C.DATABASE,
        NO,
        ROLLBACK,
    ),
    ("sqlalchemy refused", refused_by_sqlalchemy, C.DATABASE, NO, RESET),
    ("sqlalchemy pool", exhausted_pool, C.DATABASE, NO, RETRY),
    ("sqlalchemy pending rollback", lambda: sqlalchemy.exc.PendingRollbackError("x"), C.DATABASE, NO, ROLLBACK),
    (
        "sqlalchemy integrity",
        lambda: wrapped_by_alchemy(sqlalchemy.exc.IntegrityError, sqlite3.IntegrityError("x")),
        C.DATABASE,
        NO,
        None,
    ),
    (
        "sqlalchemy deadlock",
        lambda: wrapped_by_alchemy(sqlalchemy.exc.OperationalError, psycopg.errors.DeadlockDetected("x")),
        C.DATABASE,
        NO,
        ROLLBACK,
    ),
    (
        "sqlalchemy shutdown",
        lambda: wrapped_by_alchemy(sqlalchemy.exc.OperationalError, psycopg.errors.AdminShutdown("x")),
        C.DATABASE,
        UNKNOWN,
        RESET,
    ),
    (
        "sqlalchemy failed transaction",
        lambda: wrapped_by_alchemy(sqlalchemy.exc.InternalError, psycopg.errors.InFailedSqlTransaction("x")),
        C.DATABASE,
        NO,
        ROLLBACK,
    ),
    (
        "sqlalchemy lost",
        lambda: wrapped_by_alchemy(sqlalchemy.exc.InterfaceError, AppError()),
        C.DATABASE,
        UNKNOWN,
        RESET,
    ),
    ("sqlalchemy stale", lambda: sqlalchemy.orm.exc.StaleDataError("x"), C.CONCURRENCY, NO, ROLLBACK),
    ("sqlalchemy none", lambda: sqlalchemy.exc.NoResultFound("x"), C.VALIDATION, UNKNOWN, None),
    ("sqlalchemy argument", lambda: sqlalchemy.exc.ArgumentError("x"), C.PROGRAMMING, UNKNOWN, None),
    ("sqlalchemy detached", lambda: sqlalchemy.orm.exc.DetachedInstanceError("x"), C.PROGRAMMING, UNKNOWN, None),
    ("psycopg refused", refused_by_psycopg, C.DATABASE, NO, RESET),
    (
        "psycopg lost",
        lambda: psycopg.OperationalError("consuming input failed: server closed"),
        C.DATABASE,
        UNKNOWN,
        RESET,
    ),
    ("40001", pg(psycopg.errors.SerializationFailure), C.DATABASE, NO, ROLLBACK),
    ("40P01", pg(psycopg.errors.DeadlockDetected), C.DATABASE, NO, ROLLBACK),
    ("40003", pg(psycopg.errors.StatementCompletionUnknown), C.DATABASE, UNKNOWN, RESET),
    ("55P03", pg(psycopg.errors.LockNotAvailable), C.DATABASE, NO, ROLLBACK),
    ("57014", pg(psycopg.errors.QueryCanceled), C.TIMEOUT, NO, ROLLBACK),
    ("57P01", pg(psycopg.errors.AdminShutdown), C.DATABASE, UNKNOWN, RESET),
    ("57P03", pg(psycopg.errors.CannotConnectNow), C.DATABASE, NO, RESET),
    ("53300", pg(psycopg.errors.TooManyConnections), C.DATABASE, NO, RETRY),
    ("53200", pg(psycopg.errors.OutOfMemory), C.RESOURCE, NO, ROLLBACK),
    ("53100", pg(psycopg.errors.DiskFull), C.RESOURCE, UNKNOWN, None),
    ("08006", pg(psycopg.errors.ConnectionFailure), C.DATABASE, UNKNOWN, RESET),
    ("08001", pg(psycopg.errors.SqlclientUnableToEstablishSqlconnection), C.DATABASE, NO, RESET),
    ("25P02", pg(psycopg.errors.InFailedSqlTransaction), C.DATABASE, NO, ROLLBACK),
    ("25006", pg(psycopg.errors.ReadOnlySqlTransaction), C.DATABASE, NO, RESET),
    ("25P03", pg(psycopg.errors.IdleInTransactionSessionTimeout), C.DATABASE, NO, RESET),
    ("23505", pg(psycopg.errors.UniqueViolation), C.DATABASE, NO, None),
    ("23503", pg(psycopg.errors.ForeignKeyViolation), C.DATABASE, NO, None),
    ("22001", pg(psycopg.errors.StringDataRightTruncation), C.VALIDATION, UNKNOWN, None),
    ("42P01", pg(psycopg.errors.UndefinedTable), C.PROGRAMMING, UNKNOWN, None),
    ("42501", pg(psycopg.errors.InsufficientPrivilege), C.AUTH, UNKNOWN, None),
    ("28P01", pg(psycopg.errors.InvalidPassword), C.AUTH, UNKNOWN, None),
    ("3D000", pg(psycopg.errors.InvalidCatalogName), C.CONFIGURATION, UNKNOWN, None),
    ("XX000", pg(psycopg.errors.InternalError_), C.DATABASE, UNKNOWN, None),
    (
        "psycopg2 serialization",
        lambda: like("psycopg2.errors.SerializationFailure", pgcode="40001"),
        C.DATABASE,
        NO,
        ROLLBACK,
    ),
    ("asyncpg unique", lambda: like("asyncpg.exceptions.UniqueViolationError", sqlstate="23505"), C.DATABASE, NO, None),
    ("mysql deadlock", lambda: like("pymysql.err.OperationalError", arguments=(1213, "x")), C.DATABASE, NO, ROLLBACK),
    ("mysql refused", lambda: like("pymysql.err.OperationalError", arguments=(2003, "x")), C.DATABASE, NO, RESET),
    ("mysql gone", lambda: like("pymysql.err.OperationalError", arguments=(2006, "x")), C.DATABASE, UNKNOWN, RESET),
    ("mysql duplicate", lambda: like("pymysql.err.IntegrityError", arguments=(1062, "x")), C.DATABASE, NO, None),
    ("mongo selection", lambda: like("pymongo.errors.ServerSelectionTimeoutError"), C.DATABASE, NO, RESET),
    ("mongo reconnect", lambda: like("pymongo.errors.AutoReconnect"), C.DATABASE, UNKNOWN, RESET),
    ("mongo duplicate", lambda: like("pymongo.errors.DuplicateKeyError", code=11000), C.DATABASE, NO, None),
    ("mongo credentials", lambda: like("pymongo.errors.OperationFailure", code=18), C.AUTH, UNKNOWN, None),
    (
        "django locked",
        lambda: caused(like("django.db.utils.OperationalError"), sqlite3.OperationalError("database is locked")),
        C.DATABASE,
        NO,
        ROLLBACK,
    ),
    ("django missing", lambda: like("django.core.exceptions.ObjectDoesNotExist"), C.VALIDATION, UNKNOWN, None),
)
