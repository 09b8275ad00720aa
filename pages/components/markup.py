"""The little HTML of our own. Whatever comes from the database goes through `text` or `plain_label`."""

from __future__ import annotations

import html
import re
from pathlib import Path

import streamlit as st

from healing.vocabulary import Outcome
from pages.components.words import OUTCOMES

STYLE = Path(__file__).with_name("style.css")

_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"([!-/;-@\[-`{-~])")
_WORD_JOINER = "\u2060"


def load_style() -> None:
    st.html(STYLE)


def without_controls(value: str) -> str:
    """The text without terminal codes and without characters that reverse a line; its lines stay."""
    return _CONTROLS.sub("", value)


def visible(value: str, limit: int = 300) -> str:
    """One line of plain text: no terminal codes, no characters that reverse the line, not too long."""
    line = " ".join(without_controls(value[: limit * 4]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def text(value: str, limit: int = 300) -> str:
    """`visible`, for HTML."""
    return html.escape(visible(value, limit))


def plain_label(value: str, limit: int = 120) -> str:
    """`visible`, for a label that Streamlit reads as Markdown.

    Emoji codes, icons and colours (`:red[`) are looked for after escapes are resolved, so each colon is parted from
    the next character by an invisible joiner; so are the slashes and dots that make a link out of an address.
    """
    escaped = _PUNCTUATION.sub(r"\\\1", visible(value, limit))
    return escaped.replace(":", f":{_WORD_JOINER}").replace("www\\.", f"www\\.{_WORD_JOINER}")


def card_head(title: str, aside: str = "") -> str:
    """The first line of a card; `aside` is text for its right end."""
    return f'<div class="h-card-head"><b>{text(title)}</b><span class="h-muted">{text(aside)}</span></div>'


def badge(outcome: str) -> str:
    """An outcome as a small coloured label with its sign."""
    look = OUTCOMES[Outcome(outcome)]
    return f'<span class="h-badge h-{look.colour}">{look.sign} {outcome}</span>'
