"""Arguments that were read from make a re-run unsafe."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import functools
import io
import itertools
import logging
import os
import sqlite3
import tempfile
import types
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pydantic
import pytest

from healing.proof import consumed_argument
from healing.proving import arguments
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


@dataclasses.dataclass(slots=True)
class Upload:
    file: Any
    rest: Any = dataclasses.field(init=False)


class Model(pydantic.BaseModel):
    file: Any


@attrs.define
class Defined:
    file: Any


class Form(collections.abc.Mapping[str, Any]):
    """A mapping whose own code must not run."""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def __getitem__(self, key: str) -> Any:
        raise AssertionError

    def __iter__(self) -> Iterator[str]:
        raise AssertionError

    def __len__(self) -> int:
        raise AssertionError


class Service:
    """An object that does more than hold data."""

    def __init__(self, part: Any) -> None:
        self.part = part


def half_read() -> io.BytesIO:
    stream = io.BytesIO(b"important")
    stream.read(3)
    return stream


@pytest.mark.parametrize(
    ("holding", "place"),
    [
        (lambda part: {"file": part}, 'files["file"]'),
        (lambda part: {1: 0, None: part}, "files[None]"),
        (lambda part: {(1, 2): part}, "files[…]"),
        (lambda part: [0, part], "files[1]"),
        (lambda part: (0, (1, part)), "files[1][1]"),
        (lambda part: {part}, "files[…]"),
        (lambda part: frozenset([part]), "files[…]"),
        (lambda part: collections.deque([part]), "files[0]"),
        (lambda part: collections.OrderedDict(a=part), 'files["a"]'),
        (lambda part: collections.UserDict({"a": part}), 'files.data["a"]'),
        (lambda part: types.MappingProxyType({"a": part}), 'files["a"]'),
        (lambda part: types.SimpleNamespace(a=part), "files.a"),
        (lambda part: functools.partial(print, 1, part), "files.args[1]"),
        (lambda part: functools.partial(print, file=part), 'files.keywords["file"]'),
        (lambda part: Upload(part), "files.file"),
        (lambda part: Model(file=part), "files.file"),
        (lambda part: Defined(part), "files.file"),
        (lambda part: Form(file=part), 'files.fields["file"]'),
        (lambda part: Service([part]), "files.part[0]"),
        (lambda part: [[[[part]]]], "files[0][0][0][0]"),
    ],
)
def test_what_was_read_from_is_found_within_an_argument(holding: Any, place: str) -> None:
    assert consumed_argument((), {"files": holding(half_read())}) == place
    assert consumed_argument((), {"files": holding(io.BytesIO(b"whole"))}) is None


def test_containers_that_hold_themselves_are_looked_into_once() -> None:
    circle: list[Any] = []
    circle.append({"again": circle})
    assert consumed_argument((circle,), {}) is None
    circle.append(half_read())
    assert consumed_argument((circle,), {}) == "1[1]"


def test_what_lies_beyond_the_bounds_is_not_looked_at() -> None:
    assert consumed_argument(([[[[[half_read()]]]]],), {}) is None
    assert consumed_argument(([*range(1000), half_read()],), {}) is None
    assert consumed_argument(([*range(1000)], half_read()), {}) == "2"


def test_what_an_object_works_with_counts_only_where_it_was_read_from_for_sure(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as written:
        written.write("line")
        for part in (itertools.count(), written, iter([1]), closed(io.StringIO())):
            assert consumed_argument((Service(part),), {}) is None
            assert consumed_argument(([part],), {}) == "1[0]"
    assert consumed_argument((Service(read_from(generator())),), {}) == "1.part"
    assert consumed_argument((logging.getLogger(),), {}) is None


def test_a_container_that_changes_meanwhile_counts_as_read_from(monkeypatch: pytest.MonkeyPatch) -> None:
    shared: dict[str, Any] = {"a": 1}

    def changing(part: Any) -> Iterator[Any]:
        for _ in shared.items():
            shared["b"] = 2
            yield part

    monkeypatch.setattr(arguments, "_inside", changing)
    assert consumed_argument((), {"shared": shared}) == "shared"


def test_a_stream_that_fails_when_it_is_asked_counts_as_read_from() -> None:
    class Broken(io.BytesIO):
        def tell(self) -> int:
            raise KeyError

    assert consumed_argument((Broken(),), {}) == "1"
    assert consumed_argument((Service(Broken()),), {}) is None
