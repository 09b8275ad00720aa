"""Ids that sort by the time at which they were made (UUIDv7, RFC 9562)."""

from __future__ import annotations

import os
import time


def new_id() -> str:
    """32 lower-case hexadecimal digits: 48 bits of Unix milliseconds, then 74 random ones."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high = random >> 68
    low = random & ((1 << 62) - 1)
    return f"{milliseconds << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low:032x}"
