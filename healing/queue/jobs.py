"""Jobs: storing them, running what is due, trying again, giving up.

Delivery is at least once. A job leaves the database only when it has run to its end or has become a dead
letter, so none is lost; a process killed in mid-run leaves its job to be run again when the lease ends, so a
job may run twice. One that failed is tried again only where its operation may be run again: else it is a dead
letter at once. Arguments are stored as they are: who can read the database can read them.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from healing import marks
from healing.clock import Clock
from healing.identity import new_id
from healing.queue.arguments import check_arguments
from healing.queue.connection import process_store
from healing.queue.storage import Lease, Store
from healing.vocabulary import Mode, StopReason

if TYPE_CHECKING:
    from healing.runtime import Runtime
    from healing.wrapped import Wrapped

logger = logging.getLogger(__name__)

MAX_TRIES = 20
FIRST_DELAY = 5.0
"""Seconds before the second try; each further wait is twice the one before."""
MAX_DELAY = 600.0
LEASE = 300.0
"""Seconds after which the job of a killed process goes to another one. Hosts' clocks may differ by less."""
ELSEWHERE_DELAY = 60.0
"""Seconds for which a job is put back that this process has no operation for."""


@dataclass(frozen=True, slots=True)
class Queued:
    """The receipt for a call that will be run later. `queued_at` is Unix time in seconds."""

    job_id: str
    source: str
    queued_at: float
    event_id: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that is not tried any more. Times are Unix seconds; `error` is redacted, `payload` is not."""

    job_id: str
    source: str
    event_id: str
    queued_at: float
    died_at: float
    tries: int
    error: str
    payload: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of jobs: due now, due later (those that run at this moment among them), given up."""

    waiting: int
    scheduled: int
    dead: int


@dataclass(frozen=True, slots=True)
class Job:
    """One stored call. `module` is what a worker has to import so that `source` is known to it."""

    id: str
    source: str
    module: str
    event_id: str
    queued_at: float
    payload: str
    tries_left: int = MAX_TRIES

    @property
    def tries(self) -> int:
        return MAX_TRIES - self.tries_left


def enqueue(operation_source: str, payload: str, event_id: str, delay: float = 0) -> Queued:
    """Store a call, due in `delay` seconds. Holds the caller for a few seconds at most; raises on failure."""
    now = _now()
    module = _importable(_operations()[operation_source].operation.function.__module__)
    job = Job(new_id(), operation_source, module, event_id, now, payload)
    store = process_store()
    store.add(_encoded(store, job), now + delay)
    return Queued(job.id, operation_source, now, event_id)


def drain(limit: int | None = None) -> int:
    """Run in this process what is due now, `limit` jobs at most; returns how many were run, well or not.

    Each job is run at least once: see the module's docstring. A failed job that may be run again is tried after
    5 s, then after twice as long each time up to 10 minutes, 20 times in all; then it becomes a dead letter, as
    any other does at its first failure. Within an event loop the jobs run in a thread, and the loop waits.
    """
    done = 0
    while limit is None or done < limit:
        lease = process_store().claim(_now(), _now() + LEASE)
        if lease is None:
            break
        done += _handled(lease)
    return done


def dead_letters() -> list[DeadLetter]:
    """Jobs that were given up, the oldest first."""
    letters = [DeadLetter(**json.loads(record)) for record in process_store().dead().values()]
    return sorted(letters, key=lambda letter: letter.died_at)


def sizes() -> Sizes:
    return measure(process_store(), _now())


def measure(store: Store, now: float) -> Sizes:
    return Sizes(store.due(now), store.later(now), len(store.dead()))


def _handled(lease: Lease) -> bool:
    """Whether a job was run."""
    store = process_store()
    try:
        job = _decoded(store, lease.data)
    except ValueError as error:
        _bury_unreadable(store, lease, error)
        return False
    wrapped = _find(job)
    if wrapped is None:
        _tell_where(job.source, job.module)
        store.put_back(lease, _now() + ELSEWHERE_DELAY)
        return False
    if job.tries_left <= 0:
        _give_up(store, lease, job, "it ended its process at each try")
        return False
    job = replace(job, tries_left=job.tries_left - 1)
    store.rewrite(lease, _encoded(store, job))
    _run(store, lease, job, wrapped)
    return True


def _run(store: Store, lease: Lease, job: Job, wrapped: Wrapped) -> None:
    try:
        args, kwargs = check_arguments(wrapped.operation.function).load(job.payload)
    except Exception as error:  # noqa: BLE001 - the border to the user's types, whose validators raise what they like
        _try_later(store, lease, job, error, wrapped)
        return
    try:
        with _renewed(store, lease):
            _outside_loops(functools.partial(wrapped.run_queued, args, kwargs, job.event_id))
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - the user's function: whatever it raises is a failed try
        _fail(store, lease, job, error, wrapped)
    except BaseException as error:
        _interrupted(store, lease, job, error, wrapped)
        raise
    else:
        store.remove(lease)


def _outside_loops(run: Callable[[], object]) -> None:
    """Run it here, or in a thread of its own while an event loop runs here: a coroutine needs one for itself."""
    try:
        asyncio.get_running_loop()
        beside = True
    except RuntimeError:
        beside = False
    if not beside:
        run()
        return
    with ThreadPoolExecutor(1, thread_name_prefix="healing-job") as pool:
        pool.submit(contextvars.copy_context().run, run).result()


def _fail(store: Store, lease: Lease, job: Job, error: BaseException, wrapped: Wrapped) -> None:
    if _may_run_again(wrapped, error):
        _try_later(store, lease, job, error, wrapped)
        return
    mark = marks.own(error, wrapped.operation.source)
    why = mark.note if mark is not None and mark.note else "not run again: the failed run may have had an effect"
    _give_up(store, lease, job, f"{_told(error)} ({_runtime().redactor.text(why)})")


def _interrupted(store: Store, lease: Lease, job: Job, error: BaseException, wrapped: Wrapped) -> None:
    if wrapped.operation.idempotent:
        store.put_back(lease, _now())
    else:
        _give_up(store, lease, job, f"{_told(error)} (interrupted: the run may have had an effect)")


def _may_run_again(wrapped: Wrapped, error: BaseException) -> bool:
    """As healing found when it gave up; by the declaration alone where healing had no say."""
    operation = wrapped.operation
    if marks.may_run_again(error, operation.source):
        return True
    healed = wrapped.mode_under(_runtime().settings) is Mode.HEAL
    return operation.idempotent and not (healed and marks.own(error, wrapped.operation.source) is not None)


def _try_later(store: Store, lease: Lease, job: Job, error: BaseException, wrapped: Wrapped) -> None:
    text = _told(error)
    if job.tries_left <= 0:
        _give_up(store, lease, job, text)
        _record_dead(wrapped, error, job)
        return
    delay = retry_delay(job.tries)
    logger.warning("job %s of %s failed, next try in %g s: %s", job.id, job.source, delay, text)
    store.put_back(lease, _now() + delay)


def _told(error: BaseException) -> str:
    """Type and message, redacted; of an exception that cannot be told, what could."""
    from healing.capture import described

    error_type, message = described(error, _runtime().redactor)
    return f"{error_type.rpartition('.')[2]}: {message}"


def _record_dead(wrapped: Wrapped, error: BaseException, job: Job) -> None:
    """An event of the whole job: those of its single tries say that it waits."""
    from healing.recording import record

    record(wrapped.operation, (), {}, error, StopReason.ATTEMPTS, job.event_id or None)


def retry_delay(tries: int) -> float:
    """Seconds to wait after so many failed tries."""
    return min(MAX_DELAY, FIRST_DELAY * 2.0 ** (tries - 1))


def _give_up(store: Store, lease: Lease, job: Job, error: str) -> None:
    logger.error("job %s of %s is given up after %d tries: %s", job.id, job.source, job.tries, error)
    _bury(store, lease, job, error)


def _bury(store: Store, lease: Lease, job: Job, error: str) -> None:
    record = {
        "job_id": job.id,
        "source": job.source,
        "event_id": job.event_id,
        "queued_at": job.queued_at,
        "died_at": _now(),
        "tries": job.tries,
        "error": error,
        "payload": job.payload,
    }
    store.bury(lease, job.id, json.dumps(record).encode())


def _bury_unreadable(store: Store, lease: Lease, error: ValueError) -> None:
    logger.error("a row of the queue is no job of Healing and was put with the dead letters: %s", error)
    stranger = Job(new_id(), "", "", "", _now(), lease.data.decode("latin-1"))
    _bury(store, lease, stranger, f"not readable: {error}")


@contextmanager
def _renewed(store: Store, lease: Lease) -> Iterator[None]:
    """Keep the lease while the body runs, however long that takes."""
    finished = threading.Event()
    keeper = threading.Thread(
        target=_keep, args=(store, lease, finished, _runtime().clock), name="healing-lease", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        finished.set()
        keeper.join()


def _keep(store: Store, lease: Lease, finished: threading.Event, clock: Clock) -> None:
    while not finished.wait(LEASE / 3):
        try:
            store.renew(lease, clock.time() + LEASE)
        except Exception:  # a loop that must outlive any failure of the database
            logger.warning("the lease of a running job could not be renewed", exc_info=True)


@functools.lru_cache(maxsize=1024)
def _tell_where(source: str, module: str) -> None:
    logger.warning(
        "a job of %s waits for a process that knows it: run `healing worker %s`; a function made inside another "
        "one is known only where that has made it",
        source,
        module,
    )


def _find(job: Job) -> Wrapped | None:
    operations = _operations()
    if job.source in operations:
        return operations[job.source]
    imported = job.source.replace("__main__.", f"{job.module}.", 1)
    return operations.get(imported)


def _importable(module: str) -> str:
    """The name under which a worker can import what was run as a script here."""
    if module != "__main__":
        return module
    main = sys.modules["__main__"]
    if main.__spec__ is not None:
        return main.__spec__.name.removesuffix(".__main__")
    path = getattr(main, "__file__", None)
    return module if path is None else Path(path).stem


def _encoded(store: Store, job: Job) -> bytes:
    from huey.registry import Message

    message = Message(
        id=job.id,
        name=job.source,
        retries=job.tries_left,
        args=[job.payload],
        kwargs={"module": job.module, "event_id": job.event_id, "queued_at": job.queued_at},
    )
    data: bytes = store.huey.serializer.serialize(message)
    return data


def _decoded(store: Store, data: bytes) -> Job:
    """Raises ValueError for what is not a job of ours."""
    message = store.huey.serializer.deserialize(data)
    try:
        (payload,) = message.args
        tries_left = int(message.retries)
        return Job(message.id, message.name, payload=payload, tries_left=tries_left, **message.kwargs)
    except (TypeError, ValueError) as error:
        raise ValueError(f"not a job's JSON: {error}") from error


def _now() -> float:
    return _runtime().clock.time()


def _runtime() -> Runtime:
    from healing import runtime

    return runtime.current()


def _operations() -> Mapping[str, Wrapped]:
    from healing.wrapped import operations

    return operations()
