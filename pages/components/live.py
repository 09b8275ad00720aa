"""Keeps a page up to date: a small fragment looks for changes, and the page is drawn anew only when there are any."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from db.connection import DatabaseAwayError
from db.events import Version
from pages.components import moments, store

INTERVAL = 2.0
"""Seconds between two looks."""


def live() -> None:
    """The `Live` sign with its clock. Put it on a page once."""
    _watch(store.version(), store.horizon())


@st.fragment(run_every=INTERVAL)
def _watch(seen: Version, until: datetime) -> None:
    try:
        changed = store.version() != seen or store.horizon() != until
    except DatabaseAwayError:
        changed = True
    if changed:
        st.rerun()
    now = f"{moments.clock(store.now())} {moments.zone_abbreviation()}"
    st.html(f'<div class="h-live"><span class="h-dot"></span>Live · {now}</div>', width="content")
