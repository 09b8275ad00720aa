"""SQLAlchemy: its own errors, really raised, and the drivers' errors it wraps."""

from __future__ import annotations

from typing import Any

import psycopg
import psycopg2
import pymysql
import sqlalchemy as sa
from sqlalchemy import exc, orm
from sqlalchemy.pool import QueuePool

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown
from .mysql_errors import pymysql_error
from .postgres_errors import pg2, pg2_operational, pg3


class Base(orm.DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(unique=True)
    version: orm.Mapped[int] = orm.mapped_column()
    books: orm.Mapped[list[Book]] = orm.relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Book(Base):
    __tablename__ = "book"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    author_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("author.id"))


def library() -> orm.Session:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = orm.Session(engine)
    session.add_all([Author(name="Ursula"), Author(name="Octavia")])
    session.commit()
    return session


def wrapped(orig: BaseException, statement: str, base: Any, invalidated: bool = False) -> BaseException:
    """What the engine raises from a driver's error: the subclass of the same name, with `orig` as its cause."""
    error = exc.DBAPIError.instance(statement, {"id": 7}, orig, base, connection_invalidated=invalidated)
    assert isinstance(error, BaseException)
    return thrown(error, orig)


def pool_timeout() -> BaseException:
    engine = sa.create_engine(
        "sqlite://",
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.05,
        connect_args={"check_same_thread": False},
    )
    with engine.connect():
        return raised(engine.connect)


def flush_duplicate() -> BaseException:
    session = library()
    session.add(Author(name="Ursula"))
    return raised(session.flush)


def pending_rollback() -> BaseException:
    session = library()
    session.add(Author(name="Ursula"))
    raised(session.flush)
    return raised(lambda: session.scalars(sa.select(Author)).all())


def detached() -> BaseException:
    session = library()
    author = session.scalars(sa.select(Author)).first()
    assert author is not None
    session.close()
    return raised(lambda: author.books)


def stale() -> BaseException:
    session = library()
    author = session.scalars(sa.select(Author)).first()
    assert author is not None
    session.execute(sa.text("UPDATE author SET version = version + 1"))
    author.name = "U. K. Le Guin"
    return raised(session.flush)


def deleted_meanwhile() -> BaseException:
    session = library()
    author = session.scalars(sa.select(Author)).first()
    assert author is not None
    session.expire(author)
    session.execute(sa.text("DELETE FROM author"))
    return raised(lambda: author.name)


def closed_transaction() -> BaseException:
    with sa.create_engine("sqlite://").connect() as connection:
        result = connection.execute(sa.text("SELECT 1"))
        result.close()
        return raised(result.fetchall)


CASES: list[Case] = [
    heals(
        "sqlalchemy_disconnect_detected",
        lambda: wrapped(
            pg2_operational("SSL connection has been closed unexpectedly"),
            "UPDATE stock SET n = n - 1 WHERE id = 7",
            psycopg2.Error,
            invalidated=True,
        ),
        "database network",
        "RESET_CONNECTION ROLLBACK_TRANSACTION",
        UNKNOWN,
        "The engine has marked the connection as dead; the update may have gone through.",
    ),
    heals(
        "sqlalchemy_mysql_gone_away",
        lambda: wrapped(
            pymysql.OperationalError(2006, "MySQL server has gone away (ConnectionResetError(104, 'reset by peer'))"),
            "SELECT id FROM cart WHERE id = %(id)s",
            pymysql.Error,
            invalidated=True,
        ),
        "database network",
        "RESET_CONNECTION ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO_OR_UNKNOWN,
        "A stale pooled connection; the pool is invalidated and the next checkout is fresh.",
    ),
    heals(
        "sqlalchemy_wrapped_postgres_deadlock",
        lambda: wrapped(pg2("40P01", "deadlock detected"), "DELETE FROM hold WHERE id = %(id)s", psycopg2.Error),
        "database concurrency",
        "ROLLBACK_TRANSACTION",
        NO,
        "The victim of a deadlock; the session must be rolled back before it runs again.",
    ),
    heals(
        "sqlalchemy_wrapped_mysql_deadlock",
        lambda: wrapped(
            pymysql_error(1213, "40001", "Deadlock found when trying to get lock; try restarting transaction"),
            "UPDATE wallet SET cents = 5 WHERE id = %(id)s",
            pymysql.Error,
        ),
        "database concurrency",
        "ROLLBACK_TRANSACTION",
        NO,
        "MySQL's deadlock: the session must forget its transaction and start again.",
    ),
    heals(
        "sqlalchemy_wrapped_serialization_failure",
        lambda: wrapped(
            pg3("40001", "could not serialize access due to read/write dependencies among transactions"),
            "COMMIT",
            psycopg.Error,
        ),
        "database concurrency",
        "ROLLBACK_TRANSACTION",
        NO,
        "Serializable isolation asks the application to run the transaction again.",
    ),
    heals(
        "sqlalchemy_wrapped_query_canceled",
        lambda: wrapped(
            pg3("57014", "canceling statement due to statement timeout"), "SELECT * FROM ledger", psycopg.Error
        ),
        "timeout database",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
        NO_OR_UNKNOWN,
        "A statement timeout inside an OperationalError.",
    ),
    heals(
        "sqlalchemy_cannot_connect",
        lambda: wrapped(
            pg2_operational(
                'connection to server at "10.4.0.2", port 5432 failed: Connection refused\n'
                "\tIs the server running on that host and accepting TCP/IP connections?"
            ),
            "",
            psycopg2.Error,
        ),
        "database network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "The engine could not open a connection, so nothing was sent.",
    ),
    heals(
        "sqlalchemy_queue_pool_timeout",
        pool_timeout,
        "database resource timeout",
        "RETRY_WITH_BACKOFF",
        NO,
        "Every pooled connection is lent out; none was obtained for this call.",
    ),
    heals(
        "sqlalchemy_pending_rollback",
        pending_rollback,
        "database programming",
        "ROLLBACK_TRANSACTION",
        NO,
        "The session refuses everything until it is rolled back.",
        harmful="RETRY_WITH_BACKOFF RESET_CONNECTION CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "sqlalchemy_stale_data",
        stale,
        "concurrency database",
        "ROLLBACK_TRANSACTION",
        NO,
        "An optimistic lock: somebody else changed the row; roll back, read again, write again.",
    ),
    stays(
        "sqlalchemy_object_deleted_meanwhile",
        deleted_meanwhile,
        "concurrency database",
        "The row was deleted under the session; it will not come back.",
        acceptable="SURFACE ROLLBACK_TRANSACTION",
        harmful="RESET_CONNECTION CLEAR_CACHE_AND_RETRY",
    ),
    surfaces(
        "sqlalchemy_integrity_error_on_flush",
        flush_duplicate,
        "database validation",
        "A unique name twice: integrity errors surface.",
    ),
    surfaces(
        "sqlalchemy_wrapped_foreign_key_violation",
        lambda: wrapped(
            pg2(
                "23503",
                'update or delete on table "author" violates foreign key constraint "book_author_id_fkey"',
                'Key (id)=(7) is still referenced from table "book".',
            ),
            "DELETE FROM author WHERE id = %(id)s",
            psycopg2.Error,
        ),
        "database validation",
        "The author still has books.",
    ),
    surfaces(
        "sqlalchemy_wrapped_data_error",
        lambda: wrapped(
            pymysql_error(1406, "22001", "Data too long for column 'title' at row 1"), "INSERT INTO post", pymysql.Error
        ),
        "validation database",
        "The title is too long for its column.",
    ),
    surfaces(
        "sqlalchemy_no_such_table",
        lambda: raised(lambda: sa.create_engine("sqlite://").connect().execute(sa.text("SELECT * FROM retries"))),
        "programming configuration database",
        "An OperationalError in name only: the table is missing.",
    ),
    surfaces(
        "sqlalchemy_no_result_found",
        lambda: raised(lambda: library().scalars(sa.select(Author).where(Author.name == "Ted")).one()),
        "database validation programming",
        "Exactly one row was wanted and there is none.",
    ),
    surfaces(
        "sqlalchemy_multiple_results_found",
        lambda: raised(lambda: library().scalars(sa.select(Author)).one()),
        "programming database validation",
        "The query matches more rows than the code allows for.",
    ),
    surfaces(
        "sqlalchemy_detached_instance",
        detached,
        "programming database",
        "A lazy attribute is read after its session was closed: a bug.",
    ),
    surfaces(
        "sqlalchemy_url_cannot_be_parsed",
        lambda: raised(lambda: sa.create_engine("postgres//app@db/shop")),
        "configuration programming",
        "DATABASE_URL is not a URL.",
    ),
    surfaces(
        "sqlalchemy_dialect_not_found",
        lambda: raised(lambda: sa.create_engine("postgres://app@db/shop")),
        "configuration programming",
        "The URL's dialect name is the old one that is no longer known.",
    ),
    surfaces(
        "sqlalchemy_driver_not_installed",
        lambda: raised(lambda: sa.create_engine("oracle://app@db/shop")),
        "configuration",
        "The database's driver module is missing.",
    ),
    surfaces(
        "sqlalchemy_bind_parameter_missing",
        lambda: raised(lambda: sa.create_engine("sqlite://").connect().execute(sa.text("SELECT :a, :b"), {"a": 1})),
        "programming database",
        "A value for a bind parameter is missing.",
    ),
    surfaces(
        "sqlalchemy_result_is_closed",
        closed_transaction,
        "programming database",
        "Rows are fetched from a result that was closed.",
    ),
    surfaces(
        "sqlalchemy_unmapped_instance",
        lambda: raised(lambda: library().add({"name": "Ted"})),
        "programming database",
        "A dict is no mapped object.",
    ),
    surfaces(
        "sqlalchemy_missing_greenlet",
        lambda: thrown(
            exc.MissingGreenlet(
                "greenlet_spawn has not been called; can't call await_only() here. Was IO attempted in an unexpected "
                "place?"
            )
        ),
        "programming",
        "A lazy load outside the async session's reach: misuse of the API.",
    ),
]
