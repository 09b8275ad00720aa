from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy.engine import Engine
from streamlit.testing.v1 import AppTest

from db.connection import connect
from pages.components.engine import release

APP = Path(__file__).parents[2] / "pages" / "app.py"


@pytest.fixture(autouse=True)
def _working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No demo runs in a new directory, and no result of another test is shared."""
    monkeypatch.chdir(tmp_path)
    yield
    st.cache_data.clear()
    release()


@pytest.fixture
def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The empty database that the pages read."""
    monkeypatch.setenv("HEALING_DATABASE_URL", sqlite_url)
    engine = connect(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app() -> AppTest:
    """The application at its overview, not run yet."""
    return AppTest.from_file(str(APP), default_timeout=30)
