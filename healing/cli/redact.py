"""`healing redact`."""

from __future__ import annotations

import math
from collections import Counter
from typing import IO

import click

from healing import settings
from healing.redaction import PLACEHOLDER, Redactor

ROOM = 20
"""How many characters of output one of input may become: a placeholder can be longer than its secret."""


@click.command(name="redact", short_help="Print a text without secrets and personal data.")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option("--summary/--no-summary", default=True, help="Whether the counts by kind are printed on standard error.")
def command(file: IO[str], summary: bool) -> None:
    """Print FILE with secrets and personal data removed, as they are before anything is stored.

    Without FILE, or with -, standard input is read. How many were removed, by kind, is printed on standard error.
    """
    redactor = Redactor.of(settings.load(), seconds=math.inf)
    text = file.read()
    redacted = redactor.text(text, limit=ROOM * (len(text) + 1))
    click.echo(redacted, nl=False)
    if summary:
        click.echo(_counted(text, redacted), err=True)


def _counted(text: str, redacted: str) -> str:
    found = _kinds(redacted) - _kinds(text)
    if not found:
        return "nothing to remove"
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(found.items(), key=lambda item: (-item[1], item[0])))
    return f"removed {found.total()}: {kinds}"


def _kinds(text: str) -> Counter[str]:
    return Counter(found[0][len("[redacted:") : -1] for found in PLACEHOLDER.finditer(text))
