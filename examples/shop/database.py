"""The shop's own database. Healing keeps its events in another."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker

from examples.shop.config import DATABASE

LOCK_TIMEOUT = 0.1
"""Seconds for which a statement waits while another program holds the lock."""

engine = create_engine(f"sqlite:///{DATABASE}", connect_args={"timeout": LOCK_TIMEOUT})
current_session = scoped_session(sessionmaker(engine))


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer: Mapped[str]
    article: Mapped[str]
    cents: Mapped[int]
    paid: Mapped[bool] = mapped_column(default=False)


def create_tables() -> None:
    Base.metadata.create_all(engine)


def execute(statement: str, *values: object) -> None:
    """One statement in a transaction of its own."""
    with closing(sqlite3.connect(DATABASE, timeout=LOCK_TIMEOUT)) as connection, connection:
        connection.execute(statement, values)
