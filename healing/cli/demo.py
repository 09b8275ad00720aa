"""`healing demo`."""

from __future__ import annotations

import subprocess

import click


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

    try:
        demo.run(seconds, database_url)
    except subprocess.CalledProcessError as error:
        raise click.ClickException(f"the demo ended with exit code {error.returncode}; see its output above") from error
