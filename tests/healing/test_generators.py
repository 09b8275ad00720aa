from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import pytest

from healing import Outcome, StopReason, endpoint, runtime, self_healing, testing
from healing.wrapped import operations


def refused_at_first() -> Iterator[ConnectionRefusedError | None]:
    yield ConnectionRefusedError("refused")
    while True:
        yield None


def test_an_error_before_the_first_item_is_healed() -> None:
    errors = refused_at_first()

    @self_healing(source="items.healed", idempotent=True)
    def items() -> Iterator[int]:
        if (error := next(errors)) is not None:
            raise error
        yield from range(3)

    with testing.active() as recorder:
        assert list(items()) == [0, 1, 2]
    assert [(event.outcome, event.runs) for event in recorder.events] == [(Outcome.HEALED, 2)]


def test_an_error_after_the_first_item_surfaces_and_no_item_comes_twice() -> None:
    @self_healing(source="items.broken", idempotent=True, default=[9])
    def items() -> Iterator[int]:
        yield 1
        raise ConnectionRefusedError("refused")

    seen = []
    with testing.active() as recorder, pytest.raises(ConnectionRefusedError):
        for item in items():
            seen.append(item)
    assert seen == [1]
    assert [(event.outcome, event.stop_reason) for event in recorder.events] == [
        (Outcome.FAILED, StopReason.AFTER_FIRST_ITEM)
    ]


def test_a_default_gives_the_items_in_the_generator_s_stead() -> None:
    @self_healing(source="items.default", default=(7, 8))
    def items() -> Iterator[int]:
        raise ConnectionRefusedError
        yield 1

    with testing.active() as recorder:
        assert list(items()) == [7, 8]
    assert recorder.events[0].outcome is Outcome.DEGRADED


def test_a_skipped_generator_is_empty() -> None:
    @self_healing(source="items.skipped", skippable=True)
    def items() -> Iterator[int]:
        raise ConnectionRefusedError
        yield 1

    with testing.active():
        assert list(items()) == []


def test_an_error_that_cannot_be_healed_surfaces_at_the_first_item() -> None:
    @self_healing(source="items.bug")
    def items() -> Iterator[int]:
        raise KeyError("bug")
        yield 1

    with testing.active() as recorder, pytest.raises(KeyError, match="bug"):
        next(items())
    assert recorder.events[0].stop_reason is StopReason.PERMANENT


def test_what_is_sent_thrown_and_returned_passes_through() -> None:
    @self_healing(source="items.talk")
    def talk() -> Generator[str, str, str]:
        heard = yield "hello"
        try:
            yield f"you said {heard}"
        except ValueError as error:
            yield f"you threw {error}"
        return "bye"

    conversation = talk()
    with testing.active() as recorder:
        assert next(conversation) == "hello"
        assert conversation.send("hi") == "you said hi"
        assert conversation.throw(ValueError("a stone")) == "you threw a stone"
        with pytest.raises(StopIteration) as stopped:
            next(conversation)
    assert stopped.value.value == "bye"
    assert recorder.events == []


def test_what_the_consumer_throws_and_the_generator_does_not_catch_is_no_event() -> None:
    @self_healing(source="items.thrown")
    def items() -> Iterator[int]:
        yield 1

    with testing.active() as recorder:
        running: Any = items()
        next(running)
        with pytest.raises(ValueError, match="stone"):
            running.throw(ValueError("stone"))
    assert recorder.events == []


def test_closing_reaches_the_wrapped_generator() -> None:
    closed = []

    @self_healing(source="items.closed")
    def items() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(True)

    running: Any = items()
    next(running)
    running.close()
    assert closed == [True]


def test_an_empty_generator_ends_at_once() -> None:
    @self_healing(source="items.empty")
    def items() -> Generator[int, None, str]:
        return "nothing"
        yield 1

    with pytest.raises(StopIteration) as stopped:
        next(items())
    assert stopped.value.value == "nothing"


def test_the_endpoint_can_be_read_at_every_item() -> None:
    @self_healing(source="items.endpoint", idempotent=True, endpoints=("http://dead", "http://alive"))
    def items() -> Iterator[str]:
        if endpoint() == "http://dead":
            raise ConnectionRefusedError
        for _ in range(2):
            yield endpoint()

    with testing.active():
        assert list(items()) == ["http://alive"] * 2


def test_a_generator_that_is_switched_off_is_left_alone() -> None:
    @self_healing(source="items.off")
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("bug")

    with testing.active(mode="off") as recorder:
        operations()["items.off"].follow(runtime.settings())
        running = items()
        assert next(running) == 1
        with pytest.raises(KeyError):
            next(running)
    assert recorder.events == []


async def test_an_async_generator_is_healed_before_its_first_item() -> None:
    errors = refused_at_first()

    @self_healing(source="async.items", idempotent=True)
    async def items() -> AsyncIterator[int]:
        if (error := next(errors)) is not None:
            raise error
        for number in range(3):
            yield number

    with testing.active() as recorder:
        assert [item async for item in items()] == [0, 1, 2]
    assert recorder.events[0].outcome is Outcome.HEALED


async def test_an_async_generator_s_later_error_surfaces() -> None:
    @self_healing(source="async.broken", idempotent=True, default=[9])
    async def items() -> AsyncIterator[int]:
        yield 1
        raise ConnectionRefusedError

    seen = []
    with testing.active() as recorder, pytest.raises(ConnectionRefusedError):
        async for item in items():
            seen.append(item)
    assert seen == [1]
    assert recorder.events[0].stop_reason is StopReason.AFTER_FIRST_ITEM


@pytest.mark.parametrize(("declared", "expected"), [({"default": [7]}, [7]), ({"skippable": True}, [])])
async def test_an_async_generator_falls_back(declared: dict[str, Any], expected: list[int]) -> None:
    @self_healing(source="async.default", **declared)
    async def items() -> AsyncIterator[int]:
        raise ConnectionRefusedError
        yield 1

    with testing.active():
        assert [item async for item in items()] == expected


async def test_an_async_generator_that_cannot_be_healed_surfaces() -> None:
    @self_healing(source="async.bug")
    async def items() -> AsyncIterator[int]:
        raise KeyError("bug")
        yield 1

    with testing.active(), pytest.raises(KeyError):
        await anext(aiter(items()))


async def test_what_is_sent_and_thrown_reaches_an_async_generator_and_closing_does() -> None:
    closed = []

    @self_healing(source="async.talk")
    async def talk() -> Any:
        try:
            heard = yield "hello"
            try:
                yield f"you said {heard}"
            except ValueError:
                yield "ouch"
        finally:
            closed.append(True)

    conversation: Any = talk()
    assert await anext(conversation) == "hello"
    assert await conversation.asend("hi") == "you said hi"
    assert await conversation.athrow(ValueError("a stone")) == "ouch"
    await conversation.aclose()
    assert closed == [True]


async def test_an_async_generator_that_is_switched_off_or_empty_is_left_alone() -> None:
    @self_healing(source="async.off")
    async def items(empty: bool) -> AsyncIterator[int]:
        if not empty:
            yield 1

    with testing.active(mode="off"):
        operations()["async.off"].follow(runtime.settings())
        assert [item async for item in items(False)] == [1]
        assert [item async for item in items(True)] == []
