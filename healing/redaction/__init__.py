"""Secrets and personal data out of strings and structures: the one choke point before anything is kept or shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import lru_cache

from healing.redaction.budget import SECONDS, Budget
from healing.redaction.declared import Patterns, declared_patterns, pairs
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.structure import Limits, Plain, Walk
from healing.redaction.text import Texts

__all__ = ["PLACEHOLDER", "Limits", "Patterns", "Plain", "Redactor", "redact"]


class Redactor:
    """What `[redacted:kind]` replaces: secrets always, personal data (e-mail, phone, SSN) unless switched off.

    `extra_keys` are further names of fields whose values are secret, in any spelling. `patterns` are expressions, or
    kinds with their expressions; a group named `secret` marks the part that goes. Raises ValueError for one that RE2
    does not know. `seconds` bounds the computing time of one text or structure: what is not done by then is not shown.
    """

    def __init__(
        self,
        *,
        extra_keys: Iterable[str] = (),
        patterns: Patterns = (),
        personal_data: bool = True,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self.limits = Limits()
        self._declared = (tuple(extra_keys), pairs(patterns))
        self._personal_data = personal_data
        self._seconds, self._clock = seconds, clock
        names = SecretNames(self._declared[0], personal_data=personal_data)
        self._texts = Texts(declared_patterns(patterns), names, personal_data=personal_data)
        self._extended = lru_cache(maxsize=256)(self._make_extended)

    def extended(self, keys: Iterable[str] = (), patterns: Patterns = ()) -> Redactor:
        """A redactor that also hides these; the same one for the same declaration. Raises ValueError as `Redactor`."""
        keys, patterns = tuple(keys), pairs(patterns)
        return self._extended(keys, patterns) if keys or patterns else self

    def _make_extended(self, keys: tuple[str, ...], patterns: tuple[tuple[str, str], ...]) -> Redactor:
        return Redactor(
            extra_keys=(*self._declared[0], *keys),
            patterns=(*self._declared[1], *patterns),
            personal_data=self._personal_data,
            seconds=self._seconds,
            clock=self._clock,
        )

    def text(self, text: str, limit: int | None = None) -> str:
        """`text` with its secrets replaced, at most `limit` characters long (by default `limits.characters`)."""
        try:
            return self._texts.redacted(text, limit or self.limits.characters, self._budget())
        except Exception:  # noqa: BLE001 - fail closed: what could not be redacted is not shown
            return placeholder("unreadable")

    def value(self, value: object, limits: Limits | None = None) -> Plain:
        """Plain JSON data in the place of any object. An object of an unknown type becomes `<module.QualName>`."""
        try:
            return Walk(limits or self.limits, self._texts, self._budget()).value(value)
        except Exception:  # noqa: BLE001 - fail closed: what could not be redacted is not shown
            return placeholder("unreadable")

    def _budget(self) -> Budget:
        return Budget(self._seconds, self._clock)


@lru_cache(maxsize=32)
def _redactor(personal_data: bool, keys: tuple[str, ...], patterns: tuple[tuple[str, str], ...]) -> Redactor:
    return Redactor(extra_keys=keys, patterns=patterns, personal_data=personal_data)


def redact(value: object, *, personal_data: bool = True, keys: Iterable[str] = (), patterns: Patterns = ()) -> Plain:
    """`value` as plain data without secrets; `keys` and `patterns` are those of `Redactor`.

    Raises ValueError for an expression that RE2 does not know, and for nothing else.
    """
    return _redactor(personal_data, tuple(keys), pairs(patterns)).value(value)
