"""A real server and a real Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.engine import Engine

from db.connection import connect
from tests.browser.chromium import REMEDY, find

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTED_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Dashboard:
    address: str
    engine: Engine
    folder: Path


@pytest.fixture
def dashboard(tmp_path: Path) -> Iterator[Dashboard]:
    """A server on a free port, run as `healing dashboard` runs it: from a project with a `db` package of its own."""
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "__init__.py").write_text("raise RuntimeError('this is the user\\'s db')")
    url = f"sqlite:///{tmp_path / 'healing.db'}"
    port = _free_port()
    log = (tmp_path / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "streamlit", "run", str(ROOT / "dashboard.py"), "--server.port", str(port)],
        cwd=tmp_path,
        env={**os.environ, "HEALING_DATABASE_URL": url},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    engine = connect(url)
    try:
        _wait_for(f"http://localhost:{port}/healthz")
        yield Dashboard(f"http://localhost:{port}", engine, tmp_path)
    finally:
        process.terminate()
        process.wait(20)
        log.close()
        engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Playwright's own browser where it is installed, else the system's.

    It ends with the module: Playwright keeps an event loop running, beside which no other test could run one.
    """
    path = find()
    assert path is not None, REMEDY.format(python=sys.executable)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a viewer in Berlin."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, timezone_id="Europe/Berlin", accept_downloads=True
    )
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return
