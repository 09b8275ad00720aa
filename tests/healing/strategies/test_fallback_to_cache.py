from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from healing import Cache, StopReason, Strategy
from healing.testing import Recorder
from tests.healing.strategies.manners import ERRORS, Client, degraded, endings, failed, healed
from tests.servers import HttpServer, Reply

Wrap = Callable[..., Callable[..., Any]]

CACHED = Strategy.FALLBACK_TO_CACHE


class Prices:
    """Prices until `down`; the next price of an article is 1 more than the one before."""

    def __init__(self) -> None:
        self.down = False
        self.calls = 0
        self._cents = itertools.count(100)

    def of(self, *articles: Any, currency: str = "EUR") -> list[Any]:
        self.calls += 1
        if self.down:
            raise ConnectionRefusedError("refused")
        return [articles, currency, next(self._cents)]


@pytest.fixture
def prices() -> Prices:
    return Prices()


def test_the_last_good_answer_stands_in_for_a_dead_server(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(body="old"), Reply(body="new")) as server:
        fetch = client.get(lambda: server.url, source="dead", cache=True, attempts=1)
        assert [fetch(), fetch()] == ["old", "new"]
        server.down()
        assert [fetch(), fetch()] == ["new", "new"]
        assert len(server.requests) == 2
    assert endings(recorder) == [degraded(CACHED, runs=1)] * 2


def test_repairs_come_first(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(body="old"), Reply(502)) as server:
        fetch = client.get(lambda: server.url, source="repairs", cache=True, idempotent=True, attempts=3)
        assert [fetch(), fetch()] == ["old", "old"]
        assert len(server.requests) == 4
    assert endings(recorder) == [degraded(CACHED, runs=3)]


def test_an_order_that_may_have_been_taken_reaches_the_server_once(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(body="first"), Reply(504)) as server:
        order = client.post(lambda: server.url, source="order", cache=True)
        assert [order(), order()] == ["first", "first"]
        assert len(server.requests) == 2
    assert endings(recorder) == [degraded(CACHED, runs=1)]


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_a_refusal_that_a_person_has_to_mend_is_not_hidden(client: Client, recorder: Recorder, status: int) -> None:
    with HttpServer(Reply(body="old"), Reply(status)) as server:
        fetch = client.get(lambda: server.url, source="refusal", cache=True)
        assert fetch() == "old"
        with pytest.raises(ERRORS, match=str(status)):
            fetch()
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ((1,), (True,)),
        ((1,), ("1",)),
        ((1,), (1.0,)),
        ((), (None,)),
        (("a", "b"), (("a", "b"),)),
        (([1],), ((1,),)),
        (({"id": 1},), ({"id": "1"},)),
    ],
)
def test_an_answer_never_stands_in_for_other_arguments(
    wrap: Wrap, recorder: Recorder, prices: Prices, kept: tuple[Any, ...], asked: tuple[Any, ...]
) -> None:
    price = wrap(prices.of, source="others", cache=True, attempts=1)
    before = price(*kept)
    prices.down = True
    with pytest.raises(ConnectionRefusedError):
        price(*asked)
    assert price(*kept) == before
    assert [event.outcome for event in recorder.events] == ["failed", "degraded"]


def test_keyword_arguments_tell_calls_apart(wrap: Wrap, recorder: Recorder, prices: Prices) -> None:
    price = wrap(prices.of, source="keywords", cache=True, attempts=1)
    dollars = price("mug", currency="USD")
    prices.down = True
    with pytest.raises(ConnectionRefusedError):
        price("mug")
    assert price("mug", currency="USD") == dollars


def test_an_answer_that_is_too_old_does_not_stand_in(wrap: Wrap, recorder: Recorder, prices: Prices) -> None:
    price = wrap(prices.of, source="old", cache=Cache(ttl=60, max_stale=600), atomic=True, attempts=1)
    before = price("mug")
    prices.down = True
    recorder.clock.advance(659)
    assert price("mug") == before
    recorder.clock.advance(2)
    with pytest.raises(ConnectionRefusedError):
        price("mug")
    assert endings(recorder) == [degraded(CACHED, runs=1), failed(StopReason.ATTEMPTS, runs=1)]


def test_what_a_caller_does_to_an_answer_nobody_else_sees(wrap: Wrap, recorder: Recorder, prices: Prices) -> None:
    price = wrap(prices.of, source="copies", cache=True, attempts=1)
    price("mug").append("changed by the first caller")
    prices.down = True
    price("mug").append("changed by the second caller")
    assert price("mug") == [("mug",), "EUR", 100]


def test_a_healed_answer_is_kept_too(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502), Reply(body="healed"), Reply(502)) as server:
        fetch = client.get(lambda: server.url, source="healed", cache=True, idempotent=True, attempts=2)
        assert [fetch(), fetch()] == ["healed", "healed"]
        assert len(server.requests) == 4
    assert endings(recorder) == [healed(Strategy.RETRY_WITH_BACKOFF, runs=2), degraded(CACHED, runs=2)]


def test_the_key_function_says_which_calls_are_the_same(wrap: Wrap, recorder: Recorder, prices: Prices) -> None:
    first_word = Cache(key=lambda article, **_: article.split()[0])
    price = wrap(prices.of, source="key", cache=first_word, attempts=1)
    red = price("mug red")
    prices.down = True
    assert price("mug blue") == red
    with pytest.raises(ConnectionRefusedError):
        price("lamp")


class Closed:
    """Equal to all of its kind, and not to be copied."""

    def __deepcopy__(self, _: object) -> Closed:
        raise TypeError("this cannot be copied")


def test_an_answer_that_cannot_be_copied_is_given_once_and_not_kept(wrap: Wrap, recorder: Recorder) -> None:
    answers: list[Any] = [Closed()]

    def fetch() -> Any:
        if not answers:
            raise ConnectionRefusedError("refused")
        return answers.pop()

    wrapped = wrap(fetch, source="closed", cache=True, attempts=1)
    assert isinstance(wrapped(), Closed)
    with pytest.raises(ConnectionRefusedError):
        wrapped()


def test_arguments_without_a_key_are_answered_and_not_kept(wrap: Wrap, recorder: Recorder, prices: Prices) -> None:
    price = wrap(prices.of, source="unhashable", cache=True, atomic=True, attempts=1)
    assert price(bytearray(b"ab"))[2] == 100
    prices.down = True
    with pytest.raises(ConnectionRefusedError):
        price(bytearray(b"ab"))
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=1)]


def test_the_least_recently_kept_answer_goes_first(wrap: Wrap, recorder: Recorder, prices: Prices) -> None:
    price = wrap(prices.of, source="entries", cache=Cache(max_entries=2), attempts=1)
    for article in ("mug", "lamp", "mug", "rug"):
        price(article)
    prices.down = True
    assert (price("mug")[2], price("rug")[2]) == (102, 103)
    with pytest.raises(ConnectionRefusedError):
        price("lamp")
