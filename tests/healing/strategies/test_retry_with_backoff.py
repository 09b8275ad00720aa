from __future__ import annotations

import smtplib
import sqlite3
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from healing import StopReason, Strategy, attempt
from healing.testing import Recorder
from tests.healing.strategies.manners import ERRORS, PATIENCE, Client, endings, failed, healed
from tests.servers import Act, HttpServer, Reply, Reset, Silence, SmtpServer, smtp_server

Wrap = Callable[..., Callable[..., Any]]

RETRY = Strategy.RETRY_WITH_BACKOFF
AMBIGUOUS = pytest.mark.parametrize(
    ("act", "timeout"),
    [
        pytest.param(Reply(500), PATIENCE, id="500"),
        pytest.param(Reply(502), PATIENCE, id="502"),
        pytest.param(Reply(504), PATIENCE, id="504"),
        pytest.param(Reset(), PATIENCE, id="reset"),
        pytest.param(Silence(), 0.2, id="silence"),
    ],
)


def up_at_run(server: HttpServer, number: int) -> Callable[[], str]:
    """The server's address, for an operation; the server comes up when that run of it begins."""

    def address() -> str:
        if attempt() == number:
            server.up()
        return server.url

    return address


def test_a_server_that_refused_and_is_back_answers_the_third_run(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(body="here"), down=True) as server:
        fetch = client.get(up_at_run(server, 3), source="refused", idempotent=True)
        assert fetch() == "here"
    assert server.requests == ["GET /"]
    assert endings(recorder) == [healed(RETRY, runs=3)]
    assert recorder.clock.slept == [0.05, 0.1]


def test_a_refused_call_of_one_step_is_run_again_though_it_is_not_idempotent(
    client: Client, recorder: Recorder
) -> None:
    with HttpServer(Reply(body="paid"), down=True) as server:
        pay = client.post(up_at_run(server, 2), source="refused.atomic", atomic=True)
        assert pay() == "paid"
    assert server.requests == ["POST /"]
    assert endings(recorder) == [healed(RETRY, runs=2)]


def test_a_refused_call_with_nothing_before_it_needs_no_declaration(wrap: Wrap, recorder: Recorder) -> None:
    with HttpServer(down=True) as server:
        url = server.url

        def pay() -> Any:
            return urllib.request.urlopen(url)

        with pytest.raises(OSError, match="refused"):
            wrap(pay, source="refused.proved")()
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=4)]


def test_a_refused_receipt_does_not_charge_again(wrap: Wrap, recorder: Recorder) -> None:
    with HttpServer(Reply(body="charged")) as bank, HttpServer(down=True) as mailer:

        def sell() -> None:
            httpx.post(f"{bank.url}/charges", verify=False, trust_env=False)
            httpx.post(f"{mailer.url}/receipts", verify=False, trust_env=False)

        with pytest.raises(httpx.ConnectError):
            wrap(sell, source="receipt.refused")()
        assert bank.requests == ["POST /charges"]
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


def test_a_server_that_stays_away_is_tried_as_often_as_declared(client: Client, recorder: Recorder) -> None:
    with HttpServer(down=True) as server, pytest.raises(ERRORS) as raised:
        client.get(lambda: server.url, source="refused.always", idempotent=True, attempts=3)()
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=3)]
    assert "retry_with_backoff ×2" in raised.value.__notes__[0]


@AMBIGUOUS
def test_an_idempotent_call_is_run_again_after_an_ambiguous_failure(
    client: Client, recorder: Recorder, act: Act, timeout: float
) -> None:
    with HttpServer(act, Reply(body="done")) as server:
        assert client.post(lambda: server.url, timeout, source="ambiguous", idempotent=True)() == "done"
    assert server.requests == ["POST /"] * 2
    assert endings(recorder) == [healed(RETRY, runs=2)]


@AMBIGUOUS
@pytest.mark.parametrize("atomic", [False, True])
def test_a_call_that_is_not_idempotent_reaches_the_server_once_after_an_ambiguous_failure(
    client: Client, recorder: Recorder, act: Act, timeout: float, atomic: bool
) -> None:
    with HttpServer(act, Reply(body="twice")) as server:
        with pytest.raises(ERRORS):
            client.post(lambda: server.url, timeout, source="ambiguous.once", atomic=atomic)()
        assert server.requests == ["POST /"]
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]
    assert recorder.clock.slept == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422, 501])
def test_a_permanent_answer_is_not_asked_for_again(client: Client, recorder: Recorder, status: int) -> None:
    with HttpServer(Reply(status)) as server, pytest.raises(ERRORS, match=str(status)):
        client.get(lambda: server.url, source="permanent", idempotent=True)()
    assert server.requests == ["GET /"]
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


def test_the_second_answer_decides_whether_to_go_on(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502), Reply(404)) as server, pytest.raises(ERRORS, match="502"):
        client.get(lambda: server.url, source="then.permanent", idempotent=True)()
    assert server.requests == ["GET /"] * 2
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=2)]


def test_one_attempt_is_one_attempt(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502)) as server, pytest.raises(ERRORS, match="502"):
        client.get(lambda: server.url, source="one.attempt", idempotent=True, attempts=1)()
    assert server.requests == ["GET /"]
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=1)]


def test_a_failing_server_that_asks_for_time_gets_it(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(500, headers={"Retry-After": "3"}), Reply(body="done")) as server:
        assert client.get(lambda: server.url, source="asks.for.time", idempotent=True)() == "done"
    assert recorder.clock.slept == [3.0]
    assert endings(recorder) == [healed(RETRY, runs=2)]


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "books.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entries (amount INTEGER)")
    return path


def entries(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [amount for (amount,) in connection.execute("SELECT amount FROM entries")]


def test_a_locked_sqlite_database_is_written_to_once_it_is_released(
    wrap: Wrap, recorder: Recorder, books: Path
) -> None:
    with closing(sqlite3.connect(books)) as other:
        other.execute("BEGIN IMMEDIATE")

        def enter(amount: int) -> int:
            if attempt() == 3:
                other.rollback()
            with closing(sqlite3.connect(books, timeout=0)) as connection, connection:
                connection.execute("INSERT INTO entries VALUES (?)", (amount,))
            return amount

        assert wrap(enter, source="locked", atomic=True)(7) == 7
    assert entries(books) == [7]
    assert endings(recorder) == [healed(RETRY, runs=3)]


def test_a_constraint_of_sqlite_is_not_tried_again(wrap: Wrap, recorder: Recorder, books: Path) -> None:
    runs = 0

    def enter() -> None:
        nonlocal runs
        runs += 1
        with closing(sqlite3.connect(books)) as connection, connection:
            connection.execute("CREATE UNIQUE INDEX only_once ON entries (amount)")
            connection.executemany("INSERT INTO entries VALUES (?)", [(1,), (1,)])

    with pytest.raises(sqlite3.IntegrityError):
        wrap(enter, source="constraint", idempotent=True)()
    assert runs == 1
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


def mail(server: SmtpServer) -> str:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=2) as smtp:
        smtp.sendmail("shop@example.org", "ann@example.org", "Subject: Your order\r\n\r\nThank you.")
    return "sent"


def test_a_greylisted_mail_is_delivered_once(wrap: Wrap, recorder: Recorder) -> None:
    with smtp_server("451 4.7.1 Greylisted", "451 4.7.1 Greylisted", "250 OK") as server:
        assert wrap(mail, source="greylisted", atomic=True)(server) == "sent"
    assert len(server.messages) == 1
    assert len(server.recipients) == 3
    assert endings(recorder) == [healed(RETRY, runs=3)]


def test_a_mail_that_may_have_been_taken_is_not_sent_again(wrap: Wrap, recorder: Recorder) -> None:
    with smtp_server(hang_up=True) as server, pytest.raises(smtplib.SMTPServerDisconnected):
        wrap(mail, source="hung.up", atomic=True)(server)
    assert len(server.messages) == 1
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


def test_a_mailbox_that_does_not_exist_is_not_tried_again(wrap: Wrap, recorder: Recorder) -> None:
    with smtp_server("550 5.1.1 No such mailbox") as server, pytest.raises(smtplib.SMTPRecipientsRefused):
        wrap(mail, source="no.mailbox", idempotent=True)(server)
    assert len(server.recipients) == 1
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]
