"""Arguments that were read from make a re-run unsafe."""

from __future__ import annotations

import asyncio
import io
import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Any

import pytest

from healing.proof import consumed_argument
from tests.healing.proving.stage import Gateway


def generator() -> Iterator[int]:
    yield 1
    yield 2


async def async_generator() -> AsyncIterator[int]:
    yield 1


def read_from(stream: Any) -> Any:
    next(stream)
    return stream


@pytest.mark.parametrize(
    ("make", "consumed"),
    [
        (lambda: [1, 2], False),
        (lambda: "text", False),
        (lambda: {"a": 1}, False),
        (lambda: range(3), False),
        (Gateway, False),
        (generator, False),
        (lambda: read_from(generator()), True),
        (async_generator, False),
        (lambda: iter([1]), True),
        (lambda: map(str, [1]), True),
        (lambda: zip([1], [2], strict=True), True),
        (lambda: io.BytesIO(b"abc"), False),
        (lambda: read_from(io.BytesIO(b"a\nb\n")), True),
        (lambda: io.StringIO("abc"), False),
        (lambda: closed(io.StringIO("abc")), True),
        (lambda: os.fdopen(os.pipe()[0]), True),
        (lambda: tempfile.NamedTemporaryFile(), False),  # noqa: SIM115
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_argument_that_was_read_from_is_named(make: Any, consumed: bool) -> None:
    value = make()
    assert consumed_argument((1, value), {}) == ("2" if consumed else None)
    assert consumed_argument((), {"rows": value}) == ("rows" if consumed else None)


def closed(stream: io.IOBase) -> io.IOBase:
    stream.close()
    return stream


async def test_coroutines_and_async_generators_count_as_read_once_they_were_started() -> None:
    given = async_generator()
    assert consumed_argument((given,), {}) is None
    await anext(given)
    assert consumed_argument((given,), {}) == "1"
    fresh = asyncio.sleep(0)
    assert consumed_argument((fresh,), {}) is None
    await fresh
    assert consumed_argument((fresh,), {}) == "1"


def test_a_cursor_is_a_handle_and_no_stream() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert consumed_argument((connection.cursor(),), {}) is None
