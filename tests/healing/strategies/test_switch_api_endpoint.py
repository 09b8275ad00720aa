from __future__ import annotations

import pytest

from healing import StopReason, Strategy, endpoint
from healing.testing import Recorder
from healing.wrapped import PREFERENCE_SECONDS
from tests.healing.strategies.manners import ERRORS, Client, endings, failed, healed
from tests.servers import HttpServer, Reply

SWITCH = Strategy.SWITCH_API_ENDPOINT
RETRY = Strategy.RETRY_WITH_BACKOFF


def test_the_second_address_answers_where_the_first_is_dead(client: Client, recorder: Recorder) -> None:
    with HttpServer(down=True) as dead, HttpServer(Reply(body="mirror")) as mirror:
        addresses = (dead.url, mirror.url)
        fetch = client.get(endpoint, source="dead", idempotent=True, endpoints=addresses, strategies=[SWITCH])
        assert fetch() == "mirror"
    assert mirror.requests == ["GET /"]
    assert endings(recorder) == [healed(SWITCH, runs=2)]
    assert recorder.clock.slept == []


def test_one_more_try_at_the_first_address_comes_before_the_second(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502)) as failing, HttpServer(Reply(body="mirror")) as mirror:
        fetch = client.get(endpoint, source="retry.first", idempotent=True, endpoints=(failing.url, mirror.url))
        assert fetch() == "mirror"
        assert (len(failing.requests), len(mirror.requests)) == (2, 1)
    assert endings(recorder) == [healed(SWITCH, runs=3)]


def test_the_next_call_starts_at_the_address_that_answered(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502)) as failing, HttpServer(Reply(body="mirror")) as mirror:
        fetch = client.get(endpoint, source="next", idempotent=True, endpoints=(failing.url, mirror.url))
        assert [fetch(), fetch(), fetch()] == ["mirror"] * 3
        assert (len(failing.requests), len(mirror.requests)) == (2, 3)
    assert len(recorder.events) == 1


def test_after_a_while_calls_start_at_the_first_address_again(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502), Reply(502), Reply(body="main")) as main, HttpServer(Reply(body="mirror")) as mirror:
        fetch = client.get(endpoint, source="again", idempotent=True, endpoints=(main.url, mirror.url))
        assert fetch() == "mirror"
        recorder.clock.advance(PREFERENCE_SECONDS)
        assert fetch() == "main"
    assert len(recorder.events) == 1


def test_a_mirror_that_dies_sends_calls_back_to_the_first_address(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502), Reply(502), Reply(body="main")) as main, HttpServer(Reply(body="mirror")) as mirror:
        fetch = client.get(endpoint, source="back", idempotent=True, endpoints=(main.url, mirror.url))
        assert fetch() == "mirror"
        mirror.down()
        assert fetch() == "main"
    assert endings(recorder) == [healed(SWITCH, runs=3)] * 2


def test_each_address_is_switched_to_once(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502)) as first, HttpServer(Reply(502)) as second, HttpServer(Reply(502)) as third:
        addresses = (first.url, second.url, third.url)
        with pytest.raises(ERRORS, match="502"):
            client.get(endpoint, source="each", idempotent=True, endpoints=addresses, strategies=[SWITCH], attempts=9)()
        assert [len(server.requests) for server in (first, second, third)] == [1, 1, 1]
    assert endings(recorder) == [failed(StopReason.EXHAUSTED, runs=3)]


def test_a_limited_address_gives_way_to_the_next_though_it_asks_to_wait_long(
    client: Client, recorder: Recorder
) -> None:
    limited = Reply(429, headers={"Retry-After": "3600"})
    with HttpServer(limited) as busy, HttpServer(Reply(body="mirror")) as mirror:
        fetch = client.get(endpoint, source="limited", idempotent=True, endpoints=(busy.url, mirror.url))
        assert fetch() == "mirror"
        assert busy.requests == ["GET /"]
    assert recorder.clock.slept == []
    assert endings(recorder) == [healed(SWITCH, runs=2)]


def test_a_permanent_answer_is_not_asked_for_elsewhere(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(404)) as first, HttpServer() as second:
        with pytest.raises(ERRORS, match="404"):
            client.get(endpoint, source="permanent", idempotent=True, endpoints=(first.url, second.url))()
        assert (len(first.requests), len(second.requests)) == (1, 0)
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


def test_an_order_that_the_first_address_may_have_taken_is_not_placed_at_the_second(
    client: Client, recorder: Recorder
) -> None:
    with HttpServer(Reply(504)) as first, HttpServer() as second:
        with pytest.raises(ERRORS, match="504"):
            client.post(endpoint, source="order", atomic=True, endpoints=(first.url, second.url))()
        assert (len(first.requests), len(second.requests)) == (1, 0)
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


def test_an_order_that_was_refused_is_placed_at_the_second_address(client: Client, recorder: Recorder) -> None:
    with HttpServer(down=True) as first, HttpServer(Reply(body="taken")) as second:
        order = client.post(endpoint, source="order.refused", atomic=True, endpoints=(first.url, second.url))
        assert order() == "taken"
        assert second.requests == ["POST /"]
    assert endings(recorder) == [healed(SWITCH, runs=3)]


def test_an_address_given_twice_is_one_address(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502)) as server, pytest.raises(ERRORS, match="502"):
        client.get(endpoint, source="twice", idempotent=True, endpoints=[server.url] * 2, strategies=[SWITCH])()
    assert server.requests == ["GET /"]
    assert endings(recorder) == [failed(StopReason.EXHAUSTED, runs=1)]


def test_addresses_are_tried_in_the_order_in_which_they_were_declared(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502)) as first, HttpServer(Reply(body="second")) as second, HttpServer() as third:
        addresses = (first.url, second.url, third.url)
        fetch = client.get(endpoint, source="order.of.addresses", idempotent=True, endpoints=addresses)
        assert fetch() == "second"
        assert third.requests == []
    assert endings(recorder) == [healed(SWITCH, runs=3)]
