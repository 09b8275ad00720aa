"""The declared session: its work counts as undone, as far as a rollback reaches and no farther."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from healing.proof import Proof, prove
from healing.vocabulary import Executed
from tests.healing.proving.running import failure, proof_of
from tests.healing.proving.stage import Gateway


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    balance: Mapped[int]

    def pay(self, gateway: Gateway) -> None:
        gateway.charge()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{tmp_path}/accounts.db")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Account(id=1, balance=10))
        session.commit()
        yield session
    engine.dispose()


def draws(session: Session, gateway: Gateway) -> Any:
    account = session.get(Account, 1)
    account.balance -= 5  # type: ignore[union-attr]
    session.add(Account(balance=1))
    total = session.execute(select(Account.balance).where(Account.id == 1).order_by(Account.id)).scalars().all()
    session.flush()
    balance = account.balance if account else 0
    session.expire(account)
    changed = session.execute(update(Account).where(Account.id.in_([1])).values(balance=func.abs(balance)))
    numbers = [row[0] for row in session.execute(select(Account.id))]
    return gateway.refuse(total, balance, changed.rowcount, numbers)  # type: ignore[attr-defined]


def test_work_in_the_declared_session_counts_as_undone_once_it_is_rolled_back(session: Session) -> None:
    assert proof_of(draws, session, Gateway(), session=session) == Proof(Executed.NO, needs_rollback=True)


def test_work_in_a_session_that_was_not_declared_spoils_the_proof(session: Session) -> None:
    assert "calls session.get(...)" in str(proof_of(draws, session, Gateway()).spoiler)


def test_a_session_given_by_a_callable_is_the_declared_one_if_it_gives_the_same_each_time(session: Session) -> None:
    given = proof_of(draws, session, Gateway(), session=lambda: session)
    assert given == Proof(Executed.NO, needs_rollback=True)
    assert proof_of(draws, session, Gateway(), session=lambda: Session()).effect is Executed.UNKNOWN


def test_a_session_that_the_function_asks_for_is_the_declared_one(session: Session) -> None:
    def current() -> Session:
        return session

    def work(gateway: Gateway) -> Any:
        current().execute(text("UPDATE account SET balance = 0"))
        own = current()
        own.flush()
        return gateway.refuse()

    assert proof_of(work, Gateway(), session=current) == Proof(Executed.NO, needs_rollback=True)
    assert proof_of(work, Gateway()).effect is Executed.UNKNOWN


def commits(session: Session, gateway: Gateway) -> Any:
    session.add(Account(balance=1))
    session.commit()
    return gateway.refuse()


def commits_by_text(session: Session, gateway: Gateway) -> Any:
    session.add(Account(balance=1))
    session.flush()
    session.execute(text("COMMIT"))
    return gateway.refuse()


def commits_by_name(session: Session, gateway: Gateway) -> Any:
    statement = "commit"
    session.add(Account(balance=1))
    session.flush()
    session.execute(text(statement))
    return gateway.refuse()


def commits_by_schema(session: Session, gateway: Gateway) -> Any:
    session.execute(text("CREATE TABLE IF NOT EXISTS more (id INTEGER)"))
    return gateway.refuse()


def commits_by_prepared_text(session: Session, gateway: Gateway) -> Any:
    session.add(Account(balance=1))
    session.flush()
    session.execute(PREPARED)
    return gateway.refuse()


PREPARED = text("COMMIT")


def commits_by_formatted_text(session: Session, gateway: Gateway) -> Any:
    verb = "ANALYZE"
    session.execute(text(f"{verb}"))
    return gateway.refuse()


def commits_by_leaving(session: Session, gateway: Gateway) -> Any:
    with session.begin():
        session.add(Account(balance=1))
    return gateway.refuse()


def commits_beneath(session: Session, gateway: Gateway) -> Any:
    session.connection().commit()
    return gateway.refuse()


def pays_by_entity(session: Session, gateway: Gateway) -> Any:
    account = session.get(Account, 1)
    account.pay(gateway)  # type: ignore[union-attr]
    return gateway.refuse()


def pays_by_nameless_entity(session: Session, gateway: Gateway) -> Any:
    session.get(Account, 1).pay(gateway)  # type: ignore[union-attr]
    return gateway.refuse()


@pytest.mark.parametrize(
    "trap",
    [
        commits,
        commits_by_text,
        commits_by_name,
        commits_by_leaving,
        commits_by_schema,
        commits_by_prepared_text,
        commits_by_formatted_text,
        commits_beneath,
        pays_by_entity,
        pays_by_nameless_entity,
    ],
)
def test_what_a_rollback_does_not_take_back_spoils_the_proof(trap: Any, session: Session) -> None:
    session.rollback()
    error = failure(trap, session, Gateway())
    assert isinstance(error, ConnectionRefusedError)
    assert prove(error.__traceback__, trap, session=session).effect is Executed.UNKNOWN


def test_a_transaction_that_is_still_open_around_the_step_is_rolled_back(session: Session) -> None:
    def work(gateway: Gateway) -> Any:
        with session.begin():
            with session.begin_nested():
                session.add(Account(balance=1))
            return gateway.refuse()

    session.rollback()
    assert proof_of(work, Gateway(), session=session) == Proof(Executed.NO, needs_rollback=True)


def test_a_connection_that_commits_by_itself_takes_nothing_back(tmp_path: Path) -> None:
    def work(connection: Any, gateway: Gateway) -> Any:
        connection.execute("INSERT INTO paid VALUES (1)")
        return gateway.refuse()

    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE paid (id)")
        assert proof_of(work, connection, Gateway(), session=connection) == Proof(Executed.NO, needs_rollback=True)
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as connection:
        assert proof_of(work, connection, Gateway(), session=connection).effect is Executed.UNKNOWN


def test_a_session_whose_engine_commits_by_itself_takes_nothing_back(tmp_path: Path) -> None:
    for options in ({"isolation_level": "AUTOCOMMIT"}, {"execution_options": {"isolation_level": "AUTOCOMMIT"}}):
        engine = create_engine(f"sqlite:///{tmp_path}/auto.db", **options)
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            assert proof_of(draws, session, Gateway(), session=session).effect is Executed.UNKNOWN
        engine.dispose()


def inserts(connection: Any, gateway: Gateway) -> Any:
    connection.execute("INSERT INTO paid VALUES (1)")
    return gateway.refuse()


@pytest.mark.parametrize("autocommit", [False, True])
def test_a_driver_connection_takes_back_what_it_does_not_commit_by_itself(postgres_url: str, autocommit: bool) -> None:
    address = postgres_url.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("CREATE TABLE paid (id int)")
    with closing(psycopg.connect(address, autocommit=autocommit)) as connection:
        proof = proof_of(inserts, connection, Gateway(), session=connection)
    assert proof.effect is (Executed.UNKNOWN if autocommit else Executed.NO)
    assert proof.needs_rollback is not autocommit
