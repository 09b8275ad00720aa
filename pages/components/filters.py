"""The filters of the event list; each is bound to the URL under the name that exports use too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from db import events
from db.filters import DEFAULT_RANGE, EventFilter, options
from db.period import RANGES, Period
from pages.components import moments, store
from pages.components.engine import engine
from pages.components.words import label

BETWEEN = "between"
"""The choice of a start and an end instead of a stretch back from now."""

LISTS = ("source", "category", "outcome", "strategy", "severity")
TEXTS = ("text", "fingerprint")
_NAMES = ("range", "start", "end", *LISTS, *TEXTS)
_KEPT = "events_filter"
_RETURNING = "events_filter_to_return_to"


def chosen_filter() -> EventFilter:
    """Draws the filters and returns what they say."""
    restored = _restore_after_back()
    with st.container(key="filters", gap="small"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters_time"):
            period = _period(restored)
            text = _text("text", "Search", "Message, error type or source", 260)
            fingerprint = _text("fingerprint", "Fingerprint", "32 digits", 260)
        with st.grid(5, min_column_width=150, gap="small", key="filters_lists"):
            lists = {name: _list(name, _options(name, period)) for name in LISTS}
    st.session_state[_KEPT] = {name: st.session_state[name] for name in _NAMES if name in st.session_state}
    return EventFilter(period=period, text=text, fingerprint=fingerprint, **lists)


def _restore_after_back() -> frozenset[str]:
    """The names of the filters that were set anew.

    Opening an event from the table leaves `/events?id=…` in the browser's history, without the filters, and a step
    back lands there: the run after it sets them anew."""
    if "id" in st.query_params:
        st.query_params.pop("id")
        st.session_state[_RETURNING] = st.session_state.get(_KEPT, {})
        st.rerun()
    kept = st.session_state.pop(_RETURNING, {})
    st.session_state.update(kept)
    return frozenset(kept)


def clear() -> None:
    """Takes every filter back but the range; a callback."""
    for name in LISTS:
        st.session_state[name] = []
    for name in TEXTS:
        st.session_state[name] = ""


def _period(restored: frozenset[str]) -> Period:
    """Streamlit warns of a widget that has a default beside a value that was set, so a restored one has none."""
    chosen = st.segmented_control(
        "Range",
        [*RANGES, BETWEEN],
        default=None if "range" in restored else DEFAULT_RANGE,
        required=True,
        key="range",
        bind="query-params",
    )
    if chosen == BETWEEN:
        return _between(restored)
    return RANGES[chosen or DEFAULT_RANGE].period(store.horizon())


def _between(restored: frozenset[str]) -> Period:
    today = store.now().astimezone(moments.zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    first = _moment("start", "From", today - timedelta(days=1), restored)
    last = _moment("end", "Until", today + timedelta(days=1), restored)
    return Period(min(first, last), max(first, last, min(first, last) + timedelta(minutes=1)))


def _moment(name: str, title: str, default: datetime, restored: frozenset[str]) -> datetime:
    """The widget works without a zone; what is typed is meant in the viewer's."""
    typed = st.datetime_input(
        title,
        value=None if name in restored else default.replace(tzinfo=None),
        key=name,
        bind="query-params",
        help=f"In {moments.zone_name()}",
        step=timedelta(minutes=5),
        width=210,
    )
    return (typed or default).replace(tzinfo=moments.zone()).astimezone(UTC)


def _text(name: str, title: str, placeholder: str, width: int) -> str:
    return st.text_input(
        title, key=name, bind="query-params", placeholder=placeholder, width=width, max_chars=200
    ).strip()


def _list(name: str, choices: list[str]) -> tuple[str, ...]:
    return tuple(st.multiselect(label(name), choices, key=name, bind="query-params", placeholder="Any"))


def _options(name: str, period: Period) -> list[str]:
    """Sources come from the period's events, and from the URL: a chosen one that has no events here stays chosen."""
    if name != "source":
        return list(options(name))
    asked_for = [*st.query_params.get_all("source"), *st.session_state.get("source", [])]
    return sorted({*events.sources(engine(), period), *asked_for})
