"""`healing demo`."""

from __future__ import annotations

import subprocess

import click

from healing import settings
from healing.cli.program import WrongSetting
from healing.errors import ConfigurationError


@click.command(name="demo", short_help="Run a small real shop whose dependencies fail.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="Close the shop after so many seconds; by default it stays open until Ctrl-C.",
)
@click.option("--database-url", metavar="URL", help="Where its events go; by default where the settings say.")
def command(seconds: float | None, database_url: str | None) -> None:
    """Run a small real shop whose dependencies fail, so that the dashboard has something to show."""
    from healing import demo

    _check(database_url)
    try:
        demo.run(seconds, database_url)
    except subprocess.CalledProcessError as error:
        raise click.ClickException(f"the demo ended with exit code {error.returncode}; see its output above") from error


def _check(database_url: str | None) -> None:
    if database_url is not None:
        try:
            settings.resolve({}, None, {"database_url": database_url})
        except ConfigurationError as error:
            raise WrongSetting(f"--database-url: {error.__cause__}") from error
    settings.load(**({} if database_url is None else {"database_url": database_url}))
