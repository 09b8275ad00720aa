"""A secret in whatever a failing call can hold is found nowhere outside its process."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import streamlit as st
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

import dashboard
from healing.database import open_engine
from healing.schema import events, metadata
from pages.components.engine import release
from tests.pages.screens import seen

ROOT = Path(__file__).parents[1]
SOURCES = {
    *("in_the_message", "in_arguments", "in_locals", "in_headers", "in_sql", "in_the_chain", "in_the_log"),
    "captured",
}


@pytest.fixture
def canary() -> str:
    """Random, and with a form of its own that no rule knows."""
    return f"Kanari{secrets.token_hex(8)}Vogel"


@pytest.fixture(autouse=True)
def _pages_forget() -> Iterator[None]:
    yield
    st.cache_data.clear()
    release()


def serve(canary: str, url: str, spool: Path) -> str:
    """What the service's process printed, Healing's own log included."""
    own = {
        "HEALING_DATABASE_URL": url,
        "HEALING_SPOOL_DIR": str(spool),
        "HEALING_CAPTURE_LOCALS": "true",
        "HEALING_BREADCRUMBS": "10",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.leaking_service", canary],
        env=os.environ | own,
        cwd=spool.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stderr.count("Error\n") == len(SOURCES) - 1
    return done.stdout + done.stderr


def everything_in(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def every_row(url: str) -> str:
    """All that the database tells, table by table."""
    engine = open_engine(url)
    with engine.connect() as connection:
        rows = [repr(row) for table in metadata.sorted_tables for row in connection.execute(sa.select(table))]
        assert set(connection.scalars(sa.select(events.c.source))) == SOURCES
    engine.dispose()
    return "\n".join(rows)


def event_ids(url: str) -> list[str]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = list(connection.scalars(sa.select(events.c.id)))
    engine.dispose()
    return found


def pages(url: str) -> str:
    """What a browser is sent of each page, each event's own included."""
    app = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=30)
    shown = [seen(app.run()), seen(app.switch_page("events.py").run())]
    for event_id in event_ids(url):
        app.switch_page("event.py")
        app.query_params["id"] = event_id
        shown.append(seen(app.run()))
    return "\n".join(shown)


def test_a_secret_is_in_no_spool_while_the_database_is_away(canary: str, tmp_path: Path) -> None:
    printed = serve(canary, "postgresql://me@127.0.0.1:1/none", tmp_path / "spool")
    spooled = everything_in(tmp_path)
    assert all(source.encode() in spooled for source in SOURCES)
    assert canary.encode() not in spooled
    assert canary not in printed


def test_a_secret_is_in_no_table_file_page_export_or_log(
    canary: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = serve(canary, database_url, tmp_path / "spool")
    monkeypatch.setenv("HEALING_DATABASE_URL", database_url)
    export = TestClient(dashboard.app, base_url="http://localhost").get("/api/export/events.csv").text
    shown = pages(database_url)

    assert all(source in text for source in SOURCES for text in (export, shown))
    assert "no order" in shown
    for text in (printed, every_row(database_url), export, shown):
        assert canary not in text
    assert canary.encode() not in everything_in(tmp_path)
