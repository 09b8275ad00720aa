from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from healing import Outcome, Queued, StopReason, Strategy, queue, testing
from healing.testing import Recorder
from tests.healing.strategies.manners import ERRORS, Client, Ended, degraded, endings, failed, healed
from tests.servers import HttpServer, Reply

Wrap = Callable[..., Callable[..., Any]]

RATE = Strategy.RATE_LIMIT_BACKOFF


def limited(seconds: str, status: int = 429) -> Reply:
    return Reply(status, headers={"Retry-After": seconds})


@pytest.mark.parametrize("status", [429, 503])
def test_seconds_are_waited_out_and_a_little_longer(client: Client, recorder: Recorder, status: int) -> None:
    with HttpServer(limited("2", status), Reply(body="in")) as server:
        assert client.post(lambda: server.url, source="seconds", atomic=True)() == "in"
    assert server.requests == ["POST /"] * 2
    assert recorder.clock.slept == [pytest.approx(2.1)]
    assert endings(recorder) == [healed(RATE, runs=2)]


def test_a_date_is_waited_for(client: Client, recorder: Recorder) -> None:
    until = datetime.fromtimestamp(int(recorder.clock.time()) + 4, UTC)
    with HttpServer(limited(format_datetime(until, usegmt=True)), Reply(body="in")) as server:
        assert client.get(lambda: server.url, source="date", idempotent=True)() == "in"
    assert recorder.clock.time() >= until.timestamp()
    assert 3.0 <= sum(recorder.clock.slept) <= 4.4
    assert endings(recorder) == [healed(RATE, runs=2)]


def test_a_limit_that_names_no_time_is_met_by_growing_pauses(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(429), Reply(429), Reply(body="in")) as server:
        assert client.get(lambda: server.url, source="untold", idempotent=True)() == "in"
    assert server.requests == ["GET /"] * 3
    assert recorder.clock.slept == [0.5, 1.0]
    assert endings(recorder) == [healed(RATE, runs=3)]


def test_a_time_that_is_unintelligible_counts_as_none(client: Client, recorder: Recorder) -> None:
    with HttpServer(limited("soon"), Reply(body="in")) as server:
        assert client.get(lambda: server.url, source="unintelligible", idempotent=True)() == "in"
    assert recorder.clock.slept == [0.5]


def test_a_time_just_within_the_budget_is_waited_out_to_its_end_only(client: Client, recorder: Recorder) -> None:
    with HttpServer(limited("9.9"), Reply(body="in")) as server:
        assert client.get(lambda: server.url, source="just.within", idempotent=True, budget=10.0)() == "in"
    assert recorder.clock.slept == [pytest.approx(10.0)]


def test_a_time_past_the_budget_is_not_waited_for(client: Client, recorder: Recorder) -> None:
    with HttpServer(limited("60")) as server, pytest.raises(ERRORS, match="429") as raised:
        client.get(lambda: server.url, source="past.budget", idempotent=True)()
    assert server.requests == ["GET /"]
    assert recorder.clock.slept == []
    assert endings(recorder) == [failed(StopReason.RETRY_AFTER, runs=1)]
    assert "wait 60 s" in raised.value.__notes__[0]


def test_a_time_past_what_is_left_of_the_budget_ends_healing(client: Client, recorder: Recorder) -> None:
    with HttpServer(limited("6")) as server, pytest.raises(ERRORS, match="429"):
        client.get(lambda: server.url, source="past.rest", idempotent=True)()
    assert server.requests == ["GET /"] * 2
    assert recorder.clock.slept == [pytest.approx(6.3)]
    assert endings(recorder) == [failed(StopReason.RETRY_AFTER, runs=2)]


def test_a_fallback_answers_where_the_time_is_past_the_budget(client: Client, recorder: Recorder) -> None:
    with HttpServer(limited("60")) as server:
        assert client.get(lambda: server.url, source="past.default", default="later")() == "later"
    assert server.requests == ["GET /"]
    assert endings(recorder) == [degraded(Strategy.USE_DEFAULT_VALUE, runs=1)]


@pytest.fixture
def queueing(sqlite_url: str) -> Iterator[Recorder]:
    with testing.active(database_url=sqlite_url) as active:
        yield active
        queue.close()


def test_a_time_past_the_budget_queues_what_can_be_queued(client: Client, queueing: Recorder) -> None:
    with HttpServer(limited("60"), Reply(body="in")) as server:
        fetch: Callable[[], Any] = client.post(lambda: server.url, source="past.queued", atomic=True, queue=True)
        receipt = fetch()
        assert isinstance(receipt, Queued)
        assert endings(queueing) == [Ended(Outcome.QUEUED, StopReason.QUEUED, Strategy.QUEUE_FOR_LATER, 1)]
        queueing.clock.advance(59)
        assert queue.drain() == 0
        queueing.clock.advance(2)
        assert queue.drain() == 1
        assert server.requests == ["POST /"] * 2


def test_a_limited_receipt_does_not_charge_again(wrap: Wrap, recorder: Recorder) -> None:
    with HttpServer(Reply(body="charged"), limited("1"), Reply(body="too much")) as server:

        def sell() -> None:
            for step in ("charges", "receipts"):
                httpx.post(f"{server.url}/{step}", verify=False, trust_env=False).raise_for_status()

        with pytest.raises(httpx.HTTPStatusError, match="429"):
            wrap(sell, source="receipt.limited")()
        assert server.requests == ["POST /charges", "POST /receipts"]
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


def test_a_limit_that_does_not_end_uses_the_attempts_up(client: Client, recorder: Recorder) -> None:
    with HttpServer(limited("1")) as server, pytest.raises(ERRORS, match="429"):
        client.get(lambda: server.url, source="limited.always", idempotent=True)()
    assert server.requests == ["GET /"] * 4
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=4)]


def test_one_attempt_leaves_a_limited_call_alone(client: Client, recorder: Recorder) -> None:
    with HttpServer(limited("1")) as server, pytest.raises(ERRORS, match="429"):
        client.get(lambda: server.url, source="limited.once", idempotent=True, attempts=1)()
    assert server.requests == ["GET /"]
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=1)]
