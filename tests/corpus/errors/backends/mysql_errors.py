"""MySQL and MariaDB through PyMySQL and mysql-connector, with the server's numeric codes."""

from __future__ import annotations

import struct
from typing import Any

import mysql.connector
import pymysql
from mysql.connector import errors as connector_errors
from pymysql import err as pymysql_errors

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown


def pymysql_error(code: int, sqlstate: str, message: str) -> BaseException:
    """Let PyMySQL read the error packet that a server sends."""
    packet = b"\xff" + struct.pack("<H", code) + b"#" + sqlstate.encode() + message.encode()
    decode: Any = pymysql_errors.raise_mysql_exception
    return raised(lambda: decode(packet))


def connector_error(code: int, sqlstate: str, message: str) -> BaseException:
    """Let mysql-connector pick the class for the code and the SQLSTATE."""
    return thrown(connector_errors.get_mysql_exception(code, message, sqlstate))


CASES: list[Case] = [
    heals(
        "pymysql_connection_refused",
        lambda: raised(lambda: pymysql.connect(host="127.0.0.1", port=1, user="app", database="shop")),
        "database network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "The server does not listen at this moment; nothing was sent.",
    ),
    heals(
        "pymysql_lost_connection_during_query",
        lambda: thrown(
            pymysql.OperationalError(
                2013, "Lost connection to MySQL server during query ([Errno 104] Connection reset by peer)"
            )
        ),
        "database network",
        "RESET_CONNECTION",
        UNKNOWN,
        "The connection broke while the statement ran; it may have been committed.",
    ),
    heals(
        "pymysql_read_timed_out",
        lambda: thrown(
            pymysql.OperationalError(2013, "Lost connection to MySQL server during query (timed out)"),
            TimeoutError("timed out"),
        ),
        "timeout database",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The read timeout ran out, the answer never came and the connection is given up.",
    ),
    heals(
        "pymysql_server_has_gone_away",
        lambda: thrown(
            pymysql.OperationalError(2006, "MySQL server has gone away (BrokenPipeError(32, 'Broken pipe'))")
        ),
        "database network",
        "RESET_CONNECTION",
        NO_OR_UNKNOWN,
        "The server closed the idle connection; a new one works.",
    ),
    heals(
        "pymysql_interface_error_zero",
        lambda: thrown(pymysql.InterfaceError(0, "")),
        "database network",
        "RESET_CONNECTION",
        NO_OR_UNKNOWN,
        "PyMySQL says so when its socket is already closed; only a new connection helps.",
    ),
    heals(
        "pymysql_lock_wait_timeout",
        lambda: pymysql_error(1205, "HY000", "Lock wait timeout exceeded; try restarting transaction"),
        "database timeout concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "Another transaction held the row; the server itself says to start again.",
    ),
    heals(
        "pymysql_deadlock_found",
        lambda: pymysql_error(1213, "40001", "Deadlock found when trying to get lock; try restarting transaction"),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "The transaction was the deadlock's victim and was rolled back.",
    ),
    surfaces(
        "pymysql_duplicate_entry",
        lambda: pymysql_error(1062, "23000", "Duplicate entry '2013-2006' for key 'season.uq_years'"),
        "database validation",
        "The key is taken; the numbers in it are years and no lost connections.",
    ),
    surfaces(
        "pymysql_cannot_delete_parent_row",
        lambda: pymysql_error(
            1451,
            "23000",
            "Cannot delete or update a parent row: a foreign key constraint fails (`shop`.`order`, CONSTRAINT "
            "`order_ibfk_1` FOREIGN KEY (`customer_id`) REFERENCES `customer` (`id`))",
        ),
        "database validation",
        "Orders still refer to the customer: an integrity error.",
    ),
    surfaces(
        "pymysql_data_too_long",
        lambda: pymysql_error(1406, "22001", "Data too long for column 'note' at row 1"),
        "validation database",
        "The text does not fit the column.",
    ),
    surfaces(
        "pymysql_incorrect_string_value",
        lambda: pymysql_error(1366, "HY000", r"Incorrect string value: '\xF0\x9F\x98\x80' for column 'name' at row 1"),
        "validation database configuration",
        "The column's character set has no emoji.",
    ),
    surfaces(
        "pymysql_table_does_not_exist",
        lambda: pymysql_error(1146, "42S02", "Table 'shop.coupons' doesn't exist"),
        "programming configuration database",
        "No such table: the schema or the SQL is wrong.",
    ),
    surfaces(
        "pymysql_sql_syntax",
        lambda: pymysql_error(
            1064,
            "42000",
            "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for "
            "the right syntax to use near 'WHER id = 3' at line 1",
        ),
        "programming database",
        "The keyword WHERE is cut short.",
    ),
    surfaces(
        "pymysql_access_denied",
        lambda: pymysql_error(1045, "28000", "Access denied for user 'app'@'10.1.0.7' (using password: YES)"),
        "auth database configuration",
        "A database login was refused.",
    ),
    heals(
        "pymysql_read_only_after_failover",
        lambda: pymysql_error(
            1290,
            "HY000",
            "The MySQL server is running with the --read-only option so it cannot execute this statement",
        ),
        "database configuration",
        "RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "The pooled connection leads to a server that became a replica; the new writer is elsewhere.",
    ),
    heals(
        "connector_too_many_connections",
        lambda: connector_error(1040, "08004", "Too many connections"),
        "database resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "All of the server's connection slots are taken for now.",
    ),
    heals(
        "connector_max_user_connections",
        lambda: connector_error(
            1203, "42000", "User app already has more than 'max_user_connections' active connections"
        ),
        "database resource rate_limit",
        "RETRY_WITH_BACKOFF RATE_LIMIT_BACKOFF",
        NO,
        "The account's connections are all in use; they become free.",
    ),
    heals(
        "connector_lock_wait_timeout",
        lambda: connector_error(1205, "HY000", "Lock wait timeout exceeded; try restarting transaction"),
        "database timeout concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "The same lock wait, as a plain DatabaseError with an errno.",
    ),
    heals(
        "connector_maximum_statement_time",
        lambda: connector_error(
            3024, "HY000", "Query execution was interrupted, maximum statement execution time exceeded"
        ),
        "timeout database",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
        NO_OR_UNKNOWN,
        "The server stopped a statement that took too long.",
    ),
    surfaces(
        "connector_unknown_database",
        lambda: connector_error(1049, "42000", "Unknown database 'shop_staging'"),
        "configuration database",
        "A database of that name was never created.",
    ),
    surfaces(
        "connector_unknown_column",
        lambda: connector_error(1054, "42S22", "Unknown column 'o.totl' in 'field list'"),
        "programming database",
        "A misspelt column.",
    ),
    surfaces(
        "connector_column_cannot_be_null",
        lambda: connector_error(1048, "23000", "Column 'sku' cannot be null"),
        "database validation",
        "A required column got no value: an integrity error.",
    ),
    surfaces(
        "connector_out_of_range",
        lambda: connector_error(1264, "22003", "Out of range value for column 'qty' at row 1"),
        "validation database",
        "The number does not fit the column.",
    ),
    stays(
        "connector_table_is_full",
        lambda: connector_error(1114, "HY000", "The table '/tmp/#sql1f_2' is full"),
        "resource database",
        "The server has no room for the rows until somebody makes some.",
        acceptable="SURFACE RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        harmful="CLEAR_CACHE_AND_RETRY SKIP_OPERATION",
    ),
    heals(
        "connector_pool_exhausted",
        lambda: thrown(mysql.connector.PoolError("Failed getting connection; pool exhausted")),
        "database resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "All pooled connections are lent out at this moment.",
    ),
    heals(
        "connector_connection_not_available",
        lambda: thrown(connector_errors.OperationalError("MySQL Connection not available.")),
        "database network",
        "RESET_CONNECTION",
        NO,
        "The client's handle has lost its connection and sends nothing.",
        harmful="CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "connector_host_unreachable",
        lambda: thrown(
            connector_errors.InterfaceError(
                msg="Can't connect to MySQL server on 'db.internal:3306' (Errno 113: No route to host)", errno=2003
            ),
            OSError(113, "No route to host"),
        ),
        "network database",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT RESET_CONNECTION",
        NO,
        "The way to the host is cut for now; nothing was sent.",
    ),
    surfaces(
        "connector_unread_result",
        lambda: thrown(connector_errors.InternalError("Unread result found")),
        "programming database",
        "The code runs a new statement before it has read the last one's rows.",
    ),
]
