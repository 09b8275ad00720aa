"""The row of figures, each against the period before and with its course over the period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import streamlit as st

from db.overview import Figures, Overview
from db.period import Range
from pages.components import moments


def figures(found: Overview, shown: Range) -> None:
    against = f"vs. {shown.label} before"
    with st.grid(4, min_column_width=150, gap="small", key="figures"):
        _events(found, against)
        _healed(found, against)
        _issues(found, against)
        _healing_time(found, against)


def _events(found: Overview, against: str) -> None:
    before = found.before.events
    change = f"{(found.figures.events - before) / before:+.0%}" if before else None
    course = [bucket.events for bucket in found.buckets]
    _card("Events", f"{found.figures.events:,}", change, against, course, "bar", "off")


def _healed(found: Overview, against: str) -> None:
    share = found.figures.healed_share
    course = [bucket.healed_share * 100 for bucket in found.buckets if bucket.healed_share is not None]
    value = "–" if share is None else f"{share:.1%}"
    _card("Auto-healed", value, _points(found.figures, found.before), against, course, "area", "normal")


def _issues(found: Overview, against: str) -> None:
    change = found.figures.active_issues - found.before.active_issues
    course = [bucket.unhelped for bucket in found.buckets]
    _card("Active issues", str(found.figures.active_issues), f"{change:+d}", against, course, "bar", "inverse")


def _healing_time(found: Overview, against: str) -> None:
    now, before = found.figures.healing_ms, found.before.healing_ms
    change = None if now is None or before is None else _signed(now - before)
    course = [bucket.healing_ms for bucket in found.buckets if bucket.healing_ms is not None]
    value = "–" if now is None else moments.duration(now)
    _card("Average healing time", value, change, against, course, "area", "inverse")


def _card(
    label: str,
    value: str,
    change: str | None,
    against: str,
    course: Iterable[float],
    chart: Literal["bar", "area"],
    colour: Literal["normal", "inverse", "off"],
) -> None:
    points = list(course)
    unchanged = change is not None and not any(digit in change for digit in "123456789")
    st.metric(
        label,
        value,
        change or "new",
        delta_color="off" if change is None or unchanged else colour,
        delta_arrow="off" if change is None or unchanged else "auto",
        delta_description=against if change else "none before",
        chart_data=points if len(points) > 1 else [0, 0],
        chart_type=chart,
        border=True,
        height="stretch",
    )


def _points(now: Figures, before: Figures) -> str | None:
    if now.healed_share is None or before.healed_share is None:
        return None
    return f"{(now.healed_share - before.healed_share) * 100:+.1f} pt"


def _signed(milliseconds: float) -> str:
    return ("-" if milliseconds < 0 else "+") + moments.duration(abs(milliseconds))
