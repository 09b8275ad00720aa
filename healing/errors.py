"""What Healing itself raises: always at declaration or configuration time, never out of a healed call.

HealingError
├── DeclarationError    an argument of `self_healing` contradicts itself or the function
├── ConfigurationError  a setting is unknown, malformed or missing
└── SchemaError         the database's tables are not those of this version
"""

from __future__ import annotations


class HealingError(Exception):
    """The root of Healing's own errors."""


class DeclarationError(HealingError, TypeError):
    """Mend the `@self_healing(...)` line that the message names."""


class ConfigurationError(HealingError, ValueError):
    """Mend the setting that the message names, in the place that it names."""


class SchemaError(HealingError):
    """Run `healing db upgrade`, or point Healing at another database, as the message says."""
