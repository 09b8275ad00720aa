"""Events by outcome over the period."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from db.overview import Bucket, Overview
from db.period import Range
from healing.vocabulary import Outcome
from pages.components import markup, moments
from pages.components.words import OUTCOMES, label

HEIGHT = 380
_ALWAYS = (Outcome.HEALED, Outcome.FAILED)
_STAMPS = {"1h": "%H:%M", "24h": "%H:%M", "7d": "%a %H:%M", "30d": "%-d %b"}


def outcomes_chart(found: Overview, shown: Range) -> None:
    with st.container(border=True, key="outcomes", gap=None, height="stretch"):
        caption = f"per {shown.per}, the last still running, {moments.zone_name()}"
        st.html(markup.card_head("Events by outcome", caption))
        st.echarts_chart(_spec(found, shown), height=HEIGHT, key="outcomes_chart", alt="Events by outcome over time")


def _spec(found: Overview, shown: Range) -> dict[str, Any]:
    buckets = found.buckets
    drawn = [outcome for outcome in Outcome if outcome in _ALWAYS or _occurs(buckets, outcome)]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 12, "top": 40, "bottom": 4, "containLabel": True},
        "legend": {"type": "scroll", "left": 0, "top": 4, "icon": "roundRect", "itemWidth": 11, "itemHeight": 11},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "boundaryGap": False,
            "data": [_stamp(bucket.start, shown) for bucket in buckets],
            "axisTick": {"show": False},
        },
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [_series(buckets, outcome) for outcome in drawn],
    }


def _series(buckets: tuple[Bucket, ...], outcome: Outcome) -> dict[str, Any]:
    colour = OUTCOMES[outcome].hex
    return {
        "name": label(outcome),
        "type": "line",
        "stack": "events",
        "smooth": 0.3,
        "smoothMonotone": "x",
        "showSymbol": False,
        "lineStyle": {"width": 0},
        "itemStyle": {"color": colour},
        "areaStyle": {"color": colour, "opacity": 0.55},
        "data": [bucket.by_outcome.get(outcome, 0) for bucket in buckets],
    }


def _occurs(buckets: tuple[Bucket, ...], outcome: Outcome) -> bool:
    return any(outcome in bucket.by_outcome for bucket in buckets)


def _stamp(start: datetime, shown: Range) -> str:
    return start.astimezone(moments.zone()).strftime(_STAMPS[shown.key])
