"""The narrow column beside an event's story: the facts, the patterns of its fingerprint, its like."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode, urlsplit

import streamlit as st

from db.event import EventRecord
from db.events import EventRow, recent_of
from pages.components import markup, moments
from pages.components.engine import engine
from pages.components.feed import entry
from pages.components.patterns import patterns
from pages.components.words import label

SIMILAR = 6


def facts(record: EventRecord, now: datetime) -> None:
    _facts(record.row, now)
    _share(record.row)
    patterns(record)
    _similar(record.row, now)


def _facts(row: EventRow, now: datetime) -> None:
    pairs = {
        "Occurred": f"{moments.shown(row.occurred_at)} ({moments.ago(row.occurred_at, now)})",
        "Source": row.source,
        "Category": label(row.category),
        "Severity": label(row.severity) + (", declared critical" if row.critical else ""),
        "Answered by": label(row.strategy) if row.strategy else "no strategy",
        "Fingerprint": row.fingerprint,
    }
    lines = "".join(f"<dt>{name}</dt><dd>{markup.text(value)}</dd>" for name, value in pairs.items())
    with st.container(border=True, key="facts", gap=None):
        st.html(f'<dl class="h-facts">{lines}</dl>')
        if row.parent_id:
            st.page_link("event.py", label="The event it goes back to", query_params={"id": row.parent_id})


def _share(row: EventRow) -> None:
    with st.container(border=True, key="share", gap="small"):
        st.html('<div class="h-card-head"><b>Link to this event</b></div>')
        st.code(_address(row), language=None, wrap_lines=True)


def _address(row: EventRow) -> str:
    here = urlsplit(st.context.url or "http://localhost:8501")
    return f"{here.scheme}://{here.netloc}/event?{urlencode({'id': row.id})}"


def _similar(row: EventRow, now: datetime) -> None:
    others = [other for other in recent_of(engine(), row.fingerprint, SIMILAR + 1) if other.id != row.id]
    with st.container(border=True, key="similar", gap=None):
        st.html('<div class="h-card-head"><b>Same fingerprint</b><span class="h-muted">newest first</span></div>')
        if not others:
            st.html('<span class="h-muted">This is the only event of its kind.</span>')
            return
        for number, other in enumerate(others[:SIMILAR]):
            with st.container(key=f"feed_{number}", gap=None):
                entry(other, now)
        st.page_link("events.py", label="All of them", query_params={"fingerprint": row.fingerprint, "range": "30d"})
