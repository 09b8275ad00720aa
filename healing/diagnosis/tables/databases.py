"""Databases: SQLSTATE first, then SQLite's and MySQL's codes, drivers' types, and what wraps them."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RECONNECT, RETRY, TRANSACTION, Rule
from healing.vocabulary import Category, Executed, Severity

SQLSTATES = (
    Rule(
        name="sql_outcome_unknown",
        on="sqlstate:40003 sqlstate:08007",
        category=Category.DATABASE,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The connection broke at the commit: nobody knows whether it counts.",
    ),
    Rule(
        name="sql_conflict_rolled_back",
        on="sqlstate:40 mysql:1213 asyncpg.exceptions.DeadlockDetectedError",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="The database rolled the transaction back in favour of a competing one.",
    ),
    Rule(
        name="sql_lock_not_granted",
        on="sqlstate:55P03 sqlstate:55006 mysql:1205 mysql:3572",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="Another transaction holds the lock, so the statement was not executed.",
    ),
    Rule(
        name="sql_statement_cancelled",
        on="sqlstate:57014 mysql:3024",
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=TRANSACTION,
        says="The statement took too long; the database cancelled it and undid what it had done.",
    ),
    Rule(
        name="sql_transaction_failed_earlier",
        on="sqlstate:25P02 sqlalchemy.exc.PendingRollbackError",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="An earlier statement failed; until it is rolled back the transaction accepts nothing.",
    ),
    Rule(
        name="sql_read_only",
        on="sqlstate:25006 mysql:1290 mysql:1792",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The server takes no writes: mostly a connection to what is a replica since a failover.",
    ),
    Rule(
        name="sql_idle_transaction_ended",
        on="sqlstate:25P03 sqlstate:25P04",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        says="The database ended a transaction that had been open for too long, and undid it.",
    ),
    Rule(
        name="sql_cannot_connect",
        on="sqlstate:53300 sqlstate:57P03 sqlstate:08001 sqlstate:08003 mysql:1040 mysql:2002 mysql:2003",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The server takes no connection at the moment, so the statement never arrived.",
    ),
    Rule(
        name="sql_connection_ended",
        on=(
            "sqlstate:57P01 sqlstate:57P02 sqlstate:57P05 sqlstate:08 mysql:2006 mysql:2013 mysql:2055"
            " asyncpg.exceptions._base.InterfaceError asyncpg.exceptions.PostgresConnectionError"
        ),
        category=Category.DATABASE,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The server ended the connection; what was under way may have been committed.",
    ),
    Rule(
        name="sql_server_out_of_room",
        on="sqlstate:53100 sqlstate:53400 sqlite:13",
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="The database has no room left; a person has to make some.",
    ),
    Rule(
        name="sql_server_out_of_resources",
        on="sqlstate:53",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=TRANSACTION,
        severity=Severity.HIGH,
        says="The server lacks memory or the like at the moment and undid the statement.",
    ),
    Rule(
        name="sql_integrity",
        on=(
            "sqlstate:23 sqlite:19 mysql:1062 mysql:1451 mysql:1452 mysql:1048 mongo:11000"
            " sqlalchemy.exc.IntegrityError sqlite3.IntegrityError psycopg.IntegrityError"
            " psycopg2.IntegrityError pymysql.err.IntegrityError django.db.utils.IntegrityError"
            " pymongo.errors.DuplicateKeyError"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        says="The data contradicts a constraint, and will contradict it again.",
    ),
    Rule(
        name="sql_not_allowed",
        on="sqlstate:28 sqlstate:42501 mysql:1044 mysql:1045 mysql:1142 sqlite:23 mongo:18 mongo:13",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The database does not accept this user or what they ask.",
    ),
    Rule(
        name="sql_no_such_database",
        on="sqlstate:3D sqlstate:3F mysql:1049 sqlite:14 sqlite:26 sqlite:8",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The database or its file is not there, not one, or not writable.",
    ),
    Rule(
        name="sql_bad_data",
        on=(
            "sqlstate:22 mysql:1264 mysql:1366 mysql:1406 sqlite:20 sqlite:18 sqlalchemy.exc.DataError"
            " psycopg.DataError psycopg2.DataError sqlite3.DataError"
        ),
        category=Category.VALIDATION,
        says="A value does not fit its column or its function.",
    ),
    Rule(
        name="sql_wrong_statement",
        on="sqlstate:42 sqlstate:0A sqlstate:21 sqlstate:26 sqlstate:34 mysql:1054 mysql:1064 mysql:1146",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The statement does not fit the database: syntax, a table or a column.",
    ),
    Rule(
        name="sql_server_failed",
        on="sqlstate:58 sqlstate:XX sqlstate:F0 sqlite:10 sqlite:11",
        category=Category.DATABASE,
        severity=Severity.CRITICAL,
        says="The database reports damage or an inner error; a person has to look.",
    ),
)

SQLITE = (
    Rule(
        name="sqlite_locked",
        on="sqlite:5 sqlite:6",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="Another connection is writing, so the statement was not executed.",
    ),
    Rule(
        name="sqlite_locked",
        on="sqlite3.OperationalError",
        message=re.compile(r"database (table |schema )?is locked"),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="Another connection is writing, so the statement was not executed.",
    ),
    Rule(
        name="sqlite_wrong_statement",
        on=("sqlite:1 sqlite:21 sqlite:25 sqlite3.ProgrammingError sqlite3.InterfaceError sqlite3.NotSupportedError"),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The statement does not fit the database or its connection.",
    ),
    Rule(
        name="sqlite_error",
        on="sqlite3.Error",
        category=Category.DATABASE,
        severity=Severity.HIGH,
        says="SQLite does not accept the operation.",
    ),
)

DRIVERS = (
    Rule(
        name="sql_cannot_connect",
        on="psycopg.OperationalError psycopg2.OperationalError",
        message=re.compile(
            r"connection (failed|is bad|timeout expired)|connection to server (at|on) |could not connect to server"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="No connection to the database came about, so the statement never arrived.",
    ),
    Rule(
        name="sql_pool_exhausted",
        on="sqlalchemy.exc.TimeoutError psycopg_pool.PoolTimeout psycopg2.pool.PoolError",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="All connections of the pool are in use, so the statement never left.",
    ),
    Rule(
        name="sql_connection_lost",
        on=(
            "psycopg.OperationalError psycopg2.OperationalError psycopg.InterfaceError"
            " psycopg2.InterfaceError sqlalchemy.exc.DisconnectionError pymysql.err.InterfaceError"
            " pymysql.err.OperationalError sqlalchemy.exc.OperationalError sqlalchemy.exc.InterfaceError"
            " sqlalchemy.exc.InternalError django.db.utils.OperationalError django.db.utils.InterfaceError"
            " oracledb.exceptions.OperationalError"
        ),
        category=Category.DATABASE,
        course=RECONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="The connection to the database was lost; what was under way may have been committed.",
    ),
    Rule(
        name="sql_wrong_use",
        on=(
            "sqlalchemy.exc.ArgumentError sqlalchemy.exc.NoSuchModuleError"
            " sqlalchemy.exc.InvalidRequestError sqlalchemy.exc.CompileError"
            " sqlalchemy.exc.UnboundExecutionError sqlalchemy.exc.ResourceClosedError"
            " sqlalchemy.orm.exc.UnmappedError sqlalchemy.orm.exc.DetachedInstanceError"
            " psycopg.ProgrammingError psycopg2.ProgrammingError psycopg.NotSupportedError"
            " pymysql.err.ProgrammingError sqlalchemy.exc.NoReferenceError"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The database library is used in a way that cannot work.",
    ),
    Rule(
        name="sql_changed_meanwhile",
        on="sqlalchemy.orm.exc.StaleDataError",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=TRANSACTION,
        says="Somebody else changed the row meanwhile; read it again and decide anew.",
    ),
    Rule(
        name="sql_row_count_unexpected",
        on=(
            "sqlalchemy.exc.NoResultFound sqlalchemy.exc.MultipleResultsFound"
            " django.core.exceptions.ObjectDoesNotExist django.core.exceptions.MultipleObjectsReturned"
        ),
        category=Category.VALIDATION,
        says="The query found none, or more than one, where exactly one was expected.",
    ),
    Rule(
        name="sql_wrapped",
        on="sqlalchemy.exc.StatementError django.db.utils.Error",
        category=Category.DATABASE,
        severity=Severity.HIGH,
        wraps=True,
        says="The database does not accept the statement.",
    ),
    Rule(
        name="sql_error",
        on="psycopg.Error psycopg2.Error pymysql.err.Error sqlalchemy.exc.SQLAlchemyError",
        category=Category.DATABASE,
        severity=Severity.HIGH,
        says="The database does not accept the operation.",
    ),
    Rule(
        name="mongo_connection",
        on="pymongo.errors.ServerSelectionTimeoutError",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="No server could be chosen, so the operation never left.",
    ),
    Rule(
        name="mongo_interrupted",
        on="pymongo.errors.AutoReconnect pymongo.errors.ExecutionTimeout pymongo.errors.WTimeoutError",
        category=Category.DATABASE,
        course=CONNECT,
        says="The exchange broke off; the server may have done the work before.",
    ),
    Rule(
        name="mongo_refused",
        on="pymongo.errors.PyMongoError",
        category=Category.DATABASE,
        severity=Severity.HIGH,
        says="The database does not accept the operation.",
    ),
)

DATABASES = (*SQLSTATES, *SQLITE, *DRIVERS)
