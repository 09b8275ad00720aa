"""PostgreSQL through psycopg2, psycopg 3 and psycopg_pool."""

from __future__ import annotations

from typing import Any

import psycopg
import psycopg.errors
import psycopg2
import psycopg2.errors
import psycopg2.extensions
import psycopg_pool
from psycopg.pq import DiagnosticField

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown


def pg2(sqlstate: str, message: str, detail: str = "") -> BaseException:
    """The subclass that psycopg2 picks for the SQLSTATE, with its pgcode and pgerror."""
    text = f"{message}\nDETAIL:  {detail}\n" if detail else f"{message}\n"
    error: Any = psycopg2.errors.lookup(sqlstate)(text)
    error.__setstate__({"pgcode": sqlstate, "pgerror": f"ERROR:  {text}"})
    return thrown(error)


def pg2_operational(message: str) -> BaseException:
    """What libpq reports before or outside a statement: no SQLSTATE at all."""
    return thrown(psycopg2.OperationalError(f"{message}\n"))


def pg3(sqlstate: str, message: str, detail: str = "", severity: str = "ERROR") -> BaseException:
    """The subclass that psycopg picks for the SQLSTATE, with the diagnostics that the server sends."""
    info = {
        DiagnosticField.SEVERITY: severity.encode(),
        DiagnosticField.SQLSTATE: sqlstate.encode(),
        DiagnosticField.MESSAGE_PRIMARY: message.encode(),
        DiagnosticField.MESSAGE_DETAIL: detail.encode() or None,
    }
    text = f"{message}\nDETAIL:  {detail}" if detail else message
    error_class: Any = psycopg.errors.lookup(sqlstate)
    return thrown(error_class(text, info=info))


def connect2(dsn: str) -> BaseException:
    return raised(lambda: psycopg2.connect(dsn))


CASES: list[Case] = [
    surfaces(
        "psycopg2_unique_violation",
        lambda: pg2(
            "23505",
            'duplicate key value violates unique constraint "users_email_key"',
            "Key (email)=(deadlock@timeout.example) already exists.",
        ),
        "database validation",
        "A duplicate stays a duplicate, whatever words the key holds.",
    ),
    heals(
        "psycopg2_deadlock_detected",
        lambda: pg2(
            "40P01",
            "deadlock detected",
            "Process 8123 waits for ShareLock on transaction 5512; blocked by process 8130.",
        ),
        "database concurrency",
        "ROLLBACK_TRANSACTION",
        NO,
        "The server chose this transaction as the victim; the whole of it must be rolled back and run again.",
    ),
    heals(
        "psycopg2_statement_timeout",
        lambda: pg2("57014", "canceling statement due to statement timeout"),
        "timeout database",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
        NO_OR_UNKNOWN,
        "The server gave the statement up as too slow; under less load it may be quick enough.",
    ),
    heals(
        "psycopg2_server_closed_the_connection",
        lambda: pg2_operational(
            "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n"
            "\tbefore or while processing the request."
        ),
        "database network",
        "RESET_CONNECTION",
        UNKNOWN,
        "The connection is dead and the statement may have been committed; a new connection is needed.",
        harmful="CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "psycopg2_connection_refused",
        lambda: connect2("host=127.0.0.1 port=1 dbname=shop"),
        "database network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "Nobody listens at this moment, as in a restart; nothing was sent.",
    ),
    heals(
        "psycopg2_connect_timeout_expired",
        lambda: pg2_operational('connection to server at "10.0.3.17", port 5432 failed: timeout expired'),
        "timeout database network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "The connect timeout ran out before anything was sent.",
    ),
    heals(
        "psycopg2_temporary_name_resolution_failure",
        lambda: pg2_operational(
            'could not translate host name "db-primary.internal" to address: Temporary failure in name resolution'
        ),
        "dns database",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT",
        NO,
        "The resolver says that the failure is temporary.",
    ),
    surfaces(
        "psycopg2_password_authentication_failed",
        lambda: pg2_operational(
            'connection to server at "10.0.3.17", port 5432 failed: FATAL:  password authentication failed '
            'for user "billing"'
        ),
        "auth database configuration",
        "A database login was refused; running it again may lock the account.",
    ),
    surfaces(
        "psycopg2_no_pg_hba_entry",
        lambda: pg2_operational(
            'connection to server at "db.example.net" (203.0.113.9), port 5432 failed: FATAL:  no pg_hba.conf entry '
            'for host "198.51.100.4", user "app", database "shop", no encryption'
        ),
        "auth configuration database",
        "The server's access rules do not admit this client.",
    ),
    surfaces(
        "psycopg2_database_does_not_exist",
        lambda: pg2_operational(
            'connection to server at "127.0.0.1", port 5432 failed: FATAL:  database "shop_prod" does not exist'
        ),
        "configuration database",
        "The connection settings name an unknown database.",
    ),
    heals(
        "psycopg2_remaining_connection_slots_reserved",
        lambda: pg2_operational(
            'connection to server at "10.0.3.17", port 5432 failed: FATAL:  remaining connection slots are reserved '
            "for roles with the SUPERUSER attribute"
        ),
        "database resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "All connection slots are taken now and become free again.",
    ),
    heals(
        "psycopg2_database_system_is_starting_up",
        lambda: pg2_operational(
            'connection to server at "10.0.3.17", port 5432 failed: FATAL:  the database system is starting up'
        ),
        "database",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "The server is on its way up and answers in a moment.",
    ),
    surfaces(
        "psycopg2_undefined_table",
        lambda: pg2("42P01", 'relation "invoices" does not exist\nLINE 1: SELECT id FROM invoices'),
        "programming configuration database",
        "Wrong SQL, or a migration that was not applied.",
    ),
    surfaces(
        "psycopg2_undefined_column",
        lambda: pg2("42703", "column u.fullname does not exist\nLINE 1: SELECT u.fullname"),
        "programming database",
        "The SQL names a column that the table does not have.",
    ),
    heals(
        "psycopg2_in_failed_sql_transaction",
        lambda: pg2("25P02", "current transaction is aborted, commands ignored until end of transaction block"),
        "database programming",
        "ROLLBACK_TRANSACTION",
        NO,
        "Every further statement is refused until the session is rolled back.",
        harmful="RETRY_WITH_BACKOFF CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "psycopg2_connection_already_closed",
        lambda: thrown(psycopg2.InterfaceError("connection already closed")),
        "database network programming",
        "RESET_CONNECTION",
        NO,
        "The handle is dead and nothing was sent; only a new connection helps.",
        harmful="RETRY_WITH_BACKOFF CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    surfaces(
        "psycopg2_value_too_long",
        lambda: pg2("22001", "value too long for type character varying(32)"),
        "validation database",
        "The text does not fit its column.",
    ),
    surfaces(
        "psycopg2_insufficient_privilege",
        lambda: pg2("42501", "permission denied for table payroll"),
        "auth database",
        "The database role may not read this table.",
    ),
    surfaces(
        "psycopg2_cannot_adapt_type",
        lambda: raised(lambda: psycopg2.extensions.adapt(object())),
        "programming validation database",
        "The code passes an object that the driver cannot turn into SQL.",
    ),
    surfaces(
        "psycopg2_invalid_dsn",
        lambda: connect2("hosst=10.0.3.17 dbname=shop"),
        "configuration programming database",
        "The connection string is misspelt.",
    ),
    heals(
        "psycopg3_serialization_failure",
        lambda: pg3("40001", "could not serialize access due to concurrent update"),
        "database concurrency",
        "ROLLBACK_TRANSACTION",
        NO,
        "The textbook reason for rolling back and running the transaction again.",
    ),
    heals(
        "psycopg3_lock_timeout",
        lambda: pg3("55P03", "canceling statement due to lock timeout"),
        "database timeout concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "Somebody else held the row for too long; the statement did not run.",
    ),
    heals(
        "psycopg3_nowait_lock_not_available",
        lambda: pg3("55P03", 'could not obtain lock on row in relation "seats"'),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "SELECT ... FOR UPDATE NOWAIT met a lock that is soon released.",
    ),
    heals(
        "psycopg3_admin_shutdown",
        lambda: pg3("57P01", "terminating connection due to administrator command", severity="FATAL"),
        "database network",
        "RESET_CONNECTION",
        NO_OR_UNKNOWN,
        "A restart or failover ended the connection.",
    ),
    stays(
        "psycopg3_disk_full",
        lambda: pg3("53100", 'could not extend file "base/16401/24576": No space left on device'),
        "resource database",
        "The database host has no disk room until somebody makes some.",
        acceptable="SURFACE QUEUE_FOR_LATER RETRY_WITH_BACKOFF",
        harmful="CLEAR_CACHE_AND_RETRY SKIP_OPERATION",
    ),
    heals(
        "psycopg3_out_of_memory",
        lambda: pg3("53200", "out of memory", "Failed on request of size 262144."),
        "resource database",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION SURFACE",
        NO,
        "The server is short of memory for the moment.",
    ),
    surfaces(
        "psycopg3_exclusion_violation",
        lambda: pg3(
            "23P01",
            'conflicting key value violates exclusion constraint "booking_no_overlap"',
            "Key (room, during)=(12, [2024-05-01,2024-05-03)) conflicts with existing key.",
        ),
        "database validation",
        "The room is taken in that time: a rule of the data, not a passing conflict.",
    ),
    surfaces(
        "psycopg3_invalid_text_representation",
        lambda: pg3("22P02", 'invalid input syntax for type integer: "504 Gateway Timeout"'),
        "validation database programming",
        "The text is not an integer, whatever it spells.",
    ),
    surfaces(
        "psycopg3_syntax_error",
        lambda: pg3("42601", 'syntax error at or near "FORM"\nLINE 1: SELECT id FORM users'),
        "programming database",
        "The SQL is wrong.",
    ),
    heals(
        "psycopg3_cached_plan_changed",
        lambda: pg3("0A000", "cached plan must not change result type"),
        "database",
        "RESET_CONNECTION ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "A migration outdated a prepared statement; a fresh connection prepares it anew.",
    ),
    heals(
        "psycopg3_idle_in_transaction_timeout",
        lambda: pg3("25P03", "terminating connection due to idle-in-transaction timeout", severity="FATAL"),
        "database timeout",
        "RESET_CONNECTION",
        NO_OR_UNKNOWN,
        "The server dropped the idle session; the transaction is gone and the connection dead.",
    ),
    surfaces(
        "psycopg3_numeric_value_out_of_range",
        lambda: pg3("22003", "integer out of range"),
        "validation database",
        "The number is too large for the column.",
    ),
    surfaces(
        "psycopg3_division_by_zero_in_sql",
        lambda: pg3("22012", "division by zero"),
        "programming validation database",
        "The query divides by a zero in the data.",
    ),
    heals(
        "psycopg3_server_closed_while_consuming_input",
        lambda: thrown(
            psycopg.OperationalError(
                "consuming input failed: SSL SYSCALL error: Connection reset by peer\nSSL SYSCALL error: EOF detected"
            )
        ),
        "database network",
        "RESET_CONNECTION",
        UNKNOWN,
        "The connection broke while the answer was awaited.",
    ),
    heals(
        "psycopg3_connection_is_closed",
        lambda: thrown(psycopg.OperationalError("the connection is closed")),
        "database network programming",
        "RESET_CONNECTION",
        NO,
        "The client noticed beforehand that its handle is dead; the same handle fails for ever.",
        harmful="RETRY_WITH_BACKOFF CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    surfaces(
        "psycopg3_placeholder_count",
        lambda: thrown(psycopg.ProgrammingError("the query has 2 placeholders but 1 parameters were passed")),
        "programming database",
        "The caller passes too few parameters.",
    ),
    stays(
        "psycopg3_data_corrupted",
        lambda: pg3("XX001", "invalid page in block 1203 of relation base/16384/24600"),
        "database filesystem",
        "Pages on the database's disk are damaged; a person must restore them.",
        harmful="CLEAR_CACHE_AND_RETRY SKIP_OPERATION USE_DEFAULT_VALUE",
    ),
    heals(
        "psycopg3_connection_timeout",
        lambda: thrown(psycopg.errors.ConnectionTimeout("connection timeout expired")),
        "timeout database",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "No connection came about in time.",
    ),
    heals(
        "psycopg_pool_timeout",
        lambda: thrown(psycopg_pool.PoolTimeout("couldn't get a connection after 30.00 sec")),
        "database resource timeout",
        "RETRY_WITH_BACKOFF",
        NO,
        "All pooled connections were lent out; none was used for this call.",
    ),
    heals(
        "psycopg_pool_too_many_requests_waiting",
        lambda: thrown(psycopg_pool.TooManyRequests("the pool 'pool-1' has already 200 requests waiting")),
        "database resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "The waiting line of the own pool is full; it is no far service's rate limit.",
    ),
    stays(
        "psycopg_pool_closed",
        lambda: thrown(psycopg_pool.PoolClosed("the pool 'pool-1' is already closed")),
        "programming database",
        "The code uses a pool that it has closed.",
        acceptable="SURFACE RESET_CONNECTION",
        harmful="RETRY_WITH_BACKOFF CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE",
    ),
]
