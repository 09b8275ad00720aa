"""Secrets out of one string: all layers, in an order in which none hides the context of the next."""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache, partial

from healing.redaction.budget import Budget, OverTimeError
from healing.redaction.commands import COMMANDS, OTHER_COMMANDS
from healing.redaction.contexts import BARE_SCHEMES, HEADERS, KEYS, URLS
from healing.redaction.named import NAMED
from healing.redaction.names import SecretNames
from healing.redaction.personal import PERSONAL
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.prose import ABROAD, PROSE
from healing.redaction.protocols import LINES, OTHER_LINES
from healing.redaction.rule import HeadTable, Layer
from healing.redaction.shapes import PEM, SHAPES
from healing.redaction.sql import SQL
from healing.redaction.steps import Redact, Step, Steps
from healing.redaction.tables import TableRule
from healing.redaction.unfolding import unfolded
from healing.redaction.views import percent, script, wrapped

CUT = "…"
MAX_LAPS = 5
MAX_DEPTH = 3
"""Encodings within encodings that are looked into."""
_TOO_PLAIN = re.compile(r"[A-Za-z_ .-]{0,10}|[A-Za-z_.-]{0,10}\d{0,5}")
"""What is so short and plain that no built-in rule can match it."""
_LONG = 8_192
"""Texts beyond it cost so much that the time is looked at before every layer."""
_LONG_ENOUGH = 1_536
_SIGHT = (320, 120)
"""Characters before and after a placeholder in which it may be context to a rule."""
_LONGEST_TOKEN = 256
_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_REMEMBERED = 2_048
_WORTH_REMEMBERING = range(8, 4_097)
"""Lengths of texts that are remembered: shorter ones are as quick to redact, longer ones take too much room."""

LAYERS: tuple[Layer, ...] = (
    *PEM,
    *URLS,
    *HEADERS,
    HeadTable((*COMMANDS, *LINES, ABROAD)),
    *OTHER_COMMANDS,
    *OTHER_LINES,
    *PROSE,
    *SQL,
    TableRule(),
    *NAMED,
    *SHAPES,
    *BARE_SCHEMES,
    *KEYS,
)

_UNREADABLE = placeholder("unreadable")
VIEW_STEPS = (Step(("\\u00",), view=script), Step(("%",), view=percent), Step((), view=wrapped))
"""Before personal data: an address may be the beginning of an encoded password's context."""


def _step(layer: Layer) -> Step:
    return Step(getattr(layer, "needles", ()), layer)


@cache
def prepare() -> None:
    """Make the patterns, once in a process: about 50 ms, which would else count as a text's own time."""
    for layer in (*LAYERS, *PERSONAL):
        _ = layer.patterns


class Texts:
    """Redacts texts by `layers`, and knows again those that come in storms, by a keyed digest."""

    def __init__(self, declared: tuple[Layer, ...], names: SecretNames, *, personal_data: bool) -> None:
        self.layers = (*declared, *LAYERS)
        self.last = PERSONAL if personal_data else ()
        prepare()
        self.names = names
        self._declares = bool(declared)
        self.steps = Steps((*map(_step, self.layers), *VIEW_STEPS, *map(_step, self.last)))
        self._key = os.urandom(16)
        self._known: dict[bytes, str | None] = {}

    def redacted(self, text: str, limit: int, budget: Budget) -> str:
        """`text` without secrets, at most `limit` characters long.

        What comes out is a fixed point: redacting it again changes nothing. A text that does not settle, or takes
        longer than the budget, is given up.
        """
        text = _storable(text[: limit + 1])
        if not self._declares and len(text) <= 15 and _TOO_PLAIN.fullmatch(text) and len(text) <= limit:
            return text
        if len(text) not in _WORTH_REMEMBERING:
            return self._fresh(text, limit, budget)
        return self._remembered(text, limit, budget)

    def _remembered(self, text: str, limit: int, budget: Budget) -> str:
        digest = hashlib.blake2b(f"{limit} {text}".encode(), key=self._key, digest_size=16).digest()
        try:
            known = self._known[digest]
        except KeyError:
            return self._learned(digest, text, limit, budget)
        return text if known is None else known

    def _learned(self, digest: bytes, text: str, limit: int, budget: Budget) -> str:
        redacted = self._fresh(text, limit, budget)
        if redacted != _UNREADABLE:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[digest] = None if redacted == text else redacted
        return redacted

    def _fresh(self, text: str, limit: int, budget: Budget) -> str:
        try:
            return _Settling(self, budget).settled(text, limit)
        except OverTimeError:
            return _UNREADABLE


class _Settling:
    """The work on one text."""

    def __init__(self, texts: Texts, budget: Budget) -> None:
        self._texts = texts
        self._budget = budget

    def settled(self, text: str, limit: int) -> str:
        for _ in range(MAX_LAPS):
            text = cut(text, limit)
            plain = unfolded(text)
            redacted = self._fixed_point(plain)
            if redacted == plain:
                return text
            text = redacted
            if len(text) <= limit and unfolded(text) == text:
                return text
        return _UNREADABLE

    def _fixed_point(self, text: str) -> str:
        """What a lap over all layers and views does not change any more."""
        for _ in range(MAX_LAPS):
            redacted = self._lap(0, text)
            if redacted == text or self._is_still(redacted):
                return redacted
            text = redacted
        return _UNREADABLE

    def _is_still(self, text: str) -> bool:
        """Whether one more lap is sure to change nothing: of a long text, only what stands near a placeholder can."""
        near = _near_placeholders(text) if len(text) > _LONG_ENOUGH else text
        return len(near) < len(text) * 3 // 4 and self._lap(0, near) == near

    def _lap(self, depth: int, text: str) -> str:
        """All steps once. What the last view held is looked at by the layers alone."""
        redact = partial(self._lap, depth + 1) if depth < MAX_DEPTH else None
        lowered, done = _lower(text), 0
        while done >= 0:
            text, lowered, done = self._until_changed(done, text, lowered, redact)
        return text

    def _until_changed(self, done: int, text: str, lowered: str, redact: Redact | None) -> tuple[str, str, int]:
        """The text as the first step changed it that did, and the number to go on with: below 0, none is left."""
        often = len(text) > _LONG
        self._budget.check()
        for number, step in self._texts.steps.after(done, lowered):
            if often or number % 16 == 0:
                self._budget.check()
            changed = step.apply(text, lowered, self._texts.names, redact)
            if changed != text:
                return changed, _lower(changed), number + 1
        return text, lowered, -1


def _near_placeholders(text: str) -> str:
    """The parts of `text` in which a rule could see a placeholder, a line each."""
    parts, done = [], 0
    for found in PLACEHOLDER.finditer(text):
        if found.end() > done:
            parts.append(text[max(done, found.start() - _SIGHT[0]) : found.end() + _SIGHT[1]])
            done = found.end() + _SIGHT[1]
    return "\n".join(parts)


def _storable(text: str) -> str:
    """Without what UTF-8 (lone surrogates) or PostgreSQL (NUL) cannot hold."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


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
