from __future__ import annotations

import json
from pathlib import Path

import pytest

from healing.diagnosis.rules import rules
from tests.healing.cli.conftest import Run

OWN = """
[[rules]]
name = "ledger_closed"
on = "builtins.ConnectionRefusedError"
category = "external_api"
transient = true
says = "The ledger is closed for a moment."
"""


@pytest.fixture
def own(elsewhere: Path) -> None:
    (elsewhere / "healing.toml").write_text(OWN)


def test_all_rules_are_listed(run: Run) -> None:
    result = run("rules")

    assert result.exit_code == 0, result.output
    assert f"{len(rules())} rules, 0 of them your own" in result.output
    assert "whatever no other rule knows" in result.output


@pytest.mark.parametrize("width", ["80", "140"])
def test_lines_stay_within_the_terminal(run: Run, width: str) -> None:
    result = run("rules", COLUMNS=width, FORCE_COLOR="1", TERM="dumb")

    assert max(len(line) for line in result.output.splitlines()) <= int(width)
    assert "connection_refused" in result.output


@pytest.mark.parametrize("text", ["http:429", "HTTP:429", "rate_limited", "too many", "rate_limit_backoff"])
def test_text_is_looked_for_in_all_columns(run: Run, text: str) -> None:
    found = json.loads(run("rules", "--json", text).output)

    assert "http_rate_limited" in [rule["name"] for rule in found]
    assert len(found) < len(rules())


def test_nothing_found_is_no_error(run: Run) -> None:
    result = run("rules", "no such thing at all")

    assert (result.exit_code, result.output) == (0, "0 rules, 0 of them your own\n")


def test_json_holds_every_key_and_strategy(run: Run) -> None:
    (found,) = json.loads(run("rules", "--json", "errno:ECONNREFUSED").output)

    assert found["on"] == ["errno:ECONNREFUSED", "builtins.ConnectionRefusedError"]
    assert (found["category"], found["transient"], found["executed"], found["own"]) == ("network", True, "no", False)
    assert found["strategies"][0] == "reset_connection"


@pytest.mark.usefixtures("own")
def test_own_rules_come_first_and_are_marked(run: Run) -> None:
    result = run("rules", "ConnectionRefusedError")

    lines = result.output.splitlines()
    assert lines[2].startswith("ledger_closed (your own)")
    assert lines[-1] == "2 rules, 1 of them your own"


@pytest.mark.usefixtures("own")
def test_explaining_says_that_the_rule_is_your_own(run: Run) -> None:
    result = run("explain", input="ConnectionRefusedError: [Errno 111] Connection refused")

    assert "category     external_api" in result.output
    assert "rule         ledger_closed (your own): The ledger is closed for a moment." in result.output


def test_a_wrong_rule_ends_in_one_line(run: Run, elsewhere: Path) -> None:
    (elsewhere / "healing.toml").write_text(OWN.replace("external_api", "externalapi"))
    said = "healing.toml: rule \"ledger_closed\": category: 'externalapi' is none; did you mean external_api?"

    assert said in run("rules").output
    assert said in run("explain", input="ValueError: x").output
    assert said in " ".join(run("doctor").output.split())


@pytest.mark.usefixtures("own")
def test_the_doctor_names_own_rules(run: Run) -> None:
    assert "rules = ['ledger_closed']  (healing.toml)" in run("doctor").output
