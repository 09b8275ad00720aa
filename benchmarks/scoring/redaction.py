"""Redaction against `tests/corpus/redaction`: planted secrets, what should stay, and harmless lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sentry_sdk.scrubber import EventScrubber
from sentry_sdk.serializer import serialize

from benchmarks.scoring.halves import Half, belongs
from benchmarks.scoring.share import Share
from healing.redaction import Redactor
from tests.corpus.redaction import Harmless, Planted, harmless, planted

HIDDEN = "[redacted:"


@dataclass(frozen=True, slots=True)
class Leak:
    """What of one case was left, lost or altered."""

    name: str
    why: str
    left: tuple[str, ...]
    lost: tuple[str, ...]
    shown: str


@dataclass(frozen=True, slots=True)
class Score:
    """`left`: planted secrets that survived; `kept`: useful parts that did; `altered`: harmless cases that changed."""

    name: str
    left: Share
    kept: Share
    altered: Share
    leaks: tuple[Leak, ...]
    spoiled: tuple[Leak, ...]


_redactor = Redactor()


def healing(value: object) -> str:
    return _spelled(_redactor.value(value))


def sentry(value: object) -> str:
    """sentry_sdk's EventScrubber over the value where an event carries it: as its message, or among its extras."""
    event: Any = {"logentry": {"message": value}} if isinstance(value, str) else {"extra": serialize({"value": value})}
    scrubbed = deepcopy(event)
    EventScrubber(recursive=True).scrub_event(scrubbed)
    return _spelled(scrubbed["logentry"]["message"] if "logentry" in scrubbed else scrubbed["extra"])


def _spelled(plain: Any) -> str:
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, default=str)


WAYS: dict[str, Callable[[object], str]] = {"healing": healing, "sentry_sdk's EventScrubber": sentry}


def score(half: Half) -> list[Score]:
    secret = [case for case in planted() if belongs(case.name, half)]
    plain = [case for case in harmless() if belongs(case.name, half)]
    return [_score(name, way, secret, plain) for name, way in WAYS.items()]


def _score(name: str, way: Callable[[object], str], secret: list[Planted], plain: list[Harmless]) -> Score:
    looked = [_leak(case, way) for case in secret]
    spoiled = [spoil for case in plain if (spoil := _spoil(case, way)) is not None]
    secrets, keeps = (sum(len(getattr(case, part)) for case in secret) for part in ("secrets", "keeps"))
    return Score(
        name,
        left=Share(sum(len(leak.left) for leak in looked), secrets),
        kept=Share(keeps - sum(len(leak.lost) for leak in looked), keeps),
        altered=Share(len(spoiled), len(plain)),
        leaks=tuple(leak for leak in looked if leak.left or leak.lost),
        spoiled=tuple(spoiled),
    )


def _leak(case: Planted, way: Callable[[object], str]) -> Leak:
    shown = way(case.make())
    left = tuple(secret for secret in case.secrets if _within(secret, shown))
    lost = tuple(part for part in case.keeps if not _within(part, shown))
    return Leak(case.name, case.why, left, lost, shown)


def _within(part: str, shown: str) -> bool:
    """As it is, or as JSON spells it."""
    return part in shown or json.dumps(part, ensure_ascii=False)[1:-1] in shown


def _spoil(case: Harmless, way: Callable[[object], str]) -> Leak | None:
    value = case.make()
    shown = way(value)
    spoiled = shown != value if isinstance(value, str) else HIDDEN in shown or "[Filtered]" in shown
    return Leak(case.name, case.why, (), (), shown) if spoiled else None
