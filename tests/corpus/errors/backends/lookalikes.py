"""Errors of libraries that are recognised by module and class name, by codes in their arguments and by their words."""

from __future__ import annotations

import builtins
from typing import Any

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, REPAIRS, UNKNOWN, heals, stays, surfaces, thrown

CLEARING = "CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION"


def foreign(module: str, name: str, /, *arguments: object, parents: str = "", **attributes: object) -> BaseException:
    """An error of a library's class of that name; `parents` are its other classes, from the base up."""
    base: Any = Exception
    for parent in parents.split():
        base = getattr(builtins, parent, None) or type(parent, (base,), {"__module__": module})
    error: Any = type(name, (base,), {"__module__": module})(*arguments)
    for key, value in attributes.items():
        setattr(error, key, value)
    return thrown(error)


def odbc(name: str, sqlstate: str, message: str) -> BaseException:
    text = f"[{sqlstate}] [Microsoft][ODBC Driver 18 for SQL Server]{message}"
    parents = {"Error": "", "InterfaceError": "Error"}.get(name, "Error DatabaseError")
    return foreign("pyodbc", name, sqlstate, text, parents=parents)


def oracle(name: str, message: str) -> BaseException:
    parents = "Error" if name == "DatabaseError" else "Error DatabaseError"
    return foreign("oracledb.exceptions", name, message, parents=parents)


CASES: list[Case] = [
    heals(
        "pyodbc_deadlock_victim",
        lambda: odbc(
            "ProgrammingError",
            "40001",
            "[SQL Server]Transaction (Process ID 61) was deadlocked on lock resources with another process and has "
            "been chosen as the deadlock victim. Rerun the transaction. (1205) (SQLExecDirectW)",
        ),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "SQL Server itself says to rerun the transaction.",
    ),
    heals(
        "pyodbc_communication_link_failure",
        lambda: odbc("OperationalError", "08S01", "TCP Provider: Error code 0x68 (104) (SQLExecDirectW)"),
        "database network",
        "RESET_CONNECTION",
        UNKNOWN,
        "SQLSTATE 08S01: the connection broke off.",
    ),
    heals(
        "pyodbc_login_timeout",
        lambda: odbc("OperationalError", "HYT00", "Login timeout expired (0) (SQLDriverConnect)"),
        "timeout database network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "No connection came about in time; HYT00 is a timeout and no refused login.",
    ),
    surfaces(
        "pyodbc_login_failed",
        lambda: odbc("InterfaceError", "28000", "[SQL Server]Login failed for user 'app'. (18456)"),
        "auth database",
        "SQL Server refused the login.",
    ),
    surfaces(
        "pyodbc_primary_key_violation",
        lambda: odbc(
            "IntegrityError",
            "23000",
            "[SQL Server]Violation of PRIMARY KEY constraint 'PK_Job'. Cannot insert duplicate key in object "
            "'dbo.Job'. The duplicate key value is (503). (2627)",
        ),
        "database validation",
        "The primary key is taken; 503 is only its value.",
    ),
    surfaces(
        "pyodbc_driver_missing",
        lambda: odbc("Error", "01000", "Can't open lib 'ODBC Driver 18 for SQL Server' : file not found (0)"),
        "configuration database",
        "The driver is not installed.",
    ),
    heals(
        "oracle_deadlock",
        lambda: oracle("DatabaseError", "ORA-00060: deadlock detected while waiting for resource"),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "Oracle rolled the statement back.",
    ),
    heals(
        "oracle_not_connected",
        lambda: oracle("DatabaseError", "ORA-03113: end-of-file on communication channel"),
        "database network",
        "RESET_CONNECTION",
        UNKNOWN,
        "The session's connection is gone.",
    ),
    heals(
        "oracle_resource_busy",
        lambda: oracle(
            "DatabaseError", "ORA-00054: resource busy and acquire with NOWAIT specified or timeout expired"
        ),
        "database concurrency",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
        NO,
        "Another session holds the row.",
    ),
    surfaces(
        "oracle_unique_constraint",
        lambda: oracle("IntegrityError", "ORA-00001: unique constraint (SHOP.UK_EMAIL) violated"),
        "database validation",
        "A unique constraint of Oracle's.",
    ),
    surfaces(
        "oracle_invalid_login",
        lambda: oracle("DatabaseError", "ORA-01017: invalid username/password; logon denied"),
        "auth database configuration",
        "The login was refused.",
    ),
    heals(
        "cassandra_write_timeout",
        lambda: foreign(
            "cassandra",
            "WriteTimeout",
            "Error from server: code=1100 [Coordinator node timed out waiting for replica nodes' responses] "
            "message=\"Operation timed out - received only 1 responses.\" info={'consistency': 'QUORUM', "
            "'required_responses': 2, 'received_responses': 1, 'write_type': 'SIMPLE'}",
            parents="DriverException RequestExecutionException Timeout",
        ),
        "timeout database",
        "RETRY_WITH_BACKOFF",
        UNKNOWN,
        "One replica has the write; the other did not confirm it.",
    ),
    heals(
        "cassandra_unavailable",
        lambda: foreign(
            "cassandra",
            "Unavailable",
            'Error from server: code=1000 [Unavailable exception] message="Cannot achieve consistency level QUORUM" '
            "info={'consistency': 'QUORUM', 'required_replicas': 2, 'alive_replicas': 1}",
            parents="DriverException RequestExecutionException",
        ),
        "database",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT QUEUE_FOR_LATER",
        NO,
        "Too few replicas were alive, so the write was not begun.",
    ),
    heals(
        "memcached_unexpected_close",
        lambda: foreign("pymemcache.exceptions", "MemcacheUnexpectedCloseError", parents="MemcacheError"),
        "cache network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "memcached closed the connection while its answer was awaited.",
        harmful="CLEAR_CACHE_AND_RETRY",
    ),
    heals(
        "memcached_out_of_memory",
        lambda: foreign(
            "pymemcache.exceptions", "MemcacheServerError", b"out of memory storing object", parents="MemcacheError"
        ),
        "cache resource",
        "RETRY_WITH_BACKOFF SKIP_OPERATION SURFACE",
        NO,
        "The cache server has no room for the value at the moment.",
        harmful="RESET_CONNECTION ROLLBACK_TRANSACTION",
    ),
    surfaces(
        "memcached_illegal_key",
        lambda: foreign(
            "pymemcache.exceptions",
            "MemcacheIllegalInputError",
            "Key contains whitespace: b'user 7'",
            parents="MemcacheError MemcacheClientError",
        ),
        "programming validation cache",
        "The key is not allowed.",
    ),
    heals(
        "filelock_timeout",
        lambda: foreign(
            "filelock",
            "Timeout",
            "The file lock '/var/lock/nightly.lock' could not be acquired.",
            parents="TimeoutError",
        ),
        "concurrency timeout filesystem",
        "RETRY_WITH_BACKOFF SURFACE QUEUE_FOR_LATER",
        NO,
        "Another process holds the lock file.",
        harmful=CLEARING,
    ),
    surfaces(
        "jinja_undefined",
        lambda: foreign(
            "jinja2.exceptions",
            "UndefinedError",
            "'invoice' is undefined",
            parents="TemplateError TemplateRuntimeError",
        ),
        "programming",
        "The template uses a variable that it is not given.",
    ),
    surfaces(
        "jinja_syntax",
        lambda: foreign(
            "jinja2.exceptions",
            "TemplateSyntaxError",
            "Encountered unknown tag 'endfro'.",
            parents="TemplateError",
            lineno=12,
            name="mail.html",
        ),
        "programming",
        "The template is misspelt.",
    ),
    stays(
        "jinja_template_not_found",
        lambda: foreign("jinja2.exceptions", "TemplateNotFound", "reminder_503.html", parents="TemplateError"),
        "configuration filesystem programming",
        "The template is not deployed.",
        harmful=f"RETRY_WITH_BACKOFF {REPAIRS}",
    ),
    surfaces(
        "yaml_cannot_be_scanned",
        lambda: foreign(
            "yaml.scanner",
            "ScannerError",
            'mapping values are not allowed here\n  in "/etc/app/config.yaml", line 7, column 12',
            parents="YAMLError",
        ),
        "configuration validation",
        "A file of settings is malformed.",
    ),
    heals(
        "dynamodb_like_conditional_update",
        lambda: foreign(
            "pynamodb.exceptions",
            "UpdateError",
            "Failed to update item: An error occurred (TransactionConflictException) on request (QK3) on "
            "table (cart) when calling the UpdateItem operation: Transaction is ongoing for the item",
            parents="PynamoDBException",
        ),
        "database concurrency",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
        NO_OR_UNKNOWN,
        "Another transaction works on the item and will be done.",
    ),
]
