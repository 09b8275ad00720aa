"""The rows of `healing_patterns`: learning from trials, reading what changed, and operators' rulings."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, RowMapping

from healing.database import insert, write
from healing.identity import new_id
from healing.patterns import CACHE_ROWS, PatternFigures, Ruling, Tally, updated
from healing.schema import audit_log, events, patterns
from healing.vocabulary import Strategy

CLOCK_SLACK = 60.0
"""Seconds by which other writers' clocks may be behind, and their transactions late, and still be seen."""

Key = tuple[str, Strategy]

_FIGURES = (
    patterns.c.fingerprint,
    patterns.c.strategy,
    patterns.c.source,
    patterns.c.successes,
    patterns.c.failures,
    patterns.c.success_weight,
    patterns.c.failure_weight,
    patterns.c.updated_at,
    patterns.c.ruling,
)


def apply_trials(connection: Connection, tallies: Iterable[Tally], half_life: float, *, now: float) -> None:
    """Add tries to their patterns, whose weights are decayed to `now`. Needs a transaction that may write.

    Rows are locked in the order of their keys, so that writers wait for one another and never deadlock.
    """
    by_key: dict[Key, list[Tally]] = {}
    for tally in sorted(tallies, key=lambda tally: (tally.fingerprint, tally.strategy)):
        by_key.setdefault((tally.fingerprint, tally.strategy), []).append(tally)
    if not by_key:
        return
    _insert_absent(connection, {key: added[0].source for key, added in by_key.items()}, now)
    rows = [_with(figures, by_key, half_life, now) for figures in _locked(connection, list(by_key))]
    connection.execute(
        sa.update(patterns).where(
            patterns.c.fingerprint == sa.bindparam("key_fingerprint"),
            patterns.c.strategy == sa.bindparam("key_strategy"),
        ),
        [_update(figures) for figures in rows],
    )


def _with(figures: PatternFigures, by_key: dict[Key, list[Tally]], half_life: float, now: float) -> PatternFigures:
    for tally in by_key[figures.fingerprint, figures.strategy]:
        figures = updated(figures, tally.successes, tally.failures, min(tally.at, now), half_life)
    return updated(figures, 0, 0, now, half_life)


def _update(figures: PatternFigures) -> dict[str, Any]:
    return {
        "key_fingerprint": figures.fingerprint,
        "key_strategy": figures.strategy,
        "successes": figures.successes,
        "failures": figures.failures,
        "success_weight": figures.success_weight,
        "failure_weight": figures.failure_weight,
        "updated_at": _utc(figures.updated_at),
    }


def _insert_absent(connection: Connection, sources: dict[Key, str], now: float) -> None:
    figures = {"successes": 0, "failures": 0, "success_weight": 0.0, "failure_weight": 0.0}
    connection.execute(
        insert(connection, patterns).on_conflict_do_nothing(),
        [
            {
                "fingerprint": fingerprint,
                "strategy": strategy,
                "source": source,
                "updated_at": _utc(now),
                **figures,
            }
            for (fingerprint, strategy), source in sources.items()
        ],
    )


def _locked(connection: Connection, keys: Sequence[Key]) -> list[PatternFigures]:
    query = (
        sa.select(*_FIGURES)
        .where(sa.tuple_(patterns.c.fingerprint, patterns.c.strategy).in_(keys))
        .order_by(patterns.c.fingerprint, patterns.c.strategy)
        .with_for_update()
    )
    return [_figures(row) for row in connection.execute(query).mappings()]


def changed_since(connection: Connection, since: float, *, limit: int = CACHE_ROWS) -> list[PatternFigures]:
    """Rows that changed or were ruled on since a Unix time; the newest where there are more than `limit`."""
    moment = _utc(max(since - CLOCK_SLACK, 0.0))
    query = (
        sa.select(*_FIGURES)
        .where(sa.or_(patterns.c.updated_at >= moment, patterns.c.ruled_at >= moment))
        .where(patterns.c.strategy.in_(list(Strategy)))
        .order_by(patterns.c.updated_at.desc())
        .limit(limit)
    )
    return [_figures(row) for row in connection.execute(query).mappings()]


def pin(engine: Engine, fingerprint: str, strategy: Strategy, actor: str) -> None:
    """Have a strategy tried first for a fingerprint, whatever its figures say."""
    _rule(engine, fingerprint, strategy, actor, "pin", action="pin")


def ban(engine: Engine, fingerprint: str, strategy: Strategy, actor: str) -> None:
    """Have a strategy never tried for a fingerprint."""
    _rule(engine, fingerprint, strategy, actor, "ban", action="ban")


def clear_ruling(engine: Engine, fingerprint: str, strategy: Strategy, actor: str) -> None:
    """Leave a strategy to its figures again."""
    _rule(engine, fingerprint, strategy, actor, None, action="clear_ruling")


def _rule(
    engine: Engine, fingerprint: str, strategy: Strategy, actor: str, ruling: Ruling | None, *, action: str
) -> None:
    now = time.time()
    key = (fingerprint, strategy)
    with write(engine) as connection:
        _insert_absent(connection, {key: _latest_source(connection, fingerprint)}, now)
        (before,) = _locked(connection, [key])
        connection.execute(
            sa.update(patterns)
            .where(patterns.c.fingerprint == fingerprint, patterns.c.strategy == strategy)
            .values(ruling=ruling, ruled_by=actor, ruled_at=_utc(now))
        )
        connection.execute(
            sa.insert(audit_log).values(
                id=new_id(),
                happened_at=_utc(now),
                actor=actor,
                action=action,
                subject=fingerprint,
                details={"strategy": strategy, "before": before.ruling, "after": ruling},
            )
        )


def _latest_source(connection: Connection, fingerprint: str) -> str:
    query = sa.select(events.c.source).where(events.c.fingerprint == fingerprint).order_by(events.c.occurred_at.desc())
    return connection.scalars(query.limit(1)).first() or ""


def _figures(row: RowMapping) -> PatternFigures:
    said = {"strategy": Strategy(row["strategy"]), "updated_at": row["updated_at"].timestamp()}
    return PatternFigures(**{**row, **said})


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
