"""What a database's driver says, for a person."""

from __future__ import annotations


def first_line(error: Exception) -> str:
    """The driver's own words, without SQLAlchemy's statement and link."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
