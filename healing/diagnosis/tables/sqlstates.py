"""SQL databases by SQLSTATE, and by the codes of MySQL, Oracle and SQLite that say the same."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RECONNECT, RETRY, TRANSACTION, Rule
from healing.vocabulary import Category, Executed, Severity

TRANSACTIONS = (
    Rule(
        name="sql_outcome_unknown",
        on="sqlstate:40003 sqlstate:08007 mysql:1180",
        category=Category.DATABASE,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The connection broke at the commit: nobody knows whether it counts.",
    ),
    Rule(
        name="sql_constraint_at_commit",
        on="sqlstate:40002",
        category=Category.DATABASE,
        executed=Executed.NO,
        says="At the commit the data contradicted a constraint, and will contradict it again.",
    ),
    Rule(
        name="sql_conflict_rolled_back",
        on="sqlstate:40 mysql:1213 mysql:1020 mysql:1412 oracle:ORA-00060 oracle:ORA-08177 sqlstate:72000",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="The database rolled the transaction back in favour of a competing one.",
    ),
    Rule(
        name="sql_plan_outdated",
        on=(
            "asyncpg.exceptions.InvalidCachedStatementError asyncpg.exceptions._base.OutdatedSchemaCacheError sqlite:17"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="The tables have changed since the statement was prepared, so it was not executed.",
    ),
    Rule(
        name="sql_lock_not_granted",
        on=(
            "sqlstate:55P03 sqlstate:55006 mysql:1205 mysql:3572 mysql:1206 mysql:3058 mysql:1099 oracle:ORA-00054"
            " oracle:ORA-30006 sqlite:5 sqlite:6 sqlite:15"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="Another transaction holds the lock, so the statement was not executed.",
    ),
    Rule(
        name="sql_statement_cancelled",
        on=(
            "sqlstate:57014 sqlstate:25P04 sqlstate:HYT00 sqlstate:70100 mysql:3024 mysql:1317 mysql:1969"
            " mysql:1028 oracle:ORA-01013 oracle:DPY-4024"
        ),
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=TRANSACTION,
        says="The statement took too long; the database cancelled it and undid what it had done.",
    ),
    Rule(
        name="sql_transaction_failed_earlier",
        on="sqlstate:25P02 sqlalchemy.exc.PendingRollbackError django.db.transaction.TransactionManagementError",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="An earlier statement failed; until it is rolled back the transaction accepts nothing.",
    ),
    Rule(
        name="sql_read_only",
        on="sqlstate:25006 mysql:1290 mysql:1792 mysql:1836 oracle:ORA-16000",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The server takes no writes: mostly a connection to what is a replica since a failover.",
    ),
    Rule(
        name="sql_idle_transaction_ended",
        on="sqlstate:25P03",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        says="The database ended a transaction that had been open for too long, and undid it.",
    ),
    Rule(
        name="sql_interrupted",
        on="sqlite:9",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        severity=Severity.LOW,
        says="The statement was interrupted on purpose.",
    ),
)

CONNECTIONS = (
    Rule(
        name="sql_host_not_resolved",
        on="mysql:2005 mysql:2003 mysql:2002",
        message=re.compile(r"(Can't connect[^\n]{1,200}(\[Errno -\d|not known|resolution|getaddrinfo)|Unknown )"),
        category=Category.DNS,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The database's host name could not be resolved, so the statement never left.",
    ),
    Rule(
        name="sql_connecting_timed_out",
        on="mysql:2003 mysql:2002 sqlstate:HYT01 psycopg.errors.ConnectionTimeout oracle:DPY-6005",
        message=re.compile(r"[^\n]{0,200}\b(timed out|timeout)\b"),
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="No connection to the database came about in time, so the statement never arrived.",
    ),
    Rule(
        name="sql_connection_lost_in_use",
        on="asyncpg.exceptions.ConnectionDoesNotExistError",
        category=Category.DATABASE,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The connection was closed in the middle of the operation, which may have been committed.",
    ),
    Rule(
        name="sql_too_many_connections",
        on="sqlstate:53300 mysql:1040 mysql:1203 mysql:1226 oracle:ORA-00018 oracle:ORA-00020 oracle:ORA-12516",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The server has no connection left to give, so the statement never arrived.",
    ),
    Rule(
        name="sql_cannot_connect",
        on=(
            "sqlstate:57P03 sqlstate:08001 sqlstate:08003 sqlstate:08004"
            " mysql:2002 mysql:2003 mysql:1047 mysql:1129 oracle:ORA-12541 oracle:ORA-12514 oracle:ORA-12170"
            " oracle:ORA-12520 oracle:ORA-01033 oracle:ORA-01034"
            " oracle:ORA-12537 oracle:DPY-6005 oracle:DPY-6000"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The server takes no connection at the moment, so the statement never arrived.",
    ),
    Rule(
        name="sql_tls_failed",
        on="mysql:2026",
        category=Category.TLS,
        severity=Severity.HIGH,
        says="No encrypted connection to the database came about.",
    ),
    Rule(
        name="sql_database_dropped",
        on="sqlstate:57P04",
        category=Category.CONFIGURATION,
        severity=Severity.CRITICAL,
        says="The database was dropped.",
    ),
    Rule(
        name="sql_connection_ended",
        on=(
            "sqlstate:57P01 sqlstate:57P02 sqlstate:57P05 sqlstate:08 mysql:2006 mysql:2013 mysql:2055 mysql:1053"
            " mysql:1079 mysql:1927 mysql:4031 mysql:1158 mysql:1159 mysql:1160 mysql:1161 mysql:1152 mysql:1184"
            " mysql:2027 mysql:2012 oracle:ORA-03113 oracle:ORA-03114 oracle:ORA-03135 oracle:ORA-00028"
            " oracle:ORA-01089 oracle:ORA-02396 oracle:DPY-4011"
        ),
        category=Category.DATABASE,
        course=RECONNECT,
        severity=Severity.HIGH,
        says="The server ended the connection; what was under way may have been committed.",
    ),
)

SERVERS = (
    Rule(
        name="sql_server_out_of_room",
        on="sqlstate:53100 sqlstate:53400 sqlite:13 mysql:1021 mysql:1114 mysql:3 oracle:ORA-01653 oracle:ORA-01654",
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="The database has no room left; a person has to make some.",
    ),
    Rule(
        name="sql_server_out_of_resources",
        on="sqlstate:53 mysql:1037 mysql:1038 mysql:1041 mysql:1135 oracle:ORA-04031 oracle:ORA-04030",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=TRANSACTION,
        severity=Severity.HIGH,
        says="The server lacks memory or the like at the moment and undid the statement.",
    ),
    Rule(
        name="sql_out_of_memory_here",
        on="sqlite:7 mysql:2008",
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="This process has no memory left for the statement.",
    ),
    Rule(
        name="sql_server_failed",
        on="sqlstate:58 sqlstate:XX sqlstate:F0 sqlite:10 sqlite:11 mysql:126 mysql:1194 mysql:1034 oracle:ORA-00600",
        category=Category.DATABASE,
        severity=Severity.CRITICAL,
        says="The database reports damage or an inner error; a person has to look.",
    ),
    Rule(
        name="sql_foreign_server_failed",
        on="sqlstate:HV",
        category=Category.DATABASE,
        course=RETRY,
        severity=Severity.HIGH,
        says="A foreign server behind the database failed.",
    ),
)

DATA = (
    Rule(
        name="sql_integrity",
        on=(
            "sqlstate:23 sqlstate:44 sqlstate:27 sqlite:19 mysql:1062 mysql:1586 mysql:1451 mysql:1452 mysql:1216"
            " mysql:1217 mysql:1048 mysql:1364 mysql:1169 mysql:1557 mysql:1761 mysql:3819 mysql:4025"
            " oracle:ORA-00001"
            " oracle:ORA-01400 oracle:ORA-02290 oracle:ORA-02291 oracle:ORA-02292 name:IntegrityError"
            " sqlalchemy.exc.IntegrityError sqlite3.IntegrityError psycopg.IntegrityError psycopg2.IntegrityError"
            " pymysql.err.IntegrityError django.db.utils.IntegrityError mysql.connector.errors.IntegrityError"
            " MySQLdb._exceptions.IntegrityError oracledb.exceptions.IntegrityError name:DuplicateKeyError"
            " name:UniqueViolation"
            " clickhouse_connect.driver.exceptions.IntegrityError"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        says="The data contradicts a constraint, and will contradict it again.",
    ),
    Rule(
        name="sql_not_allowed",
        on=(
            "sqlstate:28 sqlstate:42501 mysql:1044 mysql:1045 mysql:1142 mysql:1143 mysql:1227 mysql:1370 mysql:1698"
            " mysql:1130 mysql:1820 mysql:1862 mysql:1251 mysql:2059 mysql:3118 sqlite:23 sqlite:3 oracle:ORA-01017"
            " oracle:ORA-01031 oracle:ORA-28000 oracle:ORA-28001"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The database does not accept this user or what they ask.",
    ),
    Rule(
        name="sql_no_such_database",
        on="sqlstate:3D sqlstate:3F mysql:1049 mysql:1046 sqlite:14 sqlite:26 sqlite:8 oracle:ORA-12154",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The database or its file is not there, not one, or not writable.",
    ),
    Rule(
        name="sql_bad_data",
        on=(
            "sqlstate:22 sqlstate:54000 sqlstate:P0001 mysql:1264 mysql:1366 mysql:1406 mysql:1292 mysql:1265"
            " mysql:1411"
            " mysql:1365 mysql:1690 mysql:1367 mysql:1426 mysql:3140 mysql:1153 mysql:1644 mysql:1300 mysql:1416"
            " sqlite:20 sqlite:18 oracle:ORA-12899 oracle:ORA-01722 oracle:ORA-01438 oracle:ORA-01861"
            " sqlalchemy.exc.DataError psycopg.DataError psycopg2.DataError sqlite3.DataError pymysql.err.DataError"
            " mysql.connector.errors.DataError MySQLdb._exceptions.DataError asyncpg.exceptions._base.DataError"
            " django.db.utils.DataError oracledb.exceptions.DataError"
        ),
        category=Category.VALIDATION,
        says="A value does not fit its column or its function.",
    ),
    Rule(
        name="sql_wrong_statement",
        on=(
            "sqlstate:42 sqlstate:0A sqlstate:21 sqlstate:26 sqlstate:34 sqlstate:24 sqlstate:25 sqlstate:2B"
            " sqlstate:2D"
            " sqlstate:2F sqlstate:38 sqlstate:39 sqlstate:3B sqlstate:55 sqlstate:54 sqlstate:0Z sqlstate:09"
            " sqlstate:07"
            " sqlstate:P0 mysql:1054 mysql:1064 mysql:1146 mysql:1050 mysql:1051 mysql:1060 mysql:1061 mysql:1091"
            " mysql:1136 mysql:1149 mysql:1305 mysql:1055 mysql:1052 mysql:1065 mysql:1066 mysql:1093 mysql:1109"
            " mysql:1111 mysql:1210 mysql:1241 mysql:1242 mysql:1248 mysql:2014 oracle:ORA-00942 oracle:ORA-00904"
            " oracle:ORA-00933 oracle:ORA-00936 sqlite:1 sqlite:21 sqlite:25"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The statement does not fit the database: syntax, a table or a column.",
    ),
)

SQLSTATES = (*TRANSACTIONS, *CONNECTIONS, *SERVERS, *DATA)
