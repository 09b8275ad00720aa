from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
import streamlit as st
from sqlalchemy.engine import Engine
from streamlit.testing.v1 import AppTest

from db.connection import writing
from tests.pages.screens import code, html


def test_a_server_that_is_away_is_named_without_its_password(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALING_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/none")
    app.run()

    assert not app.exception
    assert app.error[0].value.startswith("The database cannot be used just now")
    assert "healing doctor" in code(app)
    assert "127.0.0.1:1" in code(app)
    assert "hunter2" not in str(app)


@pytest.mark.parametrize("target", ["overview.py", "events.py", "event.py"])
def test_every_page_outlives_a_database_that_goes_and_comes_back(database: Engine, app: AppTest, target: str) -> None:
    app.run()
    app.switch_page(target).run()
    assert not app.error
    rename(database, "healing_events", "gone")
    rename(database, "healing_event_rollups", "gone_too")
    st.cache_data.clear()

    app.query_params["id"] = "0" * 32
    app.run()
    assert not app.exception
    assert app.error[0].value.startswith("The database cannot be used just now")

    rename(database, "gone", "healing_events")
    rename(database, "gone_too", "healing_event_rollups")
    app.run()
    assert not app.error
    assert app.title


def test_a_database_that_could_not_be_opened_is_tried_again(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    folder.write_text("a file where the folder should be")
    monkeypatch.setenv("HEALING_DATABASE_URL", f"sqlite:///{folder}/healing.db")
    app.run()
    assert app.error

    folder.unlink()
    app.run()
    assert not app.error
    assert "No event yet" in html(app)


def test_a_setting_that_cannot_be_read_is_named(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALING_DATABASE_URL", "mysql://nowhere")
    app.run()
    assert app.error[0].value == "The dashboard cannot start with these settings."
    assert "HEALING_DATABASE_URL" in code(app)


def rename(engine: Engine, before: str, after: str) -> None:
    with writing(engine) as connection:
        connection.execute(sa.text(f"ALTER TABLE {before} RENAME TO {after}"))
