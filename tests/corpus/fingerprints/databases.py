"""Errors of relational databases: constraints, relations, columns, server codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg2.errors
import pymysql.err
from psycopg import errors as psycopg_errors

from tests.corpus.fingerprints.model import (
    SYSTEM,
    VENV,
    App,
    Group,
    Make,
    failing,
    retried,
    retried_while_handling,
    run,
    tasked,
    threaded,
)

STORE = App(
    "accounts.store",
    "accounts/store.py",
    """\
import sqlite3

SCHEMA = (
    "create table users (id integer primary key, email text unique, phone text unique, name text not null,"
    " age integer check (age > 0))"
)


def save_user(cursor, user):
    cursor.execute("insert into users (email, phone) values (%s, %s)", (user["email"], user["phone"]))


def move_stock(cursor, sku, amount):
    cursor.execute("update stock set amount = amount - %s where sku = %s", (amount, sku))


def report(cursor, *ids):
    marks = ", ".join("%s" for _ in ids)
    return cursor.execute(f"select * from orders where id in ({marks})", ids)


def register(rows, columns="email, phone, name, age"):
    database = sqlite3.connect(":memory:")
    database.execute(SCHEMA)
    marks = ", ".join("?" for _ in rows[0])
    for row in rows:
        database.execute(f"insert into users ({columns}) values ({marks})", row)


def look_up(query, *values):
    database = sqlite3.connect(":memory:")
    database.execute(SCHEMA)
    return database.execute(query, values).fetchall()
""",
)

S1, S2, S3 = STORE.releases()
ADA = {"email": "ada@example.com", "phone": "+49 30 1234"}
BOB = {"email": "bob.b@example.org", "phone": "0171/998877"}


def raising(kind: Callable[..., BaseException], *texts: object, hops: int = 1, root: str = VENV) -> Any:
    return failing(lambda: kind(*texts), hops, root)


def saves(kind: Callable[..., BaseException], *texts: str) -> tuple[Make, ...]:
    """Users are saved in three releases; each time the driver raises with another text."""
    return (
        run(S1.save_user, raising(kind, texts[0]), ADA),
        threaded(S2.save_user, raising(kind, texts[1], hops=3, root=SYSTEM), BOB),
        retried(S3.save_user, raising(kind, texts[2], hops=2), ADA),
    )


def unique(constraint: str, column: str, *values: str) -> tuple[str, ...]:
    head = f'duplicate key value violates unique constraint "{constraint}"\nDETAIL:  Key ({column})='
    return tuple(f"{head}({value}) already exists.\n" for value in values)


def not_null(column: str) -> tuple[str, ...]:
    head = f'null value in column "{column}" of relation "users" violates not-null constraint\n'
    rows = ("(17, null, ada)", "(90210, null, null)", "(3, 2026-01-03 10:11:12.5, null)")
    return tuple(f"{head}DETAIL:  Failing row contains {row}.\n" for row in rows)


def refusals(code: int, text: str) -> tuple[Make, ...]:
    return (
        run(S1.move_stock, raising(pymysql.err.OperationalError, code, text), "A-1", 2),
        run(S2.move_stock, raising(pymysql.err.OperationalError, code, text, hops=4, root=SYSTEM), "sku-99", 18),
        retried(S3.move_stock, raising(pymysql.err.OperationalError, code, text, hops=2), "Z", 0),
        retried_while_handling(S3.move_stock, raising(pymysql.err.OperationalError, code, text), "Q-7", 1),
    )


def conflicts(kind: Callable[..., BaseException], *texts: str) -> tuple[Make, ...]:
    return (
        run(S1.move_stock, raising(kind, texts[0]), "A-1", 2),
        threaded(S2.move_stock, raising(kind, texts[1], hops=5), "B-2", 40),
        tasked(S3.move_stock, raising(kind, texts[2], root=SYSTEM), "C-3", 1),
    )


def deadlock(process: int, transaction: int, other: int) -> str:
    return (
        f"deadlock detected\nDETAIL:  Process {process} waits for ShareLock on transaction {transaction}; blocked by "
        f"process {other}.\nHINT:  See server log for query details.\n"
        f'CONTEXT:  while updating tuple ({process % 9},{other % 40}) in relation "stock"'
    )


def undefined(kind: Callable[..., BaseException], text: str, column: str, table: str) -> tuple[Make, ...]:
    statements = [f"select {column} from {table} where id in ({ids})" for ids in ("1", "1, 2, 3", "70, 81, 9, 10")]
    places = [f"\nLINE {line}: {shown}\n{' ' * 22}^" for line, shown in zip((1, 1, 3), statements, strict=True)]
    return (
        run(S1.report, raising(kind, text + places[0]), 1),
        threaded(S2.report, raising(kind, text + places[1], hops=2), 1, 2, 3),
        run(S3.report, raising(kind, text + places[2], root=SYSTEM), *range(12)),
    )


ANNE = ("anne@example.com", "1", "anne", 31)
GROUPS: tuple[Group, ...] = (
    Group(
        "user_email_taken",
        saves(
            psycopg2.errors.UniqueViolation,
            *unique("users_email_key", "email", "ada@example.com", "b.c@example.org", "x-77@example.net"),
        ),
        ("user_phone_taken", "user_tenant_unknown"),
        "The constraint on the e-mail is violated, by whatever value.",
    ),
    Group(
        "user_phone_taken",
        saves(
            psycopg2.errors.UniqueViolation,
            *unique("users_phone_key", "phone", "+49 30 1234", "0171/998877", "442071234567"),
        ),
        ("user_email_taken",),
        "Another constraint of the same table.",
    ),
    Group(
        "user_tenant_unknown",
        saves(
            psycopg2.errors.ForeignKeyViolation,
            *(
                'insert or update on table "users" violates foreign key constraint "users_tenant_id_fkey"\n'
                f'DETAIL:  Key (tenant_id)=({tenant}) is not present in table "tenants".\n'
                for tenant in (17, 4711, "0d9c1f8e-4a57-4c1c-9a51-2f7f0f5e8f11")
            ),
        ),
        ("user_email_taken",),
        "A foreign key is violated, not a unique one.",
    ),
    Group(
        "user_email_null",
        saves(psycopg2.errors.NotNullViolation, *not_null("email")),
        ("user_name_null",),
        "The column is part of the problem, the failing row is data.",
    ),
    Group(
        "user_name_null",
        saves(psycopg2.errors.NotNullViolation, *not_null("name")),
        ("user_email_null",),
        "Another column is null.",
    ),
    Group(
        "stock_deadlock",
        refusals(1213, "Deadlock found when trying to get lock; try restarting transaction"),
        ("stock_lock_timeout", "stock_server_gone"),
        "The server's code is that of a deadlock.",
    ),
    Group(
        "stock_lock_timeout",
        refusals(1205, "Lock wait timeout exceeded; try restarting transaction"),
        ("stock_deadlock",),
        "A lock that was waited for too long has another code.",
    ),
    Group(
        "stock_server_gone",
        refusals(2006, "MySQL server has gone away (BrokenPipeError(32, 'Broken pipe'))"),
        ("stock_deadlock",),
        "The connection is lost: same exception class, another code.",
    ),
    Group(
        "stock_rows_deadlocked",
        conflicts(psycopg_errors.DeadlockDetected, deadlock(412, 90, 413), deadlock(7, 1200931, 9), deadlock(55, 8, 1)),
        ("stock_rows_not_serializable",),
        "Process and transaction numbers of the deadlock are data.",
    ),
    Group(
        "stock_rows_not_serializable",
        conflicts(psycopg_errors.SerializationFailure, *["could not serialize access due to concurrent update"] * 3),
        ("stock_rows_deadlocked", "stock_statement_cancelled"),
        "Another SQLSTATE: a serialization failure.",
    ),
    Group(
        "orders_table_missing",
        undefined(psycopg_errors.UndefinedTable, 'relation "orders" does not exist', "*", "orders"),
        ("refunds_table_missing", "order_total_column_missing"),
        "A relation is missing, wherever in the statement it stands.",
    ),
    Group(
        "refunds_table_missing",
        undefined(psycopg_errors.UndefinedTable, 'relation "refunds" does not exist', "*", "refunds"),
        ("orders_table_missing",),
        "Another relation is missing.",
    ),
    Group(
        "order_total_column_missing",
        undefined(psycopg_errors.UndefinedColumn, 'column "total" does not exist', "total", "orders"),
        ("orders_table_missing",),
        "The table is there, a column of it is not.",
    ),
    Group(
        "stock_statement_cancelled",
        conflicts(psycopg_errors.QueryCanceled, *["canceling statement due to statement timeout"] * 3),
        ("stock_rows_not_serializable",),
        "The statement ran into the server's time limit.",
    ),
    Group(
        "local_email_taken",
        (
            run(S1.register, [ANNE, ("anne@example.com", "2", "an", 5)]),
            threaded(S2.register, [ANNE, ("x@y.org", "3", "x", 9), ("x@y.org", "4", "y", 9)]),
            run(S3.register, [ANNE[:3], ("anne@example.com", "9", "b")], "email, phone, name"),
        ),
        ("local_phone_taken", "local_name_null", "local_age_rejected"),
        "The e-mail is taken in the local database.",
    ),
    Group(
        "local_phone_taken",
        (
            run(S1.register, [ANNE, ("b@example.com", "1", "b", 5)]),
            retried(S2.register, [ANNE, ("c@example.com", "1", "c", 77)]),
            run(S3.register, [("d@e.fr", "0171", "d", 1), ("e@e.fr", "0171", "e", 2)]),
        ),
        ("local_email_taken",),
        "The phone number is taken: another column is named.",
    ),
    Group(
        "local_name_null",
        (
            run(S1.register, [("b@example.com", "1", None, 5)]),
            run(S2.register, [("c@example.com", "7")], "email, phone"),
            tasked(S3.register, [ANNE, ("c@example.com", "7", None, 3)]),
        ),
        ("local_email_taken",),
        "A mandatory column is null.",
    ),
    Group(
        "local_age_rejected",
        (
            run(S1.register, [("b@example.com", "1", "b", -5)]),
            run(S2.register, [ANNE, ("c@example.com", "7", "c", 0)]),
            threaded(S3.register, [("c@example.com", "7", "c", -999)]),
        ),
        ("local_email_taken",),
        "A check constraint rejects the age.",
    ),
    Group(
        "local_orders_missing",
        (
            run(S1.look_up, "select * from orders where id = ?", 7),
            run(S2.look_up, "select * from orders where id = ?", 90125),
            threaded(S3.look_up, "select id, total from orders where id in (?, ?)", 1, 2),
        ),
        ("local_total_missing", "local_syntax_error"),
        "A table is missing, whatever is asked of it.",
    ),
    Group(
        "local_total_missing",
        (
            run(S1.look_up, "select total from users where id = ?", 7),
            run(S2.look_up, "select id, total from users"),
            retried(S3.look_up, "select total from users where email = ?", "ada@example.com"),
        ),
        ("local_orders_missing",),
        "A column is missing in a table that exists.",
    ),
    Group(
        "local_syntax_error",
        (
            run(S1.look_up, "select id form users where id = 3"),
            run(S2.look_up, "select id form users where id = 1200"),
            run(S3.look_up, "select id form users where email = ?", "x"),
        ),
        ("local_orders_missing",),
        "The statement does not parse: same class, another message.",
    ),
)
