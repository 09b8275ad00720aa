"""What a strategy can want done, what comes back, and what it sees: strategies do no I/O themselves."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Literal

from healing.clock import Clock
from healing.diagnosis import Diagnosis
from healing.operation import Operation
from healing.vocabulary import Strategy

Kind = Literal["repair", "fallback"]


@dataclass(frozen=True, slots=True)
class Call:
    """Run the operation again, at `endpoint` where the strategy chose one."""

    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Pause for so many seconds; the engine never passes on a pause that reaches over the deadline."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Invoke:
    """Call a declared helper without arguments; `blocking` ones leave an event loop free meanwhile."""

    function: Callable[[], Any]
    blocking: bool = False


Step = Call | Wait | Invoke


@dataclass(frozen=True, slots=True)
class Success:
    value: Any


@dataclass(frozen=True, slots=True)
class Failure:
    error: Exception


Result = Success | Failure
Steps = Generator[Step, Result, Success | None]
"""Returns the answer for the caller, or None where the strategy has none."""


@dataclass(frozen=True, slots=True)
class Case:
    """One failed call as a strategy sees it, at the time when it is its turn.

    `reruns` counts the runs after the first; `remaining` is the seconds left of the budget. `cached` returns the last
    good result of the same arguments or raises LookupError; `payload` the arguments as JSON, as they came in.
    """

    operation: Operation
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    event_id: str
    diagnosis: Diagnosis
    reruns: int
    remaining: float
    endpoint: str | None
    tried_endpoints: frozenset[str]
    cached: Callable[[], Any]
    payload: Callable[[], str]
    clock: Clock


@dataclass(frozen=True, slots=True)
class Remedy:
    """A strategy's entry in the registry.

    `missing` says what would have to be declared for it, None where all is there. `limit` is how often it may be used
    for one event. `title` is the strategy's name for people.
    """

    strategy: Strategy
    kind: Kind
    title: str
    missing: Callable[[Operation], str | None]
    steps: Callable[[Case], Steps]
    limit: Callable[[Operation], int] = lambda operation: 1
