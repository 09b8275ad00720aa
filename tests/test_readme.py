"""What README.md shows is run as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from db import events
from healing.database import open_engine

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def run(text: str, directory: Path, *options: str) -> str:
    (directory / "test_example.py").write_text(text)
    command = [sys.executable, *options, "test_example.py"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout


def test_the_first_example_produces_an_event_that_the_dashboard_reads(tmp_path: Path) -> None:
    assert run(EXAMPLES[0], tmp_path) == "{'EUR': 1.0}\n"
    engine = open_engine(f"sqlite:///{tmp_path / 'healing.db'}")
    (event,) = events.feed(engine, count=10)
    engine.dispose()
    assert (event.source, event.outcome, event.strategy) == ("fetch_rates", "degraded", "use_default_value")


def test_the_example_for_tests_is_a_test_that_passes(tmp_path: Path) -> None:
    assert "1 passed" in run(EXAMPLES[1], tmp_path, "-m", "pytest", "-q")
    assert not (tmp_path / "healing.db").exists()


def test_every_example_is_run() -> None:
    assert len(EXAMPLES) == 2


def test_every_document_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
