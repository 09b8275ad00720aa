"""`healing doctor`."""

from __future__ import annotations

import click

from healing.cli import findings
from healing.cli.findings import Level
from healing.cli.terminal import console

STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


@click.command(name="doctor", short_help="Say what is wrong with this setup and how to mend it.")
@click.pass_context
def command(context: click.Context) -> None:
    """Check settings, database, spool, queue and versions; say what is wrong and how to mend it.

    Exits with 1 where a check fails; a warning is no failure.
    """
    screen = console()
    counts = dict.fromkeys(Level, 0)
    for finding in findings.all_findings():
        counts[finding.level] += 1
        screen.print(f"{finding.level:<5}", style=STYLES[finding.level], end="", soft_wrap=True)
        screen.print(f"{finding.subject:<10}{finding.text}", soft_wrap=True)
        if finding.remedy:
            screen.print(f"{'':<15}-> {finding.remedy}", soft_wrap=True)
    screen.print(f"ok: {counts[Level.OK]}, warnings: {counts[Level.WARN]}, failures: {counts[Level.FAIL]}")
    context.exit(1 if counts[Level.FAIL] else 0)
