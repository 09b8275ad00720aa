"""Which page of the event list a session looks at, and the buttons that lead on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from db.events import EventPage, Key, newer_page, newest_page, older_page
from db.filters import EventFilter
from pages.components.engine import engine

_STATE = "events_place"


@dataclass(frozen=True, slots=True)
class Place:
    """A page other than the newest: the one `newer` or older than `key`, of the filter `of`."""

    of: EventFilter
    key: Key
    newer: bool


def current_page(wanted: EventFilter) -> EventPage:
    """The page that was turned to, or the newest one where the filter has changed since."""
    place: Place | None = st.session_state.get(_STATE)
    if place is None or not _belongs(place, wanted):
        return newest_page(engine(), wanted)
    turn = newer_page if place.newer else older_page
    return turn(engine(), wanted, place.key)


def pager(wanted: EventFilter, page: EventPage) -> None:
    if page.newer is None and page.older is None:
        return
    with st.container(horizontal=True, horizontal_alignment="center", gap="small", key="pager"):
        _button("Newest", ":material/first_page:", _to_newest, disabled=page.newer is None)
        _turn("Newer", ":material/chevron_left:", wanted, page.newer, newer=True)
        _turn("Older", ":material/chevron_right:", wanted, page.older, newer=False)


def _belongs(place: Place, wanted: EventFilter) -> bool:
    """The end of a range moves on with the time, so it may differ."""
    period = wanted.period
    return (
        replace(place.of, period=period) == wanted
        and place.of.period.length == period.length
        and period.start <= place.key.occurred_at < period.end
    )


def _turn(title: str, icon: str, wanted: EventFilter, key: Key | None, *, newer: bool) -> None:
    place = None if key is None else Place(wanted, key, newer)
    _button(title, icon, lambda: st.session_state.update({_STATE: place}), disabled=place is None)


def _to_newest() -> None:
    st.session_state.pop(_STATE, None)


def _button(title: str, icon: str, on_click: Callable[[], None], *, disabled: bool) -> None:
    st.button(title, icon=icon, on_click=on_click, disabled=disabled, key=f"page_{title.lower()}")
