"""What lay around an error, where a service keeps it: the log before it, and the variables of its frames."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from pages.components import markup, moments

LONGEST_VALUE = 4_000
"""Characters of one frame's variables that a page shows."""


def log_before(crumbs: Any) -> None:
    """`crumbs` are `[Unix time, level, logger, text]`, oldest first; a row of another shape is left out."""
    rows = [crumb for crumb in crumbs or () if isinstance(crumb, list) and len(crumb) == 4]
    if not rows:
        return
    st.subheader("The log before it", anchor=False)
    st.html(f'<ol class="h-log">{"".join(_line(*row) for row in rows)}</ol>')


def _line(logged_at: float, level: str, logger: str, text: str) -> str:
    moment = datetime.fromtimestamp(logged_at, UTC)
    time = f"{moments.clock(moment)}.{moment.microsecond // 1000:03d}"
    head = f'<span class="h-muted">{time} · {markup.text(level)} · {markup.text(logger)}</span>'
    return f"<li>{head}<div>{markup.text(text, 1_000)}</div></li>"


def variables(frames: Any) -> None:
    """`frames` are dictionaries of `function`, `line` and `values`, outermost first."""
    known = [frame for frame in frames or () if isinstance(frame, dict) and frame.get("values")]
    if not known:
        return
    st.subheader("Variables", anchor=False)
    for frame in reversed(known):
        with st.expander(markup.plain_label(f"{frame.get('function')}, line {frame.get('line')}")):
            spelled = json.dumps(frame["values"], indent=2, ensure_ascii=False)
            st.code(markup.without_controls(spelled[:LONGEST_VALUE]), language=None, wrap_lines=True)
