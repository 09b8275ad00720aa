from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.events import COLUMNS, EventRow
from db.export import csv_chunks
from tests.factories import event


def row(**given_fields: object) -> EventRow:
    return EventRow(**event(**given_fields))


def parsed(*rows: EventRow) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_chunks(rows)), newline="")))


def test_no_events_give_the_header_alone() -> None:
    assert "".join(csv_chunks([])) == ",".join(COLUMNS) + "\r\n"


def test_times_are_utc_in_iso_8601_and_absent_values_are_empty() -> None:
    berlin = datetime(2026, 11, 23, 15, 0, tzinfo=timezone(timedelta(hours=1)))
    (cells,) = parsed(row(occurred_at=berlin, strategy=None, critical=True, runs=3))

    assert cells["occurred_at"] == "2026-11-23T14:00:00+00:00"
    assert (cells["strategy"], cells["critical"], cells["runs"]) == ("", "true", "3")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    (cells,) = parsed(row(message=f'{start}HYPERLINK("http://evil")', source=f"{start}x"))
    assert cells["message"].startswith(f"'{start}HYPERLINK")
    assert cells["source"] == f"'{start}x"


@given(st.text().filter(lambda text: "\x00" not in text))
def test_any_message_stays_one_cell_and_never_a_formula(message: str) -> None:
    (cells,) = parsed(row(message=message))
    assert cells["message"].removeprefix("'") == message.removeprefix("'")
    assert not cells["message"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_many_rows_leave_in_several_chunks() -> None:
    one = row()
    chunks = list(csv_chunks(replace(one, runs=number) for number in range(1_200)))
    assert len(chunks) == 3
    assert "".join(chunks).count("\r\n") == 1_201
