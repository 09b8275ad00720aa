"""Rows as the journal writes them: an event, its details and its hour's roll-up in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from healing.identity import new_id
from healing.schema import event_details, event_rollups, events, patterns

NOW = datetime(2026, 11, 23, 14, 32, 8, tzinfo=UTC)
FINGERPRINT = "5f" * 16

TRACEBACK = """Traceback (most recent call last):
  File "shop/orders.py", line 41, in create_order
    rates = fetch_rates(currency)
  File "shop/rates.py", line 12, in fetch_rates
    response = session.get(url, timeout=2)
ConnectionRefusedError: [Errno 111] Connection refused
"""


def ago(**since: float) -> datetime:
    """NOW less the given days, hours, minutes, seconds."""
    return NOW - timedelta(**since)


def event(**given: Any) -> dict[str, Any]:
    """A row of `healing_events`; by default a healed one that occurred ten minutes before NOW."""
    row: dict[str, Any] = {
        "id": new_id(),
        "occurred_at": ago(minutes=10),
        "source": "shop.orders.create_order",
        "category": "network",
        "severity": "medium",
        "fingerprint": FINGERPRINT,
        "error_type": "builtins.ConnectionRefusedError",
        "message": "[Errno 111] Connection refused",
        "outcome": "healed",
        "stop_reason": "healed",
        "strategy": "retry_with_backoff",
        "decided_by": "rules",
        "runs": 2,
        "healing_ms": 120.0,
        "critical": False,
        "parent_id": None,
    }
    return row | given


def failed(**given: Any) -> dict[str, Any]:
    return event(outcome="failed", stop_reason="attempts", strategy=None, **given)


def details(event_id: str, **given: Any) -> dict[str, Any]:
    """A row of `healing_event_details` with one failed and one good trial."""
    row: dict[str, Any] = {
        "event_id": event_id,
        "fingerprint_version": 1,
        "message": "[Errno 111] Connection refused",
        "traceback": TRACEBACK,
        "note": "Ran it again after 80 ms; the second run answered.",
        "context": {
            "function": "shop.orders.create_order",
            "declared": {"idempotent": True, "budget": 5.0},
            "arguments": {"order": "{'id': 7, 'card': '<redacted>'}"},
            "chain": [],
            "notes": [],
            "process": {"host": "web-1", "pid": 4711, "release": "2026.11.2"},
        },
        "diagnosis": {
            "category": "network",
            "transient": True,
            "executed": "no",
            "severity": "medium",
            "rule": "connection_refused",
            "reason": "Nothing listened at the address, so the request was not executed.",
            "retry_after_s": None,
            "known": True,
            "own": False,
        },
        "plan": [
            step("retry_with_backoff", reason="a refused connection often comes back"),
            step("fallback_to_cache", kind="fallback", taken=False, reason="no cache is declared"),
        ],
        "trials": [
            trial(1, succeeded=False, error_type="builtins.ConnectionRefusedError", message="still refused"),
            trial(2, succeeded=True),
        ],
    }
    return row | given


def step(strategy: str, **given: Any) -> dict[str, Any]:
    return {"strategy": strategy, "kind": "repair", "taken": True, "reason": ""} | given


def trial(number: int, **given: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": number,
        "strategy": "retry_with_backoff",
        "waited_ms": 40.0,
        "started_ms": 40.0 * number,
        "elapsed_ms": 12.5,
        "succeeded": True,
        "error_type": None,
        "message": None,
    }
    return row | given


def pattern(**given: Any) -> dict[str, Any]:
    """A row of `healing_patterns`."""
    row: dict[str, Any] = {
        "fingerprint": FINGERPRINT,
        "strategy": "retry_with_backoff",
        "source": "shop.orders.create_order",
        "successes": 9,
        "failures": 1,
        "success_weight": 8.1,
        "failure_weight": 0.9,
        "updated_at": ago(hours=1),
        "ruling": None,
        "ruled_by": None,
        "ruled_at": None,
    }
    return row | given


def insert(engine: Engine, *rows: dict[str, Any]) -> None:
    """Events into `healing_events` and into the roll-ups of their hours."""
    with engine.begin() as connection:
        connection.execute(sa.insert(events), list(rows))
        for key, (count, healing_ms) in _by_hour(rows).items():
            _roll_up(connection, key, count, healing_ms)


def insert_details(engine: Engine, *rows: dict[str, Any]) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(event_details), list(rows))


def insert_patterns(engine: Engine, *rows: dict[str, Any]) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(patterns), list(rows))


Key = tuple[datetime, str, str, str]


def _by_hour(rows: Iterable[dict[str, Any]]) -> dict[Key, tuple[int, float]]:
    found: dict[Key, tuple[int, float]] = {}
    for row in rows:
        hour = row["occurred_at"].replace(minute=0, second=0, microsecond=0)
        key = (hour, row["source"], row["category"], row["outcome"])
        count, healing_ms = found.get(key, (0, 0.0))
        found[key] = (count + 1, healing_ms + row["healing_ms"])
    return found


def _roll_up(connection: Connection, key: Key, count: int, healing_ms: float) -> None:
    hour, source, category, outcome = key
    table = event_rollups.c
    own = (table.hour == hour, table.source == source, table.category == category, table.outcome == outcome)
    grown = (
        sa.update(event_rollups)
        .where(*own)
        .values(events=table.events + count, healing_ms_sum=table.healing_ms_sum + healing_ms)
    )
    if connection.execute(grown).rowcount == 0:
        row = {"hour": hour, "source": source, "category": category, "outcome": outcome}
        connection.execute(sa.insert(event_rollups), row | {"events": count, "healing_ms_sum": healing_ms})
