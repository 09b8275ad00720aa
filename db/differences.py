"""What Alembic finds by comparing tables, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

STATES = {"add": "is missing", "remove": "is too many"}
KINDS = {"fk": "foreign key"}


def lines(found: list[Any]) -> Iterator[str]:
    """One line a difference of `compare_metadata`: a tuple, or for one column's changes a list of them."""
    for entry in found:
        for change in entry if type(entry) is list else [entry]:
            yield _line(*change)


def _line(operation: str, *about: Any) -> str:
    verb, _, kind = operation.partition("_")
    if verb == "modify":
        _, table, column = about[:3]
        return f"column {column} of table {table} differs: {kind} is {about[4]}, needed is {about[5]}"
    subject = about[-1] if kind == "column" else about[0]
    return f"{_named(KINDS.get(kind, kind), subject)} {STATES[verb]}"


def _named(kind: str, subject: Any) -> str:
    if type(subject) is sa.Table:
        return f"{kind} {subject.name}"
    return f"{kind} {subject.name} of table {subject.table.name}"
