"""One row of the rules table, and the courses of strategies that rows choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from healing.diagnosis.model import Recommendation
from healing.vocabulary import REPAIRS, Category, Executed, Severity, Strategy

Course = tuple[Recommendation, ...]

NOTHING: Course = ()


class Pattern(Protocol):
    """What is asked of an expression, Python's or RE2's."""

    @property
    def pattern(self) -> str: ...

    def match(self, string: str, /) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a row matches and what it then says; `on` lists, with blanks between,
    dotted names of types and keys such as `http:429`.

    `message` narrows the row to errors whose first textual argument matches from its beginning.
    `within` narrows it to errors raised inside one of these packages (top-level names).
    `wraps` marks types that only carry what went wrong: the wrapped error is asked first, and a wrapper
    that says `Executed.NO` (it failed while connecting) is believed whatever the wrapped error says.
    `yields` marks types so general that an error which they were raised `from` is asked first.
    `resends` marks clients that run a call again by themselves: their last error says nothing of earlier runs.
    `own` marks rows that users wrote.
    `lasting` marks what a repair may cure, but time alone will not.
    """

    name: str
    on: str
    category: Category
    says: str
    course: Course = NOTHING
    executed: Executed = Executed.UNKNOWN
    severity: Severity = Severity.MEDIUM
    message: Pattern | None = None
    within: frozenset[str] = frozenset()
    wraps: bool = False
    yields: bool = False
    resends: bool = False
    known: bool = True
    own: bool = False
    lasting: bool = False

    @property
    def curable(self) -> bool:
        return any(item.strategy in REPAIRS for item in self.course)

    @property
    def transient(self) -> bool:
        return self.curable and not self.lasting

    @property
    def keys(self) -> list[str]:
        return self.on.split()


def _because(strategy: Strategy, reason: str) -> Recommendation:
    return Recommendation(strategy, reason)


ANSWERS_INSTEAD: Course = (
    _because(Strategy.FALLBACK_TO_CACHE, "the last good result may stand in until the trouble is over"),
    _because(Strategy.QUEUE_FOR_LATER, "the work can be done when the trouble is over"),
    _because(Strategy.USE_DEFAULT_VALUE, "a declared default is better than no answer"),
    _because(Strategy.SKIP_OPERATION, "the caller can go on without this step"),
)

_ANEW = _because(Strategy.ROLLBACK_TRANSACTION, "the re-run must not meet work left in the session")

CONNECT: Course = (
    _because(Strategy.RESET_CONNECTION, "the connection is unusable: the next call needs a new one"),
    _because(Strategy.RETRY_WITH_BACKOFF, "such an interruption is mostly over after a moment"),
    _because(Strategy.SWITCH_API_ENDPOINT, "another address may be reachable"),
    _ANEW,
    *ANSWERS_INSTEAD,
)
RETRY: Course = (
    _because(Strategy.RETRY_WITH_BACKOFF, "the same call may well succeed a moment later"),
    _because(Strategy.SWITCH_API_ENDPOINT, "another address may answer"),
    _ANEW,
    *ANSWERS_INSTEAD,
)
RATE: Course = (
    _because(Strategy.RATE_LIMIT_BACKOFF, "the far end asks for fewer calls: wait as long as it says"),
    _because(Strategy.SWITCH_API_ENDPOINT, "another address may have a limit of its own"),
    *ANSWERS_INSTEAD,
)
TRANSACTION: Course = (
    _because(Strategy.ROLLBACK_TRANSACTION, "the transaction is lost: it has to begin anew"),
    _because(Strategy.RETRY_WITH_BACKOFF, "the competing transaction is over after a moment"),
    *ANSWERS_INSTEAD,
)
RECONNECT: Course = (
    _because(Strategy.RESET_CONNECTION, "the pool may hold more connections that died with this one"),
    _because(Strategy.ROLLBACK_TRANSACTION, "the session still belongs to the lost connection"),
    _because(Strategy.RETRY_WITH_BACKOFF, "the server is mostly back after a moment"),
    *ANSWERS_INSTEAD,
)
STALE_CACHE: Course = (
    _because(Strategy.CLEAR_CACHE_AND_RETRY, "a corrupt entry stays corrupt until it is cleared"),
    *ANSWERS_INSTEAD,
)
ONCE: Course = (_because(Strategy.RETRY_WITH_BACKOFF, "an unknown error: one more try, where that is safe"),)

UNKNOWN = Rule(
    name="unknown",
    on="",
    category=Category.GENERAL,
    says="No rule knows this error.",
    course=ONCE,
    known=False,
)
