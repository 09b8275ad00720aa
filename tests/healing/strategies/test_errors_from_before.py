"""An error is judged by what happened in its own run, not by what was being handled when that run began."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from healing import StopReason, Strategy, attempt
from healing.testing import Recorder
from tests.healing.strategies.manners import ERRORS, Client, endings, failed, healed
from tests.servers import HttpServer, Reply, hang_up_server

Wrap = Callable[..., Callable[..., Any]]


def visit(port: int) -> Any:
    with redis.Redis(port=port, protocol=2, driver_info=None, retry=Retry(NoBackoff(), 0)) as client:
        return client.incr("visits")


def port_of(server: HttpServer) -> int:
    return int(server.url.rpartition(":")[2])


def test_a_lost_reply_is_ambiguous_though_the_run_before_was_refused(wrap: Wrap, recorder: Recorder) -> None:
    with HttpServer(down=True) as dead, hang_up_server() as (port, received):

        def count() -> Any:
            return visit(port_of(dead) if attempt() == 1 else port)

        with pytest.raises(RedisConnectionError):
            wrap(count, source="refused.then.lost", atomic=True)()
        assert [b"INCRBY" in command for command in received] == [True]
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=2)]


def test_a_lost_reply_is_ambiguous_though_the_caller_is_handling_a_refusal(wrap: Wrap, recorder: Recorder) -> None:
    with HttpServer(down=True) as dead, hang_up_server() as (port, received):
        count = wrap(visit, source="handling.a.refusal", atomic=True)
        try:
            visit(port_of(dead))
        except RedisConnectionError:
            with pytest.raises(RedisConnectionError):
                count(port)
        assert [b"INCRBY" in command for command in received] == [True]
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


def test_a_call_made_while_another_one_s_failure_is_handled_is_healed_like_any_other(
    client: Client, recorder: Recorder
) -> None:
    with HttpServer(Reply(502)) as first, HttpServer(Reply(502), Reply(body="second")) as second:
        try:
            client.get(lambda: first.url, source="first.choice", idempotent=True, attempts=2)()
        except ERRORS:
            assert client.get(lambda: second.url, source="second.choice", idempotent=True)() == "second"
    assert endings(recorder) == [
        failed(StopReason.ATTEMPTS, runs=2),
        healed(Strategy.RETRY_WITH_BACKOFF, runs=2),
    ]


def test_a_failure_while_another_one_s_failure_is_handled_is_recorded(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502)) as first, HttpServer(Reply(404)) as second:
        try:
            client.get(lambda: first.url, source="first.lost", idempotent=True, attempts=1)()
        except ERRORS:
            with pytest.raises(ERRORS, match="404"):
                client.get(lambda: second.url, source="second.lost", idempotent=True)()
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=1), failed(StopReason.PERMANENT, runs=1)]
