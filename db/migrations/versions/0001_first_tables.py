"""The first tables: events and their details, patterns, roll-ups, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_events()
    _create_event_details()
    _create_patterns()
    _create_event_rollups()
    _create_audit_log()


def downgrade() -> None:
    for table in (
        "audit_log",
        "healing_event_rollups",
        "healing_patterns",
        "healing_event_details",
        "healing_events",
    ):
        op.drop_table(table)


def _create_events() -> None:
    op.create_table(
        "healing_events",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.Column("parent_id", sa.LargeBinary(16)),
        sa.PrimaryKeyConstraint("id", name="pk_healing_events"),
        comment="One failed call and what was done about it.",
    )
    for columns in (
        ["occurred_at", "id"],
        ["source", "occurred_at", "id"],
        ["fingerprint", "occurred_at", "id"],
    ):
        op.create_index(f"ix_healing_events_{'_'.join(columns)}", "healing_events", columns)


def _create_event_details() -> None:
    op.create_table(
        "healing_event_details",
        sa.Column("event_id", sa.LargeBinary(16), nullable=False),
        sa.Column("fingerprint_version", sa.Integer, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("traceback", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("context", sa.JSON, nullable=False, comment="function, declared, arguments, chain, notes, process"),
        sa.Column("diagnosis", sa.JSON, nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("trials", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_healing_event_details"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["healing_events.id"],
            name="fk_healing_event_details_event_id",
            ondelete="CASCADE",
        ),
        comment="Read for one event at a time.",
    )


def _create_patterns() -> None:
    op.create_table(
        "healing_patterns",
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("strategy", sa.String(24), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("successes", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("success_weight", sa.Float, nullable=False, comment="successes, each halved per half-life since"),
        sa.Column("failure_weight", sa.Float, nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="the time to which the weights are decayed",
        ),
        sa.Column("ruling", sa.String(4), comment="pin or ban, by an operator"),
        sa.Column("ruled_by", sa.String(100)),
        sa.Column("ruled_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("fingerprint", "strategy", name="pk_healing_patterns"),
        comment="What worked before: one row per fingerprint and repair.",
    )
    op.create_index("ix_healing_patterns_updated_at", "healing_patterns", ["updated_at"])


def _create_event_rollups() -> None:
    op.create_table(
        "healing_event_rollups",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("healing_ms_sum", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("hour", "source", "category", "outcome", name="pk_healing_event_rollups"),
        comment="Events by the hour: whole hours of charts and figures are read here, only the edges from events.",
    )


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
        comment="Who pressed what.",
    )
    op.create_index("ix_audit_log_happened_at_id", "audit_log", ["happened_at", "id"])
