"""The benchmarks run and print what they promise; their figures are not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_overhead_benchmark_prints_ratios_of_one_run() -> None:
    command = [sys.executable, "-m", "benchmarks.overhead", "--quick", "--json"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed)
