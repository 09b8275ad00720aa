"""The latest events, each with its way in."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from db.events import EventRow
from pages.components import markup, moments
from pages.components.words import label, short_type


def feed(rows: list[EventRow], now: datetime) -> None:
    with st.container(border=True, key="feed", gap=None, height="stretch"):
        st.html(markup.card_head("Activity", "newest first"))
        for number, row in enumerate(rows):
            with st.container(key=f"feed_{number}", gap=None):
                entry(row, now)


def entry(row: EventRow, now: datetime) -> None:
    """An event in two lines; the first leads to its page."""
    said = f"{short_type(row.error_type)}: {row.message}" if row.message else short_type(row.error_type)
    st.page_link("event.py", label=markup.plain_label(said, 90), query_params={"id": row.id}, width="stretch")
    done = f"{label(row.strategy)} · " if row.strategy else ""
    st.html(
        f'<div class="h-entry">{markup.badge(row.outcome)}'
        f'<span class="h-what">{markup.text(done + row.source, 90)}</span>'
        f"<span>{moments.ago(row.occurred_at, now)}</span></div>"
    )
