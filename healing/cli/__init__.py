"""`healing …`: one file a command."""

from __future__ import annotations

import click

import healing
from healing.cli import dashboard, db, demo, doctor, explain, redact, rules, worker
from healing.cli.program import Program


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(healing.__version__, prog_name="healing")
def main() -> None:
    """Self-healing for Python services: the demo, the dashboard, the worker, and what would be done and why.

    Settings come from HEALING_* in the environment, over healing.toml in the working directory, over
    defaults; `healing doctor` shows them.
    """


for command in (
    dashboard.command,
    db.group,
    demo.command,
    doctor.command,
    explain.command,
    redact.command,
    rules.command,
    worker.command,
):
    main.add_command(command)
