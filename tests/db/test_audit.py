from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from db.audit import record
from healing.schema import audit_log
from tests.factories import NOW


def test_an_action_is_written_down_with_its_actor_and_time(engine: Engine) -> None:
    record(engine, NOW, actor="ada", action="demo.start", subject="demo", reason="a look around")
    with engine.connect() as connection:
        (row,) = connection.execute(sa.select(audit_log))
    assert (row.happened_at, row.actor, row.action, row.subject) == (NOW, "ada", "demo.start", "demo")
    assert row.details == {"reason": "a look around"}
