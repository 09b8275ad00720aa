"""The first thing to read: is all well, and if not, what is wrong and since when."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from db.issues import Issue
from db.overview import Overview
from db.period import Range
from pages.components import markup, moments
from pages.components.words import short_type

LISTED = 3


def banner(found: Overview, shown: Range, now: datetime) -> None:
    if found.figures.active_issues == 0:
        _well(found, shown)
    else:
        _in_trouble(found, now)


def _well(found: Overview, shown: Range) -> None:
    title = "All is well" if found.figures.events else "Quiet"
    with st.container(key="banner_well"):
        st.html(_head("h-green", "✓", title, _calm_sentence(found, shown)))


def _calm_sentence(found: Overview, shown: Range) -> str:
    events = found.figures.events
    if not events:
        return f"No call of a wrapped function failed in the last {shown.span}."
    helped = "the latest event of every fingerprint was helped"
    return f"{events:,} {'event' if events == 1 else 'events'} in the last {shown.span}; {helped}."


def _in_trouble(found: Overview, now: datetime) -> None:
    count = found.figures.active_issues
    first = found.issues[0]
    title = f"{first.source} is failing" if count == 1 else f"{count} problems need a person"
    oldest = min(issue.since for issue in found.issues)
    sentence = f"Healing could not help; open for {moments.spell((now - oldest).total_seconds())}."
    with st.container(key="banner_trouble", gap=None):
        st.html(_head("h-red", "!", title, sentence))
        for issue in found.issues[:LISTED]:
            _line(issue, now)
        if count > LISTED:
            st.page_link(
                "events.py",
                label=f"{count - LISTED} more: all failed events",
                query_params={"outcome": ["failed", "interrupted"], "range": "30d"},
            )


def _line(issue: Issue, now: datetime) -> None:
    said = f"{short_type(issue.error_type)}: {issue.message}" if issue.message else short_type(issue.error_type)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        label = markup.plain_label(f"{issue.source} · {said}", 140)
        st.page_link("event.py", label=label, query_params={"id": issue.event_id})
        st.html(f'<span class="h-muted">since {moments.since(issue.since, now)}</span>', width="content")


def _head(colour: str, sign: str, title: str, sentence: str) -> str:
    return (
        f'<div class="h-banner" role="status"><span class="h-sign {colour}" aria-hidden="true">{sign}</span>'
        f'<div><div class="h-banner-title">{markup.text(title)}</div>'
        f'<div class="h-muted">{markup.text(sentence)}</div></div></div>'
    )
