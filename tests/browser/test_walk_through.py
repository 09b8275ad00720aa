"""What a newcomer does: an empty overview, the first event, its page, a filter, a CSV file."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from db.events import feed
from tests.browser.conftest import STARTED_WITHIN, Dashboard
from tests.factories import details, event, failed, insert, insert_details

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECONDS_TO_SHOW = 5_000
"""Milliseconds within which a new event must show without a reload."""


def settled(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def recently(**since: float) -> datetime:
    return datetime.now(UTC) - timedelta(**since)


def test_from_the_empty_overview_to_a_csv_file(dashboard: Dashboard, page: Page) -> None:
    page.goto(dashboard.address)
    expect(page.get_by_text("No event yet")).to_be_visible()
    expect(page.get_by_role("button", name="Start the demo")).to_be_visible()

    row = failed(source="shop.mail", message="no route to host", occurred_at=recently(seconds=1))
    insert(dashboard.engine, row, event(source="shop.orders", occurred_at=recently(minutes=2)))
    insert_details(dashboard.engine, details(row["id"], message="no route to host"))
    expect(page.get_by_text("shop.mail is failing")).to_be_visible(timeout=SECONDS_TO_SHOW)

    page.get_by_role("link", name="no route to host").first.click()
    expect(page.get_by_role("heading", name="What was decided, and why")).to_be_visible()
    assert page.url == f"{dashboard.address}/event?id={row['id']}"
    expect(page.get_by_text(page.url)).to_be_visible()

    page.get_by_role("link", name="All events").click()
    expect(page.get_by_text("2 events · times in Europe/Berlin")).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("NO ROUTE")
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(page.get_by_text("1 event · times in Europe/Berlin")).to_be_visible()
    assert "text=NO+ROUTE" in page.url

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of 1 event").click()
    (line,) = csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8").splitlines())
    assert (line["id"], line["source"]) == (row["id"], "shop.mail")


def test_the_demo_fills_the_overview_and_stops_from_the_sidebar(dashboard: Dashboard, page: Page) -> None:
    page.goto(dashboard.address)
    page.get_by_role("button", name="Start the demo").click()

    expect(page.get_by_text("Events by outcome")).to_be_visible(timeout=STARTED_WITHIN * 1_000)
    page.get_by_role("button", name="Stop the demo").click()
    expect(page.get_by_role("button", name="Stop the demo")).to_be_hidden(timeout=30_000)
    assert len(feed(dashboard.engine, 1)) == 1


def test_the_keyboard_can_pass_the_table_and_opens_an_event_by_shift_and_space(
    dashboard: Dashboard, page: Page
) -> None:
    older = event(occurred_at=recently(minutes=2))
    insert(dashboard.engine, failed(occurred_at=recently(minutes=1)), older)
    page.goto(f"{dashboard.address}/events")
    expect(page.get_by_text("2 events · times")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="CSV of 2 events").focus()

    while not page.evaluate("document.activeElement.id.startsWith('glide-cell')"):
        page.keyboard.press("Tab")
        page.wait_for_timeout(200)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1_000)
    expect(page).to_have_url(re.compile("/events"))

    page.keyboard.press("Shift+Space")
    expect(page).to_have_url(re.compile(f"/event\\?.*id={older['id']}"))


def test_nothing_lies_over_the_export(dashboard: Dashboard, page: Page) -> None:
    insert(dashboard.engine, event(occurred_at=recently(minutes=1)))
    page.goto(f"{dashboard.address}/events")
    settled(page)
    page.get_by_test_id("stDataFrame").hover()
    expect(page.locator(".st-key-events_table").get_by_test_id("stElementToolbar")).to_be_hidden()


@pytest.mark.parametrize("x", [300, 540])
def test_a_click_on_a_row_opens_its_event_and_back_returns_to_the_filter(
    dashboard: Dashboard, page: Page, x: int
) -> None:
    row = failed(occurred_at=recently(minutes=1))
    insert(dashboard.engine, row, event(occurred_at=recently(minutes=2)))
    page.goto(f"{dashboard.address}/events?outcome=failed&range=7d")
    expect(page.get_by_text("1 event · times")).to_be_visible()
    settled(page)

    page.get_by_test_id("stDataFrame").click(position={"x": x, "y": 52})

    expect(page).to_have_url(re.compile(f"/event\\?.*id={row['id']}"))
    expect(page.get_by_role("heading", name="ConnectionRefusedError")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("1 event · times")).to_be_visible()
    expect(page).to_have_url(re.compile("range=7d"))
    assert "default value" not in (dashboard.folder / "server.log").read_text()


def test_new_events_show_without_a_reload_and_without_redrawing_the_chart(dashboard: Dashboard, page: Page) -> None:
    insert(dashboard.engine, event(occurred_at=recently(minutes=3)))
    page.goto(dashboard.address)
    settled(page)
    expect(page.get_by_text("All is well")).to_be_visible()
    page.locator("canvas").first.wait_for()
    page.evaluate("document.querySelector('canvas').marked = true")

    insert(dashboard.engine, failed(source="shop.late", occurred_at=recently(seconds=1)))

    expect(page.get_by_text("shop.late is failing")).to_be_visible(timeout=SECONDS_TO_SHOW)
    assert page.evaluate("document.querySelector('canvas').marked") is True


@pytest.mark.parametrize("path", ["/", "/events", "/event"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_scrolls_sideways_or_leaves_this_machine(
    dashboard: Dashboard, browser: Browser, path: str, width: int
) -> None:
    row = failed(occurred_at=recently(minutes=1), message="m" * 300, source="s" * 200)
    insert(dashboard.engine, row, event(occurred_at=recently(minutes=2), message="<b>bold</b> :smile: :red[x]"))
    insert_details(dashboard.engine, details(row["id"], message="m" * 5_000))
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{dashboard.address}{path}?id={row['id']}" if path == "/event" else dashboard.address + path)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    width_of = "document.querySelector('[data-testid=stMain]')."
    assert page.evaluate(f"{width_of}scrollWidth") == page.evaluate(f"{width_of}clientWidth")
    assert [url for url in asked if not url.startswith((dashboard.address, "data:", "blob:"))] == []
    context.close()


def test_markup_in_a_message_is_read_as_it_is_written(dashboard: Dashboard, page: Page) -> None:
    message = "<b>bold</b> **strong** :smile: :red[x] [a](http://b.example) $x$"
    insert(dashboard.engine, event(occurred_at=recently(minutes=2), message=message))
    page.goto(dashboard.address)
    settled(page)

    shown = page.locator(".st-key-feed a").first.inner_text().replace("\u2060", "")
    assert shown == f"ConnectionRefusedError: {message}"
