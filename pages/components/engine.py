"""The one engine of the dashboard's process; sessions, routes and lifespan get the same."""

from __future__ import annotations

import streamlit as st

from db.connection import Engine, connect, without_password
from healing import settings


def url() -> str:
    """Raises ConfigurationError for a setting that cannot be read."""
    return settings.load().database_url


def shown_url() -> str:
    """The database's address without its password."""
    return without_password(url())


def engine() -> Engine:
    """Raises DatabaseAwayError, and ConfigurationError for a setting that cannot be read."""
    return opened(url())


def release() -> None:
    """Closes every connection; the next use opens new ones."""
    opened.clear()


@st.cache_resource(show_spinner=False, on_release=lambda engine: engine.dispose())
def opened(address: str) -> Engine:
    return connect(address)
