"""The tables: the only definition of them.

Ids come from the writer (UUIDv7), so that a row delivered twice is one row. Times are UTC. Columns of events stay
narrow; what only the page of one event reads lies in `healing_event_details`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

SCHEMA_REVISION = "0001"
"""The Alembic revision that these tables equal; `db/migrations` ends with it."""


class EventId(TypeDecorator[str]):
    """32 hexadecimal digits in Python, 16 bytes in the database."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else bytes(value).hex()


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python; naive UTC text in SQLite, `timestamptz` in PostgreSQL."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a time zone reached the database: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

events = sa.Table(
    "healing_events",
    metadata,
    sa.Column("id", EventId, primary_key=True),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("category", sa.String(20), nullable=False),
    sa.Column("severity", sa.String(10), nullable=False),
    sa.Column("fingerprint", sa.String(32), nullable=False),
    sa.Column("error_type", sa.String(200), nullable=False),
    sa.Column("message", sa.String(300), nullable=False),
    sa.Column("outcome", sa.String(12), nullable=False),
    sa.Column("stop_reason", sa.String(20), nullable=False),
    sa.Column("strategy", sa.String(24)),
    sa.Column("decided_by", sa.String(10), nullable=False),
    sa.Column("runs", sa.Integer, nullable=False),
    sa.Column("healing_ms", sa.Float, nullable=False),
    sa.Column("critical", sa.Boolean, nullable=False),
    sa.Column("parent_id", EventId),
    sa.Index(None, "occurred_at", "id"),
    sa.Index(None, "source", "occurred_at", "id"),
    sa.Index(None, "fingerprint", "occurred_at", "id"),
    comment="One failed call and what was done about it.",
)

event_details = sa.Table(
    "healing_event_details",
    metadata,
    sa.Column("event_id", EventId, sa.ForeignKey("healing_events.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("fingerprint_version", sa.Integer, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("traceback", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("context", sa.JSON, nullable=False, comment="function, declared, arguments, chain, notes, process"),
    sa.Column("diagnosis", sa.JSON, nullable=False),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Column("trials", sa.JSON, nullable=False),
    comment="Read for one event at a time.",
)

patterns = sa.Table(
    "healing_patterns",
    metadata,
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("strategy", sa.String(24), primary_key=True),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("successes", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("success_weight", sa.Float, nullable=False, comment="successes, each halved per half-life since"),
    sa.Column("failure_weight", sa.Float, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False, comment="the time to which the weights are decayed"),
    sa.Column("ruling", sa.String(4), comment="pin or ban, by an operator"),
    sa.Column("ruled_by", sa.String(100)),
    sa.Column("ruled_at", UtcDateTime),
    sa.Index(None, "updated_at"),
    comment="What worked before: one row per fingerprint and repair.",
)

event_rollups = sa.Table(
    "healing_event_rollups",
    metadata,
    sa.Column("hour", UtcDateTime, primary_key=True),
    sa.Column("source", sa.String(200), primary_key=True),
    sa.Column("category", sa.String(20), primary_key=True),
    sa.Column("outcome", sa.String(12), primary_key=True),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("healing_ms_sum", sa.Float, nullable=False),
    comment="Events by the hour: whole hours of charts and figures are read here, only the edges from events.",
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", EventId, primary_key=True),
    sa.Column("happened_at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(100), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Index(None, "happened_at", "id"),
    comment="Who pressed what.",
)
