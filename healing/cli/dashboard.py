"""`healing dashboard`."""

from __future__ import annotations

import os
import sys

import click

from healing import settings
from healing.cli.folder import dashboard_folder, require


@click.command(name="dashboard")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8501,
    envvar="STREAMLIT_SERVER_PORT",
    show_default=True,
    show_envvar=True,
    help="TCP port to listen on.",
)
@click.option(
    "--host",
    default="localhost",
    envvar="STREAMLIT_SERVER_ADDRESS",
    show_default=True,
    show_envvar=True,
    help="Address to listen on. There is no sign-in: let other machines in only through a proxy that has one, "
    "and name its host in STREAMLIT_SERVER_ALLOWED_HOSTS.",
)
def command(port: int, host: str) -> None:
    """Run the dashboard on the database of the settings, until Ctrl-C."""
    settings.load()
    require("streamlit")
    script = dashboard_folder() / "dashboard.py"
    # -P keeps the working directory, where the user may have packages named db or pages, off the import path.
    run = [sys.executable, "-P", "-m", "streamlit", "run", str(script)]
    options = ["--server.port", str(port), "--server.address", host]
    sys.stdout.flush()
    os.execv(sys.executable, [*run, *options])  # noqa: S606 - takes this process's place, so that signals and exit code are its own
