from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from streamlit.testing.v1 import AppTest

from db.event import event as read_event
from tests.factories import (
    details,
    event,
    failed,
    insert,
    insert_details,
    insert_patterns,
    pattern,
    step,
    trial,
)
from tests.pages.screens import code, html, links


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """The application at the page of an event; its id goes into the address."""
    app.run()
    return app.switch_page("event.py")


def show(page: AppTest, engine: Engine, row: dict[str, Any], **given: Any) -> AppTest:
    insert(engine, row)
    insert_details(engine, details(row["id"], **given))
    page.query_params["id"] = row["id"]
    page.run()
    assert not page.exception
    return page


def test_an_event_is_told_from_failure_to_outcome(database: Engine, page: AppTest) -> None:
    show(page, database, event())

    told = html(page)
    assert page.title[0].value == "ConnectionRefusedError"
    assert "The caller got the real answer." in told
    assert "2 runs of the function, 120 ms of healing" in told
    assert "Ran it again after 80 ms; the second run answered." in told
    assert "Nothing listened at the address" in told
    assert "the failing step was not executed" in told
    assert "The order of the plan comes from the rules." in told
    assert "builtins.ConnectionRefusedError: [Errno 111] Connection refused" in code(page)
    assert "Traceback (most recent call last):" in code(page)


def test_the_plan_names_what_was_left_out_and_why(database: Engine, page: AppTest) -> None:
    show(page, database, event(), plan=[step("skip_operation", taken=False, reason="it is not declared skippable")])
    assert "<td>Skip the operation</td><td>Repair</td><td>– left out</td><td>it is not declared skippable</td>" in html(
        page
    )


def test_every_trial_has_its_times_and_its_result(database: Engine, page: AppTest) -> None:
    show(
        page,
        database,
        event(healing_ms=400.0),
        trials=[
            trial(1, succeeded=False, error_type="builtins.TimeoutError", message="too slow", elapsed_ms=100.0),
            trial(2, waited_ms=1_200.0),
        ],
    )
    told = html(page)
    assert "✕ TimeoutError: too slow" in told
    assert "✓ answered" in told
    assert "1.2 s" in told
    assert "left:10.00%;width:25.00%" in told


def test_a_failure_without_a_trial_says_so(database: Engine, page: AppTest) -> None:
    show(page, database, failed(runs=1), trials=[], plan=[], traceback="", note="", diagnosis={"known": False})
    told = html(page)
    assert "no strategy ran the function again" in told
    assert "The caller got the original error" in told
    assert "no rule matched" in told
    assert "1 run of the function" in told


def test_an_event_without_details_shows_what_there_is(database: Engine, page: AppTest) -> None:
    row = event()
    insert(database, row)
    page.query_params["id"] = row["id"]
    page.run()
    assert page.info[0].value == "The details of this event were not kept."


def test_the_facts_carry_a_time_with_its_zone_and_a_link_to_share(database: Engine, page: AppTest) -> None:
    page.context["timezone"] = "Europe/Berlin"
    row = event(occurred_at=datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC), critical=True, parent_id="0b" * 16)
    show(page, database, row)

    assert "1 Jul 2026, 14:00:00.250 CEST" in html(page)
    assert "declared critical" in html(page)
    assert f"/event?id={row['id']}" in code(page)
    assert "The event it goes back to" in links(page)


def test_patterns_show_rate_tries_and_ruling(database: Engine, page: AppTest) -> None:
    insert_patterns(
        database,
        pattern(),
        pattern(
            strategy="reset_connection",
            ruling="ban",
            ruled_by="ada",
            successes=0,
            failures=0,
            success_weight=0.0,
            failure_weight=0.0,
        ),
    )
    show(page, database, event())
    told = html(page)
    assert "<b>90%</b> · 9 of 10 tries" in told
    assert "ban by ada" in told


@pytest.mark.parametrize(
    ("choice", "ruling"),
    [("Pin: try it first", "pin"), ("Ban: never try it", "ban"), ("Leave it to its figures", None)],
)
def test_an_operator_can_rule_on_a_pattern(database: Engine, page: AppTest, choice: str, ruling: str | None) -> None:
    insert_patterns(database, pattern())
    row = event()
    show(page, database, row)
    page.menu_button(key="rule_retry_with_backoff").click(choice).run()

    found = read_event(database, row["id"])
    assert found is not None
    assert [(known.ruling, known.ruled_by) for known in found.patterns] == [(ruling, "dashboard")]


def test_events_of_the_same_fingerprint_are_linked(database: Engine, page: AppTest) -> None:
    now = datetime.now(UTC)
    insert(database, failed(message="the other one", occurred_at=now - timedelta(hours=1)))
    show(page, database, event())
    assert "ConnectionRefusedError: the other one" in links(page)
    assert "All of them" in links(page)


def test_a_single_event_of_its_kind_says_so(database: Engine, page: AppTest) -> None:
    show(page, database, event())
    assert "This is the only event of its kind." in html(page)


@pytest.mark.parametrize("event_id", ["", "42", "<script>", "0" * 31 + "g"])
def test_an_address_that_names_no_event_is_explained(database: Engine, page: AppTest, event_id: str) -> None:
    page.query_params["id"] = event_id
    page.run()
    assert page.title[0].value == "No such event"
    assert "32 hexadecimal digits" in page.warning[0].value


def test_an_event_that_is_gone_is_explained(database: Engine, page: AppTest) -> None:
    page.query_params["id"] = "0" * 32
    page.run()
    assert "deleted since" in page.warning[0].value
