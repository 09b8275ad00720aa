from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.engine import Engine
from streamlit.testing.v1 import AppTest

from db.event import event as read_event
from pages.components.story import code_height
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
    assert "<td>Skip the operation</td><td>Repair</td><td>– left out</td><td>It is not declared skippable</td>" in html(
        page
    )


def test_the_plan_numbers_what_was_taken(database: Engine, page: AppTest) -> None:
    show(page, database, event(), plan=[step("reset_connection"), step("skip_operation", kind="fallback")])
    told = html(page)
    assert "<td>Reset the connection</td><td>Repair</td><td>1.</td>" in told
    assert "<td>Skip the operation</td><td>Fallback</td><td>2.</td>" in told


def test_a_fallback_that_answered_is_named_where_nothing_was_run(database: Engine, page: AppTest) -> None:
    row = event(outcome="degraded", stop_reason="fell_back", strategy="fallback_to_cache", runs=1)
    show(page, database, row, trials=[])
    assert "Fall back to the cache answered. No strategy ran the function again." in html(page)


def test_a_fallback_that_answered_is_named_after_the_trials(database: Engine, page: AppTest) -> None:
    show(page, database, event(outcome="degraded", stop_reason="fell_back", strategy="use_default_value"))
    assert "Use the default value answered." in html(page)
    assert "ran the function again" not in html(page)


def test_why_healing_stopped_is_said_once(database: Engine, page: AppTest) -> None:
    reason = "A value is not acceptable."
    note = f"a permanent error is never run again: {reason}"
    row = event(outcome="failed", stop_reason="permanent", strategy=None)
    show(page, database, row, note=note, diagnosis={"reason": reason})
    told = html(page)
    assert "The caller got the original error.<" in told
    assert "A permanent error is never run again.<" in told
    assert told.count(reason) == 1
    assert "another run would fail" not in told


def test_a_stop_without_a_note_is_said_in_a_sentence(database: Engine, page: AppTest) -> None:
    show(page, database, event(outcome="failed", stop_reason="attempts", strategy=None), note="")
    assert "All allowed runs were used up.<" in html(page)


@pytest.mark.parametrize(("lines", "height"), [(40, "content"), (41, 900)])
def test_a_traceback_of_forty_lines_has_no_scroll_bar_of_its_own(lines: int, height: str | int) -> None:
    assert code_height("a line\n" * lines) == height


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


@pytest.mark.parametrize(("own", "whose"), [(True, "(your own rule <code>"), (False, "(rule <code>")])
def test_it_is_told_whose_rule_judged(database: Engine, page: AppTest, own: bool, whose: str) -> None:
    show(page, database, event(), diagnosis={"rule": "ledger_closed", "own": own})
    assert f"{whose}ledger_closed</code>)" in html(page)


def test_a_failure_without_a_trial_says_so(database: Engine, page: AppTest) -> None:
    show(page, database, failed(runs=1), trials=[], plan=[], traceback="", note="", diagnosis={"known": False})
    told = html(page)
    assert "No strategy ran the function again" in told
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
    assert "banned by ada" in told


@pytest.mark.parametrize(
    ("choice", "ruling"),
    [("Pin: try it first", "pin"), ("Ban: never try it", "ban"), ("Leave it to its figures", None)],
)
def test_an_operator_can_rule_on_a_pattern(database: Engine, page: AppTest, choice: str, ruling: str | None) -> None:
    insert_patterns(database, pattern(ruling=None if ruling else "ban", ruled_by=None if ruling else "ada"))
    row = event()
    show(page, database, row)
    page.menu_button(key="rule_retry_with_backoff").click(choice).run()

    found = read_event(database, row["id"])
    assert found is not None
    assert [(known.ruling, known.ruled_by) for known in found.patterns] == [(ruling, "dashboard")]


def test_a_ruling_can_be_taken_back_only_where_there_is_one(database: Engine, page: AppTest) -> None:
    insert_patterns(database, pattern(), pattern(strategy="reset_connection", ruling="pin", ruled_by="ada"))
    show(page, database, event())
    assert "Leave it to its figures" not in page.menu_button(key="rule_retry_with_backoff").options
    assert "Leave it to its figures" in page.menu_button(key="rule_reset_connection").options


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


def test_an_id_is_found_in_the_spelling_with_dashes_too(database: Engine, page: AppTest) -> None:
    row = event()
    insert(database, row)
    page.query_params["id"] = str(UUID(row["id"])).upper()
    page.run()
    assert page.title[0].value == "ConnectionRefusedError"


def test_an_event_that_is_gone_is_explained(database: Engine, page: AppTest) -> None:
    page.query_params["id"] = "0" * 32
    page.run()
    assert "deleted since" in page.warning[0].value


def test_the_log_before_the_error_and_the_variables_of_its_frames_are_shown(database: Engine, page: AppTest) -> None:
    page.context["timezone"] = "Europe/Berlin"
    crumbs = [[1_782_907_200.25, "WARNING", "shop.orders", "order <b>7</b> is late"], "of another version"]
    frames = [
        {"function": "shop.orders.create_order", "line": 41, "values": {"order": 7}},
        {"function": "shop.rates.fetch_rates", "line": 12, "values": {"currency": "EUR"}},
        {"function": "shop.rates.empty", "line": 1, "values": {}},
    ]
    show(page, database, event(), context={"breadcrumbs": crumbs, "locals": frames, "process": {"host": "web-1"}})

    assert "14:00:00.250 · WARNING · shop.orders" in html(page)
    assert "<div>order &lt;b&gt;7&lt;/b&gt; is late</div>" in html(page)
    labels = [expander.label.replace("\\", "") for expander in page.expander]
    assert labels[:2] == ["shop.rates.fetch_rates, line 12", "shop.orders.create_order, line 41"]
    assert '"currency": "EUR"' in code(page)


def test_an_event_without_them_says_nothing_of_them(database: Engine, page: AppTest) -> None:
    show(page, database, event(), context={"breadcrumbs": [], "locals": []})
    assert [head.value for head in page.subheader if head.value in {"The log before it", "Variables"}] == []
