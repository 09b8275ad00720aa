from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from sqlalchemy.engine import Engine
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from tests.factories import event, failed, insert
from tests.pages.screens import html, links


def recently(**since: float) -> datetime:
    return datetime.now(UTC) - timedelta(**since)


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """The application at its events."""
    app.run()
    return app.switch_page("events.py")


def sources(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["source"])


def button(page: AppTest, label: str) -> Button:
    (found,) = [button for button in page.main.button if button.label == label]
    return found


def test_an_empty_history_points_to_the_overview(database: Engine, page: AppTest) -> None:
    page.run()
    assert "No event yet." in html(page)
    assert links(page) == ["How to get the first one"]
    assert not page.dataframe


def test_an_empty_range_says_so(database: Engine, page: AppTest) -> None:
    insert(database, event(occurred_at=recently(days=3)))
    st.cache_data.clear()
    page.run()
    assert "No events in this range." in html(page)
    assert not page.dataframe


def test_events_come_newest_first_in_the_viewers_words(database: Engine, page: AppTest) -> None:
    insert(
        database,
        event(source="old", occurred_at=recently(hours=2), healing_ms=1_234.0),
        failed(source="new", occurred_at=recently(hours=1), severity="critical"),
        event(source="last week", occurred_at=recently(days=5)),
    )
    page.run()

    table = page.dataframe[0].value
    assert sources(page) == ["new", "old"]
    assert list(table["strategy"]) == ["–", "Retry with back-off"]
    assert list(table["healing"]) == ["120 ms", "1.2 s"]
    assert "2 events · times in UTC" in html(page)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", "mail"),
        ("outcome", "failed"),
        ("strategy", "none"),
        ("severity", "high"),
        ("category", "external_api"),
        ("text", "smtp"),
        ("fingerprint", "ab" * 16),
    ],
)
def test_a_filter_of_the_address_is_in_force(database: Engine, page: AppTest, name: str, value: str) -> None:
    insert(database, event(), event(occurred_at=recently(minutes=9)))
    insert(
        database,
        failed(
            source="mail",
            severity="high",
            category="external_api",
            error_type="smtplib.SMTPConnectError",
            fingerprint="ab" * 16,
            occurred_at=recently(minutes=5),
        ),
    )
    page.query_params[name] = value
    page.run()
    assert sources(page) == ["mail"]


def test_a_chosen_filter_goes_into_the_export_link(database: Engine, page: AppTest) -> None:
    insert(
        database, failed(source="mail & co", occurred_at=recently(minutes=5)), event(occurred_at=recently(minutes=6))
    )
    page.run()
    page.multiselect(key="outcome").select("failed").run()

    (link,) = page.get("link_button")
    address = urlsplit(link.proto.url)
    assert link.proto.label == "CSV of 1 event"
    assert address.path == "/api/export/events.csv"
    assert parse_qs(address.query)["outcome"] == ["failed"]


def test_a_source_of_the_address_without_events_is_kept_and_can_be_cleared(database: Engine, page: AppTest) -> None:
    insert(database, event(occurred_at=recently(minutes=5)))
    page.query_params["source"] = "unheard-of"
    page.run()
    assert "No events match these filters" in html(page)

    button(page, "Clear the filters").click().run()
    assert len(sources(page)) == 1
    assert page.multiselect(key="source").value == []


def test_pages_turn_by_key_and_a_new_filter_starts_at_the_newest(database: Engine, page: AppTest) -> None:
    insert(
        database,
        *(event(source=f"s{number}", occurred_at=recently(minutes=5, seconds=number)) for number in range(120)),
    )
    page.run()
    assert (sources(page)[0], len(sources(page))) == ("s0", 50)
    assert button(page, "Newer").disabled

    button(page, "Older").click().run()
    assert (sources(page)[0], sources(page)[-1]) == ("s50", "s99")
    button(page, "Older").click().run()
    assert (sources(page)[0], sources(page)[-1]) == ("s100", "s119")
    assert button(page, "Older").disabled
    button(page, "Newer").click().run()
    assert (sources(page)[0], sources(page)[-1]) == ("s50", "s99")

    page.multiselect(key="source").select("s1").run()
    assert sources(page) == ["s1"]
    page.multiselect(key="source").unselect("s1").run()
    button(page, "Older").click().run()
    button(page, "Newest").click().run()
    assert sources(page)[0] == "s0"


def test_between_two_times_only_what_lies_between_is_listed(database: Engine, page: AppTest) -> None:
    insert(
        database,
        event(source="inside", occurred_at=datetime(2026, 3, 1, 12, tzinfo=UTC)),
        event(source="outside", occurred_at=datetime(2026, 3, 2, 12, tzinfo=UTC)),
    )
    page.run()
    page.segmented_control(key="range").set_value("between").run()
    page.datetime_input(key="start").set_value(datetime(2026, 3, 1, 11)).run()  # noqa: DTZ001 - what a viewer types
    page.datetime_input(key="end").set_value(datetime(2026, 3, 1, 13)).run()  # noqa: DTZ001
    assert sources(page) == ["inside"]


def test_times_are_the_viewers_unless_utc_is_asked_for(database: Engine, page: AppTest) -> None:
    insert(database, event(occurred_at=recently(minutes=5)))
    page.context["timezone"] = "Europe/Berlin"
    page.run()
    assert "times in Europe/Berlin" in html(page)

    page.sidebar.toggle(key="utc").set_value(True).run()
    assert "times in UTC" in html(page)


def test_an_unknown_time_zone_falls_back_to_utc(database: Engine, page: AppTest) -> None:
    insert(database, event(occurred_at=recently(minutes=5)))
    page.context["timezone"] = "Mars/Olympus_Mons"
    page.run()
    assert "times in UTC" in html(page)
