"""Store the call in the shared database, for a worker to run later; the caller gets a receipt."""

from __future__ import annotations

from healing import queue
from healing.operation import Operation
from healing.strategies.step import Case, Invoke, Remedy, Steps, Success
from healing.vocabulary import Strategy


def missing(operation: Operation) -> str | None:
    return None if operation.queue else "no queue=True declared"


def steps(case: Case) -> Steps:
    def store() -> queue.Queued:
        delay = case.diagnosis.retry_after or 0.0
        return queue.enqueue(case.operation.source, case.payload(), case.event_id, delay)

    stored = yield Invoke(store, blocking=True)
    return stored if isinstance(stored, Success) else None


REMEDY = Remedy(
    strategy=Strategy.QUEUE_FOR_LATER,
    kind="fallback",
    title="Queue for later",
    missing=missing,
    steps=steps,
)
