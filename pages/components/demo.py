"""The demo service: how to start it from an empty overview, and how to stop it from the sidebar."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from db import audit
from healing import demo
from healing.demo import DemoStatus
from pages.components import markup, moments, store
from pages.components.engine import engine, url

ACTOR = "dashboard"
"""Who acts, for as long as nobody signs in."""
NEVER_STARTED = DemoStatus(running=False, started_at=0.0, pid=0, message="")


def start_button() -> None:
    current = _status()
    if current is None:
        st.html('<p class="h-muted">It cannot run here: its working directory cannot be written to.</p>')
        return
    st.button(
        "The demo is starting …" if current.running else "Start the demo",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_start,
        disabled=current.running,
    )
    _last_words(current)


def sidebar_card() -> None:
    """Stops a running demo and starts another, once there are events; before that, the overview offers the demo."""
    current = _status()
    if current is None or not (current.running or store.history_starts()):
        return
    with st.container(border=True, key="demo_card", gap="small"):
        if current.running:
            since = datetime.fromtimestamp(current.started_at, UTC)
            st.html(markup.card_head("Demo", f"running since {moments.since(since, store.now())}"))
            st.button("Stop the demo", icon=":material/stop:", on_click=_stop, width="stretch")
        else:
            st.html(markup.card_head("Demo", "not running"))
            st.button("Start the demo", icon=":material/play_arrow:", on_click=_start, width="stretch")
            _last_words(current)


def _last_words(ended: DemoStatus) -> None:
    if ended.message:
        st.error("The demo ended by itself. Its last words:", icon=":material/error:")
        st.code(markup.visible(ended.message), language=None, wrap_lines=True)


def _start() -> None:
    try:
        demo.start(url())
    except OSError as error:
        st.toast(f"The demo cannot run here: {markup.plain_label(str(error))}", icon=":material/error:")
        return
    audit.record(engine(), store.now(), ACTOR, "demo.start", "demo")


def _stop() -> None:
    demo.stop()
    audit.record(engine(), store.now(), ACTOR, "demo.stop", "demo")


def _status() -> DemoStatus | None:
    """None where no demo can run: a read-only working directory, as in a container."""
    try:
        return demo.status() or NEVER_STARTED
    except OSError:
        return None
