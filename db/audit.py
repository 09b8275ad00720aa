"""Who pressed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from db.connection import writing
from healing.identity import new_id
from healing.schema import audit_log


def record(engine: Engine, now: datetime, actor: str, action: str, subject: str, **details: Any) -> None:
    """One row of `audit_log`; `details` must fit into JSON. Raises DatabaseAwayError."""
    row = {
        "id": new_id(),
        "happened_at": now,
        "actor": actor,
        "action": action,
        "subject": subject,
        "details": details,
    }
    with writing(engine) as connection:
        connection.execute(sa.insert(audit_log), row)
