"""The row of figures, each against the period before and with its course over the period."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import streamlit as st

from db.overview import Bucket, Figures, Overview
from db.period import Range
from pages.components import moments

GAP = math.nan
"""Stands for a bucket in which nothing happened that could be averaged; the course is broken there."""
FEWEST_POINTS = 5
"""A course of fewer is no course."""


def figures(found: Overview, shown: Range) -> None:
    against = f"vs. the {shown.span} before"
    buckets = found.whole_buckets(shown.bucket)
    with st.grid(4, min_column_width=150, gap="small", key="figures"):
        _events(found, buckets, against)
        _healed(found, buckets, against)
        _issues(found, buckets, against)
        _healing_time(found, buckets, against)


def _events(found: Overview, buckets: tuple[Bucket, ...], against: str) -> None:
    before = found.before.events
    change = f"{(found.figures.events - before) / before:+.0%}" if before else None
    course = [bucket.events for bucket in buckets]
    _card("Events", f"{found.figures.events:,}", change, against, course, "bar", "off")


def _healed(found: Overview, buckets: tuple[Bucket, ...], against: str) -> None:
    share = found.figures.healed_share
    course = [GAP if bucket.healed_share is None else bucket.healed_share * 100 for bucket in buckets]
    value = "–" if share is None else f"{share:.1%}"
    _card("Auto-healed", value, _points(found.figures, found.before), against, course, "area", "normal")


def _issues(found: Overview, buckets: tuple[Bucket, ...], against: str) -> None:
    change = found.figures.active_issues - found.before.active_issues
    course = [bucket.unhelped for bucket in buckets]
    _card("Active issues", str(found.figures.active_issues), f"{change:+d}", against, course, "bar", "inverse")


def _healing_time(found: Overview, buckets: tuple[Bucket, ...], against: str) -> None:
    now, before = found.figures.healing_ms, found.before.healing_ms
    change = None if now is None or before is None else _signed(now - before)
    course = [GAP if bucket.healing_ms is None else bucket.healing_ms for bucket in buckets]
    value = "–" if now is None else moments.duration(now)
    _card("Average healing time", value, change, against, course, "area", "inverse")


def _card(
    label: str,
    value: str,
    change: str | None,
    against: str,
    course: Sequence[float],
    chart: Literal["bar", "area"],
    colour: Literal["normal", "inverse", "off"],
) -> None:
    points = sum(not math.isnan(value) for value in course)
    unchanged = change is not None and not any(digit in change for digit in "123456789")
    st.metric(
        label,
        value,
        change or "new",
        delta_color="off" if change is None or unchanged else colour,
        delta_arrow="off" if change is None or unchanged else "auto",
        delta_description=against if change else "none before",
        chart_data=course if points >= FEWEST_POINTS else None,
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
