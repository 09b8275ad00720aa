"""Where the dashboard's scripts lie, and whether what they need is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import click

import healing


def dashboard_folder() -> Path:
    """The folder in the wheel, else the checkout's root. Raises ClickException where there is neither."""
    package = Path(healing.__path__[0]).absolute()
    for folder in (package / "_dashboard", package.parent):
        if (folder / "dashboard.py").is_file() and (folder / "db").is_dir():
            return folder
    raise click.ClickException(
        f'no dashboard beside {package}; mend it with: pip install --force-reinstall "healing[dashboard]"'
    )


def require(module: str) -> None:
    """Raises ClickException where the dashboard's extra is not installed."""
    if importlib.util.find_spec(module) is None:
        raise click.ClickException(f'this needs {module}, which is not installed: pip install "healing[dashboard]"')
