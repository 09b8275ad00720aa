"""Secrets and personal data out of strings and structures: the one choke point before anything is kept or shown."""

from __future__ import annotations

from functools import lru_cache

from healing.redaction.declared import DeclaredRule
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder
from healing.redaction.structure import Limits, Plain, Walk
from healing.redaction.text import layers, redact_text
from healing.settings import Settings

__all__ = ["Limits", "Plain", "Redactor", "redact"]


class Redactor:
    """What `[redacted:kind]` replaces: secrets always, personal data (e-mail, phone, SSN) unless switched off.

    `keys` are further names of fields whose values are secret, in any spelling. `patterns` are further expressions
    (RE2) of what is secret; a group `secret` marks the part that goes. Raises ValueError for one that cannot be used.
    """

    def __init__(
        self, *, keys: tuple[str, ...] = (), patterns: tuple[str, ...] = (), personal_data: bool = True
    ) -> None:
        self.limits = Limits()
        self._chosen = keys, patterns, personal_data
        self._names = SecretNames(keys, personal_data=personal_data)
        self._layers = (*map(DeclaredRule, patterns), *layers(personal_data=personal_data))

    @classmethod
    def of(cls, settings: Settings) -> Redactor:
        """The redactor that the settings ask for."""
        return _redactor(settings.redact_personal_data, settings.redact_keys, settings.redact_patterns)

    def extended(self, *, keys: tuple[str, ...] = (), patterns: tuple[str, ...] = ()) -> Redactor:
        """A redactor that knows these secrets besides."""
        own_keys, own_patterns, personal_data = self._chosen
        return _redactor(personal_data, (*own_keys, *keys), (*own_patterns, *patterns))

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


@lru_cache(maxsize=128)
def _redactor(personal_data: bool, keys: tuple[str, ...], patterns: tuple[str, ...]) -> Redactor:
    return Redactor(keys=keys, patterns=patterns, personal_data=personal_data)


def redact(
    value: object, *, personal_data: bool = True, keys: tuple[str, ...] = (), patterns: tuple[str, ...] = ()
) -> Plain:
    """`value` as plain data without secrets; the further arguments are those of `Redactor`."""
    return _redactor(personal_data, tuple(keys), tuple(patterns)).value(value)
