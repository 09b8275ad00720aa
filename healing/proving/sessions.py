"""The declared session: what is done through it counts as undone, because the plan rolls it back before a re-run."""

from __future__ import annotations

import inspect
import re
import types
from typing import Any

from healing.proving.values import NOTHING, static

METHODS = frozenset(
    {
        *("add", "add_all", "begin", "begin_nested", "cursor", "delete", "exec", "execute", "executemany", "expire"),
        *(
            "expire_all",
            "expunge",
            "flush",
            "get",
            "get_one",
            "in_transaction",
            "merge",
            "query",
            "refresh",
            "rollback",
        ),
        *("scalar", "scalars", "stream", "stream_scalars"),
    }
)
"""Methods of a session or connection whose work stays within its transaction."""

OF_RESULTS = METHODS | frozenset(
    {
        *("all", "close", "count", "fetchall", "fetchmany", "fetchone", "filter", "filter_by", "first", "group_by"),
        *("having", "join", "keys", "limit", "mappings", "offset", "one", "one_or_none", "options", "order_by"),
        *("outerjoin", "partitions", "scalar_one", "scalar_one_or_none", "select_from", "tuples", "unique", "where"),
        *("with_for_update", "yield_per"),
    }
)
"""Methods of what a session gives, that only read or narrow down."""

READ = frozenset({"inserted_primary_key", "lastrowid", "returns_rows", "rowcount"})

EXECUTING = frozenset({"exec", "execute", "executemany", "scalar", "scalars", "stream", "stream_scalars"})

STAYS_WITHIN = re.compile(
    r"\s*(select|insert|update|delete|replace|merge|savepoint)\b(?!.*;\s*\w)", re.IGNORECASE | re.DOTALL
)
"""The text that every database undoes at a rollback: some commit at DDL, and sqlite3 opens no transaction for it."""

LIBRARIES = frozenset({"psycopg", "psycopg2", "sqlalchemy", "sqlite3", "sqlmodel"})


class Session:
    """The declared session as one error sees it; `declared` is a session, a connection, or a callable that gives it."""

    def __init__(self, declared: object | None) -> None:
        self.declared = declared
        self._current: object = NOTHING

    def is_it(self, value: object) -> bool:
        """Whether `value` is the session that a rollback would take back."""
        if self.declared is None or static(value, "rollback") is NOTHING:
            return False
        return (value is self.declared or value is self.current()) and _rolls_back(value)

    def gives_it(self, callee: object) -> bool:
        return callee is self.declared and callable(callee) and self.is_it(self.current())

    def current(self) -> object:
        """What the declared callable returns, if it returns the same thing each time; NOTHING otherwise."""
        if self._current is NOTHING and callable(self.declared) and static(self.declared, "rollback") is NOTHING:
            first = self.declared()
            self._current = first if first is self.declared() else None
        return self._current


def is_mapped(callee: Any) -> bool:
    """Whether `callee` is a class that SQLAlchemy maps, with the constructor that SQLAlchemy gives it."""
    manager = static(callee, "_sa_class_manager") if isinstance(callee, type) else NOTHING
    made = getattr(manager, "original_init", None)
    return getattr(made, "__module__", None) == "sqlalchemy.orm.decl_base"


def is_column(value: Any, name: str) -> bool:
    """Whether SQLAlchemy keeps this attribute."""
    return type(inspect.getattr_static(type(value), name, None)).__module__.startswith("sqlalchemy.orm")


def is_text(callee: Any) -> bool:
    """Whether `callee` is `sqlalchemy.text`."""
    return getattr(callee, "__name__", "") == "text" and str(getattr(callee, "__module__", "")).startswith(
        "sqlalchemy."
    )


def is_of_database(value: object, method: str) -> bool:
    """Whether the method is the database library's own, rather than the app's on an object that the session holds."""
    found = static(value, method)
    owner = found.__module__ if isinstance(found, types.FunctionType) else type(value).__module__
    return str(owner).partition(".")[0] in LIBRARIES


def _rolls_back(session: object) -> bool:
    """Whether the session is in a mode in which work can be taken back at all."""
    package = type(session).__module__.partition(".")[0]
    if package == "sqlite3":
        return getattr(session, "isolation_level", None) is not None
    if package in {"psycopg", "psycopg2"}:
        return getattr(session, "autocommit", True) is False
    return package != "sqlalchemy" or "AUTOCOMMIT" not in _isolation_levels(session)


def _isolation_levels(session: Any) -> set[str]:
    """The levels set on a SQLAlchemy connection, on its engine, or on the engine of a session."""
    bound = getattr(session, "bind", None) or getattr(session, "engine", None)
    engine = getattr(bound, "engine", bound)
    holders: list[Any] = [thing for thing in (session, bound, engine) if hasattr(thing, "get_execution_options")]
    levels = {str(holder.get_execution_options().get("isolation_level")) for holder in holders}
    return levels | {str(getattr(getattr(engine, "dialect", None), "_on_connect_isolation_level", None))}
