from __future__ import annotations

import smtplib
from collections.abc import Callable
from typing import Any

import pytest

from healing import StopReason, Strategy
from healing.testing import Recorder
from tests.healing.strategies.manners import ERRORS, Client, degraded, endings, failed
from tests.servers import HttpServer, Reply, SmtpServer, smtp_server

Wrap = Callable[..., Callable[..., Any]]

SKIP = Strategy.SKIP_OPERATION


def test_a_dead_server_is_done_without_after_the_repairs(client: Client, recorder: Recorder) -> None:
    with HttpServer(down=True) as server:
        assert client.get(lambda: server.url, source="dead", idempotent=True, attempts=3, skippable=True)() is None
    assert endings(recorder) == [degraded(SKIP, runs=3)]


def test_a_default_is_better_than_nothing(client: Client, recorder: Recorder) -> None:
    with HttpServer(down=True) as server:
        assert client.get(lambda: server.url, source="default", attempts=1, skippable=True, default="x")() == "x"
    assert endings(recorder) == [degraded(Strategy.USE_DEFAULT_VALUE, runs=1)]


def test_what_may_have_been_counted_is_not_counted_again(client: Client, recorder: Recorder) -> None:
    with HttpServer(Reply(502)) as server:
        assert client.post(lambda: server.url, source="visits", skippable=True)() is None
        assert server.requests == ["POST /"]
    assert endings(recorder) == [degraded(SKIP, runs=1)]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_permanent_answer_is_not_skipped(client: Client, recorder: Recorder, status: int) -> None:
    with HttpServer(Reply(status)) as server, pytest.raises(ERRORS, match=str(status)):
        client.get(lambda: server.url, source="permanent", idempotent=True, skippable=True)()
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]


def tell(server: SmtpServer) -> str:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as smtp:
        smtp.sendmail("shop@example.org", "ann@example.org", "Subject: News\r\n\r\nHello.")
    return "told"


def test_a_mail_that_is_refused_for_now_is_left_out(wrap: Wrap, recorder: Recorder) -> None:
    with smtp_server("451 4.7.1 Greylisted") as server:
        assert wrap(tell, source="news", atomic=True, skippable=True)(server) is None
        assert (len(server.recipients), server.messages) == (4, [])
    assert endings(recorder) == [degraded(SKIP, runs=4)]


def test_a_mailbox_that_does_not_exist_is_told_of(wrap: Wrap, recorder: Recorder) -> None:
    with smtp_server("550 5.1.1 No such mailbox") as server, pytest.raises(smtplib.SMTPRecipientsRefused):
        wrap(tell, source="news.nobody", atomic=True, skippable=True)(server)
    assert endings(recorder) == [failed(StopReason.PERMANENT, runs=1)]
