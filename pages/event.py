"""One event; its address is `/event?id=…`."""

from __future__ import annotations

import streamlit as st

from db.event import event, is_event_id
from pages.components import markup, store
from pages.components.engine import engine
from pages.components.facts import facts
from pages.components.story import story
from pages.components.words import short_type

event_id = st.query_params.get("id", "").strip().replace("-", "").lower()
record = event(engine(), event_id)

st.page_link("events.py", label="All events", icon=":material/arrow_back:")
if record is None:
    st.title("No such event", anchor=False)
    said = "It may have been deleted since: events are kept for a time only."
    st.warning(said if is_event_id(event_id) else "The address names no event: an id has 32 hexadecimal digits.")
    st.stop()

st.title(markup.plain_label(short_type(record.row.error_type)), anchor=False)
st.html(f'<div class="h-muted">in <b>{markup.text(record.row.source)}</b></div>')

with st.container(key="event"):
    told, beside = st.columns([2.1, 1], gap="large")
    with told:
        story(record)
    with beside:
        facts(record, store.now())
