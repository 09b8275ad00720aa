"""The paged table of events; a click on an error or a source, or Shift+Space in a row, opens the event."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from db.events import COUNT_LIMIT, EventRow
from db.filters import EventFilter, options
from pages.components import filters, markup, moments, store
from pages.components.pager import current_page, pager
from pages.components.words import OUTCOMES, label, short_type

EXPORT_PATH = "/api/export/events.csv"
ROW_HEIGHT = 35


def event_table(wanted: EventFilter) -> None:
    """Count, export, rows and pager, or what to do where nothing matches."""
    page = current_page(wanted)
    if not page.rows and page.newer is None:
        _nothing(wanted)
        return
    _summary(wanted)
    _rows(page.rows)
    pager(wanted, page)


def _summary(wanted: EventFilter) -> None:
    count = store.matching(wanted)
    said = f"more than {COUNT_LIMIT:,} events" if count > COUNT_LIMIT else f"{count:,} {_events(count)}"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(f'<span class="h-muted">{said} · times in {moments.zone_name()}</span>', width="content")
        st.link_button(f"CSV of {said}", f"{EXPORT_PATH}?{urlencode(wanted.to_query())}", icon=":material/download:")


def _rows(rows: tuple[EventRow, ...]) -> None:
    st.session_state["events_shown"] = [row.id for row in rows]
    st.dataframe(
        [_cells(row) for row in rows],
        key="events_table",
        on_select=_chosen,
        selection_mode="single-row",
        hide_index=True,
        height=ROW_HEIGHT * (len(rows) + 1) + 3,
        row_height=ROW_HEIGHT,
        column_config=_columns(),
        alt="Events, newest first; Shift+Space opens the event of a row",
    )
    if "event_to_open" in st.session_state:
        st.switch_page("event.py", query_params={"id": st.session_state.pop("event_to_open")})


def _cells(row: EventRow) -> dict[str, Any]:
    return {
        "occurred_at": row.occurred_at,
        "outcome": [row.outcome],
        "error": markup.visible(f"{short_type(row.error_type)}: {row.message}", 200),
        "source": markup.visible(row.source, 200),
        "strategy": label(row.strategy) if row.strategy else "–",
        "runs": row.runs,
        "healing": moments.duration(row.healing_ms),
        "severity": label(row.severity),
        "category": label(row.category),
    }


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "occurred_at": column.DatetimeColumn("Time", format="D MMM HH:mm:ss", timezone=moments.zone_name(), width=125),
        "outcome": column.MultiselectColumn(
            "Outcome",
            options=list(options("outcome")),
            color=[OUTCOMES[outcome].colour for outcome in OUTCOMES],
            width=95,
        ),
        "error": _opener("error", 265),
        "source": _opener("source", 155),
        "strategy": column.TextColumn("Strategy", width=135),
        "runs": column.NumberColumn("Runs", width=50),
        "healing": column.TextColumn("Healing", width=65),
        "severity": column.TextColumn("Severity", width=70),
        "category": column.TextColumn("Category", width=80),
    }


def _opener(name: str, width: int) -> Any:
    """A column of buttons that look like text: selecting a cell must open nothing, as Tab into the table does that."""
    return st.column_config.ButtonColumn(
        label(name),
        width=width,
        type="tertiary",
        alignment="left",
        key=f"open_by_{name}",
        on_click=_clicked,
        args=(name,),
    )


def _clicked(name: str) -> None:
    _open(st.session_state[f"open_by_{name}"].row)


def _chosen() -> None:
    rows = st.session_state["events_table"].selection.rows
    if rows:
        _open(rows[0])


def _open(place: int) -> None:
    """Runs before the rows are read anew, so the place is looked up in the rows that were on screen."""
    st.session_state["event_to_open"] = st.session_state["events_shown"][place]


def _nothing(wanted: EventFilter) -> None:
    with st.container(border=True, horizontal_alignment="center", key="nothing"):
        if wanted.is_narrowed:
            st.html('<p class="h-lead">No events match these filters in this range.</p>')
            st.button("Clear the filters", icon=":material/filter_alt_off:", on_click=filters.clear)
        elif store.history_starts() is None:
            st.html('<p class="h-lead">No event yet.</p>')
            st.page_link("overview.py", label="How to get the first one", icon=":material/arrow_forward:")
        else:
            st.html('<p class="h-lead">No events in this range.</p>')
            st.html('<p class="h-muted">Choose a longer one above.</p>')


def _events(count: int) -> str:
    return "event" if count == 1 else "events"
