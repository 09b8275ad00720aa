"""What worked for a fingerprint before, and an operator's say in it."""

from __future__ import annotations

import streamlit as st

from db.event import EventRecord, Pattern
from healing import pattern_store
from healing.vocabulary import Strategy
from pages.components import markup
from pages.components.demo import ACTOR
from pages.components.engine import engine
from pages.components.words import label

RULINGS = {"Pin: try it first": pattern_store.pin, "Ban: never try it": pattern_store.ban}
NO_RULING = {"Leave it to its figures": pattern_store.clear_ruling}
_RULED = {"pin": "pinned", "ban": "banned"}


def patterns(record: EventRecord) -> None:
    with st.container(border=True, key="patterns", gap="small"):
        st.html(markup.card_head("What worked before", "this fingerprint"))
        for known in record.patterns:
            _pattern(record.row.fingerprint, known)
        if not record.patterns:
            st.html('<span class="h-muted">No repair was tried for this fingerprint yet.</span>')


def _pattern(fingerprint: str, known: Pattern) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.html(_figures(known), width="stretch")
        if known.strategy in tuple(Strategy):
            st.menu_button(
                "Pin or ban",
                list(RULINGS | NO_RULING if known.ruling else RULINGS),
                key=f"rule_{known.strategy}",
                on_click=_rule,
                args=(fingerprint, Strategy(known.strategy)),
            )


def _figures(known: Pattern) -> str:
    rate = "–" if known.rate is None else f"{known.rate:.0%}"
    tries = known.successes + known.failures
    ruling = f" · {_RULED[known.ruling]} by {markup.text(known.ruled_by or '?')}" if known.ruling else ""
    return (
        f"<div>{markup.text(label(known.strategy))}</div>"
        f'<div class="h-muted"><b>{rate}</b> · {known.successes} of {tries} tries{ruling}</div>'
    )


def _rule(fingerprint: str, strategy: Strategy) -> None:
    chosen = st.session_state[f"rule_{strategy}"]
    (RULINGS | NO_RULING)[chosen](engine(), fingerprint, strategy, ACTOR)
