"""How commands print: colours on a terminal, plain and wide text into a pipe."""

from __future__ import annotations

from rich.console import Console

PIPE_WIDTH = 140
"""Columns where there is no terminal to ask."""


def console() -> Console:
    """Standard output as it is now; rich itself heeds NO_COLOR, FORCE_COLOR and COLUMNS."""
    screen = Console(highlight=False, markup=False)
    return screen if screen.is_terminal else Console(highlight=False, markup=False, width=PIPE_WIDTH)
