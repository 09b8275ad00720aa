from __future__ import annotations

import pytest

from healing.cli.explain import NO_PROOF
from tests.healing.cli.conftest import Run, Spawn

REFUSED = "ConnectionRefusedError: [Errno 111] Connection refused\n"


def test_a_refused_connection_is_explained(run: Run) -> None:
    result = run("explain", "--idempotent", input=REFUSED)

    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert "error        ConnectionRefusedError" in lines
    assert "category     network" in lines
    assert "transient    yes" in lines
    assert "executed     no" in lines
    assert "stops        a repair would be tried" in lines
    first = next(line for line in lines if line.startswith("1. "))
    assert "repair" in first
    assert NO_PROOF not in result.output


def test_all_ten_strategies_are_in_the_plan_each_with_its_reason(run: Run) -> None:
    result = run("explain", input=REFUSED)

    rows = [line.split(None, 3) for line in result.output.splitlines() if line.startswith(("- ", "1.", "2."))]
    assert len(rows) == 10
    assert all(len(row) == 4 for row in rows)


def test_without_a_declaration_nothing_is_run_again(run: Run) -> None:
    result = run("explain", input="TimeoutError: timed out")

    assert "stops        unsafe_to_rerun: not declared idempotent" in result.output


def test_every_declaration_is_understood(run: Run) -> None:
    flags = ["idempotent", "atomic", "skippable", "cache", "queue", "clears", "resets", "session"]
    values = ["--default", "x", "--endpoint", "a", "--endpoint", "b", "--category", "network"]
    limits = ["--budget", "5", "--attempts", "2"]

    result = run("explain", *[f"--{flag}" for flag in flags], *values, *limits, input=REFUSED)

    assert result.exit_code == 0, result.output
    for strategy in ("use_default_value", "skip_operation", "queue_for_later", "switch_api_endpoint"):
        row = next(line for line in result.output.splitlines() if f" {strategy} " in line)
        assert "declared" not in row.split(None, 3)[3] or row[0].isdigit()


def test_where_frames_could_prove_more_than_text_that_is_said(run: Run) -> None:
    result = run("explain", input=REFUSED)

    assert "executed     no" in result.output
    assert "stops        unsafe_to_rerun" in result.output
    assert NO_PROOF.split() == result.output.split()[-len(NO_PROOF.split()) :]


@pytest.mark.parametrize("text", ["TimeoutError: timed out", "ValueError: no number", "PermissionError: denied"])
def test_where_frames_prove_nothing_more_they_are_not_spoken_of(run: Run, text: str) -> None:
    result = run("explain", input=text)

    assert "No proof" not in result.output


def test_a_single_endpoint_is_wrong_usage(run: Run) -> None:
    result = run("explain", "--endpoint", "http://a", input=REFUSED)

    assert result.exit_code == 2
    assert "Invalid value for '--endpoint': give two addresses or more" in result.output
    assert "_unknown_function" not in result.output


def test_a_type_that_is_not_installed_is_judged_by_its_name(run: Run) -> None:
    result = run("explain", input="acme.sdk.ReadTimeout: no answer")

    assert result.exit_code == 0
    assert "acme.sdk.ReadTimeout (not to be had here: judged by its name and message)" in result.output


def test_what_is_no_error_passes_untouched(run: Run) -> None:
    result = run("explain", input="KeyboardInterrupt")

    assert result.exit_code == 0
    assert result.output == "KeyboardInterrupt is no error: Healing lets it pass untouched.\n"


def test_text_without_an_error_is_wrong_usage(run: Run) -> None:
    result = run("explain", input="all is well")

    assert result.exit_code == 2
    assert "no exception found" in result.output


@pytest.mark.parametrize("option", [["--budget", "-1"], ["--attempts", "0"], ["--category", "weather"]])
def test_a_value_out_of_range_is_wrong_usage(run: Run, option: list[str]) -> None:
    assert run("explain", *option, input=REFUSED).exit_code == 2


def test_nothing_is_recorded_and_no_database_is_made(run: Run) -> None:
    from pathlib import Path

    run("explain", input=REFUSED)

    assert not Path("healing.db").exists()


def test_a_pipe_gets_no_control_characters_and_a_terminal_without_colour_neither(spawn: Spawn) -> None:
    for environ in ({}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}):
        process = spawn("explain", "--help", **environ)
        output, _ = process.communicate(timeout=60)
        assert "\x1b[3" not in output
        assert "--idempotent" in output
