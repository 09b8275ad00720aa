"""What an overview without a single event shows: how to get the first one."""

from __future__ import annotations

import streamlit as st

from pages.components import demo
from pages.components.engine import shown_url

FIRST_EXAMPLE = """\
import urllib.request

from healing import self_healing


@self_healing(category="network", default=b"{}")
def fetch_rates(url):
    with urllib.request.urlopen(url, timeout=2) as answer:
        return answer.read()


print(fetch_rates("http://127.0.0.1:9/rates"))
"""


def welcome() -> None:
    st.html(
        '<p class="h-lead">No event yet. Wrap a function of yours: when a call of it fails, Healing does what can '
        "safely be done, and this page shows it within seconds.</p>"
    )
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container(border=True, height="stretch"):
            _wrap()
        with st.container(border=True, height="stretch"):
            _try()


def _wrap() -> None:
    st.subheader("Wrap a first function", anchor=False)
    st.markdown("Nothing listens at this address, so the call fails and gets its declared default instead.")
    st.code(FIRST_EXAMPLE, language="python")
    st.markdown("Run it with the database that this dashboard reads:")
    st.code(f"HEALING_DATABASE_URL={shown_url()} python first.py", language="bash", wrap_lines=True)


def _try() -> None:
    st.subheader("Or watch a small service first", anchor=False)
    st.markdown(
        "The demo runs a small shop whose rates server is slow and fails, whose database gets locked, whose cache "
        "breaks and whose mail server refuses. Every event comes from real errors; all ten strategies come up "
        "within two minutes. It ends by itself after ten."
    )
    demo.start_button()
