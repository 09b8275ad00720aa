"""Whether a client had already sent the call once before the attempt that raised.

Then "the last attempt was refused" does not mean that the call was not executed: redis-py sends a command again after
a lost reply, urllib3 after a failed read, and a POST that was answered by a redirect has been executed.
"""

from __future__ import annotations

from types import FrameType, TracebackType
from typing import Any

FRAMES = 200
"""How many frames of a traceback are looked at."""


def sent_before(traceback: TracebackType | None) -> bool:
    opened: set[str] = set()
    for _ in range(FRAMES):
        if traceback is None:
            return False
        frame = traceback.tb_frame
        if _again(frame, opened):
            return True
        traceback = traceback.tb_next
    return True


def _again(frame: FrameType, opened: set[str]) -> bool:
    """`opened` remembers the connecting frames met further out."""
    place = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}"
    if place in CONNECTS:
        opened.add(place)
    if place in REDIS:
        return not opened and frame.f_locals.get("failures", 0) > 1
    if place in URLLIB3:
        return any(map(_was_sent, getattr(frame.f_locals.get("retries"), "history", ())))
    if place in REDIRECTS:
        local = REDIRECTS[place]
        return local is None or bool(frame.f_locals.get(local))
    return False


def _was_sent(earlier: Any) -> bool:
    """Whether a `urllib3.util.retry.RequestHistory` tells of more than a failed connection."""
    return type(earlier.error).__name__ not in NOT_SENT


CONNECTS = frozenset(
    {
        "redis.connection.get_connection",
        "redis.connection.connect",
        "redis.asyncio.connection.get_connection",
        "redis.asyncio.connection.connect",
    }
)
"""Below these frames nothing but the connection is tried again."""

REDIS = frozenset({"redis.retry.call_with_retry", "redis.asyncio.retry.call_with_retry"})

NOT_SENT = frozenset({"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"})

URLLIB3 = frozenset({"urllib3.connectionpool.urlopen", "urllib3.poolmanager.urlopen"})

REDIRECTS: dict[str, str | None] = {
    "requests.sessions.resolve_redirects": None,
    "urllib.request.http_error_302": None,
    "httpx._client._send_handling_redirects": "history",
    "httpx2._client._send_handling_redirects": "history",
    "aiohttp.client._request": "history",
}
"""The frame that follows redirects -> the local that holds those followed; None where the frame alone tells."""
