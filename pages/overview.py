"""How things stand, at a glance."""

from __future__ import annotations

import streamlit as st

from pages.components import store
from pages.components.banner import banner
from pages.components.chart import outcomes_chart
from pages.components.feed import feed
from pages.components.figures import figures
from pages.components.live import live
from pages.components.ranges import range_switch
from pages.components.sources import sources
from pages.components.welcome import welcome

FEED_ROWS = 6

now = store.now()
history = store.history_starts()

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
    st.title("Overview", anchor=False, width="content")
    with st.container(horizontal=True, vertical_alignment="center", width="content", gap="medium", key="head_right"):
        live()
        shown = range_switch(history, now) if history else None

if shown is None:
    welcome()
else:
    found = store.overview(shown)
    banner(found, shown, now)
    figures(found, shown)
    sources(found, shown)
    wide, narrow = st.columns([1.75, 1], gap="small")
    with wide:
        outcomes_chart(found, shown)
    with narrow:
        feed(store.feed(FEED_ROWS), now)
