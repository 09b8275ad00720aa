"""Deferred work: calls that could not be healed now, kept in the shared database for a worker."""

from __future__ import annotations

from healing.queue.arguments import ArgumentCodec, check_arguments
from healing.queue.connection import close
from healing.queue.jobs import DeadLetter, Queued, Sizes, dead_letters, drain, enqueue, measure, sizes

__all__ = [
    "ArgumentCodec",
    "DeadLetter",
    "Queued",
    "Sizes",
    "check_arguments",
    "close",
    "dead_letters",
    "drain",
    "enqueue",
    "measure",
    "sizes",
]
