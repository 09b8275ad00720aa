"""Run by Alembic: the connection comes from `db.migrate`, the tables from `healing.schema`."""

from __future__ import annotations

from alembic import context

from db.migrate import OPTIONS

context.configure(connection=context.config.attributes["connection"], **OPTIONS)
with context.begin_transaction():
    context.run_migrations()
