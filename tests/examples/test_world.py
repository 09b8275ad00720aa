"""The world misbehaves for real: sockets refuse, locks hold, files are cut."""

from __future__ import annotations

import http.client
import json
import smtplib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.shop.world import World, mischief, suppliers
from examples.shop.world.ledger import Ledger
from examples.shop.world.loopback import LoopbackServer
from examples.shop.world.spells import SPELLS, Schedule, Spell, Trouble
from examples.shop.world.web import Answer, HangUp, Reply, Request, serve_json


class Only(Schedule):
    """Some troubles all the time, the others never."""

    def __init__(self, *troubles: Trouble) -> None:
        super().__init__()
        self.troubles = troubles

    def reigns(self, trouble: Trouble) -> bool:
        return trouble in self.troubles


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], LoopbackServer]]:
    servers: list[LoopbackServer] = []

    def start(answer: Answer) -> LoopbackServer:
        servers.append(serve_json(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.down()


def ask(server: LoopbackServer, path: str = "/", body: object = None, timeout: float = 2) -> tuple[int, object]:
    method, data = ("GET", None) if body is None else ("POST", json.dumps(body))
    with closing(http.client.HTTPConnection(server.address, timeout=timeout)) as connection:
        connection.request(method, path, data)
        response = connection.getresponse()
        return response.status, json.load(response)


def put(connection: http.client.HTTPConnection) -> int:
    connection.request("PUT", "/")
    with connection.getresponse() as response:
        response.read()
        return response.status


def hello(request: Request) -> Reply:
    return Reply(body=[request.method, request.path, request.query, request.body])


Serve = Callable[[Answer], LoopbackServer]


def test_a_service_answers_json(serve: Serve) -> None:
    server = serve(hello)
    assert ask(server, "/a?b=c") == (200, ["GET", "/a", {"b": "c"}, None])
    assert ask(server, "/a", {"d": 1}) == (200, ["POST", "/a", {}, {"d": 1}])


def test_a_service_that_is_down_refuses_and_comes_back_at_the_same_address(serve: Serve) -> None:
    server = serve(hello)
    address = server.address
    server.down()
    with pytest.raises(ConnectionRefusedError):
        ask(server)
    server.up()
    assert server.address == address
    assert ask(server)[0] == 200


def test_a_restart_cuts_connections_that_were_kept_open(serve: Serve) -> None:
    server = serve(hello)
    with closing(http.client.HTTPConnection(server.address, timeout=2)) as connection:
        assert put(connection) == 200
        server.down()
        server.up()
        with pytest.raises(ConnectionError):
            put(connection)


def test_hanging_up_leaves_the_caller_without_an_answer(serve: Serve) -> None:
    server = serve(lambda request: HangUp())
    with pytest.raises(http.client.RemoteDisconnected):
        ask(server)


def test_searching_too_fast_is_answered_with_the_time_to_wait(serve: Serve) -> None:
    server = serve(suppliers.Catalogue(Only(), burst=1))
    assert ask(server, "/search?words=lamp") == (200, ["lamp"])
    with closing(http.client.HTTPConnection(server.address)) as connection:
        connection.request("GET", "/search?words=lamp")
        response = connection.getresponse()
        assert (response.status, response.headers["Retry-After"]) == (429, "1")


def test_the_catalogue_lists_shows_and_recommends(serve: Serve) -> None:
    server = serve(suppliers.Catalogue(Only()))
    assert ask(server, "/products") == (200, ["clock", "lamp", "mug", "rug", "stool"])
    assert ask(server, "/products/mug") == (200, {"article": "mug", "name": "Enamel mug"})
    assert ask(server, "/recommendations") == (200, ["mug", "lamp"])


def test_a_broken_catalogue_answers_502(serve: Serve) -> None:
    assert ask(serve(suppliers.Catalogue(Only(Trouble.CATALOGUE_BROKEN))), "/products")[0] == 502


def test_flaky_rates_fail_every_other_time(serve: Serve) -> None:
    server = serve(suppliers.Rates(Only(Trouble.RATES_FLAKY)))
    assert [ask(server, "/rates/USD")[0] for _ in range(4)] == [500, 200, 500, 200]


def test_a_busy_payment_provider_charges_nothing_until_asked_again(serve: Serve, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "charges.jsonl")
    server = serve(suppliers.Payments(Only(Trouble.PAYMENTS_BUSY), ledger))
    assert ask(server, "/charges", {"order": "a", "cents": 5})[0] == 503
    assert not ledger.path.exists()
    assert ask(server, "/charges", {"order": "a", "cents": 5})[0] == 201


def test_a_late_payment_provider_has_charged_all_the_same(serve: Serve, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "charges.jsonl")
    server = serve(suppliers.Payments(Only(Trouble.PAYMENTS_LATE), ledger))
    with pytest.raises(TimeoutError):
        ask(server, "/charges", {"order": "a", "cents": 5}, timeout=0.2)
    assert json.loads(ledger.path.read_text()) == {"order": "a", "cents": 5}


def test_a_moment_of_lock_keeps_other_writers_out(tmp_path: Path) -> None:
    database = tmp_path / "shop.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE t (x)")
    locker = threading.Thread(target=mischief.lock_for_a_moment, args=(database, 0.5))
    locker.start()
    try:
        assert _was_locked_out(database, locker)
    finally:
        locker.join()


def _was_locked_out(database: Path, locker: threading.Thread) -> bool:
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        while locker.is_alive():
            try:
                connection.execute("INSERT INTO t VALUES (1)")
            except sqlite3.OperationalError as error:
                return "locked" in str(error)
            locker.join(0.01)
    return False


def test_a_damaged_page_cannot_be_parsed(tmp_path: Path) -> None:
    page = tmp_path / "mug.json"
    page.write_text('{"name": "Enamel mug"}')
    mischief.damage_a_page(tmp_path)
    with pytest.raises(json.JSONDecodeError):
        json.loads(page.read_text())


def test_without_pages_nothing_is_damaged(tmp_path: Path) -> None:
    mischief.damage_a_page(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with closing(World(tmp_path, Only(*getattr(request, "param", ())))) as made:
        yield made


def send(world: World, recipient: str) -> None:
    with smtplib.SMTP(world.environment["SHOP_MAIL_ADDRESS"], timeout=2) as client:
        client.noop()
        client.rset()
        client.sendmail("shop@shop.example", [recipient], "Subject: Hello\r\n\r\n.A dot comes first\r\n")


def test_mail_is_delivered(world: World, tmp_path: Path) -> None:
    send(world, "customer@mail.example")
    assert json.loads((tmp_path / "mail.jsonl").read_text())["to"] == "customer@mail.example"


def test_mail_to_nobody_is_refused_for_good(world: World, tmp_path: Path) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(world, "nobody@mail.example")
    assert refused.value.recipients["nobody@mail.example"][0] == 550
    assert not (tmp_path / "mail.jsonl").exists()


@pytest.mark.parametrize("world", [(Trouble.MAIL_GREYLISTING,)], indirect=True)
def test_greylisted_mail_is_refused_for_now(world: World) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(world, "customer@mail.example")
    assert refused.value.recipients["customer@mail.example"][0] == 451


def test_an_unknown_mail_command_is_declined(world: World) -> None:
    with smtplib.SMTP(world.environment["SHOP_MAIL_ADDRESS"], timeout=2) as client:
        assert client.docmd("EXPN", "staff")[0] == 502


def test_the_world_says_where_everything_is(world: World) -> None:
    assert {name.split("_")[0] for name in world.environment} == {"SHOP"}
    assert all(world.environment.values())


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_comes_within_the_first_two_minutes(trouble: Trouble) -> None:
    assert SPELLS[trouble].first + SPELLS[trouble].lasts < 120


@given(
    spell=st.builds(Spell, first=st.integers(0, 100), lasts=st.integers(1, 20), every=st.integers(20, 100)),
    start=st.integers(0, 1000),
)
def test_a_spell_lasts_equally_long_in_every_round(spell: Spell, start: int) -> None:
    begin = int(spell.first) + start
    assert sum(spell.covers(second) for second in range(begin, begin + int(spell.every))) == spell.lasts


@given(spell=st.builds(Spell, first=st.integers(1, 100), lasts=st.integers(1, 20), every=st.just(60)))
def test_no_spell_comes_before_its_time(spell: Spell) -> None:
    assert not spell.covers(spell.first - 1)
    assert spell.covers(spell.first)
