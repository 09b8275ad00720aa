"""Openings and closings to put into a journal."""

from __future__ import annotations

import time
from typing import Any

from healing.event import Closing, Opening, Trial
from healing.identity import new_id
from healing.vocabulary import Category, DecidedBy, Outcome, Severity, StopReason, Strategy


def an_opening(**changes: Any) -> Opening:
    said: dict[str, Any] = {
        "id": new_id(),
        "occurred_at": time.time(),
        "source": "create_contact",
        "category": Category.DATABASE,
        "severity": Severity.MEDIUM,
        "fingerprint": "f" * 32,
        "fingerprint_version": 1,
        "error_type": "sqlite3.OperationalError",
        "message": "database is locked",
        "critical": False,
        "details": {"function": "app.create_contact", "full_message": "database is locked\nby another process"},
    }
    return Opening(**said | changes)


def a_closing(opening: Opening, *trials: Trial, **changes: Any) -> Closing:
    said: dict[str, Any] = {
        "id": opening.id,
        "outcome": Outcome.HEALED,
        "stop_reason": StopReason.HEALED,
        "strategy": Strategy.RETRY_WITH_BACKOFF,
        "decided_by": DecidedBy.RULES,
        "runs": 2,
        "healing_ms": 120.5,
        "trials": trials or (a_trial(),),
        "note": "The second run succeeded.",
    }
    return Closing(**said | changes)


def a_trial(strategy: Strategy = Strategy.RETRY_WITH_BACKOFF, *, succeeded: bool = True) -> Trial:
    return Trial(number=1, strategy=strategy, waited_ms=100.0, started_ms=100.0, elapsed_ms=20.5, succeeded=succeeded)
