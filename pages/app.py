"""What each session runs: the frame around the pages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from db.connection import DatabaseAwayError
from healing.errors import ConfigurationError
from pages.components import demo, markup, moments
from pages.components.away import away, misconfigured

ASSETS = Path(__file__).parent / "assets"

st.set_page_config(page_title="Healing", page_icon=str(ASSETS / "mark.svg"), layout="wide")
st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "mark.svg"))
markup.load_style()

page = st.navigation(
    [
        st.Page("overview.py", title="Overview", icon=":material/space_dashboard:", default=True),
        st.Page("events.py", title="Events", icon=":material/healing:", url_path="events"),
        st.Page("event.py", title="Event", url_path="event", visibility="hidden"),
    ]
)

try:
    with st.sidebar:
        moments.zone_switch()
        demo.sidebar_card()
    page.run()
except DatabaseAwayError as error:
    away(error)
except ConfigurationError as error:
    misconfigured(error)
