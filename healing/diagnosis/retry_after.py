"""The Retry-After header (RFC 9110, 10.2.3): seconds, or a date."""

from __future__ import annotations

import math
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST_TEXT = 64


def parse_retry_after(value: str, now: float) -> float | None:
    """Seconds from `now` (Unix time), 0 for a date that has passed; None where the header makes no sense."""
    text = value.strip()
    if not text or len(text) > LONGEST_TEXT:
        return None
    seconds = _seconds(text)
    return seconds if seconds is not None else _until(text, now)


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(text: str, now: float) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, moment.timestamp() - now)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
