"""`healing explain`."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click
from rich.table import Table

from healing.cli.paste import Pasted, rebuild
from healing.cli.terminal import console
from healing.vocabulary import Category, Executed, StopReason

if TYPE_CHECKING:
    from healing.windows import Explanation

NO_PROOF = (
    "No proof can be given without the running frames: text does not tell what ran before the error. A service "
    "sees them, and may run the operation again although this says no."
)


def _declarations(function: Any) -> Any:
    """The arguments of `self_healing` that text can give, as options of the same names."""
    flags = {
        "idempotent": "Running it twice does no harm.",
        "atomic": "All its effects happen in one step, all or nothing.",
        "skippable": "It may be left out and return None.",
        "cache": "Its last good result may stand in.",
        "queue": "It may be stored and run later.",
        "clears": "It declares caches to clear.",
        "resets": "It declares connections to reset.",
        "session": "It declares a session to roll back.",
    }
    for name, text in reversed(flags.items()):
        function = click.option(f"--{name}", is_flag=True, help=text)(function)
    return function


def _two_or_none(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    if len(given) == 1:
        raise click.BadParameter("give two addresses or more, to switch between")
    return given


@click.command(name="explain", short_help="Say what would be done about a pasted error, and why.")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@_declarations
@click.option("--default", metavar="TEXT", help="A value to return in the call's stead.")
@click.option(
    "--endpoint",
    "endpoints",
    multiple=True,
    metavar="URL",
    callback=_two_or_none,
    help="An address; give two or more.",
)
@click.option(
    "--category",
    type=click.Choice([category.value for category in Category]),
    default=Category.GENERAL.value,
    show_default=True,
    metavar="WORD",
    help=f"Its kind of work: {', '.join(Category)}.",
)
@click.option("--budget", type=click.FloatRange(min=0), default=10.0, show_default=True, help="Seconds for healing.")
@click.option("--attempts", type=click.IntRange(min=1), default=4, show_default=True, help="Runs, the first included.")
def command(file: IO[str], **options: Any) -> None:
    """Say what would be done about an error, and why.

    FILE holds a traceback, or a line such as `requests.exceptions.ConnectionError: connection refused`.
    Without FILE, or with -, standard input is read. The options are the arguments of @self_healing.
    """
    import healing

    try:
        pasted = rebuild(file.read())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="FILE") from error
    if not isinstance(pasted.error, Exception):
        console().print(f"{type(pasted.error).__name__} is no error: Healing lets it pass untouched.")
        return
    _show(pasted, healing.explain(pasted.error, **_declared(options)))


def _declared(options: dict[str, Any]) -> dict[str, Any]:
    """Resources that text cannot give are stood for by functions: explaining calls none of them."""
    declared = {name: value for name, value in options.items() if value not in (None, False, ())}
    for name in {"clears", "resets"} & declared.keys():
        declared[name] = (_resource,)
    if "session" in declared:
        declared["session"] = _resource
    return declared


def _resource() -> None:
    """Stands for a resource of the operation."""


def _show(pasted: Pasted, explanation: Explanation) -> None:
    screen = console()
    for name, value in _facts(pasted, explanation):
        screen.print(f"{name:<12} {value}")
    screen.print()
    screen.print(_plan(explanation))
    if _proof_would_help(explanation):
        screen.print()
        screen.print(NO_PROOF)


def _proof_would_help(explanation: Explanation) -> bool:
    return explanation.stop_reason is StopReason.UNSAFE_TO_RERUN and explanation.executed is Executed.NO


def _facts(pasted: Pasted, explanation: Explanation) -> list[tuple[str, str]]:
    kind = type(pasted.error)
    shown = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    stop = explanation.stop_reason
    return [
        ("error", shown if pasted.known else f"{shown} (not to be had here: judged by its name and message)"),
        ("category", explanation.category),
        ("transient", "yes" if explanation.transient else "no"),
        ("executed", explanation.executed),
        ("severity", explanation.severity),
        ("rule", f"{explanation.rule}{' (your own)' if explanation.own else ''}: {explanation.reason}"),
        ("stops", f"{stop}: {explanation.why}" if stop else "a repair would be tried"),
        ("fingerprint", explanation.fingerprint),
    ]


def _plan(explanation: Explanation) -> Table:
    table = Table(title="Plan", title_justify="left", box=None, pad_edge=False)
    for title in ("", "Strategy", "Kind"):
        table.add_column(title, no_wrap=True)
    table.add_column("Reason", overflow="fold")
    taken = 0
    for step in explanation.plan:
        taken += step.taken
        style = "" if step.taken else "dim"
        table.add_row(f"{taken}." if step.taken else "-", step.strategy, step.kind, step.reason, style=style)
    return table
