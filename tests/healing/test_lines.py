from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.lines import MAX_LINE, BadLineError, Line, decode, encode
from tests.healing.sample_events import a_closing, an_opening

texts = st.text('aé"\\\n\x7f ☃\U0001f40d', max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(texts, children, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(texts, json_values, max_size=4))
def test_a_line_reads_back_as_it_was_written(details: dict[str, object]) -> None:
    opening = an_opening(details=details)
    closing = a_closing(opening)

    assert decode(encode(opening, None)) == Line(opening, None)
    assert decode(encode(None, closing)) == Line(None, closing)
    assert decode(encode(opening, closing)) == Line(opening, closing)


@given(st.text())
def test_a_line_has_one_newline_at_its_end(message: str) -> None:
    line = encode(an_opening(message=message), None)

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")


@given(st.text())
def test_texts_come_back_as_any_database_takes_them(message: str) -> None:
    read = decode(encode(an_opening(message=message, details={"notes": [message]}), None)).opening

    assert read is not None
    assert "\0" not in read.message
    read.message.encode("utf-8")
    assert read.details["notes"] == [read.message]


def test_numbers_that_json_lacks_come_back_as_texts() -> None:
    read = decode(encode(an_opening(details={"x": float("nan"), "y": float("-inf")}), None)).opening

    assert read is not None
    assert read.details == {"x": "NaN", "y": "-Infinity"}


def test_an_object_in_the_details_becomes_its_types_name() -> None:
    read = decode(encode(an_opening(details={"x": object()}), None)).opening

    assert read is not None
    assert read.details == {"x": "<object>"}


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("details", [{("a", "b"): 1}, {"deep": nested(100_000)}, {"long": "x" * MAX_LINE}])
def test_details_that_no_line_holds_are_left_out_and_the_event_kept(details: dict[str, object]) -> None:
    opening = an_opening(details=details)

    read = decode(encode(opening, a_closing(opening))).opening

    assert read is not None
    assert read.message == opening.message
    assert list(read.details) == ["left_out"]


def test_an_event_that_is_too_long_without_its_details_is_an_error() -> None:
    with pytest.raises(ValueError, match="even without its details"):
        encode(an_opening(message="x" * MAX_LINE), None)


def test_fields_of_a_later_version_are_dropped() -> None:
    opening = an_opening()
    said = json.loads(encode(opening, None))
    said["opening"]["mood"] = "good"

    assert decode(json.dumps(said).encode()).opening == opening


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{",
        b"\0\0\0",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"{}",
        b'{"opening": {}}',
        b'{"opening": 3}',
        b'{"closing": null}',
    ],
)
def test_a_line_that_holds_no_event_is_an_error(line: bytes) -> None:
    with pytest.raises(BadLineError):
        decode(line)


def test_a_word_outside_the_vocabulary_is_an_error() -> None:
    line = encode(replace(an_opening(), category="weather"), None)  # type: ignore[arg-type] # the point of the test

    with pytest.raises(BadLineError, match="weather"):
        decode(line)
