from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlalchemy.engine import Engine

from db.event import Pattern, Step, event, is_event_id
from tests import factories
from tests.factories import FINGERPRINT, ago, details, insert, insert_details, insert_patterns, pattern


def test_an_event_comes_with_its_details_and_the_patterns_of_its_fingerprint(engine: Engine) -> None:
    row = factories.event()
    kept = details(row["id"])
    insert(engine, row)
    insert_details(engine, kept)
    insert_patterns(
        engine,
        pattern(strategy="rollback_transaction", ruling="ban", ruled_by="ada", ruled_at=ago(days=1)),
        pattern(),
        pattern(fingerprint="00" * 16),
    )
    found = event(engine, row["id"])

    assert found is not None
    assert found.row.id == row["id"]
    assert found.details is not None
    assert found.details.context == kept["context"]
    assert found.details.traceback == kept["traceback"]
    assert asdict(found.details.diagnosis) == kept["diagnosis"]
    assert [asdict(step) for step in found.details.plan] == kept["plan"]
    assert [asdict(trial) for trial in found.details.trials] == kept["trials"]
    assert [known.strategy for known in found.patterns] == ["retry_with_backoff", "rollback_transaction"]
    assert (found.patterns[1].ruling, found.patterns[1].ruled_by) == ("ban", "ada")


def test_details_of_another_version_are_read_as_far_as_they_are_known(engine: Engine) -> None:
    row = factories.event()
    insert(engine, row)
    insert_details(
        engine, details(row["id"], diagnosis={"rule": "x", "mood": "sad"}, plan=[{"taken": True}], trials=[])
    )

    found = event(engine, row["id"])

    assert found is not None
    assert found.details is not None
    assert (found.details.diagnosis.rule, found.details.diagnosis.known) == ("x", True)
    assert found.details.plan == (Step(taken=True),)


def test_an_event_without_details_is_still_an_event(engine: Engine) -> None:
    row = factories.event()
    insert(engine, row)
    found = event(engine, row["id"])
    assert found is not None
    assert (found.details, found.patterns) == (None, ())


@pytest.mark.parametrize("event_id", ["", "42", "Z" * 32, FINGERPRINT.upper(), "' OR 1=1 --", "0" * 33])
def test_what_is_no_id_finds_nothing(engine: Engine, event_id: str) -> None:
    assert not is_event_id(event_id)
    assert event(engine, event_id) is None


def test_an_id_of_no_event_finds_nothing(engine: Engine) -> None:
    assert is_event_id("0" * 32)
    assert event(engine, "0" * 32) is None


def test_the_rate_of_a_pattern_counts_by_weight() -> None:
    tried = Pattern("retry_with_backoff", 1, 9, 3.0, 1.0, ago(), None, None, None)
    ruled_only = Pattern("retry_with_backoff", 0, 0, 0.0, 0.0, ago(), "pin", "ada", ago())
    assert tried.rate == pytest.approx(0.75)
    assert ruled_only.rate is None
