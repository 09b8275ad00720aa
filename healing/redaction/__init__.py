"""Secrets and personal data out of strings and structures: the one choke point before anything is kept or shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import lru_cache

from healing.expressions import Patterns, labelled
from healing.redaction.budget import SECONDS, Budget
from healing.redaction.declared import declared_patterns
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.structure import Limits, Plain, Walk
from healing.redaction.text import Texts
from healing.settings import Settings

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
        self._declared = (tuple(extra_keys), labelled(patterns))
        self._personal_data = personal_data
        self._seconds, self._clock = seconds, clock
        names = SecretNames(self._declared[0], personal_data=personal_data)
        self._texts = Texts(declared_patterns(patterns), names, personal_data=personal_data)
        self._extended = lru_cache(maxsize=256)(self._make_extended)

    @classmethod
    def of(cls, settings: Settings, *, seconds: float = SECONDS) -> Redactor:
        """The redactor that the settings ask for."""
        return cls(
            extra_keys=settings.redact_keys,
            patterns=settings.redact_patterns,
            personal_data=settings.redact_personal_data,
            seconds=seconds,
        )

    def extended(self, keys: Iterable[str] = (), patterns: Patterns = (), *, personal_data: bool = True) -> Redactor:
        """A redactor that also hides these, and no personal data where that is False.

        The same declaration gives the same redactor, one that adds nothing this one. Raises ValueError as `Redactor`.
        """
        keys, patterns = tuple(keys), labelled(patterns)
        personal_data = personal_data and self._personal_data
        if not keys and not patterns and personal_data == self._personal_data:
            return self
        return self._extended(keys, patterns, personal_data)

    def _make_extended(
        self, keys: tuple[str, ...], patterns: tuple[tuple[str, str], ...], personal_data: bool
    ) -> Redactor:
        return Redactor(
            extra_keys=(*self._declared[0], *keys),
            patterns=(*self._declared[1], *patterns),
            personal_data=personal_data,
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


@lru_cache(maxsize=1)
def _default() -> Redactor:
    return Redactor()


def redact(value: object, *, personal_data: bool = True, keys: Iterable[str] = (), patterns: Patterns = ()) -> Plain:
    """`value` as plain data without secrets; `keys` and `patterns` are those of `Redactor`.

    Raises ValueError for an expression that RE2 does not know, and for nothing else.
    """
    return _default().extended(keys, patterns, personal_data=personal_data).value(value)
