"""The routes around the pages, through the real ASGI application."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from starlette.requests import Request
from starlette.testclient import TestClient

import dashboard
from db.connection import connect
from pages.components.engine import release
from tests.factories import ago, event, failed, insert

EVERYTHING = {"start": "2026-01-01T00:00:00+00:00", "end": "2027-01-01T00:00:00+00:00"}


@pytest.fixture
def database(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEALING_DATABASE_URL", sqlite_url)
    engine = connect(sqlite_url)
    yield engine
    engine.dispose()
    release()


@pytest.fixture
def client(database: Engine) -> TestClient:
    """Requests without the lifespan: Streamlit's own part of it runs once in a process."""
    return TestClient(dashboard.app, base_url="http://localhost")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_export_holds_what_the_filter_matches_and_nothing_else(database: Engine, client: TestClient) -> None:
    insert(database, failed(message='=HYPERLINK("http://evil")', occurred_at=ago(days=2)), event())

    answer = client.get("/api/export/events.csv", params={**EVERYTHING, "outcome": "failed"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (
        'attachment; filename="events-20260101T000000Z-20270101T000000Z.csv"' in answer.headers["content-disposition"]
    )
    (row,) = rows(answer.text)
    assert row["message"] == '\'=HYPERLINK("http://evil")'
    assert row["occurred_at"] == "2026-11-21T14:32:08+00:00"


def test_an_export_of_nothing_is_its_header(client: TestClient) -> None:
    assert rows(client.get("/api/export/events.csv").text) == []


def test_an_export_of_many_events_is_complete(database: Engine, client: TestClient) -> None:
    insert(database, *(event(occurred_at=ago(seconds=number)) for number in range(6_001)))
    assert len(rows(client.get("/api/export/events.csv", params=EVERYTHING).text)) == 6_001


def test_a_filter_that_cannot_be_understood_is_refused_in_words(client: TestClient) -> None:
    answer = client.get("/api/export/events.csv", params={"outcome": "fialed"})
    assert answer.status_code == 400
    assert "outcome must be one of healed" in answer.json()["error"]


def test_the_dashboard_is_well_while_its_database_answers(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_without_a_database_health_and_export_say_so(monkeypatch: pytest.MonkeyPatch, client: TestClient) -> None:
    monkeypatch.setenv("HEALING_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/none")
    health, export = client.get("/healthz"), client.get("/api/export/events.csv")
    assert (health.status_code, health.json()["status"]) == (503, "database away")
    assert export.status_code == 503
    assert "hunter2" not in health.text + export.text


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_of_the_api_is_not_the_page(client: TestClient, method: str) -> None:
    answer = client.request(method, "/api/typo")
    assert (answer.status_code, answer.json()) == (404, {"error": "not found"})


def test_a_host_that_is_not_allowed_is_refused_on_every_path(database: Engine) -> None:
    stranger = TestClient(dashboard.app, base_url="http://evil.example")
    assert stranger.get("/healthz").status_code == 400
    assert stranger.get("/").status_code == 400


async def test_the_lifespan_sets_the_database_up_before_the_first_request(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEALING_DATABASE_URL", sqlite_url)
    engine = sa.create_engine(sqlite_url)
    async with dashboard.lifespan(dashboard.app):
        assert "healing_events" in sa.inspect(engine).get_table_names()
    engine.dispose()


async def test_wrong_settings_leave_it_to_the_pages_to_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEALING_MOD", "x")
    async with dashboard.lifespan(dashboard.app):
        assert [record.exc_info for record in caplog.records if "HEALING_MOD" in record.getMessage()] == [None]
        client = TestClient(dashboard.app, base_url="http://localhost")
        for path in ("/healthz", "/api/export/events.csv"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert "HEALING_MOD" in answer.text


async def test_the_lifespan_starts_without_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEALING_DATABASE_URL", "postgresql://me@127.0.0.1:1/none")
    async with dashboard.lifespan(dashboard.app):
        assert dashboard.healthz(Request({"type": "http"})).status_code == 503
