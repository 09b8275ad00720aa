"""All of the world, and the thread that brings its troubles."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from examples.shop.world import mischief, suppliers
from examples.shop.world.ledger import Ledger
from examples.shop.world.mail import serve_mail
from examples.shop.world.spells import Schedule, Trouble
from examples.shop.world.web import serve_json

NO_SUCH_MAILBOX = "nobody@"
ROUND = 0.2
"""Seconds between two looks at the schedule."""


class World:
    """Runs from construction to `close`; `directory` holds the shop's files and the world's ledgers."""

    def __init__(self, directory: Path, schedule: Schedule) -> None:
        self._schedule = schedule
        self._database = directory / "shop.db"
        self._pages = directory / "pages"
        self._pages.mkdir(exist_ok=True)
        self._mail_ledger = Ledger(directory / "mail.jsonl")
        self._open_servers(Ledger(directory / "charges.jsonl"))
        self._closing = threading.Event()
        self._struck: set[Trouble] = set()
        self._fate = threading.Thread(target=self._bring_trouble, name="world", daemon=True)
        self._fate.start()

    def _open_servers(self, charges: Ledger) -> None:
        self._prices = serve_json(suppliers.prices)
        self._warehouse = serve_json(suppliers.warehouse)
        self._mail = serve_mail(self._refusal, self._delivered)
        self._steady = {
            "SHOP_PRICES_MIRROR_URL": serve_json(suppliers.prices),
            "SHOP_CATALOGUE_URL": serve_json(suppliers.Catalogue(self._schedule)),
            "SHOP_RATES_URL": serve_json(suppliers.Rates(self._schedule)),
            "SHOP_VISITS_URL": serve_json(suppliers.Visits(self._schedule)),
            "SHOP_PAYMENTS_URL": serve_json(suppliers.Payments(self._schedule, charges)),
        }

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables from which the shop learns where everything is."""
        return {
            "SHOP_DATABASE": str(self._database),
            "SHOP_PAGES": str(self._pages),
            "SHOP_MAIL_ADDRESS": self._mail.address,
            "SHOP_PRICES_URL": f"http://{self._prices.address}",
            "SHOP_WAREHOUSE_URL": f"http://{self._warehouse.address}",
            **{name: f"http://{server.address}" for name, server in self._steady.items()},
        }

    def close(self) -> None:
        self._closing.set()
        self._fate.join()
        for server in (self._prices, self._warehouse, self._mail, *self._steady.values()):
            server.down()

    def _bring_trouble(self) -> None:
        while not self._closing.wait(ROUND):
            self._strike()
            self._set_servers()
            if self._schedule.reigns(Trouble.ORDERS_LOCKED):
                with suppress(sqlite3.OperationalError):  # the shop itself may hold the lock
                    mischief.lock_for_a_moment(self._database, seconds=0.4)

    def _strike(self) -> None:
        """What happens once per spell, at its beginning."""
        for trouble, act in (
            (Trouble.WAREHOUSE_RESTARTING, self._warehouse.down),
            (Trouble.PAGES_DAMAGED, self._damage_a_page),
        ):
            if not self._schedule.reigns(trouble):
                self._struck.discard(trouble)
            elif trouble not in self._struck:
                self._struck.add(trouble)
                act()

    def _set_servers(self) -> None:
        down = {
            self._prices: self._schedule.reigns(Trouble.PRICES_DOWN),
            self._mail: self._schedule.reigns(Trouble.MAIL_DOWN),
            self._warehouse: False,
        }
        for server, is_down in down.items():
            if is_down:
                server.down()
            else:
                with suppress(OSError):  # the system may have given the port away: the next round tries again
                    server.up()

    def _damage_a_page(self) -> None:
        with suppress(FileNotFoundError):  # the shop may be emptying its cache
            mischief.damage_a_page(self._pages)

    def _refusal(self, recipient: str) -> str | None:
        if recipient.startswith(NO_SUCH_MAILBOX):
            return "550 5.1.1 No such mailbox"
        if self._schedule.reigns(Trouble.MAIL_GREYLISTING):
            return "451 4.7.1 Greylisted, try again later"
        return None

    def _delivered(self, recipient: str, message: str) -> None:
        self._mail_ledger.record(to=recipient, size=len(message))
