"""Secrets out of one string: all layers, in an order in which none hides the context of the next."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from functools import partial

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
from healing.redaction.tables import TableRule
from healing.redaction.unfolding import unfolded
from healing.redaction.views import VIEWS

CUT = "…"
MAX_LAPS = 5
MAX_DEPTH = 3
"""Encodings within encodings that are looked into."""
_TOO_PLAIN = re.compile(r"[A-Za-z_ .-]{0,10}\d{0,5}")
"""What is so short and plain that no built-in rule can match it."""
_LONG = 8_192
"""Texts beyond it cost so much that the time is looked at before every layer."""
_LONG_ENOUGH = 1_536
_SIGHT = 400
"""Characters around a placeholder in which it may be context to a rule."""
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
_Step = Callable[[str, str], str]


class Texts:
    """Redacts texts by `layers`, and knows again those that come in storms, by a keyed digest."""

    def __init__(self, declared: tuple[Layer, ...], names: SecretNames, *, personal_data: bool) -> None:
        self.layers = (*declared, *LAYERS)
        self.last = PERSONAL if personal_data else ()
        self.names = names
        self._declares = bool(declared)
        self.steps = self._steps(self.layers), self._steps(self.last)
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

    def _steps(self, layers: tuple[Layer, ...]) -> list[_Step]:
        return [partial(layer.apply, names=self.names) for layer in layers]

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

    def _steps(self, depth: int) -> list[_Step]:
        """Personal data comes last: an address may be the beginning of an encoded password's context."""
        first, last = self._texts.steps
        if depth == MAX_DEPTH:
            return [*first, *last]
        return [*first, *(partial(view, redact=partial(self._lap, depth + 1)) for view in VIEWS), *last]

    def _lap(self, depth: int, text: str) -> str:
        lowered = _lower(text)
        every = 8 if len(text) <= _LONG else 1
        for number, step in enumerate(self._steps(depth)):
            if number % every == 0:
                self._budget.check()
            changed = step(text, lowered)
            if changed != text:
                text, lowered = changed, _lower(changed)
        return text


def _near_placeholders(text: str) -> str:
    """The parts of `text` in which a rule could see a placeholder, a line each."""
    parts, done = [], 0
    for found in PLACEHOLDER.finditer(text):
        if found.end() > done:
            start = text.rfind(" ", done, max(done, found.start() - _SIGHT)) + 1 or done
            done = min(len(text), found.end() + _SIGHT)
            parts.append(text[max(start, found.start() - 2 * _SIGHT) : done])
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
