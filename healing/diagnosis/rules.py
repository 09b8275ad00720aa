"""An exception -> a diagnosis, at once, by the first row of the rules table that fits.

An error of unknown type is judged by the nearest known error that it was raised from, but trusted less: whoever
caught the first one may have acted before raising the second, so `executed` is `unknown` at best. A library's bare
wrapper (urllib3's MaxRetryError, SQLAlchemy's OperationalError) adds nothing: what it carries is trusted in full.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from healing import lineage
from healing.diagnosis import facts
from healing.diagnosis.model import Diagnosis
from healing.diagnosis.resent import sent_before
from healing.diagnosis.retry_after import parse_retry_after
from healing.diagnosis.rule import UNKNOWN, Rule
from healing.diagnosis.tables import MESSAGES, TYPED
from healing.vocabulary import Category, Executed

__all__ = ["diagnose", "parse_retry_after", "rules"]

DEEPEST = 12
"""Links of a chain, and members of a group, that are looked at."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """The row that decided, what was made of `executed` on the way, and the error that it was about."""

    rule: Rule
    executed: Executed
    error: BaseException

    def doubted(self) -> Opinion:
        return replace(self, executed=Executed.UNKNOWN)


def rules() -> tuple[Rule, ...]:
    """The table, in the order in which rows are asked."""
    return (*TYPED, *MESSAGES, UNKNOWN)


def diagnose(error: BaseException, now: float | None = None) -> Diagnosis:
    """The rules' opinion; never raises. `now` is Unix time in seconds, for a Retry-After that is a date."""
    try:
        opinion = _opinion(error, 0) or Opinion(UNKNOWN, Executed.UNKNOWN, error)
        wait = _retry_after(error, opinion, time.time() if now is None else now)
    except Exception:  # noqa: BLE001  # an exception's class may be hostile, and a diagnosis must come of it all the same
        opinion, wait = Opinion(UNKNOWN, Executed.UNKNOWN, error), None
    return _diagnosis(opinion, wait)


def _diagnosis(opinion: Opinion, wait: float | None) -> Diagnosis:
    rule = opinion.rule
    return Diagnosis(
        category=rule.category,
        transient=rule.transient,
        executed=opinion.executed,
        severity=rule.severity,
        recommended=rule.course,
        rule=rule.name,
        reason=rule.says,
        retry_after=wait if rule.transient else None,
        known=rule.known,
    )


def _retry_after(error: BaseException, opinion: Opinion, now: float) -> float | None:
    wait = facts.retry_after(error, now)
    return facts.retry_after(opinion.error, now) if wait is None and opinion.error is not error else wait


def _opinion(error: BaseException, depth: int) -> Opinion | None:
    """None where neither the error nor what it came from is known."""
    if depth > DEEPEST:
        return None
    if isinstance(error, BaseExceptionGroup):
        return _of_group(error, depth)
    rule = _row(error)
    if rule is None:
        return _of_cause(error, depth) or _by_message(error)
    own = Opinion(rule, _executed(rule, error), error)
    if rule.wraps:
        return _of_wrapped(own, depth)
    if rule.yields and lineage.cause(error)[1]:
        return _of_cause(error, depth) or own
    return own


def _executed(rule: Rule, error: BaseException) -> Executed:
    """What the row says of it, unless the client had sent the same call before."""
    if rule.executed is Executed.NO and (sent_before(facts.traceback_of(error)) or facts.redirected(error)):
        return Executed.UNKNOWN
    return rule.executed


def _of_wrapped(own: Opinion, depth: int) -> Opinion:
    carried = facts.wrapped(own.error)
    inner = None if carried is None else _opinion(carried, depth + 1)
    if inner is None:
        return own
    if own.rule.resends or sent_before(facts.traceback_of(own.error)):
        return inner.doubted()
    if own.executed is Executed.NO and not sent_before(facts.traceback_of(inner.error)):
        return replace(inner, executed=Executed.NO)
    return inner


def _of_cause(error: BaseException, depth: int) -> Opinion | None:
    """By what `error` was raised from. A bug that was merely being handled (a cache miss) is not its reason."""
    cause, said = lineage.cause(error)
    found = None if cause is None else _opinion(cause, depth + 1)
    if found is None or (not said and found.rule.category is Category.PROGRAMMING):
        return None
    return found.doubted()


def _of_group(group: BaseExceptionGroup[BaseException], depth: int) -> Opinion | None:
    """By the gravest member: a permanent one, else an unknown one, else the first."""
    members = [_opinion(member, depth + 1) for member in group.exceptions[:DEEPEST]]
    if len(members) == 1:
        return members[0]
    known = [member for member in members if member is not None]
    permanent = [member for member in known if not member.rule.transient]
    if not permanent and len(known) < len(members):
        return None
    return (permanent or known)[0].doubted()


def _row(error: BaseException) -> Rule | None:
    for key in facts.keys(error):
        for rule in _INDEX.get(key, ()):
            if _holds(rule, error):
                return rule
    return None


def _holds(rule: Rule, error: BaseException) -> bool:
    if rule.message is not None and rule.message.match(facts.message(error)) is None:
        return False
    return not rule.within or facts.raised_within(error) in rule.within


def _by_message(error: BaseException) -> Opinion | None:
    text = facts.message(error)
    for rule in MESSAGES:
        if rule.message is not None and rule.message.match(text):
            return Opinion(rule, Executed.UNKNOWN, error)
    return None


def _indexed(table: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    index: dict[str, tuple[Rule, ...]] = {}
    for key, rule in _pairs(table):
        index[key] = (*index.get(key, ()), rule)
    return index


def _pairs(table: Iterable[Rule]) -> Iterator[tuple[str, Rule]]:
    return ((key, rule) for rule in table for key in rule.on.split())


_INDEX = _indexed(TYPED)
