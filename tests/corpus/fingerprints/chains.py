"""Errors with causes and contexts, wrapped, raised again, and annotated."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

from tests.corpus.fingerprints.model import (
    SYSTEM,
    App,
    Group,
    Make,
    asked_twice,
    closed_port,
    failing,
    retried,
    retried_while_handling,
    run,
    tasked,
    threaded,
)

CHECKOUT = App(
    "shop.checkout",
    "shop/checkout.py",
    """\
import socket


class CheckoutError(Exception):
    pass


class ReservationError(Exception):
    pass


class StorageFailure(Exception):
    pass


class UnknownVoucher(Exception):
    pass


class UpstreamError(Exception):
    pass


def by_card(order):
    return order["card"]["number"]


def by_bank(order):
    raise TimeoutError(f"no answer from the bank within {order['id'] % 9} s")


def by_wallet(order):
    with socket.create_connection(("127.0.0.1", order["port"])):
        pass


def by_partner(order):
    raise UpstreamError(f"POST /v2/pay/{order['id']} gave HTTP {order['status']}")


def place(order, pay, wrapper=CheckoutError):
    try:
        return pay(order)
    except Exception as cause:
        raise wrapper(f"order {order['id']} was not placed") from cause


def save(volume, record):
    try:
        return volume.send(record)
    except OSError:
        raise StorageFailure(f"record {record} could not be saved")


def archive(volume, records):
    for record in records:
        try:
            save(volume, record)
        except StorageFailure as failure:
            raise CheckoutError(f"archive stopped after {len(records)} records") from failure


VOUCHERS = {"SPRING": 5}


def redeem(code):
    try:
        return VOUCHERS[code]
    except KeyError:
        raise UnknownVoucher(f"there is no voucher {code!r}") from None


def head(message):
    return message["header"]["id"]


def body(message):
    return message["body"]["items"]


def read(message, part):
    try:
        return part(message)
    except KeyError as cause:
        raise ValueError("malformed message") from cause


def import_rows(rows, source):
    for number, row in enumerate(rows, 1):
        try:
            int(row)
        except ValueError as error:
            error.add_note(f"in row {number} of {source}")
            if number > 2:
                error.add_note("the rows before it were imported")
            raise


def check(cart):
    if cart["total"] < 0:
        raise ValueError(f"cart {cart['id']} has the total {cart['total']}")


def weigh(cart):
    if cart["grams"] < 0:
        raise ValueError(f"cart {cart['id']} weighs {cart['grams']} g")


def guarded(cart):
    try:
        weigh(cart)
    except ValueError as error:
        cart["faults"] = 1
        raise error
""",
)

PATIENCE = App(
    "shop.patience",
    "shop/patience.py",
    """\
def with_patience(call, *arguments, attempts=3):
    for attempt in range(attempts):
        try:
            return call(*arguments)
        except Exception:
            if attempt + 1 == attempts:
                raise
""",
)
C1, C2, C3 = CHECKOUT.releases()
W1, W2, W3 = PATIENCE.releases()


def broken(code: int, hops: int = 1, root: str = SYSTEM) -> Any:
    return failing(lambda: OSError(code, os.strerror(code), f"/mnt/vol-{hops}/tmp{hops * 77:x}.part"), hops, root)


def paid(status: int) -> tuple[Make, ...]:
    return (
        run(C1.place, {"id": 17, "status": status}, C1.by_partner),
        threaded(C2.place, {"id": 99812, "status": status}, C2.by_partner),
        retried_while_handling(C3.place, {"id": "b-7", "status": status}, C3.by_partner),
    )


def saved(code: int) -> tuple[Make, ...]:
    return (
        run(C1.save, broken(code), 17),
        threaded(C2.save, broken(code, 3), 4471),
        retried(C3.save, broken(code, 2), "6f1e2d3c-0b1a-4c5d-8e9f-a0b1c2d3e4f5"),
    )


def archived(code: int) -> tuple[Make, ...]:
    return (
        run(C1.archive, broken(code), [1, 2, 3]),
        run(C2.archive, broken(code, 4), [901]),
        tasked(C3.archive, broken(code, 2), list(range(40))),
    )


def by_bank(app: Any, wrapper: str, number: int, via: Callable[..., Make]) -> Make:
    return via(app.place, {"id": number}, app.by_bank, getattr(app, wrapper))


GROUPS: tuple[Group, ...] = (
    Group(
        "checkout_card_incomplete",
        (
            run(C1.place, {"id": 17, "card": {}}, C1.by_card),
            threaded(C2.place, {"id": 99812, "card": {"owner": "x"}}, C2.by_card),
            retried(C3.place, {"id": 4, "card": {}}, C3.by_card),
        ),
        ("checkout_bank_silent", "checkout_wallet_refused"),
        "The order was not placed because the card lacks its number.",
    ),
    Group(
        "checkout_bank_silent",
        (
            by_bank(C1, "CheckoutError", 17, run),
            by_bank(C2, "CheckoutError", 5501, tasked),
            by_bank(C3, "CheckoutError", 98, retried),
        ),
        ("checkout_card_incomplete", "reservation_bank_silent"),
        "The same wrapper around a time limit.",
    ),
    Group(
        "reservation_bank_silent",
        (
            by_bank(C1, "ReservationError", 17, run),
            by_bank(C2, "ReservationError", 1207, threaded),
            by_bank(C3, "ReservationError", 3, retried),
        ),
        ("checkout_bank_silent",),
        "Another wrapper around the same root.",
    ),
    Group(
        "checkout_wallet_refused",
        (
            run(C1.place, {"id": 17, "port": closed_port()}, C1.by_wallet),
            threaded(C2.place, {"id": 8, "port": closed_port()}, C2.by_wallet),
            run(C3.place, {"id": 7712, "port": closed_port()}, C3.by_wallet),
        ),
        ("checkout_card_incomplete",),
        "The same wrapper around a refused connection.",
    ),
    Group("checkout_partner_429", paid(429), ("checkout_partner_503",), "The cause tells of HTTP 429."),
    Group("checkout_partner_503", paid(503), ("checkout_partner_429",), "The cause tells of HTTP 503."),
    Group("record_volume_full", saved(errno.ENOSPC), ("record_volume_failing",), "Raised while no space was left."),
    Group(
        "record_volume_failing",
        saved(errno.EIO),
        ("record_volume_full",),
        "Raised while the device failed: the context has another number.",
    ),
    Group(
        "archive_volume_full",
        archived(errno.ENOSPC),
        ("archive_volume_read_only",),
        "The root two wrappers below is a full volume.",
    ),
    Group(
        "archive_volume_read_only",
        archived(errno.EROFS),
        ("archive_volume_full",),
        "The root two wrappers below is a read-only volume.",
    ),
    Group(
        "voucher_unknown",
        (
            run(C1.redeem, "WINTER"),
            threaded(C2.redeem, "x-77-2026"),
            retried(C3.redeem, 4711),
            run(C2.redeem, "ada@example.com"),
        ),
        (),
        "The missed lookup is hidden on purpose; the code is data.",
    ),
    Group(
        "message_header_malformed",
        (
            run(C1.read, {"header": {}}, C1.head),
            run(C2.read, {"header": {"to": 1}, "body": {}}, C2.head),
            threaded(C3.read, {"header": {}, "body": {"items": []}}, C3.head),
        ),
        ("message_body_malformed",),
        "The root cause lies in the function that reads the header.",
    ),
    Group(
        "message_body_malformed",
        (
            run(C1.read, {"body": {}}, C1.body),
            run(C2.read, {"header": {}, "body": {"x": 1}}, C2.body),
            retried(C3.read, {"body": {"n": []}}, C3.body),
        ),
        ("message_header_malformed",),
        "The same wrapper and kind of root, but from the function that reads the body.",
    ),
    Group(
        "row_not_a_number",
        (
            run(C1.import_rows, ["1", "x"], "/tmp/tmpk2j1/in.csv"),
            run(C2.import_rows, ["seven"], "orders-2026-01-03.csv"),
            threaded(C3.import_rows, ["1", "2", "3", "4a"], "b.csv"),
            run(C3.import_rows, ["1", "2", ""], "ftp://files-3.example.com/c.csv"),
        ),
        (),
        "The notes tell where it happened, which makes no other problem of it.",
    ),
    Group(
        "cart_total_negative",
        (
            run(C1.check, {"id": 17, "total": -1}),
            threaded(C2.check, {"id": 90210, "total": -12.5}),
            retried(C3.check, {"id": 4, "total": -7}),
            asked_twice(C3.check, {"id": 5, "total": -3}),
            run(W1.with_patience, C1.check, {"id": 88, "total": -20}),
            retried_while_handling(C2.check, {"id": "c-9", "total": -1e9}),
        ),
        (),
        "Called once, in a thread, or again and again: the same check fails.",
    ),
    Group(
        "reraised_cart_weight_negative",
        (
            run(C1.guarded, {"id": 17, "grams": -1}),
            tasked(C2.guarded, {"id": 3, "grams": -2.25}),
            run(W2.with_patience, C2.guarded, {"id": 88, "grams": -20}),
            asked_twice(C3.guarded, {"id": 5, "grams": -3}),
        ),
        (),
        "Caught and raised again, whichever way it was called.",
    ),
)
