"""`healing db upgrade` and `healing db check`."""

from __future__ import annotations

import subprocess
import sys

import click

from healing import settings
from healing.cli.folder import dashboard_folder, require

RUN = (
    "import runpy, sys; folder, *arguments = sys.argv[1:]; sys.path.insert(0, folder); "
    "sys.argv = ['healing db', *arguments]; runpy.run_module('db', run_name='__main__', alter_sys=True)"
)


@click.group(name="db")
def group() -> None:
    """Look after the tables of the shared database."""


@group.command()
@click.pass_context
def upgrade(context: click.Context) -> None:
    """Bring the tables to the newest revision; harmless where they are there already."""
    context.exit(_run("upgrade"))


@group.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Exit with 1 where the tables differ from what this version needs."""
    context.exit(_run("check"))


def _run(action: str) -> int:
    settings.load()
    require("alembic")
    arguments = [sys.executable, "-P", "-c", RUN, str(dashboard_folder()), action]
    return subprocess.run(arguments, check=False).returncode  # noqa: S603 - our own script, no shell
