"""A card per source: how its calls went over the period, one tick a bucket."""

from __future__ import annotations

import streamlit as st

from db.overview import Overview, SourceStrip
from db.period import Range
from pages.components import markup

CARDS = 7
_LEGEND = (
    ("healed", "Healed"),
    ("degraded", "Degraded or queued"),
    ("failed", "Failed"),
    ("none", "No event"),
)


def sources(found: Overview, shown: Range) -> None:
    with st.grid(4, min_column_width=210, gap="small", key="sources"):
        for number, strip in enumerate(found.sources[:CARDS]):
            with st.container(border=True, key=f"source_{number}", gap=None, height="stretch"):
                _card(strip, shown)
        with st.container(border=True, key="source_legend", gap=None, height="stretch"):
            st.html(_legend(found, shown))


def _card(strip: SourceStrip, shown: Range) -> None:
    st.page_link(
        "events.py",
        label=markup.plain_label(strip.source, 60),
        query_params={"source": [strip.source], "range": shown.key},
        help=markup.plain_label(strip.source),
        width="stretch",
    )
    share = "–" if strip.healed_share is None else f"{strip.healed_share:.0%} healed"
    st.html(
        f"{_strip(strip)}"
        f'<div class="h-ends"><span>{shown.label} ago</span><span>{_events(strip.events)} · {share}</span></div>'
    )


def _strip(strip: SourceStrip) -> str:
    """Ticks of one kind in a row are drawn with one rule each; the words are for those who do not see them."""
    ticks = "".join(f'<i class="h-t-{tick}"></i>' for tick in strip.ticks)
    said = f"{strip.source}: {_events(strip.events)}, {strip.unhelped} of them failed"
    return f'<div class="h-strip" role="img" aria-label="{markup.text(said)}">{ticks}</div>'


def _legend(found: Overview, shown: Range) -> str:
    keys = "".join(f'<span><i class="h-key h-t-{tick}"></i>{said}</span>' for tick, said in _LEGEND)
    more = len(found.sources) - CARDS
    bar = f"1 bar = {shown.per}" if shown.per[0].isdigit() else f"1 bar = 1 {shown.per}"
    further = f"{bar} · {more} more" if more > 0 else bar
    return f'{markup.card_head("Sources", further)}<div class="h-keys">{keys}</div>'


def _events(count: int) -> str:
    return f"{count:,} event" if count == 1 else f"{count:,} events"
