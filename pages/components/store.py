"""What pages read, shared by all sessions for some seconds. Everything here may raise DatabaseAwayError."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from db import events
from db.events import EventRow, Version
from db.filters import EventFilter
from db.overview import Overview
from db.overview import overview as read_overview
from db.period import RANGES, Range, ceiling
from pages.components.engine import opened, url

SHARED_FOR = timedelta(seconds=15)


def now() -> datetime:
    return datetime.now(UTC)


def horizon() -> datetime:
    """The end of ranges that reach up to now: the same for all within 15 seconds, and never in the past."""
    return ceiling(now(), SHARED_FOR)


def version() -> Version:
    """Changes when the figures do."""
    return _version(url())


def overview(shown: Range) -> Overview:
    return _overview(url(), shown.key, version(), horizon())


def feed(count: int) -> list[EventRow]:
    return _feed(url(), count, version())


def matching(wanted: EventFilter) -> int:
    return _matching(url(), wanted, version())


def history_starts() -> datetime | None:
    """When the oldest event occurred; None before the first one."""
    return _history_starts(url(), version())


@st.cache_data(ttl=1, show_spinner=False)
def _version(address: str) -> Version:
    return events.version(opened(address), now())


@st.cache_data(ttl=SHARED_FOR, max_entries=32, show_spinner=False)
def _overview(address: str, range_key: str, seen: Version, until: datetime) -> Overview:
    return read_overview(opened(address), RANGES[range_key], until)


@st.cache_data(ttl=SHARED_FOR, max_entries=8, show_spinner=False)
def _feed(address: str, count: int, seen: Version) -> list[EventRow]:
    return events.feed(opened(address), count)


@st.cache_data(ttl=SHARED_FOR, max_entries=64, show_spinner=False)
def _matching(address: str, wanted: EventFilter, seen: Version) -> int:
    return events.count(opened(address), wanted)


@st.cache_data(ttl=timedelta(minutes=10), max_entries=8, show_spinner=False)
def _history_starts(address: str, seen: Version) -> datetime | None:
    return events.first_at(opened(address))
