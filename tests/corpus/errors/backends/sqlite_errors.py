"""sqlite3, raised by real files and by in-memory databases."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from pathlib import Path

from tests.corpus.errors.schema import Case

from .labels import NO, heals, raised, stays, surfaces

SCHEMA = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, age INTEGER CHECK (age >= 0));
CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer (id));
INSERT INTO customer VALUES (1, 'ana@example.com', 31);
"""


def shop() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def locked_file() -> BaseException:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jobs.sqlite3"
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("CREATE TABLE job (id INTEGER)")
        writer.execute("BEGIN EXCLUSIVE")
        other = sqlite3.connect(path, timeout=0)
        error = raised(lambda: other.execute("INSERT INTO job VALUES (1)"))
        other.close()
        writer.close()
        return error


def readonly_file() -> BaseException:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.db"
        sqlite3.connect(path).executescript(SCHEMA)
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        return raised(lambda: db.execute("DELETE FROM customer"))


def not_a_database() -> BaseException:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "http_cache.sqlite"
        path.write_bytes(b"<html>504 Gateway Time-out</html>" * 50)
        return raised(lambda: sqlite3.connect(path).execute("SELECT 1 FROM responses"))


def malformed_image() -> BaseException:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.db"
        db = sqlite3.connect(path)
        db.executescript("CREATE TABLE event (body TEXT);")
        db.executemany("INSERT INTO event VALUES (?)", [("x" * 900,)] * 40)
        db.commit()
        db.close()
        content = path.read_bytes()
        path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
        return raised(lambda: sqlite3.connect(path).execute("SELECT count(body) FROM event").fetchall())


def disk_full() -> BaseException:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE blob (body BLOB)")
    db.execute("PRAGMA max_page_count = 4")
    return raised(lambda: db.execute("INSERT INTO blob VALUES (zeroblob(100000))"))


def used_by_another_thread() -> BaseException:
    db = shop()
    caught: list[BaseException] = []
    thread = threading.Thread(target=lambda: caught.append(raised(lambda: db.execute("SELECT 1"))))
    thread.start()
    thread.join()
    return caught[0]


def interrupted() -> BaseException:
    db = shop()
    db.set_progress_handler(lambda: 1, 10)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    return raised(lambda: db.execute(endless).fetchone())


def closed() -> BaseException:
    db = shop()
    db.close()
    return raised(lambda: db.execute("SELECT 1"))


def run(sql: str, *parameters: object) -> BaseException:
    return raised(lambda: shop().execute(sql, parameters))


CASES: list[Case] = [
    heals(
        "sqlite_database_is_locked",
        locked_file,
        "database concurrency",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
        NO,
        "Another connection holds the write lock for a moment; the statement did not run.",
    ),
    surfaces(
        "sqlite_unique_constraint",
        lambda: run("INSERT INTO customer VALUES (2, 'ana@example.com', 40)"),
        "database validation",
        "The e-mail is already stored; the same insert fails for ever.",
    ),
    surfaces(
        "sqlite_not_null_constraint",
        lambda: run("INSERT INTO customer VALUES (2, NULL, 40)"),
        "database validation",
        "A required column got no value.",
    ),
    surfaces(
        "sqlite_foreign_key_constraint",
        lambda: run("INSERT INTO purchase VALUES (1, 77)"),
        "database validation",
        "The row refers to a customer who is not there: an integrity error.",
    ),
    surfaces(
        "sqlite_check_constraint",
        lambda: run("INSERT INTO customer VALUES (2, 'bo@example.com', -4)"),
        "database validation",
        "The age breaks a CHECK rule; integrity errors surface.",
    ),
    surfaces(
        "sqlite_no_such_table",
        lambda: run("SELECT * FROM customers"),
        "programming configuration database",
        "The SQL names a table that the schema does not have.",
    ),
    surfaces(
        "sqlite_no_such_table_named_locks",
        lambda: run("SELECT owner FROM locks WHERE timeout > 30"),
        "programming configuration database",
        "Only the table's name sounds like contention; the table is simply missing.",
    ),
    surfaces(
        "sqlite_no_such_column",
        lambda: run("SELECT surname FROM customer"),
        "programming database",
        "The SQL names a column that does not exist.",
    ),
    surfaces(
        "sqlite_syntax_error",
        lambda: run("SELEC id FROM customer"),
        "programming database",
        "The SQL is misspelt.",
    ),
    surfaces(
        "sqlite_wrong_binding_count",
        lambda: run("SELECT * FROM customer WHERE id = ? AND age = ?", 1),
        "programming database",
        "The statement has two placeholders and got one value.",
    ),
    surfaces(
        "sqlite_unsupported_parameter_type",
        lambda: run("SELECT * FROM customer WHERE email = ?", {"like": "a"}),
        "programming validation database",
        "A dict cannot be bound to a parameter: a bug in the calling code.",
    ),
    surfaces(
        "sqlite_integer_too_large",
        lambda: run("SELECT * FROM customer WHERE id = ?", 2**70),
        "validation programming database",
        "The number does not fit a 64-bit column.",
    ),
    surfaces(
        "sqlite_connection_used_in_another_thread",
        used_by_another_thread,
        "programming concurrency database",
        "The connection is shared between threads: misuse of the API.",
    ),
    surfaces(
        "sqlite_closed_database",
        closed,
        "programming database",
        "The code closed its own handle and used it afterwards.",
    ),
    stays(
        "sqlite_readonly_database",
        readonly_file,
        "database filesystem configuration",
        "The file was opened, or is mounted, read-only; somebody must change that.",
        harmful="RETRY_WITH_BACKOFF USE_DEFAULT_VALUE SKIP_OPERATION CLEAR_CACHE_AND_RETRY",
    ),
    stays(
        "sqlite_unable_to_open_file",
        lambda: raised(lambda: sqlite3.connect("/nonexistent/data/app.db").execute("SELECT 1")),
        "filesystem database configuration",
        "The folder of the database file does not exist.",
        harmful="RETRY_WITH_BACKOFF USE_DEFAULT_VALUE SKIP_OPERATION CLEAR_CACHE_AND_RETRY",
    ),
    stays(
        "sqlite_cache_file_is_not_a_database",
        not_a_database,
        "database cache filesystem",
        "The stored file holds something else; reading it again gives the same.",
        acceptable="SURFACE CLEAR_CACHE_AND_RETRY",
        harmful="RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
    ),
    stays(
        "sqlite_disk_image_malformed",
        malformed_image,
        "database filesystem cache",
        "The file is damaged and must be restored or rebuilt.",
        acceptable="SURFACE CLEAR_CACHE_AND_RETRY",
        harmful="RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION SKIP_OPERATION",
    ),
    stays(
        "sqlite_database_or_disk_is_full",
        disk_full,
        "resource database filesystem",
        "There is no room for the row until somebody makes some.",
        acceptable="SURFACE QUEUE_FOR_LATER",
        harmful="CLEAR_CACHE_AND_RETRY SKIP_OPERATION USE_DEFAULT_VALUE",
    ),
    stays(
        "sqlite_query_interrupted",
        interrupted,
        "database concurrency timeout",
        "The application itself stopped the statement, so it does not want it run again.",
        acceptable="SURFACE",
        harmful="CLEAR_CACHE_AND_RETRY SKIP_OPERATION RESET_CONNECTION SWITCH_API_ENDPOINT",
    ),
]
