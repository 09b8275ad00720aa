"""A corpus in two halves: one that rules and patterns may be written from, and one that is only ever scored."""

from __future__ import annotations

from enum import StrEnum
from zlib import crc32


class Half(StrEnum):
    LOOKED_AT = "looked-at"
    SCORED = "scored"
    BOTH = "both"


def half_of(name: str) -> Half:
    """By the case's own name, so that a new case moves no other."""
    return Half.SCORED if crc32(name.encode()) & 1 else Half.LOOKED_AT


def belongs(name: str, wanted: Half) -> bool:
    return wanted is Half.BOTH or half_of(name) is wanted
