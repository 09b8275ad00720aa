"""`python -m db upgrade | check`: what `healing db …` runs."""

from __future__ import annotations

import sys
from typing import Any

import click
from alembic.util import CommandError
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from db import migrate
from healing import settings
from healing.cli.program import Program
from healing.cli.reasons import first_line
from healing.database import ensure_schema, open_engine

BEYOND_UPGRADE = (
    "its revision is the newest, so no upgrade mends this: restore a backup, or give Healing an empty database"
)


class Tables(Program):
    """A database that cannot be used also ends in one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SQLAlchemyError, CommandError, ModuleNotFoundError, OSError) as error:
            told = f"the database of HEALING_DATABASE_URL cannot be used: {first_line(error)}; run `healing doctor`"
            raise click.ClickException(told) from error


@click.group(cls=Tables, help=__doc__)
@click.pass_context
def main(context: click.Context) -> None:
    engine = open_engine(settings.load().database_url)
    context.obj = engine
    context.call_on_close(engine.dispose)


@main.command()
@click.pass_obj
def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest revision."""
    click.echo(f"{engine.url} is at revision {migrate.upgrade(engine)}")


@main.command()
@click.pass_obj
def check(engine: Engine) -> None:
    """Exit with 1 where the tables differ from what this version needs."""
    if migrate.is_empty(engine):
        raise click.ClickException(f"{engine.url} has no tables yet: run `healing db upgrade`")
    found = migrate.differences(engine)
    for difference in found:
        click.echo(difference, err=True)
    ensure_schema(engine)
    if found:
        click.echo(f"{engine.url}: {BEYOND_UPGRADE}", err=True)
        sys.exit(1)
    click.echo(f"{engine.url} is up to date (revision {migrate.current(engine)})")


if __name__ == "__main__":
    main(prog_name="healing db")
