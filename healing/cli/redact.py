"""`healing redact`."""

from __future__ import annotations

from typing import IO

import click

from healing import settings
from healing.redaction import Redactor

ROOM = 20
"""How many characters of output one of input may become: a placeholder can be longer than its secret."""


@click.command(name="redact", short_help="Print a text without secrets and personal data.")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
def command(file: IO[str]) -> None:
    """Print FILE with secrets and personal data removed, as they are before anything is stored.

    Without FILE, or with -, standard input is read.
    """
    chosen = settings.load()
    redactor = Redactor.of(chosen)
    text = file.read()
    click.echo(redactor.text(text, limit=ROOM * (len(text) + 1)), nl=False)
