from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from healing.database import ensure_schema, open_engine, write
from healing.pattern_store import apply_trials, ban, changed_since, clear_ruling, pin
from healing.patterns import PatternFigures, Tally
from healing.schema import audit_log, events, patterns
from healing.vocabulary import Strategy
from tests.factories import event

RETRY, RESET = Strategy.RETRY_WITH_BACKOFF, Strategy.RESET_CONNECTION
DAY = 86_400.0


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    ensure_schema(engine)
    yield engine
    engine.dispose()


def tally(strategy: Strategy = RETRY, *, successes: int = 1, failures: int = 0, at: float, name: str = "f") -> Tally:
    return Tally(name, strategy, "create_contact", successes, failures, at)


def learn(engine: Engine, *tallies: Tally, now: float) -> None:
    with write(engine) as connection:
        apply_trials(connection, tallies, DAY, now=now)


def known(engine: Engine, since: float = 0.0, limit: int = 100) -> dict[tuple[str, Strategy], PatternFigures]:
    with engine.connect() as connection:
        rows = changed_since(connection, since, limit=limit)
    return {(row.fingerprint, row.strategy): row for row in rows}


def test_tries_become_figures(engine: Engine) -> None:
    learn(engine, tally(at=1e9), tally(RESET, successes=0, failures=1, at=1e9), tally(at=1e9), now=1e9)

    assert known(engine) == {
        ("f", RETRY): PatternFigures("f", RETRY, "create_contact", 2, 0, 2.0, 0.0, 1e9),
        ("f", RESET): PatternFigures("f", RESET, "create_contact", 0, 1, 0.0, 1.0, 1e9),
    }


def test_old_tries_fade_as_new_ones_come(engine: Engine) -> None:
    learn(engine, tally(at=1e9), now=1e9)
    learn(engine, tally(at=1e9 + DAY), now=1e9 + DAY)

    row = known(engine)["f", RETRY]
    assert (row.successes, row.success_weight, row.updated_at) == (2, 1.5, 1e9 + DAY)


def test_tries_that_arrive_late_count_as_old_ones(engine: Engine) -> None:
    learn(engine, tally(at=1e9), now=1e9 + DAY)

    row = known(engine)["f", RETRY]
    assert (row.successes, row.success_weight, row.updated_at) == (1, 0.5, 1e9 + DAY)


def test_a_clock_that_is_ahead_does_not_carry_figures_into_the_future(engine: Engine) -> None:
    learn(engine, tally(at=2e9), now=1e9)

    assert known(engine)["f", RETRY].updated_at == 1e9


def test_no_tries_write_nothing(engine: Engine) -> None:
    learn(engine, now=1e9)

    assert known(engine) == {}


def test_two_writers_of_the_same_patterns_lose_nothing_and_never_deadlock(engine: Engine) -> None:
    names = [str(number) for number in range(5)]

    def learn_often(order: list[str]) -> None:
        for _ in range(15):
            learn(engine, *[tally(at=1e9, name=name) for name in order], now=1e9)

    threads = [threading.Thread(target=learn_often, args=(order,)) for order in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [row.successes for row in known(engine).values()] == [30] * 5


def test_only_what_changed_is_read_again_and_the_newest_first(engine: Engine) -> None:
    learn(engine, tally(at=1e9, name="old"), now=1e9)
    learn(engine, tally(at=1e9 + 500, name="new"), now=1e9 + 500)

    assert set(known(engine, since=1e9 + 500)) == {("new", RETRY)}
    assert set(known(engine, limit=1)) == {("new", RETRY)}
    assert len(known(engine)) == 2


def test_strategies_of_a_later_version_are_passed_over(engine: Engine) -> None:
    learn(engine, tally(at=1e9), now=1e9)
    with write(engine) as connection:
        connection.execute(sa.update(patterns).values(strategy="pray"))

    assert known(engine) == {}


def test_a_ruling_is_written_and_audited_in_one(engine: Engine) -> None:
    learn(engine, tally(at=1e9), now=1e9)

    pin(engine, "f", RETRY, "ada")

    assert known(engine, since=time.time())["f", RETRY].ruling == "pin"
    with engine.connect() as connection:
        (entry,) = connection.execute(sa.select(audit_log)).all()
        row = connection.execute(sa.select(patterns)).one()
    assert (entry.actor, entry.action, entry.subject) == ("ada", "pin", "f")
    assert entry.details == {"strategy": "retry_with_backoff", "before": None, "after": "pin"}
    assert (row.ruled_by, row.ruled_at, row.successes) == ("ada", entry.happened_at, 1)


def test_a_ruling_can_be_changed_and_cleared(engine: Engine) -> None:
    pin(engine, "f", RETRY, "ada")
    ban(engine, "f", RETRY, "bob")
    assert known(engine)["f", RETRY].ruling == "ban"

    clear_ruling(engine, "f", RETRY, "cyd")

    assert known(engine, since=time.time())["f", RETRY].ruling is None
    with engine.connect() as connection:
        entries = connection.execute(sa.select(audit_log).order_by(audit_log.c.id)).all()
    assert [(entry.action, entry.details["before"]) for entry in entries] == [
        ("pin", None),
        ("ban", "pin"),
        ("clear_ruling", "ban"),
    ]


def test_a_ruling_before_any_try_takes_its_source_from_the_latest_event(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(sa.insert(events), [event(fingerprint="f", source="create_order")])

    pin(engine, "f", RETRY, "ada")
    pin(engine, "unheard of", RETRY, "ada")

    assert known(engine)["f", RETRY].source == "create_order"
    assert known(engine)["f", RETRY].tries == 0
    assert known(engine)["unheard of", RETRY].source == ""
