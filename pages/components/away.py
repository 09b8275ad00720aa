"""What stands in for a page while the database cannot be used."""

from __future__ import annotations

import streamlit as st

from db.connection import DatabaseAwayError
from healing.errors import ConfigurationError
from pages.components import live, markup, store
from pages.components.engine import shown_url


def away(error: DatabaseAwayError) -> None:
    """Says what is wrong and how to mend it, and looks again until the database is back."""
    st.error(
        "The database cannot be used just now. Services keep their events until it is back.",
        title="No database",
    )
    st.code(f"{shown_url()}\n{markup.visible(str(error))}", language=None, wrap_lines=True)
    st.markdown("To find out what is wrong, run this where the dashboard runs:")
    st.code("healing doctor", language="bash")
    st.html('<p class="h-muted">This page comes back by itself.</p>')
    _look_again()


def misconfigured(error: ConfigurationError) -> None:
    """Says which setting cannot be read."""
    st.error("The dashboard cannot start with these settings.", title="A setting is wrong")
    st.code(markup.visible(str(error)), language=None, wrap_lines=True)


@st.fragment(run_every=live.INTERVAL)
def _look_again() -> None:
    try:
        store.version()
    except DatabaseAwayError:
        return
    st.rerun()
