from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from healing import Outcome, Queued, StopReason, Strategy, queue, testing
from healing.testing import Recorder
from tests.healing.strategies.manners import ERRORS, Ended, degraded, endings, failed
from tests.servers import HttpServer, Reply, Reset

Wrap = Callable[..., Callable[..., Any]]

QUEUE = Strategy.QUEUE_FOR_LATER
STORED = Ended(Outcome.QUEUED, StopReason.QUEUED, QUEUE, 1)


@dataclass
class Order:
    id: int
    articles: list[str]


def place(url: str, order: Order) -> str:
    with httpx.Client(verify=False, trust_env=False) as http:
        answer = http.post(f"{url}/orders/{order.id}", json=order.articles)
    return str(answer.raise_for_status().json())


@pytest.fixture
def recorder(database_url: str) -> Iterator[Recorder]:
    with testing.active(database_url=database_url) as active:
        yield active
        queue.close()


def test_a_refused_order_is_placed_once_the_server_is_back(wrap: Wrap, recorder: Recorder) -> None:
    order = wrap(place, source="orders.refused", atomic=True, queue=True, strategies=[QUEUE])
    with HttpServer(Reply(body="taken"), down=True) as server:
        receipt = order(server.url, Order(7, ["mug"]))
        assert isinstance(receipt, Queued)
        assert receipt.source == "orders.refused"
        assert receipt.event_id == recorder.events[0].opening.id
        server.up()
        assert (queue.drain(), queue.drain()) == (1, 0)
        assert server.requests == ["POST /orders/7"]
    assert endings(recorder) == [STORED]
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=0, dead=0)


def test_repairs_come_before_the_queue(wrap: Wrap, recorder: Recorder) -> None:
    order = wrap(place, source="orders.repairs", idempotent=True, queue=True, attempts=3)
    with HttpServer(Reply(502), Reply(502), Reply(502), Reply(body="taken")) as server:
        assert isinstance(order(server.url, Order(1, [])), Queued)
        assert len(server.requests) == 3
        assert queue.drain() == 1
        assert len(server.requests) == 4
    assert endings(recorder) == [Ended(Outcome.QUEUED, StopReason.QUEUED, QUEUE, 3)]


def test_a_job_whose_server_is_still_away_is_tried_again_later(wrap: Wrap, recorder: Recorder) -> None:
    order = wrap(place, source="orders.away", atomic=True, queue=True, strategies=[QUEUE])
    with HttpServer(Reply(body="taken"), down=True) as server:
        order(server.url, Order(1, ["lamp"]))
        assert queue.drain() == 1
        assert queue.sizes().scheduled == 1
        server.up()
        recorder.clock.advance(600)
        assert queue.drain() == 1
        assert server.requests == ["POST /orders/1"]
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=0, dead=0)


@pytest.mark.parametrize("act", [Reply(504), Reset()], ids=["504", "reset"])
@pytest.mark.parametrize("atomic", [False, True])
def test_an_order_that_may_have_been_taken_is_not_queued(
    wrap: Wrap, recorder: Recorder, act: Reply | Reset, atomic: bool
) -> None:
    order = wrap(place, source="orders.ambiguous", atomic=atomic, queue=True)
    with HttpServer(act) as server:
        with pytest.raises(ERRORS):
            order(server.url, Order(1, []))
        assert queue.drain() == 0
        assert server.requests == ["POST /orders/1"]
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=0, dead=0)


@pytest.mark.parametrize("status", [401, 404, 422])
def test_a_permanent_refusal_is_not_queued(wrap: Wrap, recorder: Recorder, status: int) -> None:
    order = wrap(place, source="orders.permanent", idempotent=True, queue=True)
    with HttpServer(Reply(status)) as server, pytest.raises(ERRORS, match=str(status)):
        order(server.url, Order(1, []))
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]
    assert queue.sizes() == queue.Sizes(waiting=0, scheduled=0, dead=0)


def test_an_argument_that_would_not_come_back_leaves_the_call_to_the_next_strategy(
    wrap: Wrap, recorder: Recorder
) -> None:
    order = wrap(place, source="orders.argument", atomic=True, queue=True, default="not taken", attempts=1)
    articles: Any = ("a tuple", "comes back", "as a list")
    with HttpServer(down=True) as server:
        assert order(server.url, Order(1, articles)) == "not taken"
    assert endings(recorder) == [degraded(Strategy.USE_DEFAULT_VALUE, runs=1)]
    assert queue.sizes().waiting == 0


def test_a_queued_call_is_not_answered_by_a_default(wrap: Wrap, recorder: Recorder) -> None:
    order = wrap(place, source="orders.job", atomic=True, queue=True, default="skipped", attempts=1)
    with HttpServer(Reply(body="taken"), down=True) as server:
        assert isinstance(order(server.url, Order(1, [])), Queued)
        queue.drain()
        assert queue.sizes().scheduled == 1
