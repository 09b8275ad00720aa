"""Errors that an application raises by its own rules, and errors of its surroundings."""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.corpus.fingerprints.model import (
    CURRENT,
    FEBRUARY,
    JANUARY,
    App,
    Group,
    Make,
    caught,
    module,
    retried,
    run,
    tasked,
    threaded,
)

RULES = App(
    "orders.rules",
    "orders/rules.py",
    """\
import math
import time


class PaymentRefused(Exception):
    pass


class InsufficientFunds(PaymentRefused):
    pass


class LimitReached(PaymentRefused):
    pass


class Conflict(Exception):
    def __init__(self, message, *, code, resource):
        super().__init__(message)
        self.code = code
        self.resource = resource


def ship(order):
    if not order.get("shipping"):
        raise ValueError(f"order {order['id']} has no shipping address")
    if not order.get("billing"):
        raise ValueError(f"order {order['id']} has no billing address")


def withdraw(account, amount):
    if account["balance"] < amount:
        raise InsufficientFunds(f"payment of {amount:.2f} EUR refused")
    if account["limit"] < amount:
        raise LimitReached(f"payment of {amount:.2f} EUR refused")


def take_seat(user, seat):
    raise RuntimeError(f"user={user} already holds seat {seat}")


def reserve(quantity, sku):
    assert quantity > 0, f"quantity must be positive, got {quantity}"
    assert sku, f"sku must be given for a quantity of {quantity}"


def renew(lease):
    raise RuntimeError(f"lease {lease['id']} expired at {lease['at']}, {lease['ms']} ms ago")


def login(user, address):
    raise PermissionError(f"login of {user} from {address} blocked")


def verify(path, found, wanted):
    raise ValueError(f"checksum {found:#010x} of {path} does not match {wanted:#010x}")


def growth(exponent, base=None):
    return math.exp(exponent) if base is None else float(base ** exponent)


def read_settings(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def allocate(cells):
    return bytearray(cells)


def rename(user, name):
    raise Conflict(f"name {name!r} is taken", code="name_taken", resource=user)


def settings(import_now):
    from storefront_settings import CURRENCY
    from storefront_settings import TAX_TABLE

    return CURRENCY, TAX_TABLE


def report(statistics, robust):
    if robust:
        return statistics.winsorised_mean([1, 2])
    return statistics.fmean([1, 2]), statistics.trimmed_mean([1, 2])
""",
)
R1, R2, R3 = RULES.releases()
MISSING = itertools.count()


def in_folder(app: Any, kind: str, via: Callable[..., Make] = run) -> Make:
    """A path that is missing, a folder, or below a file."""

    def make() -> BaseException:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "settings.toml").touch()
            path = {
                "missing": Path(folder, f"settings-{next(MISSING)}.toml"),
                "folder": Path(folder),
                "below": Path(folder, "settings.toml", "shop"),
            }[kind]
            return via(app.read_settings, str(path))()

    return make


def with_settings(app: Any, root: str, source: str) -> Make:
    def make() -> BaseException:
        sys.modules["storefront_settings"] = module("storefront_settings", source, f"{root}/storefront_settings.py")
        try:
            return caught(app.settings, True)
        finally:
            del sys.modules["storefront_settings"]

    return make


STATISTICS = App("statistics_kit", "statistics_kit.py", "def fmean(values):\n    return sum(values) / len(values)\n")
K1, K2, K3 = STATISTICS.releases()

GROUPS: tuple[Group, ...] = (
    Group(
        "shipping_address_missing",
        (
            run(R1.ship, {"id": 17}),
            threaded(R2.ship, {"id": "2026-01-03/88", "billing": "x"}),
            retried(R3.ship, {"id": "6f1e2d3c-0b1a-4c5d-8e9f-a0b1c2d3e4f5"}),
        ),
        ("billing_address_missing",),
        "The shipping address is missing.",
    ),
    Group(
        "billing_address_missing",
        (
            run(R1.ship, {"id": 17, "shipping": "x"}),
            run(R2.ship, {"id": 90001, "shipping": "y"}),
            tasked(R3.ship, {"id": "A-4", "shipping": "z"}),
        ),
        ("shipping_address_missing",),
        "The same function tells of another address in another wording.",
    ),
    Group(
        "funds_insufficient",
        (
            run(R1.withdraw, {"balance": 3}, 10),
            run(R2.withdraw, {"balance": 0, "limit": 5}, 12345.678),
            threaded(R3.withdraw, {"balance": -4}, 1),
        ),
        ("withdrawal_limit_reached",),
        "The balance is too low; the amount is data.",
    ),
    Group(
        "withdrawal_limit_reached",
        (
            run(R1.withdraw, {"balance": 30, "limit": 5}, 10),
            retried(R2.withdraw, {"balance": 1e6, "limit": 0}, 2500),
            run(R3.withdraw, {"balance": 9, "limit": 1}, 9),
        ),
        ("funds_insufficient",),
        "The same message in another class.",
    ),
    Group(
        "seat_taken",
        (run(R1.take_seat, "alice", "12A"), run(R2.take_seat, "b.meyer", "7"), threaded(R3.take_seat, "u-4471", "C31")),
        (),
        "User and seat are data.",
    ),
    Group(
        "quantity_not_positive",
        (run(R1.reserve, 0, "A"), run(R2.reserve, -12, "B"), tasked(R3.reserve, -0.5, "C")),
        ("sku_not_given",),
        "One assertion of the function.",
    ),
    Group(
        "sku_not_given",
        (run(R1.reserve, 1, ""), run(R2.reserve, 99, None), threaded(R3.reserve, 7, "")),
        ("quantity_not_positive",),
        "Another assertion of the function.",
    ),
    Group(
        "lease_expired",
        (
            run(R1.renew, {"id": "0x7f3a", "at": "2026-01-03T10:11:12Z", "ms": 12}),
            run(R2.renew, {"id": "0xc0ffee", "at": "2026-02-28T23:59:59.123456+00:00", "ms": 90111}),
            threaded(R3.renew, {"id": "0x1", "at": "2025-12-31T00:00:00Z", "ms": 0.25}),
        ),
        (),
        "The moment of expiry and the delay are data.",
    ),
    Group(
        "login_blocked",
        (
            run(R1.login, "ada@example.com", "10.0.0.7:52311"),
            run(R2.login, "bob.meyer+shop@example.co.uk", "203.0.113.9:443"),
            retried(R3.login, "x_77@example.org", "[2001:db8::17]:50022"),
        ),
        (),
        "Mail address, network address and port are data.",
    ),
    Group(
        "checksum_mismatch",
        (
            run(R1.verify, "/tmp/tmpab12/x.csv", 0xDEADBEEF, 0x1F),
            run(R2.verify, "/var/spool/in/2026-01-03/part-7.parquet", 1, 2),
            threaded(R3.verify, "/mnt/vol-3/a.bin", 0xCAFE, 0xBABE),
        ),
        (),
        "Both checksums and the path are data.",
    ),
    Group(
        "growth_out_of_range",
        (run(R1.growth, 1000), run(R2.growth, 99999), threaded(R3.growth, 710.5)),
        ("growth_too_large_for_float",),
        "The exponential is out of range.",
    ),
    Group(
        "growth_too_large_for_float",
        (run(R1.growth, 400, 10), run(R2.growth, 2000, 2), retried(R3.growth, 999, 77)),
        ("growth_out_of_range",),
        "An integer is too large for a float: another wording of the same class.",
    ),
    Group(
        "settings_file_missing",
        (in_folder(R1, "missing"), in_folder(R2, "missing", threaded), in_folder(R3, "missing")),
        ("settings_file_is_folder", "settings_file_below_file"),
        "The file does not exist, whatever its path.",
    ),
    Group(
        "settings_file_is_folder",
        (in_folder(R1, "folder"), in_folder(R2, "folder"), in_folder(R3, "folder", tasked)),
        ("settings_file_missing",),
        "The path is that of a folder.",
    ),
    Group(
        "settings_file_below_file",
        (in_folder(R1, "below"), in_folder(R2, "below", retried), in_folder(R3, "below")),
        ("settings_file_missing",),
        "A part of the path is no folder.",
    ),
    Group(
        "memory_exhausted",
        (run(R1.allocate, 1 << 60), threaded(R2.allocate, 1 << 61), run(R3.allocate, (1 << 60) + 4096)),
        (),
        "More memory is asked for than there can be.",
    ),
    Group(
        "name_taken",
        (run(R1.rename, 17, "ada"), run(R2.rename, "u-9", "O'Neill"), tasked(R3.rename, None, "x@example.com")),
        (),
        "The quoted name is data, as are the attributes of the error.",
    ),
    Group(
        "setting_currency_not_defined",
        (
            with_settings(R1, JANUARY, "DEBUG = 1\n"),
            with_settings(R2, FEBRUARY, "TAX_TABLE = {}\n"),
            with_settings(R3, CURRENT, ""),
        ),
        ("setting_tax_table_not_defined",),
        "The module lacks one name; the path of its file is data.",
    ),
    Group(
        "setting_tax_table_not_defined",
        (
            with_settings(R1, JANUARY, "CURRENCY = 'EUR'\n"),
            with_settings(R2, FEBRUARY, "CURRENCY = 'CHF'\nDEBUG = 1\n"),
            with_settings(R3, CURRENT, "CURRENCY = None\n"),
        ),
        ("setting_currency_not_defined",),
        "The module lacks another name.",
    ),
    Group(
        "trimmed_mean_not_defined",
        (run(R1.report, K1, False), run(R2.report, K2, False), threaded(R3.report, K3, False)),
        ("winsorised_mean_not_defined",),
        "The module has no such attribute.",
    ),
    Group(
        "winsorised_mean_not_defined",
        (run(R1.report, K1, True), tasked(R2.report, K2, True), run(R3.report, K3, True)),
        ("trimmed_mean_not_defined",),
        "Another attribute of the module is missing in the same function.",
    ),
)
