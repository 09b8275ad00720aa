"""Celery and its worker pool: control flow, limits, lost workers and wrongly wired tasks."""

from __future__ import annotations

from typing import Any

import celery
import celery.exceptions
import kombu.exceptions
from billiard.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded, WorkerLostError

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown

APP: Any = celery.Celery("billing", broker="memory://", backend="cache+memory://", set_as_current=False)


@APP.task(bind=True, max_retries=3, name="billing.charge")  # type: ignore[untyped-decorator]
def charge(self: Any) -> None:
    raise self.retry(exc=ConnectionResetError(104, "Connection reset by peer"), countdown=30)


@APP.task(bind=True, max_retries=0, name="billing.refund")  # type: ignore[untyped-decorator]
def refund(self: Any) -> None:
    raise self.retry(countdown=1)


def retry_signal() -> BaseException:
    charge.push_request(called_directly=False, retries=0, id="6f1c", is_eager=True, args=(), kwargs={})
    try:
        return raised(lambda: charge.retry(exc=TimeoutError("read timed out"), countdown=30, throw=True))
    finally:
        charge.pop_request()


def retries_used_up() -> BaseException:
    error: BaseException = refund.apply().result
    return error


CASES: list[Case] = [
    surfaces(
        "celery_retry_signal",
        retry_signal,
        "queue concurrency timeout",
        "No failure but celery's own signal that the task is scheduled again; it must reach the worker.",
    ),
    surfaces(
        "celery_ignore_signal",
        lambda: thrown(celery.exceptions.Ignore()),
        "queue concurrency general",
        "A task's way of ending without a result; it must reach the worker.",
    ),
    surfaces(
        "celery_reject_signal",
        lambda: thrown(celery.exceptions.Reject("bad payload", requeue=False)),
        "queue concurrency general",
        "The task sends its message to the dead letters on purpose.",
    ),
    surfaces(
        "celery_max_retries_exceeded",
        retries_used_up,
        "queue general",
        "The task has been retried as often as it may be; more retries would go round that limit.",
    ),
    surfaces(
        "celery_soft_time_limit",
        lambda: thrown(SoftTimeLimitExceeded()),
        "timeout resource concurrency",
        "The worker is about to be killed: the task must clean up and end, not start again.",
        executed=UNKNOWN,
    ),
    stays(
        "celery_hard_time_limit",
        lambda: thrown(TimeLimitExceeded(300)),
        "timeout concurrency queue",
        "The task ran for 300 seconds and was killed; it will take as long again.",
        acceptable="SURFACE QUEUE_FOR_LATER",
        harmful="CLEAR_CACHE_AND_RETRY RATE_LIMIT_BACKOFF",
        executed=UNKNOWN,
    ),
    heals(
        "celery_worker_lost",
        lambda: thrown(WorkerLostError("Worker exited prematurely: signal 9 (SIGKILL) Job: 12.")),
        "concurrency resource",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER SURFACE",
        UNKNOWN,
        "The worker process was killed in the middle of the job, most likely for its memory.",
    ),
    surfaces(
        "celery_task_not_registered",
        lambda: raised(lambda: APP.tasks["billing.close_month"]),
        "configuration programming queue",
        "The worker does not import the module of the task.",
    ),
    heals(
        "celery_broker_unreachable",
        lambda: thrown(
            kombu.exceptions.OperationalError("[Errno 111] Connection refused"),
            ConnectionRefusedError(111, "Connection refused"),
        ),
        "queue network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION QUEUE_FOR_LATER SWITCH_API_ENDPOINT",
        NO,
        "delay() could not hand the message to the broker.",
    ),
    heals(
        "celery_result_timeout",
        lambda: thrown(celery.exceptions.TimeoutError("The operation timed out.")),
        "timeout queue",
        "RETRY_WITH_BACKOFF SURFACE",
        UNKNOWN,
        "The result did not arrive in time; the task may still be running.",
    ),
    heals(
        "celery_backend_store_error",
        lambda: thrown(
            celery.exceptions.BackendStoreError(
                "failed to store result on the backend", task_id="6f1c", state="SUCCESS"
            )
        ),
        "queue cache database",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SURFACE",
        NO_OR_UNKNOWN | {"yes"},
        "The task has run; only its result could not be stored for now.",
    ),
    surfaces(
        "celery_task_revoked",
        lambda: thrown(celery.exceptions.TaskRevokedError("terminated")),
        "concurrency queue",
        "Somebody called the task off on purpose.",
    ),
]
