"""The last log records of the context in which an error was raised."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from healing import breadcrumbs, configure, self_healing, testing
from healing.breadcrumbs import LONGEST_TEXT, OLDEST, last

logger = logging.getLogger("shop.orders")


@pytest.fixture(autouse=True)
def _three_are_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    before = breadcrumbs.kept()
    breadcrumbs.keep(3)
    yield
    breadcrumbs.keep(before)


def in_new_context(call: Any) -> Any:
    return contextvars.Context().run(call)


def texts(count: int = 10) -> list[str]:
    return [crumb.text for crumb in last(count)]


def test_the_last_records_of_a_context_are_kept_oldest_first() -> None:
    def logs() -> list[breadcrumbs.Crumb]:
        for number in range(5):
            logger.info("order %d read", number)
        return last(2)

    crumbs = in_new_context(logs)
    assert [crumb.text for crumb in crumbs] == ["order 3 read", "order 4 read"]
    assert (crumbs[0].level, crumbs[0].logger) == ("INFO", "shop.orders")
    assert in_new_context(texts) == []


def test_the_ring_is_bounded_and_so_is_each_text() -> None:
    def logs() -> list[str]:
        for _ in range(9):
            logger.info("x" * 10_000)
        return texts(100)

    assert [len(text) for text in in_new_context(logs)] == [LONGEST_TEXT] * 3


def test_old_records_say_nothing_any_more() -> None:
    def logs() -> tuple[int, int]:
        logger.info("x")
        logged_at = last(1)[0].logged_at
        return len(last(1, logged_at + OLDEST - 1)), len(last(1, logged_at + OLDEST + 1))

    assert in_new_context(logs) == (1, 0)


async def test_each_task_has_its_own_records_after_those_of_its_parent() -> None:
    gate = asyncio.Event()

    async def child(name: str) -> list[str]:
        logger.info(name)
        await gate.wait()
        return texts()

    logger.info("parent")
    tasks = [asyncio.create_task(child(name)) for name in ("one", "two")]
    await asyncio.sleep(0)
    logger.info("parent again")
    gate.set()
    assert [(await task)[-2:] for task in tasks] == [["parent", "one"], ["parent", "two"]]
    assert texts()[-1] == "parent again"


def test_each_thread_has_its_own_records() -> None:
    found: list[list[str]] = []

    def work() -> None:
        logger.info("within")
        found.append(texts())

    logger.info("without")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert found[0][-1] == "within"
    assert "within" not in texts()


def test_records_that_cannot_be_formatted_and_healings_own_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    class Mute:
        def __str__(self) -> str:
            raise RuntimeError

    def notes() -> list[str]:
        breadcrumbs._note(logging.LogRecord("shop", logging.INFO, "f", 1, "%s", (Mute(),), None))
        breadcrumbs._note(logging.LogRecord("healing.writer", logging.INFO, "f", 1, "own", (), None))
        return texts()

    assert in_new_context(notes) == []


def test_nothing_is_kept_when_nothing_is_asked_for() -> None:
    def logs() -> list[str]:
        logger.info("x")
        return texts()

    breadcrumbs.keep(0)
    assert in_new_context(logs) == []


def test_logging_itself_stays_as_the_service_has_set_it_up() -> None:
    handlers = list(logging.getLogger().handlers)
    configure(breadcrumbs=5)
    configure(breadcrumbs=5)
    assert logging.getLogger().handlers == handlers
    assert breadcrumbs.kept() == 5


def test_an_event_has_the_records_before_its_error_redacted() -> None:
    @self_healing(source="read_order")
    def read_order() -> None:
        logger.warning("token=%s is old", "abc123def456")
        raise LookupError

    with testing.active(breadcrumbs=2) as recorder, pytest.raises(LookupError):
        in_new_context(read_order_in(recorder, read_order))
    (crumb,) = recorder.events[0].opening.details["breadcrumbs"]
    assert crumb[1:] == ["WARNING", "shop.orders", "token=[redacted:token] is old"]


def read_order_in(recorder: testing.Recorder, call: Any) -> Any:
    """`call` in a context without earlier records, which keeps the test's runtime."""
    from healing import runtime

    chosen = runtime.override.get()

    def run() -> None:
        runtime.override.set(chosen)
        call()

    return run


def test_without_the_setting_an_event_has_none() -> None:
    @self_healing(source="read_order")
    def read_order() -> None:
        logger.warning("read")
        raise LookupError

    with testing.active() as recorder, pytest.raises(LookupError):
        read_order()
    assert recorder.events[0].opening.details["breadcrumbs"] == []
