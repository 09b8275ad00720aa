"""SQL drivers and what wraps them, where no code says more: types, and the words of connecting."""

from __future__ import annotations

import re
from dataclasses import replace

from healing.diagnosis.rule import RECONNECT, RETRY, TRANSACTION, Rule
from healing.vocabulary import Category, Executed, Severity

POSTGRES = "psycopg.OperationalError psycopg2.OperationalError"
DRIVERS = (
    f"{POSTGRES} pymysql.err.OperationalError MySQLdb._exceptions.OperationalError"
    " mysql.connector.errors.OperationalError"
    " mysql.connector.errors.InterfaceError mysql.connector.errors.DatabaseError sqlite3.OperationalError"
    " asyncpg.exceptions._base.InterfaceError psycopg.InterfaceError psycopg2.InterfaceError psycopg2.DatabaseError"
)
"""Types whose message alone tells what went wrong, where they come without a code."""
WRAPPERS = "sqlalchemy.exc.OperationalError sqlalchemy.exc.DBAPIError django.db.utils.OperationalError"


def _says(pattern: str) -> re.Pattern[str]:
    """After what drivers and wrappers put in front: the way to the server, a wrapped type, a number, a level."""
    lead = (
        r"(?:\([\w.]{1,80}\) )?(?:\(\d{1,5}, ['\"])?(?:\d{4}(?: \(\w{5}\))?: )?(?:connection failed: "
        r"|connection is bad: )?"
        r"(?:connection to server [^\n]{1,300}? failed: |could not connect to server: )?(?:(?:FATAL|ERROR): {1,4})?"
    )
    return re.compile(lead + f"(?:{pattern})", re.IGNORECASE)


DRIVER_WORDS = (
    Rule(
        name="sql_not_allowed",
        on=DRIVERS,
        message=_says(
            r"password authentication failed|no password supplied|fe_sendauth|no pg_hba\.conf entry"
            r"|role \"[^\"]{1,80}\" (does not exist|is not permitted)|access denied for user|authentication failed"
            r"|permission denied for|peer authentication failed|SASL authentication failed"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The database does not accept this user or what they ask.",
    ),
    Rule(
        name="sql_no_such_database",
        on=DRIVERS,
        message=_says(
            r"database \"[^\"]{1,80}\" does not exist|unknown database|unable to open database file"
            r"|attempt to write a readonly database|file is not a database|invalid (dsn|connection option|port)"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The database or its file is not there, not one, or not writable.",
    ),
    Rule(
        name="sql_host_not_resolved",
        on=DRIVERS,
        message=_says(
            r"could not translate host name|failed to resolve host|\[Errno -\d\] |name or service not known"
            r"|temporary failure in name resolution|unknown mysql server host|nodename nor servname"
        ),
        category=Category.DNS,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The database's host name could not be resolved, so the statement never left.",
    ),
    Rule(
        name="sql_connecting_timed_out",
        on=DRIVERS,
        message=_says(
            r"timeout expired|connection timeout expired|connection timed out"
            r"|connection to server [^\n]{1,200}timed out"
        ),
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="No connection to the database came about in time, so the statement never arrived.",
    ),
    Rule(
        name="sql_lock_not_granted",
        on=DRIVERS,
        message=_says(
            r"database (table |schema )?is locked|lock wait timeout exceeded|could not obtain lock"
            r"|canceling statement due to lock timeout"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="Another transaction holds the lock, so the statement was not executed.",
    ),
    Rule(
        name="sql_conflict_rolled_back",
        on=DRIVERS,
        message=_says(r"deadlock (detected|found)|could not serialize access"),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="The database rolled the transaction back in favour of a competing one.",
    ),
    Rule(
        name="sql_statement_cancelled",
        on=DRIVERS,
        message=_says(
            r"canceling statement due to|query execution was interrupted|statement timeout"
            r"|maximum statement execution"
        ),
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=TRANSACTION,
        says="The statement took too long; the database cancelled it and undid what it had done.",
    ),
    Rule(
        name="sql_server_out_of_room",
        on=DRIVERS,
        message=_says(
            r"database or disk is full|could not extend file|no space left on device|the table .{1,80} is full"
        ),
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="The database has no room left; a person has to make some.",
    ),
    Rule(
        name="sql_server_failed",
        on=DRIVERS,
        message=_says(r"disk I/O error|database disk image is malformed"),
        category=Category.DATABASE,
        severity=Severity.CRITICAL,
        says="The database reports damage or an inner error; a person has to look.",
    ),
    Rule(
        name="sql_wrong_statement",
        on=DRIVERS,
        message=_says(
            r"no such (table|column|function|index)|near \"|table .{1,80} (already exists|has \d+ columns?)"
            r"|cannot perform operation: another operation|connection is already acquired"
            r"|you have an error in your sql"
            r"|cursor already closed|the connection has been released"
            r"|cannot call Connection\.\w+\(\): connection has been"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The statement does not fit the database or its connection.",
    ),
    Rule(
        name="sql_connection_lost",
        on=DRIVERS,
        message=re.compile(
            r"(?:\([\w.]{1,80}\) )?(consuming input failed|sending query failed|server closed the connection"
            r"|ssl (syscall|connection|error)|connection (already|is|was|has been) (closed|lost)"
            r"|the connection is (closed|lost)"
            r"|terminating connection|lost connection|mysql server has gone away|connection (reset|not open)"
            r"|could not (receive|send) data|cannot (switch|perform)|pool is clos)",
            re.IGNORECASE,
        ),
        category=Category.DATABASE,
        course=RECONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="The connection to the database was lost; what was under way may have been committed.",
    ),
    Rule(
        name="sql_too_many_connections",
        on=DRIVERS,
        message=re.compile(
            r"(?:\([\w.]{1,80}\) )?(?:connection to server .{1,200}failed: |connection failed: )?(FATAL: +)?"
            r"(sorry, too many clients|remaining connection slots|too many connections)",
            re.IGNORECASE,
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The server has no connection left to give, so the statement never arrived.",
    ),
    Rule(
        name="sql_connection_was_closed",
        on=DRIVERS,
        message=re.compile(
            r"(?:\([\w.]{1,80}\) )?(the )?((mysql )?connection (already|is|was|has been) closed"
            r"|mysql connection not available)",
            re.IGNORECASE,
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The connection had been closed before, so the statement never left.",
    ),
    Rule(
        name="sql_cannot_connect",
        on=DRIVERS,
        message=re.compile(
            r"(?:\([\w.]{1,80}\) )?(connection (failed|is bad)|connection to server |could not connect to server"
            r"|can't connect to|(FATAL: +)?(sorry, too many clients|remaining connection slots"
            r"|the database system is|too many connections))",
            re.IGNORECASE,
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="No connection to the database came about, so the statement never arrived.",
    ),
)

TYPES = (
    Rule(
        name="sql_driver_timed_out",
        on=(
            "mysql.connector.errors.ReadTimeoutError mysql.connector.errors.WriteTimeoutError"
            " mysql.connector.errors.ConnectionTimeoutError"
        ),
        category=Category.TIMEOUT,
        course=RECONNECT,
        says="No answer in time; the server may have executed the statement all the same.",
    ),
    Rule(
        name="sql_pool_exhausted",
        on=(
            "sqlalchemy.exc.TimeoutError psycopg_pool.PoolTimeout psycopg_pool.TooManyRequests"
            " psycopg2.pool.PoolError"
            " mysql.connector.errors.PoolError pymongo.errors.WaitQueueTimeoutError"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="All connections of the pool are in use, so the statement never left.",
    ),
    Rule(
        name="sql_connection_lost",
        on=(
            f"{POSTGRES} psycopg.InterfaceError psycopg2.InterfaceError sqlalchemy.exc.DisconnectionError"
            " sqlalchemy.exc.OperationalError sqlalchemy.exc.InterfaceError sqlalchemy.exc.InternalError"
            " pymysql.err.InterfaceError pymysql.err.OperationalError MySQLdb._exceptions.OperationalError"
            " MySQLdb._exceptions.InterfaceError"
            " mysql.connector.errors.OperationalError mysql.connector.errors.InterfaceError"
            " django.db.utils.OperationalError django.db.utils.InterfaceError asyncpg.exceptions._base.InterfaceError"
            " asyncpg.exceptions.PostgresConnectionError asyncpg.exceptions._base.InternalClientError"
            " oracledb.exceptions.OperationalError oracledb.exceptions.InterfaceError pyodbc.OperationalError"
            " clickhouse_connect.driver.exceptions.OperationalError"
        ),
        category=Category.DATABASE,
        course=RECONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="The connection to the database was lost; what was under way may have been committed.",
    ),
    Rule(
        name="sql_set_up_wrongly",
        on=(
            "asyncpg.exceptions._base.ClientConfigurationError sqlalchemy.exc.NoSuchModuleError"
            " sqlalchemy.exc.NoDBAPILoaded asyncpg.exceptions._base.TargetServerAttributeNotMatched"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The address of the database, or its driver, is wrong or missing.",
    ),
    Rule(
        name="sql_wrong_use",
        on=(
            "sqlalchemy.exc.ArgumentError sqlalchemy.exc.InvalidRequestError sqlalchemy.exc.CompileError"
            " sqlalchemy.exc.UnboundExecutionError sqlalchemy.exc.ResourceClosedError"
            " sqlalchemy.orm.exc.UnmappedError"
            " sqlalchemy.orm.exc.DetachedInstanceError sqlalchemy.orm.exc.FlushError"
            " sqlalchemy.exc.CircularDependencyError"
            " sqlalchemy.exc.NoReferenceError sqlalchemy.exc.AmbiguousForeignKeysError psycopg.ProgrammingError"
            " psycopg2.ProgrammingError psycopg.NotSupportedError psycopg2.NotSupportedError"
            " pymysql.err.ProgrammingError"
            " pymysql.err.NotSupportedError MySQLdb._exceptions.ProgrammingError"
            " mysql.connector.errors.ProgrammingError"
            " mysql.connector.errors.NotSupportedError psycopg_pool.PoolClosed sqlite3.ProgrammingError"
            " sqlite3.InterfaceError sqlite3.NotSupportedError oracledb.exceptions.ProgrammingError"
            " oracledb.exceptions.NotSupportedError pyodbc.ProgrammingError"
            " asyncpg.exceptions._base.UnsupportedClientFeatureError"
            " clickhouse_connect.driver.exceptions.ProgrammingError"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The database library is used in a way that cannot work.",
    ),
    Rule(
        name="sql_wrong_statement",
        on=(
            "sqlalchemy.exc.ProgrammingError sqlalchemy.exc.NotSupportedError django.db.utils.ProgrammingError"
            " django.db.utils.NotSupportedError"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        wraps=True,
        says="The statement does not fit the database: syntax, a table or a column.",
    ),
    Rule(
        name="sql_changed_meanwhile",
        on="sqlalchemy.orm.exc.StaleDataError sqlalchemy.orm.exc.ObjectDeletedError name:StaleDataError",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=TRANSACTION,
        says="Somebody else changed the row meanwhile; read it again and decide anew.",
    ),
    Rule(
        name="sql_row_count_unexpected",
        on=(
            "sqlalchemy.exc.NoResultFound sqlalchemy.exc.MultipleResultsFound sqlstate:P0002 sqlstate:P0003"
            " django.core.exceptions.ObjectDoesNotExist django.core.exceptions.MultipleObjectsReturned"
        ),
        category=Category.VALIDATION,
        says="The query found none, or more than one, where exactly one was expected.",
    ),
    Rule(
        name="sql_wrapped",
        on=("sqlalchemy.exc.StatementError pandas.errors.DatabaseError django.db.utils.Error"),
        category=Category.DATABASE,
        severity=Severity.HIGH,
        wraps=True,
        says="The database does not accept the statement.",
    ),
    Rule(
        name="sql_error",
        on=(
            "psycopg.Error psycopg2.Error pymysql.err.Error MySQLdb._exceptions.Error"
            " mysql.connector.errors.Error sqlite3.Error"
            " asyncpg.exceptions._base.PostgresError sqlalchemy.exc.SQLAlchemyError oracledb.exceptions.Error"
            " pyodbc.Error clickhouse_connect.driver.exceptions.Error"
        ),
        category=Category.DATABASE,
        severity=Severity.HIGH,
        says="The database does not accept the operation.",
    ),
)

WRAPPER_WORDS = tuple(replace(rule, on=WRAPPERS, wraps=True) for rule in DRIVER_WORDS)
SQL_DRIVERS = (*DRIVER_WORDS, *WRAPPER_WORDS, *TYPES)
