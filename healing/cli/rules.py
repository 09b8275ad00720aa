"""`healing rules`."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from healing.cli.terminal import console
from healing.diagnosis.rule import Rule
from healing.vocabulary import REPAIRS

FIRST = 3
"""Strategies that are shown of a rule's course."""


@click.command(name="rules", short_help="List the rules by which errors are judged.")
@click.argument("text", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON array, with every key and strategy.")
def command(text: str, as_json: bool) -> None:
    """List the rules by which errors are judged, in the order in which they are asked.

    Your own rules come first. With TEXT, only rules that have it anywhere are listed: a part of a type's name, a key
    such as http:429, a category, a strategy.
    """
    from healing import runtime

    found = [rule for rule in runtime.rules_of(runtime.settings()).rules() if text.lower() in _everything(rule)]
    if as_json:
        click.echo(json.dumps([_plain(rule) for rule in found], indent=2))
        return
    screen = console()
    if found:
        screen.print(_table(found))
    own = sum(rule.own for rule in found)
    screen.print(f"{len(found)} {'rule' if len(found) == 1 else 'rules'}, {own} of them your own")


def _plain(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "own": rule.own,
        "on": rule.keys,
        "message": None if rule.message is None else rule.message.pattern,
        "within": sorted(rule.within),
        "category": rule.category,
        "transient": rule.transient,
        "executed": rule.executed,
        "severity": rule.severity,
        "strategies": [item.strategy for item in rule.course],
        "says": rule.says,
    }


def _everything(rule: Rule) -> str:
    """All that is shown, in lower case, for TEXT to be looked for in."""
    verdict = "\n".join(map(str, _verdict(rule)))
    return "\n".join([rule.name, rule.says, verdict, *_matches(rule), *(i.strategy for i in rule.course)]).lower()


def _table(rules: list[Rule]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column("Rule", ratio=4, overflow="fold")
    table.add_column("Verdict", min_width=20, ratio=3, overflow="fold")
    table.add_column("Matches", ratio=6, overflow="fold")
    for rule in rules:
        table.add_row(_named(rule), Text("\n".join(_verdict(rule))), Text(", ".join(_matches(rule)), style="dim"))
    return table


def _named(rule: Rule) -> Text:
    name = Text(rule.name, style="bold")
    if rule.own:
        name.append(" (your own)", style="cyan")
    return name.append(f"\n{rule.says}", style="not bold")


def _verdict(rule: Rule) -> list[str]:
    """Category, transient or not, executed, severity, and the strategies that come first."""
    first = [item.strategy for item in rule.course if not rule.transient or item.strategy in REPAIRS][:FIRST]
    return [
        f"{rule.category}, {'transient' if rule.transient else 'permanent'}",
        f"executed: {rule.executed}",
        f"severity: {rule.severity}",
        *(f"{place}. {strategy}" for place, strategy in enumerate(first, 1)),
    ]


def _matches(rule: Rule) -> list[str]:
    found = rule.keys
    if rule.within:
        found = [*found, f"raised within {', '.join(sorted(rule.within))}"]
    if rule.message is not None:
        found = [*found, f"message: {rule.message.pattern}"]
    return found or ["whatever no other rule knows"]
