"""The history of events, filtered and paged."""

from __future__ import annotations

import streamlit as st

from pages.components.filters import chosen_filter
from pages.components.live import live
from pages.components.table import event_table

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
    st.title("Events", anchor=False, width="content")
    with st.container(horizontal=True, width="content", key="head_right"):
        live()

event_table(chosen_filter())
