"""Commands run where nothing of this checkout is the working directory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from healing import queue, runtime
from healing.cli import main

ROOT = Path(__file__).parents[3]

Run = Callable[..., Result]
Spawn = Callable[..., subprocess.Popen[str]]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working directory, and no settings left over from other tests or for them."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(runtime, "_process", None)
    monkeypatch.setattr(runtime, "_settings", None)
    yield folder
    queue.close()
    if runtime._process is not None:
        runtime._process.journal.close()


@pytest.fixture
def run() -> Run:
    """`healing …` in this process."""

    def invoke(*arguments: str, input: str | None = None, **environ: str) -> Result:  # noqa: A002 - click's word
        return CliRunner().invoke(main, arguments, input=input, env=environ, prog_name="healing")

    return invoke


@pytest.fixture
def spawn(elsewhere: Path) -> Iterator[Spawn]:
    """`healing …` in a process of its own, ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, path: tuple[Path, ...] = (ROOT,), **environ: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if name.startswith(("COV", "PATH", "HOME"))}
        process = subprocess.Popen(
            [sys.executable, "-m", "healing.cli", *arguments],
            cwd=elsewhere,
            env={**kept, "PYTHONPATH": os.pathsep.join(map(str, path)), **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
