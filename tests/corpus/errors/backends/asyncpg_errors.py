"""PostgreSQL through asyncpg: the server's own fields, and the client's own refusals."""

from __future__ import annotations

from typing import Any

import asyncpg
from asyncpg import exceptions

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, UNKNOWN, heals, stays, surfaces, thrown


def server(sqlstate: str, message: str, severity: str = "ERROR", **more: str) -> BaseException:
    """The subclass and the attributes that asyncpg makes from an error response of the server."""
    names = {"detail": "D", "hint": "H", "table": "t", "constraint": "n"}
    fields = {"C": sqlstate, "S": severity, "V": severity, "M": message}
    fields.update({names[key]: value for key, value in more.items()})
    make: Any = asyncpg.PostgresError.new
    error: BaseException = make(fields)
    return thrown(error)


CASES: list[Case] = [
    heals(
        "asyncpg_connection_closed_in_the_middle",
        lambda: thrown(exceptions.ConnectionDoesNotExistError("connection was closed in the middle of operation")),
        "database network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The connection broke during the statement; nobody knows whether it was carried out.",
    ),
    surfaces(
        "asyncpg_another_operation_in_progress",
        lambda: thrown(exceptions.InterfaceError("cannot perform operation: another operation is in progress")),
        "programming concurrency database",
        "Two coroutines share one connection: misuse of the API.",
    ),
    surfaces(
        "asyncpg_argument_of_the_wrong_type",
        lambda: thrown(
            exceptions.DataError(
                "invalid input for query argument $1: '42' ('str' object cannot be interpreted as an integer)"
            )
        ),
        "validation programming database",
        "The caller passes a text where the query wants a number.",
    ),
    heals(
        "asyncpg_invalid_cached_statement",
        lambda: thrown(
            exceptions.InvalidCachedStatementError(
                "cached statement plan is invalid due to a database schema or configuration change"
            )
        ),
        "database",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION RESET_CONNECTION",
        NO,
        "The driver has dropped the outdated plan; the next run prepares a new one.",
        harmful="USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "asyncpg_too_many_connections",
        lambda: server("53300", "sorry, too many clients already", "FATAL"),
        "database resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "The server refuses new connections until others are closed.",
    ),
    heals(
        "asyncpg_in_recovery_mode",
        lambda: server("57P03", "the database system is in recovery mode", "FATAL"),
        "database",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT RESET_CONNECTION",
        NO,
        "The server recovers from a crash and will answer again.",
    ),
    surfaces(
        "asyncpg_invalid_password",
        lambda: server("28P01", 'password authentication failed for user "reporting"', "FATAL"),
        "auth database configuration",
        "A refused login does not mend itself.",
    ),
    surfaces(
        "asyncpg_foreign_key_violation",
        lambda: server(
            "23503",
            'insert or update on table "order_line" violates foreign key constraint "order_line_sku_fkey"',
            detail='Key (sku)=(A-503) is not present in table "product".',
            table="order_line",
            constraint="order_line_sku_fkey",
        ),
        "database validation",
        "An integrity error: the product is not there.",
    ),
    surfaces(
        "asyncpg_check_violation",
        lambda: server(
            "23514",
            'new row for relation "account" violates check constraint "balance_not_negative"',
            table="account",
            constraint="balance_not_negative",
        ),
        "database validation",
        "The data breaks a rule of the schema.",
    ),
    surfaces(
        "asyncpg_unknown_database",
        lambda: server("3D000", 'database "analytics_v2" does not exist', "FATAL"),
        "configuration database",
        "The settings name a database that is not there.",
    ),
    surfaces(
        "asyncpg_undefined_function",
        lambda: server(
            "42883",
            "operator does not exist: integer = text",
            hint="No operator matches the given name and argument types. You might need to add explicit type casts.",
        ),
        "programming database",
        "The SQL compares two types that do not go together.",
    ),
    stays(
        "asyncpg_prepared_statement_behind_pgbouncer",
        lambda: server(
            "42P05",
            'prepared statement "__asyncpg_stmt_1__" already exists',
            hint='NOTE: pgbouncer with pool_mode set to "transaction" or "statement" does not support prepared '
            "statements properly.",
        ),
        "configuration database programming",
        "The pooler's mode and the driver's statement cache do not go together.",
        acceptable="SURFACE RESET_CONNECTION",
        harmful="CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "asyncpg_connection_is_closed",
        lambda: thrown(exceptions.InterfaceError("connection is closed")),
        "database network programming",
        "RESET_CONNECTION",
        NO,
        "The handle is dead and nothing was sent on it.",
        harmful="RETRY_WITH_BACKOFF CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "asyncpg_crash_shutdown",
        lambda: server(
            "57P02",
            "terminating connection because of crash of another server process",
            "WARNING",
            detail="The postmaster has commanded this server process to roll back the current transaction and exit, "
            "because another server process exited abnormally and possibly corrupted shared memory.",
        ),
        "database",
        "RESET_CONNECTION",
        NO_OR_UNKNOWN,
        "The server restarts itself after a crash; the transaction was rolled back and the connection is dead.",
    ),
    heals(
        "asyncpg_deadlock_detected",
        lambda: server(
            "40P01",
            "deadlock detected",
            hint="See server log for query details.",
            detail="Process 411 waits for ShareLock on transaction 90; blocked by process 432.",
        ),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "asyncpg's transaction block has rolled back the victim; it may be run again.",
    ),
    surfaces(
        "asyncpg_datetime_field_overflow",
        lambda: server("22008", 'date/time field value out of range: "2024-13-45"'),
        "validation database",
        "The date does not exist.",
    ),
]
