from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
from sqlalchemy.pool import NullPool

from healing import StopReason, Strategy, attempt, self_healing
from healing.testing import Recorder
from tests.healing.strategies.manners import endings, failed, healed

Wrap = Callable[..., Callable[..., Any]]

ROLLBACK = Strategy.ROLLBACK_TRANSACTION
RAISE_BY_TEN = sa.text("UPDATE accounts SET balance = balance + 10 WHERE id = 1")


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    balance: Mapped[int] = mapped_column(default=0)


def open_engine(url: str, **options: Any) -> Engine:
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, poolclass=NullPool, **options)
    with Session(engine) as session:
        Base.metadata.create_all(session.connection())
        session.add_all([Account(id=1, balance=100), Account(id=2, balance=100)])
        session.commit()
    return engine


@pytest.fixture
def engine(database_url: str) -> Engine:
    return open_engine(database_url)


@pytest.fixture
def postgres(postgres_url: str) -> Engine:
    return open_engine(postgres_url)


def balances(engine: Engine) -> dict[int, int]:
    with Session(engine) as session:
        return {account.id: account.balance for account in session.scalars(sa.select(Account))}


def fail_a_flush(session: Session) -> None:
    """What application code does that swallows an error: the session then waits for a rollback."""
    session.add(Account(id=1))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_session_that_waits_for_a_rollback_gets_it(engine: Engine, wrap: Wrap, recorder: Recorder) -> None:
    with Session(engine) as session:
        fail_a_flush(session)

        def pay_in() -> int:
            account = session.get_one(Account, 2)
            account.balance += 10
            session.commit()
            return account.balance

        assert wrap(pay_in, source="pending", atomic=True, session=session)() == 110
    assert balances(engine) == {1: 100, 2: 110}
    assert endings(recorder) == [healed(ROLLBACK, runs=2)]


def test_without_a_declared_session_nothing_is_rolled_back(engine: Engine, wrap: Wrap, recorder: Recorder) -> None:
    with Session(engine) as session:
        fail_a_flush(session)
        with pytest.raises(PendingRollbackError):
            wrap(lambda: session.get_one(Account, 2), source="pending.alone", idempotent=True, attempts=2)()
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=2)]


def test_a_transaction_that_postgresql_has_given_up_is_begun_anew(
    postgres: Engine, wrap: Wrap, recorder: Recorder
) -> None:
    with Session(postgres) as session:
        with pytest.raises(DBAPIError):
            session.execute(sa.text("SELECT 1 / 0"))

        def pay_in() -> Any:
            session.execute(RAISE_BY_TEN)
            session.commit()
            return session.scalar(sa.select(Account.balance).where(Account.id == 1))

        assert wrap(pay_in, source="given.up", atomic=True, session=lambda: session)() == 110
    assert balances(postgres) == {1: 110, 2: 100}
    assert endings(recorder) == [healed(ROLLBACK, runs=2)]


def overtaken(engine: Engine) -> None:
    """Another transaction changes the row, and is faster."""
    if attempt() == 1:
        with engine.begin() as other:
            other.execute(sa.text("UPDATE accounts SET balance = balance + 1 WHERE id = 1"))


def test_a_serialization_failure_loses_no_update(postgres: Engine, wrap: Wrap, recorder: Recorder) -> None:
    strict = postgres.execution_options(isolation_level="REPEATABLE READ")
    with Session(strict) as session:

        def double() -> int:
            account = session.get_one(Account, 1)
            overtaken(postgres)
            account.balance *= 2
            session.commit()
            return account.balance

        assert wrap(double, source="serialization", atomic=True, session=session)() == 202
    assert balances(postgres) == {1: 202, 2: 100}
    assert endings(recorder) == [healed(ROLLBACK, runs=2)]


def test_a_serialization_failure_after_another_effect_is_left_alone(
    postgres: Engine, wrap: Wrap, recorder: Recorder
) -> None:
    strict = postgres.execution_options(isolation_level="REPEATABLE READ")
    charges: list[int] = []
    with Session(strict) as session:

        def double() -> None:
            account = session.get_one(Account, 1)
            charges.append(account.balance)
            overtaken(postgres)
            account.balance *= 2
            session.commit()

        with pytest.raises(DBAPIError):
            wrap(double, source="serialization.unsafe", session=session)()
    assert charges == [100]
    assert balances(postgres) == {1: 101, 2: 100}
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


def test_a_serialization_failure_of_an_asynchronous_session_loses_no_update(
    postgres: Engine, recorder: Recorder
) -> None:
    async def doubled() -> Any:
        engine = create_async_engine(postgres.url, poolclass=NullPool, isolation_level="REPEATABLE READ")
        async with AsyncSession(engine, expire_on_commit=False) as session:
            return await doubler(session)()

    def doubler(session: AsyncSession) -> Callable[[], Any]:
        @self_healing(source="serialization.async", atomic=True, session=session)
        async def double() -> int:
            account = await session.get_one(Account, 1)
            overtaken(postgres)
            account.balance *= 2
            await session.commit()
            return account.balance

        return double

    assert asyncio.run(doubled()) == 202
    assert balances(postgres) == {1: 202, 2: 100}
    assert endings(recorder) == [healed(ROLLBACK, runs=2)]


class Rival:
    """A transaction in another thread that locks account 2, then wants account 1."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._holds_its_first_lock = threading.Event()
        self._may_want_its_second = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with psycopg.connect(self._url) as connection:
            connection.execute("SET deadlock_timeout = '60s'")
            connection.execute("UPDATE accounts SET balance = balance + 1 WHERE id = 2")
            self._holds_its_first_lock.set()
            self._may_want_its_second.wait(10)
            connection.execute("UPDATE accounts SET balance = balance + 1 WHERE id = 1")

    def lock(self) -> None:
        self._thread.start()
        assert self._holds_its_first_lock.wait(10)

    def cross(self) -> None:
        self._may_want_its_second.set()

    def join(self) -> None:
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def rival(postgres: Engine) -> Iterator[Rival]:
    rival = Rival(postgres.url.set(drivername="postgresql").render_as_string(hide_password=False))
    yield rival
    rival.join()


def test_the_victim_of_a_deadlock_moves_the_money_once(
    postgres: Engine, rival: Rival, wrap: Wrap, recorder: Recorder
) -> None:
    with Session(postgres) as session:

        def move() -> str:
            session.execute(sa.text("SET LOCAL deadlock_timeout = '10ms'"))
            session.execute(sa.text("UPDATE accounts SET balance = balance - 50 WHERE id = 1"))
            if attempt() == 1:
                rival.lock()
                rival.cross()
            session.execute(sa.text("UPDATE accounts SET balance = balance + 50 WHERE id = 2"))
            session.commit()
            return "moved"

        assert wrap(move, source="deadlock", atomic=True, session=session)() == "moved"
    rival.join()
    assert balances(postgres) == {1: 51, 2: 151}
    assert endings(recorder) == [healed(ROLLBACK, runs=2)]


def test_a_violated_constraint_is_not_tried_again(engine: Engine, wrap: Wrap, recorder: Recorder) -> None:
    with Session(engine) as session:

        def open_account() -> None:
            session.add(Account(id=1))
            session.commit()

        with pytest.raises(IntegrityError):
            wrap(open_account, source="constraint", idempotent=True, session=session)()
        session.rollback()
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


def test_the_session_of_the_moment_is_rolled_back(engine: Engine, recorder: Recorder) -> None:
    registry = scoped_session(sessionmaker(engine))
    fail_a_flush(registry())

    @self_healing(source="scoped", atomic=True, session=registry)
    def read() -> int:
        return registry.get_one(Account, 2).balance

    assert read() == 100
    registry.remove()
    assert endings(recorder) == [healed(ROLLBACK, runs=2)]


def no_session() -> Session:
    raise LookupError("no session outside of a request")


class Unreachable:
    def rollback(self) -> None:
        raise OSError("the connection is gone")


@pytest.mark.parametrize("session", [no_session, Unreachable()], ids=["none", "unreachable"])
def test_where_rolling_back_fails_nothing_is_run_again(
    engine: Engine, wrap: Wrap, recorder: Recorder, session: Any
) -> None:
    with Session(engine) as own:
        fail_a_flush(own)
        read = wrap(lambda: own.get_one(Account, 2).balance, source="no.rollback", idempotent=True, session=session)
        with pytest.raises(SQLAlchemyError):
            read()
    assert endings(recorder) == [failed(StopReason.EXHAUSTED, runs=1)]


def test_a_retry_starts_with_a_rollback_too(engine: Engine, wrap: Wrap, recorder: Recorder) -> None:
    with Session(engine) as session:
        runs: list[int] = []

        def add() -> None:
            session.add(Account(id=70 + len(runs), balance=1))
            runs.append(len(session.new))
            if len(runs) == 1:
                raise ConnectionRefusedError

        wrap(add, source="retry.rolls.back", idempotent=True, session=session)()
        assert runs == [1, 1]
