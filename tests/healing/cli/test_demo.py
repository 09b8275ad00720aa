from __future__ import annotations

import subprocess

import pytest

from healing import demo
from tests.healing.cli.conftest import Run


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float | None, str | None]]:
    seen: list[tuple[float | None, str | None]] = []

    def run(seconds: float | None, database_url: str | None) -> None:
        seen.append((seconds, database_url))
        if seconds == 13:
            raise subprocess.CalledProcessError(9, ["shop"])

    monkeypatch.setattr(demo, "run", run)
    return seen


def test_the_demo_stays_open_by_default(run: Run, runs: list[tuple[float | None, str | None]]) -> None:
    assert run("demo").exit_code == 0
    assert runs == [(None, None)]


def test_the_demo_takes_seconds_and_a_database(run: Run, runs: list[tuple[float | None, str | None]]) -> None:
    assert run("demo", "--seconds", "2.5", "--database-url", "sqlite:///x.db").exit_code == 0
    assert runs == [(2.5, "sqlite:///x.db")]


def test_a_demo_that_ends_badly_is_a_failure(run: Run, runs: list[tuple[float | None, str | None]]) -> None:
    result = run("demo", "--seconds", "13")

    assert result.exit_code == 1
    assert result.output == "Error: the demo ended with exit code 9; see its output above\n"


def test_no_time_at_all_is_wrong_usage(run: Run) -> None:
    assert run("demo", "--seconds", "0").exit_code == 2


def test_a_database_that_is_none_is_told_before_anything_starts(
    run: Run, runs: list[tuple[float | None, str | None]]
) -> None:
    result = run("demo", "--database-url", "nonsense")

    assert result.exit_code == 2
    assert result.output == "Error: --database-url: must start with sqlite:/// or postgresql://\n"
    assert runs == []


def test_a_database_of_the_command_line_goes_over_a_wrong_one_of_the_settings(
    run: Run, runs: list[tuple[float | None, str | None]]
) -> None:
    result = run("demo", "--database-url", "sqlite:///x.db", HEALING_DATABASE_URL="nonsense")

    assert result.exit_code == 0
    assert runs == [(None, "sqlite:///x.db")]
