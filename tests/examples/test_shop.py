"""The shop in its world, as `healing demo` runs it, but faster; judged by what it leaves in databases."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from healing import queue, testing
from healing.schema import events
from healing.vocabulary import Outcome, StopReason, Strategy

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("shop")
MUST_SURFACE = {"shop.charge_card", "shop.discount", "shop.check_address"}


class Event(NamedTuple):
    source: str
    outcome: str
    strategy: str | None
    stop_reason: str


@dataclass(frozen=True)
class Demo:
    output: str
    events: list[Event]
    charges: Counter[str]
    directory: Path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "examples.shop", *arguments]


def environment(place: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "HEALING_DATABASE_URL": f"sqlite:///{place / 'healing.db'}",
        "HEALING_SPOOL_DIR": str(place / "spool"),
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo's traces after it has shown all that the tests below look for, or 45 seconds."""
    place = tmp_path_factory.mktemp("demo")
    log = place / "demo.log"
    arguments = ("--seconds", "45", "--speed", "6", "--directory", str(place))
    with log.open("w") as output, subprocess.Popen(command(*arguments), env=environment(place), stderr=output) as shop:
        while shop.poll() is None and not has_shown_all(place):
            threading.Event().wait(0.5)
        shop.terminate()
    assert shop.returncode == 0, log.read_text()
    ledger = (place / "charges.jsonl").read_text().splitlines()
    charges = Counter(json.loads(line)["order"] for line in ledger)
    return Demo(log.read_text(), stored_events(place), charges, place)


def has_shown_all(place: Path) -> bool:
    stored = stored_events(place)
    surfaced = {event.source for event in stored if event.outcome == Outcome.FAILED}
    answered = {event.strategy for event in stored}
    return answered >= set(Strategy) and surfaced >= MUST_SURFACE and delivered_later(place, stored) > 0


def stored_events(place: Path) -> list[Event]:
    columns = (events.c.source, events.c.outcome, events.c.strategy, events.c.stop_reason)
    engine = sa.create_engine(f"sqlite:///{place / 'healing.db'}")
    try:
        with engine.connect() as connection:
            ready = sa.inspect(connection).has_table(events.name)
            return [Event(*row) for row in connection.execute(sa.select(*columns))] if ready else []
    finally:
        engine.dispose()


def delivered_later(place: Path, stored: list[Event]) -> int:
    """How many receipts went into the queue and are no longer there."""
    queued = Counter(event.outcome for event in stored)[Outcome.QUEUED]
    with testing.active(database_url=f"sqlite:///{place / 'healing.db'}"):
        left = queue.sizes()
        queue.close()
    return queued - left.waiting - left.scheduled - left.dead


@pytest.mark.parametrize("strategy", Strategy)
def test_every_strategy_answers(demo: Demo, strategy: Strategy) -> None:
    assert strategy in {event.strategy for event in demo.events}


def test_most_errors_never_reach_a_customer(demo: Demo) -> None:
    outcomes = Counter(event.outcome for event in demo.events)
    assert outcomes[Outcome.FAILED] < outcomes.total() / 3
    assert outcomes[Outcome.HEALED] > outcomes.total() / 3


def test_no_card_is_charged_twice(demo: Demo) -> None:
    assert demo.charges
    assert set(demo.charges.values()) == {1}


def test_a_charge_that_may_have_happened_surfaces(demo: Demo) -> None:
    surfaced = [
        event for event in demo.events if event.source == "shop.charge_card" and event.outcome == Outcome.FAILED
    ]
    assert {event.stop_reason for event in surfaced} == {StopReason.UNSAFE_TO_RERUN}


@pytest.mark.parametrize("source", ["shop.discount", "shop.check_address"])
def test_errors_that_a_person_must_mend_surface(demo: Demo, source: str) -> None:
    assert {event.outcome for event in demo.events if event.source == source} == {Outcome.FAILED}


def test_receipts_that_were_queued_arrive_when_the_mail_server_is_back(demo: Demo) -> None:
    assert delivered_later(demo.directory, demo.events) > 0


def test_no_receipt_arrives_twice(demo: Demo) -> None:
    ledger = (demo.directory / "mail.jsonl").read_text().splitlines()
    recipients = [json.loads(line)["to"] for line in ledger]
    assert len(recipients) == len(set(recipients))


def test_the_shop_closes_in_order(demo: Demo) -> None:
    assert demo.output.rstrip().endswith("The shop is closed.")
    assert "Traceback" not in demo.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_shop(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(command(), env=environment(tmp_path), stderr=subprocess.PIPE, text=True) as shop:
        assert shop.stderr is not None
        assert "The shop is open" in shop.stderr.readline()
        shop.send_signal(number)
        assert shop.stderr.read().rstrip().endswith("The shop is closed.")
    assert shop.returncode == 0


def test_a_database_that_is_away_is_told_once_and_does_not_close_the_shop(tmp_path: Path) -> None:
    away = environment(tmp_path) | {"HEALING_DATABASE_URL": "postgresql://app@127.0.0.1:1/app"}
    arguments = command("--speed", "20", "--seconds", "2")
    with subprocess.Popen(arguments, env=away, stderr=subprocess.PIPE, text=True) as shop:
        assert shop.stderr is not None
        output = shop.stderr.read()
    assert shop.returncode == 0
    assert output.count("The queue is out of reach") == 1
    assert output.rstrip().endswith("The shop is closed.")
    assert "Traceback" not in output
