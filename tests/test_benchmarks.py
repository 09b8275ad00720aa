"""The benchmarks run and print what they promise. Speeds are not judged here; what is diagnosed and redacted is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("--part", "rules", "--part", "fingerprints", "--part", "redaction")


def test_the_overhead_benchmark_prints_ratios_of_one_run() -> None:
    command = [sys.executable, "-m", "benchmarks.overhead", "--quick", "--json"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed)


@pytest.fixture(scope="module")
def scored() -> dict[str, dict[str, Any]]:
    """What Healing gets on the half of the corpora that its rules were not written from."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.diagnosis", "--json", *PARTS]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {part: scores[0] for part, scores in json.loads(printed).items()}


def percent(share: list[int]) -> float:
    part, whole = share
    return 100 * part / whole


def test_the_corpora_are_wide(scored: dict[str, dict[str, Any]]) -> None:
    assert scored["rules"]["cases"] >= 500
    assert scored["fingerprints"]["split"][1] >= 100
    assert scored["redaction"]["left"][1] >= 400


def test_errors_that_no_rule_was_written_from_are_diagnosed_rightly(scored: dict[str, dict[str, Any]]) -> None:
    found = scored["rules"]
    assert percent(found["category"]) >= 94
    assert percent(found["transient"]) >= 93
    assert percent(found["first"]) >= 94
    assert found["harmful"] <= 13


def test_errors_are_grouped_as_an_operator_would(scored: dict[str, dict[str, Any]]) -> None:
    found = scored["fingerprints"]
    assert found["split"][0] <= 1
    assert found["merged"][0] <= 4


def test_secrets_go_and_what_is_useful_stays(scored: dict[str, dict[str, Any]]) -> None:
    found = scored["redaction"]
    assert percent(found["left"]) <= 2.7
    assert percent(found["kept"]) >= 98
    assert percent(found["altered"]) <= 2.4
