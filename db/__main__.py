"""`python -m db upgrade | check`: what `healing db …` runs."""

from __future__ import annotations

import sys

import click
from sqlalchemy.engine import Engine

from db import migrate
from healing import settings
from healing.database import open_engine


@click.group(help=__doc__)
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
    found = migrate.differences(engine)
    for difference in found:
        click.echo(difference, err=True)
    if found:
        click.echo(f"{engine.url}: run `healing db upgrade`", err=True)
        sys.exit(1)
    click.echo(f"{engine.url} is up to date (revision {migrate.current(engine)})")


if __name__ == "__main__":
    main(prog_name="healing db")
