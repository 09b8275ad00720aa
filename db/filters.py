"""Which events a list, a count or an export holds; the same words in the URL of a page and of a CSV file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from db.period import RANGES, Period
from healing.schema import events
from healing.vocabulary import Category, Outcome, Severity, Strategy

DEFAULT_RANGE = "24h"
WITHOUT_STRATEGY = "none"
"""Stands for events in which no strategy answered."""

_CLOSED_SETS = {
    "category": tuple(Category),
    "outcome": tuple(Outcome),
    "strategy": (*Strategy, WITHOUT_STRATEGY),
    "severity": tuple(Severity),
}


class FilterError(ValueError):
    """A query string asks for what there is not; the message says what, for the one who wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Events of `period` for which every given field fits; an empty field fits all."""

    period: Period
    source: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    strategy: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    fingerprint: str = ""
    text: str = ""
    """Looked for in message, error type and source, upper and lower case alike."""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the period is asked for."""
        return any(getattr(self, spec.name) for spec in fields(self) if spec.name != "period")

    def to_query(self) -> list[tuple[str, str]]:
        """Pairs for a query string; `from_query` reads them back."""
        pairs = [("start", _iso(self.period.start)), ("end", _iso(self.period.end))]
        for name in ("source", *_CLOSED_SETS):
            pairs += [(name, value) for value in getattr(self, name)]
        return pairs + [(name, getattr(self, name)) for name in ("fingerprint", "text") if getattr(self, name)]


def from_query(pairs: Iterable[tuple[str, str]], now: datetime) -> EventFilter:
    """The filter that a query string spells: `range=7d`, or `start=` and `end=` in ISO 8601, else 24 h.

    Raises FilterError for an unknown name or value.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    unknown = given.keys() - {"range", "start", "end", "source", "fingerprint", "text", *_CLOSED_SETS}
    if unknown:
        raise FilterError(f"unknown: {', '.join(sorted(unknown))}")
    return EventFilter(
        period=_period(_last(given, "range"), _last(given, "start"), _last(given, "end"), now),
        source=tuple(given.get("source", ())),
        **{name: _members(name, given.get(name, [])) for name in _CLOSED_SETS},
        fingerprint=_last(given, "fingerprint"),
        text=_last(given, "text"),
    )


def conditions(wanted: EventFilter) -> list[sa.ColumnElement[bool]]:
    """The filter as SQL over `healing_events`."""
    found = [events.c.occurred_at >= wanted.period.start, events.c.occurred_at < wanted.period.end]
    if wanted.fingerprint:
        found.append(events.c.fingerprint == wanted.fingerprint)
    listed = {name: getattr(wanted, name) for name in ("source", "category", "outcome", "severity")}
    found += [events.c[name].in_(values) for name, values in listed.items() if values]
    if wanted.strategy:
        found.append(sa.func.coalesce(events.c.strategy, WITHOUT_STRATEGY).in_(wanted.strategy))
    if wanted.text:
        found.append(_contains(wanted.text))
    return found


def _contains(text: str) -> sa.ColumnElement[bool]:
    columns = (events.c.message, events.c.error_type, events.c.source)
    return sa.or_(*(column.icontains(text, autoescape=True) for column in columns))


def _period(range_key: str, start: str, end: str, now: datetime) -> Period:
    if start or end:
        until = _moment(end) if end else now
        since = _moment(start) if start else until - timedelta(days=1)
        if since >= until:
            raise FilterError("start must lie before end")
        return Period(since, until)
    if range_key and range_key not in RANGES:
        raise FilterError(f"range must be one of {', '.join(RANGES)}, got {range_key!r}")
    return RANGES[range_key or DEFAULT_RANGE].period(now)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FilterError(f"not a time in ISO 8601: {text!r}") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _members(name: str, values: list[str]) -> tuple[str, ...]:
    for value in values:
        if value not in _CLOSED_SETS[name]:
            raise FilterError(f"{name} must be one of {', '.join(_CLOSED_SETS[name])}, got {value!r}")
    return tuple(values)


def _last(given: dict[str, list[str]], name: str) -> str:
    return given.get(name, [""])[-1]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def options(name: str) -> tuple[str, ...]:
    """The values that a closed field of the filter can have."""
    return tuple(str(value) for value in _CLOSED_SETS[name])
