from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from healing import StopReason, Strategy
from healing.testing import Recorder
from tests.healing.strategies.manners import ERRORS, Client, degraded, endings, failed
from tests.servers import HttpServer, Reply, Reset

Wrap = Callable[..., Callable[..., Any]]

DEFAULT = Strategy.USE_DEFAULT_VALUE


def test_a_dead_server_is_answered_for_after_the_repairs(client: Client, recorder: Recorder) -> None:
    with HttpServer(down=True) as server:
        fetch = client.get(lambda: server.url, source="dead", idempotent=True, attempts=3, default=["mug"])
        assert fetch() == ["mug"]
    assert endings(recorder) == [degraded(DEFAULT, runs=3)]


def test_none_is_a_default_like_any_other(client: Client, recorder: Recorder) -> None:
    with HttpServer(down=True) as server:
        assert client.get(lambda: server.url, source="none", attempts=1, default=None)() is None
    assert endings(recorder) == [degraded(DEFAULT, runs=1)]


def test_a_factory_makes_each_caller_a_value_of_their_own(client: Client, recorder: Recorder) -> None:
    with HttpServer(down=True) as server:
        fetch = client.get(lambda: server.url, source="factory", attempts=1, default_factory=list)
        first, second = fetch(), fetch()
    assert (first, second) == ([], [])
    assert first is not second


def test_a_factory_that_fails_leaves_the_original_error(client: Client, recorder: Recorder) -> None:
    def broken() -> None:
        raise KeyError("no default today")

    with HttpServer(Reply(502)) as server, pytest.raises(ERRORS, match="502"):
        client.get(lambda: server.url, source="factory.broken", attempts=1, default_factory=broken)()
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


@pytest.mark.parametrize("act", [Reply(504), Reset()], ids=["504", "reset"])
def test_what_may_have_been_done_is_answered_for_and_not_done_again(
    client: Client, recorder: Recorder, act: Reply | Reset
) -> None:
    with HttpServer(act) as server:
        assert client.post(lambda: server.url, source="ambiguous", default="unknown")() == "unknown"
        assert server.requests == ["POST /"]
    assert endings(recorder) == [degraded(DEFAULT, runs=1)]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_permanent_answer_is_not_masked(client: Client, recorder: Recorder, status: int) -> None:
    with HttpServer(Reply(status)) as server, pytest.raises(ERRORS, match=str(status)):
        client.get(lambda: server.url, source="permanent", idempotent=True, default="masked")()
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


NOTHING: Any = None
BUGS = {
    "key": lambda: dict[str, int]()["price"],
    "value": lambda: int("a price"),
    "attribute": lambda: NOTHING.price,
    "index": lambda: list[int]()[0],
    "division": lambda: 1 / 0,
}


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS.keys())
def test_a_bug_is_not_masked(wrap: Wrap, recorder: Recorder, bug: Callable[[], Any]) -> None:
    with pytest.raises((LookupError, ValueError, AttributeError, ArithmeticError)):
        wrap(bug, source="bug", idempotent=True, default="masked", skippable=True)()
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


def test_an_error_that_no_rule_knows_is_tried_once_more_then_answered_for(wrap: Wrap, recorder: Recorder) -> None:
    class StrangeError(Exception):
        pass

    def fetch() -> None:
        raise StrangeError("never seen")

    assert wrap(fetch, source="strange", idempotent=True, default=0)() == 0
    assert endings(recorder) == [degraded(DEFAULT, runs=2)]
