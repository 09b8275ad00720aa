"""Secrets and personal data out of strings and structures: the one choke point before anything is kept or shown."""

from __future__ import annotations

from functools import lru_cache

from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder
from healing.redaction.structure import Limits, Plain, Walk
from healing.redaction.text import layers, redact_text

__all__ = ["Limits", "Plain", "Redactor", "redact"]


class Redactor:
    """What `[redacted:kind]` replaces: secrets always, personal data (e-mail, phone, SSN) unless switched off.

    `extra_keys` are further names of fields whose values are secret, in any spelling.
    """

    def __init__(self, *, extra_keys: tuple[str, ...] = (), personal_data: bool = True) -> None:
        self.limits = Limits()
        self._names = SecretNames(extra_keys, personal_data=personal_data)
        self._layers = layers(personal_data=personal_data)

    def text(self, text: str, limit: int | None = None) -> str:
        """`text` with its secrets replaced, at most `limit` characters long (by default `limits.characters`)."""
        try:
            return redact_text(text, limit or self.limits.characters, self._layers, self._names)
        except Exception:  # noqa: BLE001 - fail closed: what could not be redacted is not shown
            return placeholder("unreadable")

    def value(self, value: object, limits: Limits | None = None) -> Plain:
        """Plain JSON data in the place of any object. An object of an unknown type becomes `<module.QualName>`."""
        try:
            return Walk(limits or self.limits, self._layers, self._names).value(value)
        except Exception:  # noqa: BLE001 - fail closed: what could not be redacted is not shown
            return placeholder("unreadable")


@lru_cache(maxsize=32)
def _redactor(personal_data: bool, keys: tuple[str, ...]) -> Redactor:
    return Redactor(extra_keys=keys, personal_data=personal_data)


def redact(value: object, *, personal_data: bool = True, keys: tuple[str, ...] = ()) -> Plain:
    """`value` as plain data without secrets. `keys` are further names of fields whose values are secret."""
    return _redactor(personal_data, tuple(keys)).value(value)
