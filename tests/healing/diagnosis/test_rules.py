"""The rules against a labelled corpus, and the laws that hold of every diagnosis."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from healing.diagnosis import Diagnosis
from healing.diagnosis.rules import diagnose, rules
from healing.vocabulary import FALLBACKS, REPAIRS, Category, Executed, Strategy
from tests.healing.diagnosis.corpus import CORPUS
from tests.healing.diagnosis.corpus.http import httpx_status, requests_status
from tests.healing.diagnosis.corpus.labels import AppError, Labelled, caused, raised


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_the_diagnosis_of_a_labelled_error_is_its_label(case: Labelled) -> None:
    found = diagnose(case.make())
    first = found.recommended[0].strategy if found.recommended else None
    assert (found.category, found.executed, first) == (case.category, case.executed, case.first), found.rule
    assert found.curable is (case.first is not None)
    assert found.known is (found.rule not in {"unknown", "program_failed"})
    holds_laws(found)


def test_the_corpus_is_wide_and_its_names_are_unique() -> None:
    names = [case.name for case in CORPUS]
    assert len(names) == len(set(names))
    assert len(names) >= 120


def holds_laws(found: Diagnosis) -> None:
    strategies = [item.strategy for item in found.recommended]
    repairs = [strategy for strategy in strategies if strategy in REPAIRS]
    fallbacks = [strategy for strategy in strategies if strategy in FALLBACKS]
    assert strategies == repairs + fallbacks
    assert len(set(strategies)) == len(strategies)
    assert found.curable is bool(repairs)
    assert found.curable or not found.transient
    assert found.curable or not strategies
    assert found.retry_after is None or (found.transient and found.retry_after >= 0)
    assert all(item.reason for item in found.recommended)
    assert found.reason.endswith(".")


MASKED_BY_NOTHING = {Category.PROGRAMMING, Category.VALIDATION, Category.AUTH, Category.CONFIGURATION}


def test_every_row_of_the_table_is_readable_and_lawful() -> None:
    for rule in rules():
        assert rule.name.replace("_", "").isalpha()
        assert rule.on or rule.message or rule.name == "unknown"
        if rule.category in MASKED_BY_NOTHING:
            assert not rule.course, rule.name
        if rule.executed is Executed.YES:
            assert rule.category is Category.EXTERNAL_API, rule.name


def test_an_unknown_error_is_tried_once_more_and_nothing_else() -> None:
    found = diagnose(AppError("odd"))
    assert not found.known
    assert found.transient
    assert [item.strategy for item in found.recommended] == [Strategy.RETRY_WITH_BACKOFF]


def test_transient_connection_troubles_offer_all_that_could_help_repairs_first() -> None:
    assert [item.strategy for item in diagnose(ConnectionResetError(104, "x")).recommended] == [
        Strategy.RESET_CONNECTION,
        Strategy.RETRY_WITH_BACKOFF,
        Strategy.SWITCH_API_ENDPOINT,
        Strategy.ROLLBACK_TRANSACTION,
        Strategy.FALLBACK_TO_CACHE,
        Strategy.QUEUE_FOR_LATER,
        Strategy.USE_DEFAULT_VALUE,
        Strategy.SKIP_OPERATION,
    ]


def test_retry_after_is_read_in_seconds_and_as_a_date() -> None:
    assert diagnose(requests_status(429, Retry_After="7")).retry_after == 7
    dated = httpx_status(503, retry_after="Thu, 01 Jan 1970 00:01:40 GMT")
    assert diagnose(dated, now=40.0).retry_after == 60
    assert diagnose(caused(AppError(), requests_status(429, Retry_After="7"))).retry_after == 7
    assert diagnose(requests_status(429)).retry_after is None
    assert diagnose(requests_status(404, Retry_After="7")).retry_after is None


def test_a_cycle_of_causes_ends() -> None:
    one, two = AppError("one"), AppError("two")
    one.__cause__, two.__cause__ = two, one
    assert not diagnose(one).known


def test_a_chain_too_deep_to_follow_is_unknown() -> None:
    error: BaseException = ConnectionRefusedError(111, "x")
    for _ in range(50):
        error = caused(AppError(), error)
    assert not diagnose(error).known


class HostileError(Exception):
    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __str__

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    @property
    def status_code(self) -> int:
        raise RuntimeError

    @property
    def args(self) -> Any:  # type: ignore[override]
        raise RuntimeError

    @property
    def __cause__(self) -> Any:  # type: ignore[override]
        raise RuntimeError

    def __hash__(self) -> int:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError


class HostileDict(Exception):
    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise RuntimeError


class HostileHeaders(Exception):
    class _Headers(dict[str, str]):
        def get(self, *_: Any) -> Any:
            raise RuntimeError

    def __init__(self) -> None:
        self.status_code = 503
        self.headers = self._Headers()


def test_a_status_counts_although_the_headers_fight_back() -> None:
    assert diagnose(HostileHeaders()).rule == "http_server_error"


@pytest.mark.parametrize("make", [HostileError, HostileDict])
def test_exceptions_that_fight_back_are_unknown(make: Any) -> None:
    assert diagnose(make()).known is False


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.binary(max_size=8))
ATTRIBUTES = st.sampled_from(
    [
        *("status", "status_code", "code", "errno", "sqlstate", "pgcode", "response", "headers", "orig", "reason"),
        *("smtp_code", "recipients", "sqlite_errorcode", "retry_after", "http_status", "history", "retriable"),
    ]
)
MODULES = st.sampled_from(
    [
        "app",
        "builtins",
        "botocore.exceptions",
        "grpc",
        "openai",
        "pymysql.err",
        "smtplib",
        "ssl",
        "redis.exceptions",
        "kafka",
    ]
)
BASES = st.sampled_from([Exception, OSError, ValueError, RuntimeError, KeyError, TimeoutError, ConnectionError])


@given(
    module=MODULES,
    base=BASES,
    arguments=st.lists(VALUES, max_size=3),
    attributes=st.dictionaries(
        ATTRIBUTES, VALUES | st.dictionaries(st.text(max_size=5), VALUES, max_size=2), max_size=4
    ),
    now=st.floats(allow_nan=False, allow_infinity=False),
)
def test_nothing_that_can_be_raised_makes_it_raise(
    module: str, base: type[Exception], arguments: list[Any], attributes: dict[str, Any], now: float
) -> None:
    try:
        error = type("Odd", (base,), {"__module__": module})(*arguments)
        for name, value in attributes.items():
            setattr(error, name, value)
    except (TypeError, ValueError, AttributeError):
        return
    holds_laws(diagnose(error, now))


@given(st.text(max_size=200), st.integers(min_value=100_000, max_value=999_999))
def test_a_number_within_a_message_is_no_status(text: str, number: int) -> None:
    assert diagnose(AppError(f"order {number} rejected {text}")).known is False


# Clients that send a call again by themselves


@contextlib.contextmanager
def server(answer: Any) -> Iterator[int]:
    """A listener on loopback that gives each connection to `answer`, until that closes the listener."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    with listener.accept()[0] as connection:
                        answer(connection, listener)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def shut(listener: socket.socket) -> None:
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def test_a_refusal_after_redis_has_sent_the_command_proves_nothing() -> None:
    received: list[bytes] = []

    def answer(connection: socket.socket, listener: socket.socket) -> None:
        while data := connection.recv(4096):
            received.append(data)
            if b"INCR" in data:
                shut(listener)
                return
            connection.sendall(b"+OK\r\n" * data.count(b"*"))

    with server(answer) as port:
        retry = redis.retry.Retry(redis.backoff.NoBackoff(), 2)
        with redis.Redis(port=port, protocol=2, retry=retry) as client:
            error = raised(lambda: client.incr("a"))
    assert any(b"INCR" in data for data in received)
    found = diagnose(error)
    assert (found.rule, found.executed) == ("connection_refused", Executed.UNKNOWN)


def test_a_refusal_while_redis_connects_proves_that_nothing_was_sent() -> None:
    retry = redis.retry.Retry(redis.backoff.NoBackoff(), 2)
    with redis.Redis(port=1, retry=retry) as client:
        assert diagnose(raised(lambda: client.incr("a"))).executed is Executed.NO


def test_a_refusal_after_urllib3_has_sent_the_request_proves_nothing() -> None:
    def answer(connection: socket.socket, listener: socket.socket) -> None:
        connection.recv(4096)
        shut(listener)

    with server(answer) as port, requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=Retry(2, allowed_methods=None)))
        error = raised(lambda: session.post(f"http://127.0.0.1:{port}/"))
    found = diagnose(error)
    assert (found.rule, found.executed) == ("connection_refused", Executed.UNKNOWN)


def test_refusals_alone_prove_it_however_often_urllib3_tried() -> None:
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=Retry(2)))
        error = raised(lambda: session.get("http://127.0.0.1:1/"))
    assert diagnose(error).executed is Executed.NO


def test_a_refusal_behind_a_redirect_proves_nothing() -> None:
    def answer(connection: socket.socket, _: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 303 See Other\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    with server(answer) as port:
        error = raised(lambda: requests.post(f"http://127.0.0.1:{port}/", timeout=5))
    found = diagnose(error)
    assert (found.rule, found.executed) == ("connection_refused", Executed.UNKNOWN)


def test_a_traceback_too_long_to_look_through_proves_nothing() -> None:
    def sink(depth: int) -> None:
        if depth:
            sink(depth - 1)
        raise ConnectionRefusedError(111, "x")

    assert diagnose(raised(lambda: sink(50))).executed is Executed.NO
    assert diagnose(raised(lambda: sink(300))).executed is Executed.UNKNOWN
