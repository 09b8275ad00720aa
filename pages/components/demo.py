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


def start_button() -> None:
    current = _status()
    st.button(
        "The demo is starting …" if current and current.running else "Start the demo",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_start,
        disabled=bool(current and current.running),
    )
    if current and current.message:
        st.error("The demo ended by itself. Its last words:", icon=":material/error:")
        st.code(markup.visible(current.message), language=None, wrap_lines=True)


def sidebar_card() -> None:
    """Shows a running demo; nothing else."""
    current = _status()
    if current is None or not current.running:
        return
    since = datetime.fromtimestamp(current.started_at, UTC)
    with st.container(border=True, key="demo_card", gap="small"):
        st.html(markup.card_head("Demo", f"running since {moments.since(since, store.now())}"))
        st.button("Stop the demo", icon=":material/stop:", on_click=_stop, width="stretch")


def _start() -> None:
    demo.start(url())
    audit.record(engine(), store.now(), ACTOR, "demo.start", "demo")


def _stop() -> None:
    demo.stop()
    audit.record(engine(), store.now(), ACTOR, "demo.stop", "demo")


def _status() -> DemoStatus | None:
    try:
        return demo.status()
    except OSError:
        # A read-only working directory, as in a container: no demo can run there.
        return None
