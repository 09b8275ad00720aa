"""Secrets out of one string: all layers, in an order in which none hides the context of the next."""

from __future__ import annotations

import re
from typing import Protocol

from healing.redaction.contexts import BARE_SCHEMES, COMMANDS, HEADERS, URLS
from healing.redaction.named import NAMED
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder
from healing.redaction.shapes import PEM, PERSONAL, SHAPES
from healing.redaction.sql import SQL

CUT = "…"
MAX_ROUNDS = 5
_TOO_PLAIN = re.compile(r"[A-Za-z_ .-]{0,10}\d{0,5}")
"""What is so short and plain that no rule can match it."""
_LONGEST_TOKEN = 256
_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


class Layer(Protocol):
    """`lowered` is `text` in lower case, made once for all layers."""

    def apply(self, text: str, lowered: str, names: SecretNames) -> str: ...


LAYERS: tuple[Layer, ...] = (*PEM, *URLS, *HEADERS, *COMMANDS, *SQL, *NAMED, *SHAPES, *BARE_SCHEMES)


def redact_text(text: str, limit: int, layers: tuple[Layer, ...], names: SecretNames) -> str:
    """`text` without secrets, at most `limit` characters long.

    What comes out is a fixed point: redacting it again changes nothing. A text that does not settle is given up.
    """
    text = _storable(text[: limit + 1])
    for _ in range(MAX_ROUNDS):
        redacted = _round(cut(text, limit), layers, names)
        if redacted == text:
            return text
        text = redacted
    return placeholder("unreadable")


def layers(*, personal_data: bool) -> tuple[Layer, ...]:
    return (*LAYERS, *PERSONAL) if personal_data else LAYERS


def _storable(text: str) -> str:
    """Without what UTF-8 (lone surrogates) or PostgreSQL (NUL) cannot hold."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def _round(text: str, layers: tuple[Layer, ...], names: SecretNames) -> str:
    if len(text) <= 15 and _TOO_PLAIN.fullmatch(text):
        return text
    lowered = _lower(text)
    for layer in layers:
        changed = layer.apply(text, lowered, names)
        if changed is not text:
            text, lowered = changed, _lower(changed)
    return text


def _lower(text: str) -> str:
    """In lower case, with every character in its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_LOWER)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters; a word at the cut goes whole, lest the rest of a token be no longer known as one."""
    if len(text) <= limit:
        return text
    head = text[: limit - len(CUT)]
    last_word = head[-_LONGEST_TOKEN:]
    boundary = max(last_word.rfind(" "), last_word.rfind("\n"), last_word.rfind(","))
    return (head[: boundary - len(last_word)] if boundary > 0 else head) + CUT
