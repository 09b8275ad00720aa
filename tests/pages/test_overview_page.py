from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import streamlit as st
from sqlalchemy.engine import Engine
from streamlit.testing.v1 import AppTest

from healing import demo
from healing.demo import DemoStatus
from healing.schema import audit_log
from tests.factories import event, failed, insert
from tests.pages.screens import code, html, links


def recently(**since: float) -> datetime:
    return datetime.now(UTC) - timedelta(**since)


def metrics(app: AppTest) -> dict[str, tuple[str, str]]:
    return {metric.label: (metric.value, metric.delta) for metric in app.metric}


def course(app: AppTest, label: str) -> list[float]:
    (metric,) = [metric for metric in app.metric if metric.label == label]
    return list(metric.proto.chart_data)


def test_an_empty_database_teaches_the_first_steps(database: Engine, app: AppTest) -> None:
    app.run()

    assert not app.exception
    assert "No event yet" in html(app)
    assert "@self_healing" in code(app)
    assert f"HEALING_DATABASE_URL={database.url}" in code(app)
    assert [button.label for button in app.button] == ["Start the demo"]
    assert not app.metric


def test_figures_stand_against_the_period_before(database: Engine, app: AppTest) -> None:
    insert(
        database,
        *(event(occurred_at=recently(hours=2), healing_ms=1_500.0) for _ in range(3)),
        failed(occurred_at=recently(minutes=5), fingerprint="ab" * 16),
        *(event(occurred_at=recently(hours=30), healing_ms=500.0) for _ in range(2)),
    )
    app.run()

    assert metrics(app) == {
        "Events": ("4", "+100%"),
        "Auto-healed": ("75.0%", "-25.0 pt"),
        "Active issues": ("1", "+1"),
        "Average healing time": ("1.5 s", "+1.0 s"),
    }


def test_without_a_period_before_there_is_nothing_to_compare_with(database: Engine, app: AppTest) -> None:
    insert(database, failed(occurred_at=recently(hours=3)))
    app.run()

    assert metrics(app)["Events"] == ("1", "new")
    assert metrics(app)["Auto-healed"] == ("0.0%", "new")
    assert metrics(app)["Average healing time"] == ("–", "new")


def test_the_banner_is_calm_when_all_were_helped(database: Engine, app: AppTest) -> None:
    insert(database, event(occurred_at=recently(hours=2)))
    app.run()

    assert "All is well" in html(app)
    assert "1 event in the last 24 h" in html(app)


def test_the_banner_is_quiet_when_nothing_happened_lately(database: Engine, app: AppTest) -> None:
    insert(database, event(occurred_at=recently(days=3)))
    app.run()
    assert "No call of a wrapped function failed in the last 24 h." in html(app)


def test_the_banner_says_what_is_wrong_and_since_when(database: Engine, app: AppTest) -> None:
    insert(database, failed(source="shop.mail", message="no route", occurred_at=recently(minutes=42)))
    app.run()

    assert "shop.mail is failing" in html(app)
    assert "open for 42 min" in html(app)
    assert "shop.mail · ConnectionRefusedError: no route" in links(app)


def test_many_problems_are_counted_and_the_newest_listed(database: Engine, app: AppTest) -> None:
    insert(
        database,
        *(failed(fingerprint=f"{number:032x}", occurred_at=recently(hours=2, minutes=number)) for number in range(5)),
    )
    app.run()

    assert "5 problems need a person" in html(app)
    assert "2 more: all failed events" in links(app)


def test_a_young_history_starts_with_the_last_hour(database: Engine, app: AppTest) -> None:
    insert(database, event(occurred_at=recently(minutes=10)))
    app.run()
    assert app.segmented_control(key="range").value == "1h"


def test_a_course_keeps_its_gaps_and_needs_five_points(database: Engine, app: AppTest) -> None:
    insert(database, *(event(occurred_at=recently(minutes=5 * number)) for number in range(1, 5)))
    app.run()
    assert course(app, "Events").count(0) == len(course(app, "Events")) - 4
    assert course(app, "Auto-healed") == []

    insert(database, event(occurred_at=recently(minutes=30)))
    st.cache_data.clear()
    app.run()
    shares = course(app, "Auto-healed")
    assert len(shares) == len(course(app, "Events")) >= 59
    assert [share for share in shares if not math.isnan(share)] == [100.0] * 5


def test_spans_are_said_in_words(database: Engine, app: AppTest) -> None:
    insert(database, event(occurred_at=recently(minutes=2)))
    app.run()
    assert "1 event in the last hour" in html(app)
    assert "1 bar = 1 minute" in html(app)


def test_the_range_is_read_from_the_address(database: Engine, app: AppTest) -> None:
    insert(database, event(occurred_at=recently(days=6)))
    app.query_params["range"] = "7d"
    app.run()
    assert metrics(app)["Events"][0] == "1"


@pytest.mark.parametrize("key", ["1h", "24h", "7d", "30d"])
def test_every_range_draws_chart_strips_and_feed(database: Engine, app: AppTest, key: str) -> None:
    insert(database, event(occurred_at=recently(minutes=2)), failed(occurred_at=recently(minutes=3)))
    app.query_params["range"] = key
    app.run()

    assert not app.exception
    assert len(app.get("echarts_chart")) == 1
    assert 'class="h-t-failed"' in html(app)
    assert "2 events · 50% healed" in html(app)
    assert links(app).count("ConnectionRefusedError: [Errno 111] Connection refused") == 2


def test_more_sources_than_cards_are_counted(database: Engine, app: AppTest) -> None:
    insert(database, *(event(source=f"source {number}", occurred_at=recently(minutes=2)) for number in range(9)))
    app.run()
    assert "2 more" in html(app)


def test_the_demo_starts_by_its_button_and_the_audit_log_knows(
    database: Engine, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = demo_double(monkeypatch, running=False)
    app.run()
    app.button[0].click().run()

    assert calls == [("start", database.url.render_as_string(hide_password=False))]
    assert audited(database) == ["demo.start"]
    assert app.button[0].label == "The demo is starting …"


def test_a_running_demo_can_be_stopped_from_the_sidebar(
    database: Engine, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = demo_double(monkeypatch, running=True)
    app.run()
    (stop,) = [button for button in app.sidebar.button if button.label == "Stop the demo"]
    stop.click().run()

    assert calls == [("stop",)]
    assert audited(database) == ["demo.stop"]
    assert not app.sidebar.button


def test_the_demo_can_be_started_from_the_sidebar_once_there_are_events(
    database: Engine, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = demo_double(monkeypatch, running=False)
    insert(database, event(occurred_at=recently(minutes=2)))
    app.run()
    (start,) = app.sidebar.button
    assert start.label == "Start the demo"
    start.click().run()

    assert calls == [("start", database.url.render_as_string(hide_password=False))]
    assert [button.label for button in app.sidebar.button] == ["Stop the demo"]


def test_a_demo_that_cannot_be_started_is_explained(
    database: Engine, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_url: str) -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(demo, "start", refuse)
    app.run()
    app.button[0].click().run()
    assert not app.exception
    assert "The demo cannot run here" in app.toast[0].value
    assert audited(database) == []


def test_the_sidebar_shows_the_last_words_of_a_demo_too(
    database: Engine, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "status", lambda: DemoStatus(False, 0.0, 1, "OSError: no port is free"))
    insert(database, event(occurred_at=recently(minutes=2)))
    app.run()
    assert app.sidebar.code[0].value == "OSError: no port is free"


def test_the_last_words_of_a_demo_that_broke_are_shown(
    database: Engine, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "status", lambda: DemoStatus(False, 0.0, 1, "OSError: no port is free"))
    app.run()
    assert "no port is free" in code(app)
    assert app.button[0].label == "Start the demo"


def test_a_working_directory_that_cannot_be_written_hides_the_demo_only(
    database: Engine, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(demo, "status", refuse)
    app.run()
    assert "No event yet" in html(app)


def demo_double(monkeypatch: pytest.MonkeyPatch, *, running: bool) -> list[tuple[Any, ...]]:
    """Stands in for the detached process, which is tested with `healing.demo`; returns its list of calls."""
    calls: list[tuple[Any, ...]] = []
    state = {"running": running}

    def start(url: str) -> None:
        calls.append(("start", url))
        state["running"] = True

    def stop() -> None:
        calls.append(("stop",))
        state["running"] = False

    monkeypatch.setattr(demo, "start", start)
    monkeypatch.setattr(demo, "stop", stop)
    monkeypatch.setattr(demo, "status", lambda: DemoStatus(state["running"], 1_795_000_000.0, 1, ""))
    return calls


def audited(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(audit_log.c.action)).scalars())
