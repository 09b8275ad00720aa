"""An exception -> a diagnosis, at once, by the first row of the rules table that fits.

An error of unknown type is judged by the nearest known error that it was raised from, but trusted less: whoever
caught the first one may have acted before raising the second, so `executed` is `unknown` at best. A library's bare
wrapper (urllib3's MaxRetryError, SQLAlchemy's OperationalError) adds nothing: what it carries is trusted in full.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from healing import lineage
from healing.diagnosis import facts
from healing.diagnosis.model import Diagnosis
from healing.diagnosis.reading import members, traceback_of
from healing.diagnosis.resent import sent_before
from healing.diagnosis.retry_after import parse_retry_after
from healing.diagnosis.rule import UNKNOWN, Rule
from healing.diagnosis.table import Table
from healing.strangers import is_a
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


OUR_TABLE = Table()


def rules() -> tuple[Rule, ...]:
    """Our table, in the order in which rows are asked."""
    return OUR_TABLE.rules()


def diagnose(error: BaseException, now: float | None = None, table: Table = OUR_TABLE) -> Diagnosis:
    """The rules' opinion; never raises. `now` is Unix time in seconds, for a Retry-After that is a date."""
    try:
        opinion = _Asking(table).opinion(error, 0) or Opinion(UNKNOWN, Executed.UNKNOWN, error)
        wait = _retry_after(error, opinion, now) if opinion.rule.transient else None
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
        retry_after=wait,
        known=rule.known,
        own=rule.own,
    )


def _retry_after(error: BaseException, opinion: Opinion, now: float | None) -> float | None:
    moment = time.time() if now is None else now
    wait = facts.retry_after(error, moment)
    return facts.retry_after(opinion.error, moment) if wait is None and opinion.error is not error else wait


@dataclass(frozen=True, slots=True)
class _Asking:
    """One table, asked about an error and what it came from."""

    table: Table

    def opinion(self, error: BaseException, depth: int) -> Opinion | None:
        """None where neither the error nor what it came from is known."""
        if depth > DEEPEST:
            return None
        if is_a(error, BaseExceptionGroup):
            return self._of_group(error, depth)
        rule = self.table.row(error)
        if rule is None:
            return self._of_cause(error, depth) or self._by_words(error)
        own = Opinion(rule, _executed(rule, error), error)
        if rule.wraps:
            return self._of_wrapped(own, depth)
        if rule.yields and lineage.cause(error)[1]:
            return self._of_cause(error, depth) or own
        return own

    def _of_wrapped(self, own: Opinion, depth: int) -> Opinion:
        carried, said = facts.wrapped(own.error)
        inner = None if carried is None else self.opinion(carried, depth + 1)
        if inner is None or (not said and inner.rule.category is Category.PROGRAMMING):
            return own
        if own.rule.resends or sent_before(traceback_of(own.error)):
            return inner.doubted()
        if own.executed is Executed.NO and not sent_before(traceback_of(inner.error)):
            return replace(inner, executed=Executed.NO)
        return inner

    def _of_cause(self, error: BaseException, depth: int) -> Opinion | None:
        """By what `error` was raised from. A bug that was merely being handled (a cache miss) is not its reason."""
        cause, said = lineage.cause(error)
        found = None if cause is None else self.opinion(cause, depth + 1)
        if found is None or (not said and found.rule.category is Category.PROGRAMMING):
            return None
        return found.doubted()

    def _of_group(self, group: BaseException, depth: int) -> Opinion | None:
        """By the gravest member: a permanent one, else an unknown one, else the first."""
        found = [self.opinion(member, depth + 1) for member in members(group)[:DEEPEST]]
        if len(found) == 1:
            return found[0]
        known = [member for member in found if member is not None]
        permanent = [member for member in known if not member.rule.transient]
        if not permanent and len(known) < len(found):
            return None
        return (permanent or known)[0].doubted()

    def _by_words(self, error: BaseException) -> Opinion | None:
        rule = self.table.by_message(error) or self.table.by_name(error)
        return None if rule is None else Opinion(rule, Executed.UNKNOWN, error)


def _executed(rule: Rule, error: BaseException) -> Executed:
    """What the row says of it, unless the client had sent the same call before."""
    if rule.executed is Executed.NO and (sent_before(traceback_of(error)) or facts.redirected(error)):
        return Executed.UNKNOWN
    return rule.executed
