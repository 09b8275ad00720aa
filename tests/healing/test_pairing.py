from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healing.event import Opening
from healing.lines import encode
from healing.pairing import LeftBehind, OwnLines, Reader
from healing.spool import CHUNK, Spool, left_behind
from healing.vocabulary import Outcome, StopReason
from tests.healing.sample_events import a_closing, an_opening


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool", 1 << 30)
    yield spool
    spool.release()


def opened(spool: Spool) -> Opening:
    opening = an_opening()
    spool.append(encode(opening, None), opening.id, opens=True, closes=False)
    return opening


def closed(spool: Spool, opening: Opening) -> None:
    spool.append(encode(None, a_closing(opening)), opening.id, opens=False, closes=True)


def recorded(spool: Spool) -> Opening:
    opening = an_opening()
    spool.append(encode(opening, a_closing(opening)), opening.id, opens=True, closes=True)
    return opening


def reader_of(content: bytes) -> Reader:
    return Reader(lambda offset: content[offset : offset + CHUNK])


def taken_over(spool: Spool) -> LeftBehind:
    spool.release()
    (file,) = left_behind(spool.directory)
    return LeftBehind(file)


@settings(max_examples=30)
@given(st.permutations(range(6)), st.integers(1, 4))
def test_openings_and_closings_find_each_other_in_any_interleaving(order: list[int], limit: int) -> None:
    openings = [an_opening() for _ in range(6)]
    closings = [encode(None, a_closing(openings[index])) for index in order]
    reader = reader_of(b"".join(encode(opening, None) for opening in openings) + b"".join(closings))

    found = []
    while batch := reader.take(limit):
        assert len(batch.finished) <= limit
        found += [(finished.opening.id, finished.closing.id) for finished in batch.finished]

    assert found == [(openings[index].id, openings[index].id) for index in order]
    assert reader.open == {}
    assert reader.consumed == 12


def test_a_healing_that_goes_on_holds_nobody_up(spool: Spool) -> None:
    own = OwnLines(spool)
    long = opened(spool)
    short = recorded(spool)

    assert [finished.opening for finished in own.take(10).finished] == [short]
    own.settle()
    closed(spool, long)

    assert [finished.opening for finished in own.take(10).finished] == [long]


def test_a_batch_comes_again_until_it_is_settled(spool: Spool) -> None:
    own = OwnLines(spool)
    recorded(spool)
    first = own.take(10)
    recorded(spool)

    assert own.take(10) is first
    own.settle()
    assert len(own.take(10).finished) == 1


def test_settling_empties_the_file_unless_a_healing_goes_on(spool: Spool) -> None:
    own = OwnLines(spool)
    long = opened(spool)
    recorded(spool)
    own.take(10)
    own.settle()
    assert spool.size > 0

    closed(spool, long)
    own.take(10)
    own.settle()

    assert spool.size == 0
    assert own.delivered == spool.appended == 3


def test_a_healing_that_goes_on_outlives_the_rewriting_of_the_file(spool: Spool) -> None:
    own = OwnLines(spool)
    long = opened(spool)
    length = spool.size
    while spool.size < (1 << 20) + length:
        recorded(spool)
    while own.take(500):
        own.settle()
    own.settle()
    assert spool.size == length

    assert [finished.opening for finished in taken_over(spool).take(10).finished] == [long]


def test_what_waits_in_memory_comes_after_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    spool = Spool(tmp_path / "file" / "spool", 1 << 20)
    own = OwnLines(spool)
    openings = [opened(spool) for _ in range(2)]
    for opening in openings:
        closed(spool, opening)

    assert [finished.opening for finished in own.take(1).finished] == openings[:1]
    own.settle()
    assert [finished.opening for finished in own.take(1).finished] == openings[1:]
    own.settle()
    assert not own.take(1)
    assert own.delivered == 4


def test_a_line_that_is_no_event_is_told_apart_and_holds_nobody_up() -> None:
    opening = an_opening()
    orphan = encode(None, a_closing(an_opening()))
    batch = reader_of(b"garbage\n" + orphan + encode(opening, a_closing(opening))).take(10)

    assert batch.bad == [b"garbage\n", orphan]
    assert [finished.opening for finished in batch.finished] == [opening]


def test_a_chunk_without_an_end_of_line_is_passed_over() -> None:
    opening = an_opening()
    batch = reader_of(b"\0" * (CHUNK + 10) + b"\n" + encode(opening, a_closing(opening))).take(10)

    assert [len(line) for line in batch.bad] == [CHUNK, 11]
    assert [finished.opening for finished in batch.finished] == [opening]


def test_a_line_that_is_just_being_written_is_left_for_later() -> None:
    opening = an_opening()
    line = encode(opening, a_closing(opening))
    reader = reader_of(line + line[:40])

    assert len(reader.take(10).finished) == 1
    assert not reader.take(10)
    assert reader.offset == len(line)


def test_what_a_dead_process_had_not_closed_was_interrupted(spool: Spool) -> None:
    first, second, third = opened(spool), opened(spool), opened(spool)
    closed(spool, second)
    left = taken_over(spool)

    found = []
    while batch := left.take(2):
        found += [(finished.opening, finished.closing.outcome) for finished in batch.finished]
        left.settle()
    left.remove()

    assert found == [(second, Outcome.HEALED), (first, Outcome.INTERRUPTED), (third, Outcome.INTERRUPTED)]
    assert list(spool.directory.iterdir()) == []


def test_an_interrupted_event_says_so(spool: Spool) -> None:
    opened(spool)

    (finished,) = taken_over(spool).take(10).finished

    assert finished.closing.stop_reason is StopReason.INTERRUPTED
    assert (finished.closing.runs, finished.closing.trials) == (1, ())


def test_a_line_torn_by_a_power_cut_is_told_apart(spool: Spool) -> None:
    whole = recorded(spool)
    spool.append(b'{"opening": {"id"', "torn", opens=True, closes=True)

    batch = taken_over(spool).take(10)

    assert [finished.opening for finished in batch.finished] == [whole]
    assert batch.bad == [b'{"opening": {"id"']


def test_a_last_line_that_lacks_only_its_end_counts(spool: Spool) -> None:
    opening = an_opening()
    spool.append(encode(opening, a_closing(opening)).rstrip(), opening.id, opens=True, closes=True)

    assert [finished.opening for finished in taken_over(spool).take(10).finished] == [opening]
