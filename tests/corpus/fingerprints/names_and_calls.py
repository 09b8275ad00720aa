"""Errors in how functions, names and modules are used."""

from __future__ import annotations

from tests.corpus.fingerprints.model import App, Group, retried, run, tasked, threaded

HANDLERS = App(
    "pay.handlers",
    "pay/handlers.py",
    """\
def charge(account, amount):
    return account, amount


def refund(account, reason):
    return account, reason


HANDLERS = {"charge": charge, "refund": refund}


def dispatch(event, *args, **options):
    return HANDLERS[event](*args, **options)
""",
)

LOADER = App(
    "etl.loader",
    "etl/loader.py",
    """\
import importlib


def load_codec(name):
    return importlib.import_module(name)


def settle(amounts, fast):
    if fast:
        return [quantise(a) for a in amounts]
    return round_half_even(amounts)


def discounted(price, member, voucher):
    if member:
        rate = 10
    if voucher:
        bonus = 5
    return price - rate - bonus
""",
)

H1, H2, H3 = HANDLERS.releases()
L1, L2, L3 = LOADER.releases()

GROUPS: tuple[Group, ...] = (
    Group(
        "charge_without_amount",
        (run(H1.dispatch, "charge", "acc-1"), run(H2.dispatch, "charge", 7781), threaded(H3.dispatch, "charge", None)),
        ("refund_without_reason", "charge_without_arguments", "charge_unexpected_option"),
        "charge() is called without its amount.",
    ),
    Group(
        "refund_without_reason",
        (run(H1.dispatch, "refund", "acc-1"), run(H2.dispatch, "refund", 7781), retried(H3.dispatch, "refund", "x")),
        ("charge_without_amount",),
        "Another function lacks another argument, from the same calling function.",
    ),
    Group(
        "charge_without_arguments",
        (run(H1.dispatch, "charge"), tasked(H2.dispatch, "charge"), run(H3.dispatch, "charge")),
        ("charge_without_amount",),
        "Both arguments are missing: the caller passed nothing at all.",
    ),
    Group(
        "charge_unexpected_option",
        (
            run(H1.dispatch, "charge", "acc-1", 5, idempotency=True),
            run(H2.dispatch, "charge", "acc-9", 6, idempotency="k-1"),
            run(H3.dispatch, "charge", 1, 2, idempotency=None),
        ),
        ("charge_without_amount",),
        "An option that charge() does not know, rather than a missing argument.",
    ),
    Group(
        "codec_not_installed",
        (run(L1.load_codec, "lz77_codec"), threaded(L2.load_codec, "lz77_codec"), retried(L3.load_codec, "lz77_codec")),
        ("other_codec_not_installed",),
        "One module is not installed.",
    ),
    Group(
        "other_codec_not_installed",
        (run(L1.load_codec, "rice_codec"), tasked(L2.load_codec, "rice_codec"), run(L3.load_codec, "rice_codec")),
        ("codec_not_installed",),
        "Another missing module needs another fix.",
    ),
    Group(
        "undefined_round_half_even",
        (run(L1.settle, [1.5], False), run(L2.settle, [], False), threaded(L3.settle, [2.5, 3], False)),
        ("undefined_quantise",),
        "One name is not defined.",
    ),
    Group(
        "undefined_quantise",
        (run(L1.settle, [1.5], True), run(L2.settle, [2, 3], True), tasked(L3.settle, [9], True)),
        ("undefined_round_half_even",),
        "Another name is not defined.",
    ),
    Group(
        "unbound_rate",
        (
            run(L1.discounted, 100, False, True),
            run(L2.discounted, 9, False, False),
            threaded(L3.discounted, 5, False, True),
        ),
        ("unbound_bonus",),
        "The rate is only set for members.",
    ),
    Group(
        "unbound_bonus",
        (
            run(L1.discounted, 100, True, False),
            run(L2.discounted, 12, True, False),
            retried(L3.discounted, 3, True, False),
        ),
        ("unbound_rate",),
        "The bonus is only set with a voucher: another local variable.",
    ),
)
