from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

import healing
from healing.cli.program import Program
from healing.cli.versions import installed
from healing.errors import SchemaError
from tests.healing.cli.conftest import Run, Spawn

COMMANDS = ["dashboard", "db", "demo", "doctor", "explain", "redact", "worker"]


def test_help_lists_every_command(run: Run) -> None:
    result = run("--help")

    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in result.output


@pytest.mark.parametrize("command", [["db", "upgrade"], ["db", "check"], *[[name] for name in COMMANDS]])
def test_every_command_and_option_has_a_help_text(run: Run, command: list[str]) -> None:
    result = run(*command, "-h")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines[2].strip()) > 20
    options = lines[lines.index("Options:") + 1 :] if "Options:" in lines else []
    for line, following in zip(options, [*options[1:], ""], strict=True):
        if line.strip().startswith("--"):
            text = line.strip().split("  ", 1)[1:] or [following]
            assert len(text[0].strip()) > 5, line


def test_the_version_is_told(run: Run) -> None:
    result = run("--version")

    assert result.exit_code == 0
    assert result.output == f"healing, version {healing.__version__}\n"


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    result = run("heel")

    assert result.exit_code == 2
    assert "No such command 'heel'" in result.output


@pytest.mark.parametrize(
    "command", [["dashboard"], ["db", "check"], ["db", "upgrade"], ["demo"], ["explain"], ["redact"], ["worker", "x"]]
)
def test_a_wrong_setting_is_one_line_and_exit_code_2(run: Run, command: list[str]) -> None:
    result = run(*command, input="TimeoutError: timed out", HEALING_MOOD="off")

    assert result.exit_code == 2
    assert result.output == ("Error: unknown setting HEALING_MOOD (environment); did you mean HEALING_MODE?\n")


def test_what_is_not_installed_has_no_version() -> None:
    assert installed("pytest") == pytest.__version__
    assert installed("there-is-no-such-distribution") is None


def test_it_runs_as_a_module(spawn: Spawn) -> None:
    process = spawn("--version")

    output, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert output.startswith("healing, version ")


def test_an_error_of_healings_own_is_one_line_and_exit_code_1() -> None:
    @click.group(cls=Program)
    def program() -> None:
        """Has one command."""

    @program.command()
    def fail() -> None:
        raise SchemaError("the tables are old")

    result = CliRunner().invoke(program, ["fail"])

    assert (result.exit_code, result.output) == (1, "Error: the tables are old\n")
