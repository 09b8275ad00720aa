"""Times and durations as a person reads them, in the viewer's time zone or in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def zone_switch() -> None:
    """Lets the viewer read all times in UTC; kept for the session."""
    st.toggle("Times in UTC", key="utc", persist_state="session", help=f"Your time zone is {_own_zone()}.")


def zone() -> tzinfo:
    return UTC if st.session_state.get("utc") else _own_zone()


def zone_name() -> str:
    """The name for column heads and captions, such as `Europe/Berlin`."""
    return str(zone())


def zone_abbreviation() -> str:
    return f"{datetime.now(zone()):%Z}"


def clock(moment: datetime) -> str:
    return moment.astimezone(zone()).strftime("%H:%M:%S")


def shown(moment: datetime) -> str:
    """`23 Nov 2026, 14:32:08.120 CET`."""
    local = moment.astimezone(zone())
    return f"{local:%-d %b %Y, %H:%M:%S}.{local.microsecond // 1000:03d} {local:%Z}"


def since(moment: datetime, now: datetime) -> str:
    """The time alone for today, else with its day."""
    local, today = moment.astimezone(zone()), now.astimezone(zone()).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%-d %b %H:%M}"


def ago(moment: datetime, now: datetime) -> str:
    seconds = (now - moment).total_seconds()
    return "now" if seconds < 5 else f"{spell(seconds)} ago"


def spell(seconds: float) -> str:
    """The largest unit that fits, whole: `34 s`, `12 min`, `5 h`, `9 d`."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(max(seconds, 0))} s"


def duration(milliseconds: float) -> str:
    """Three digits or so: `0.4 ms`, `120 ms`, `1.8 s`, `2.5 min`."""
    if milliseconds < 10:
        return f"{milliseconds:.1f} ms"
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 60_000:
        return f"{milliseconds / 1_000:.1f} s"
    return f"{milliseconds / 60_000:.1f} min"


def _own_zone() -> tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
