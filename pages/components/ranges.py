"""The switch between ranges of the overview."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from db.period import HOUR, RANGES, Range


def range_switch(history: datetime, now: datetime) -> Range:
    """Starts with the last hour while the history is younger than that, else with the last day."""
    chosen = st.segmented_control(
        "Range",
        list(RANGES),
        default="1h" if now - history < HOUR else "24h",
        required=True,
        key="range",
        bind="query-params",
        label_visibility="collapsed",
    )
    return RANGES[chosen]
