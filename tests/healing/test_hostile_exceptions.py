"""Whatever can be raised, the caller gets it untouched and soon, and an event tells of it."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healing import explain, redact, self_healing, strangers, testing
from healing.diagnosis.rules import diagnose
from healing.fingerprint import fingerprint
from tests.healing import hostile

MOST_SECONDS = strangers.SECONDS * strangers.MOST_UNANSWERED + 1
"""A hanging class costs its caller `SECONDS` once; the rest is room for a busy machine."""

EVERY_WAY = (*hostile.WAYS, *hostile.PROPERTIES, *hostile.CODES)
HOW = (hostile.fight, hostile.leave, hostile.hang)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    hostile.released.clear()
    yield
    hostile.released.set()
    strangers._silent.clear()
    strangers._unanswered.clear()


def raised(call: Any) -> BaseException:
    try:
        call()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


async def raised_async(call: Any) -> BaseException:
    try:
        await call()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def surfaces(error: BaseException, *arguments: Any) -> testing.Recorded:
    """The event of a call that raised `error`, which has left untouched."""

    @self_healing(source="call")
    def call(*_: Any) -> None:
        raise error

    begun = time.thread_time()
    with testing.active(capture_locals=True) as recorder:
        left = raised(lambda: call(*arguments))
    assert id(left) == id(error)
    assert time.thread_time() - begun < MOST_SECONDS
    (event,) = recorder.events
    json.dumps(event.opening.details)
    return event


@pytest.mark.parametrize(
    ("how", "way"), list(itertools.product(HOW, EVERY_WAY)), ids=lambda each: getattr(each, "__name__", each)
)
def test_an_exception_that_fights_its_readers_surfaces_untouched(how: Any, way: str) -> None:
    event = surfaces(hostile.error_type(how, (way,))("out of stock"))
    assert event.opening.error_type == "shop.errors.Hostile"
    assert len(event.opening.fingerprint) == 32


@pytest.mark.parametrize("how", HOW, ids=lambda each: each.__name__)
def test_one_that_fights_in_every_way_does_too(how: Any) -> None:
    for base in (Exception, ValueError, OSError, KeyError, ConnectionError, TimeoutError):
        surfaces(hostile.error_type(how, EVERY_WAY, base)("out of stock"))


@pytest.mark.parametrize("how", HOW, ids=lambda each: each.__name__)
def test_arguments_that_fight_are_named_by_their_type(how: Any) -> None:
    things = [hostile.thing(how, base=base) for base in (object, dict, list, str, int)]
    event = surfaces(ValueError("x"), *things)
    assert event.opening.details["arguments"]["*_"][0] == "<shop.model.Thing>"


@pytest.mark.parametrize("how", HOW, ids=lambda each: each.__name__)
def test_an_exception_that_carries_a_fighting_thing_surfaces(how: Any) -> None:
    thing = hostile.thing(how, (*hostile.WAYS, *hostile.CODES))
    carrying = ValueError("x", thing)
    vars(carrying).update(response=thing, status=thing, errno=thing, headers=thing, orig=thing)
    carrying.__notes__ = thing
    surfaces(carrying)


async def test_the_same_holds_for_coroutines() -> None:
    error = hostile.error_type(hostile.hang, EVERY_WAY)("x")

    @self_healing(source="call")
    async def call() -> None:
        await asyncio.sleep(0)
        raise error

    with testing.active() as recorder:
        left = await raised_async(call)
    assert id(left) == id(error)
    assert len(recorder.events) == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50) | st.binary(max_size=50),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3) | st.tuples(inner)
    ),
    max_leaves=10,
)
BASES = st.sampled_from(
    [Exception, OSError, ValueError, KeyError, RuntimeError, ConnectionError, TimeoutError, ImportError]
)


@st.composite
def errors(draw: st.DrawFn, depth: int = 2) -> BaseException:
    """Anything raisable: strange bases, arguments and attributes, chains, cycles, groups, fighting classes."""
    ways = tuple(draw(st.lists(st.sampled_from(EVERY_WAY), max_size=3)))
    how = draw(st.sampled_from([hostile.fight, hostile.leave]))
    arguments = draw(st.lists(VALUES | st.builds(hostile.thing, st.just(how)), max_size=3))
    try:
        error: BaseException = hostile.error_type(how, ways, draw(BASES))(*arguments)
    except Exception:
        error = Exception(*arguments)
    if depth and draw(st.booleans()):
        error = BaseExceptionGroup("several", [error, draw(errors(depth=depth - 1))])
    if depth and draw(st.booleans()):
        BaseException.__dict__["__cause__"].__set__(error, draw(errors(depth=depth - 1)))
    return error


@settings(max_examples=300)
@given(errors())
def test_no_reader_ever_raises(error: BaseException) -> None:
    diagnosis = diagnose(error, now=0.0)
    assert diagnosis.reason
    assert len(fingerprint_of(error)) == 32
    json.dumps(redact(error))
    surfaces(error)


def fingerprint_of(error: BaseException) -> str:
    return fingerprint(error)


def test_explaining_one_runs_none_of_its_code() -> None:
    assert explain(hostile.error_type(hostile.fight, EVERY_WAY)("x")).rule == "unknown"
