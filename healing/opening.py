"""An event's opening line out of what is known at the error."""

from __future__ import annotations

from healing.capture import ErrorContext
from healing.diagnosis import Diagnosis
from healing.event import Opening
from healing.fingerprint import FINGERPRINT_VERSION
from healing.operation import Operation, function_name
from healing.plan import Plan
from healing.vocabulary import Category, Severity


def opening(
    event_id: str,
    occurred_at: float,
    operation: Operation,
    context: ErrorContext,
    diagnosis: Diagnosis,
    plan: Plan,
    *,
    parent_id: str | None = None,
) -> Opening:
    found = diagnosis.category
    return Opening(
        id=event_id,
        occurred_at=occurred_at,
        source=operation.source,
        category=operation.category if found is Category.GENERAL else found,
        severity=Severity.CRITICAL if operation.critical else diagnosis.severity,
        fingerprint=context.fingerprint,
        fingerprint_version=FINGERPRINT_VERSION,
        error_type=context.error_type,
        message=context.message,
        critical=operation.critical,
        parent_id=parent_id,
        details={
            "function": function_name(operation.function),
            "declared": operation.declared,
            "full_message": context.full_message,
            "arguments": context.arguments,
            "chain": context.chain,
            "notes": context.notes,
            "frames": context.frames,
            "process": context.process,
            "locals": context.locals,
            "breadcrumbs": context.breadcrumbs,
            "diagnosis": _opinion(diagnosis),
            "plan": plan.as_data(),
        },
    )


def _opinion(diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "category": diagnosis.category,
        "transient": diagnosis.transient,
        "executed": diagnosis.executed,
        "severity": diagnosis.severity,
        "rule": diagnosis.rule,
        "reason": diagnosis.reason,
        "retry_after_s": diagnosis.retry_after,
        "known": diagnosis.known,
        "own": diagnosis.own,
    }
