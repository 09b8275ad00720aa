"""Diagnoses against the labels of `tests/corpus/errors`, beside what a blind retry decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmarks.scoring.halves import Half, belongs
from benchmarks.scoring.share import Share
from healing.diagnosis.rules import diagnose
from tests.corpus.errors import CASES
from tests.corpus.errors.schema import Case

SURFACE = "SURFACE"
RETRY = "RETRY_WITH_BACKOFF"
NO_CATEGORY = "-"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody makes of an error; `first` is the strategy that is tried first, or SURFACE."""

    category: str
    transient: bool
    executed: str
    first: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """A case on which a judge and the label differ, and in what."""

    case: Case
    verdict: Verdict
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    name: str
    cases: int
    category: Share
    transient: Share
    executed: Share
    first: Share
    harmful: int
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    misses: tuple[Miss, ...] = ()


def healing(error: BaseException) -> Verdict:
    found = diagnose(error)
    first = found.recommended[0].strategy.name if found.recommended else SURFACE
    return Verdict(found.category, found.transient, found.executed, first, found.rule)


def retry_anything(error: BaseException) -> Verdict:
    return Verdict(NO_CATEGORY, True, NO_CATEGORY, RETRY)


def retry_connections(error: BaseException) -> Verdict:
    """As a careful engineer configures a retry library: on connection errors and timeouts by their builtin types."""
    passing = isinstance(error, (ConnectionError, TimeoutError))
    return Verdict(NO_CATEGORY, passing, NO_CATEGORY, RETRY if passing else SURFACE)


JUDGES: dict[str, Callable[[BaseException], Verdict]] = {
    "healing": healing,
    "retry on ConnectionError, TimeoutError": retry_connections,
    "retry on any exception": retry_anything,
}


def score(half: Half) -> list[Score]:
    cases = [case for case in CASES if belongs(case.name, half)]
    errors = [case.make() for case in cases]
    return [_score(name, judge, cases, errors) for name, judge in JUDGES.items()]


def _score(
    name: str, judge: Callable[[BaseException], Verdict], cases: list[Case], errors: Iterable[BaseException]
) -> Score:
    judged = [_judged(case, judge(error)) for case, error in zip(cases, errors, strict=True)]
    return Score(
        name,
        len(cases),
        category=_right(judged, "category"),
        transient=_right(judged, "transient"),
        executed=_right(judged, "executed"),
        first=_right(judged, "first"),
        harmful=sum(each.verdict.first in each.case.harmful for each in judged),
        confusion=Counter(
            (each.case.categories[0], each.verdict.category) for each in judged if "category" in each.wrong
        ),
        misses=tuple(each for each in judged if each.wrong),
    )


def _judged(case: Case, verdict: Verdict) -> Miss:
    return Miss(case, verdict, _wrong(case, verdict))


def _wrong(case: Case, verdict: Verdict) -> tuple[str, ...]:
    right = {
        "category": verdict.category in case.categories,
        "transient": verdict.transient is case.transient or case.categories == ("general",),
        "executed": verdict.executed in case.executed,
        "first": verdict.first in case.acceptable,
    }
    return tuple(part for part, is_right in right.items() if not is_right)


def _right(judged: list[Miss], part: str) -> Share:
    return Share(sum(part not in each.wrong for each in judged), len(judged))
