"""Errors that the language itself raises on unexpected data."""

from __future__ import annotations

from tests.corpus.fingerprints.model import App, Group, retried, run, tasked, threaded

QUOTES = App(
    "shop.quotes",
    "shop/quotes.py",
    """\
def quote(order, rates):
    zone = rates[order["zone"]]
    first = order["lines"][0]
    return zone * first["qty"]


def invoice(order, rates):
    return rates[order["zone"]] * order["weight"]


def describe(order):
    return f"{order.customer.name} / {order.number}"


def add_tax(price, rate):
    return price + rate


def mean_basket(totals):
    return sum(totals) // len(totals)


def conversion(orders, visits):
    return orders * 100 // visits
""",
)

PARSING = App(
    "intake.parsing",
    "intake/parsing.py",
    """\
from enum import Enum


class Tier(Enum):
    BASIC = "basic"
    PLUS = "plus"


class Channel(Enum):
    WEB = "web"
    STORE = "store"


def numbers(row):
    return int(row["count"]), float(row["amount"])


def coordinates(text):
    lat, lon, height = text.split(",")
    return lat, lon, height


def customer(row):
    return Tier(row["tier"]), Channel(row["channel"])


def currency(payload):
    return payload.get("currency", "EUR")


def first_tag(payload):
    tags = payload["tags"]
    head = tags[0]
    return [letter for letter in head], len(tags)


def decode(raw):
    return raw.decode("utf-8")


def bounds(readings):
    low = min(readings["low"])
    return low, max(readings["high"])
""",
)


class Record:
    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)


Q1, Q2, Q3 = QUOTES.releases()
P1, P2, P3 = PARSING.releases()
RATES = {"eu": 3}

GROUPS: tuple[Group, ...] = (
    Group(
        "quote_missing_key",
        (
            run(Q1.quote, {"zone": "zone-77", "lines": []}, RATES),
            threaded(Q2.quote, {"zone": "mars", "lines": []}, RATES),
            retried(Q3.quote, {"zone": 4012, "lines": []}, RATES),
        ),
        ("quote_no_lines", "invoice_missing_key"),
        "A lookup in quote() misses; which key it was is data.",
    ),
    Group(
        "quote_no_lines",
        (
            run(Q1.quote, {"zone": "eu", "lines": []}, RATES),
            tasked(Q2.quote, {"zone": "us", "lines": []}, {"us": 8}),
            run(Q3.quote, {"zone": 9, "lines": []}, {9: 1}),
        ),
        ("quote_missing_key",),
        "The order has no line: an IndexError, not a missing key, in the same function.",
    ),
    Group(
        "invoice_missing_key",
        (
            run(Q1.invoice, {"zone": "zone-77"}, RATES),
            run(Q2.invoice, {"zone": "mars"}, RATES),
            threaded(Q3.invoice, {"zone": "b7e1"}, RATES),
        ),
        ("quote_missing_key",),
        "The same kind of lookup misses in another function.",
    ),
    Group(
        "order_without_customer",
        (
            run(Q1.describe, Record(customer=None, number=17)),
            run(Q2.describe, Record(customer=None, number=98112)),
            retried(Q3.describe, Record(customer=None, number="B-4")),
        ),
        ("order_is_none",),
        "The customer is None, so the missing attribute is name.",
    ),
    Group(
        "order_is_none",
        (run(Q1.describe, None), threaded(Q2.describe, None), tasked(Q3.describe, None)),
        ("order_without_customer",),
        "The order itself is None: another attribute is missing on None.",
    ),
    Group(
        "tax_on_missing_rate",
        (run(Q1.add_tax, 100, None), run(Q2.add_tax, 7, None), threaded(Q3.add_tax, 123456, None)),
        ("tax_on_text_price",),
        "An int is added to None because the rate is missing.",
    ),
    Group(
        "tax_on_text_price",
        (run(Q1.add_tax, "100", 19), run(Q2.add_tax, "7.50", 7), retried(Q3.add_tax, "n/a", 21)),
        ("tax_on_missing_rate",),
        "The price arrives as text: the wording and the cause differ from a missing rate.",
    ),
    Group(
        "mean_of_no_baskets",
        (run(Q1.mean_basket, []), run(Q2.mean_basket, ()), tasked(Q3.mean_basket, {})),
        ("conversion_without_visits",),
        "The mean of nothing divides by zero in mean_basket().",
    ),
    Group(
        "conversion_without_visits",
        (run(Q1.conversion, 5, 0), run(Q2.conversion, 0, 0), threaded(Q3.conversion, 812, 0)),
        ("mean_of_no_baskets",),
        "The same message from another function of the module.",
    ),
    Group(
        "count_not_an_integer",
        (
            run(P1.numbers, {"count": "seven", "amount": "1"}),
            run(P2.numbers, {"count": "12.5", "amount": "1"}),
            threaded(P3.numbers, {"count": "", "amount": "1"}),
            run(P3.numbers, {"count": "0x1f", "amount": "x"}),
        ),
        ("amount_not_a_number",),
        "The count is no integer, whatever text it is.",
    ),
    Group(
        "amount_not_a_number",
        (
            run(P1.numbers, {"count": "7", "amount": "12,50"}),
            run(P2.numbers, {"count": "1", "amount": "EUR 4"}),
            retried(P3.numbers, {"count": "3", "amount": "--"}),
        ),
        ("count_not_an_integer",),
        "The other conversion of the same function fails, with another wording.",
    ),
    Group(
        "coordinates_too_few",
        (run(P1.coordinates, "52.1,13.4"), run(P2.coordinates, "52.1"), threaded(P3.coordinates, "")),
        ("coordinates_too_many",),
        "Too few fields to unpack; how many there were is a count.",
    ),
    Group(
        "coordinates_too_many",
        (run(P1.coordinates, "1,2,3,4"), run(P2.coordinates, "52,1,13,4,30"), tasked(P3.coordinates, ",,,,,")),
        ("coordinates_too_few",),
        "Too many fields is the opposite fault of the input.",
    ),
    Group(
        "unknown_tier",
        (
            run(P1.customer, {"tier": "gold", "channel": "web"}),
            run(P2.customer, {"tier": "platinum-2026", "channel": "web"}),
            threaded(P3.customer, {"tier": 12, "channel": "store"}),
        ),
        ("unknown_channel",),
        "The value is data, the enumeration that rejects it is the problem.",
    ),
    Group(
        "unknown_channel",
        (
            run(P1.customer, {"tier": "basic", "channel": "gold"}),
            run(P2.customer, {"tier": "plus", "channel": "fax"}),
            run(P3.customer, {"tier": "plus", "channel": 3}),
        ),
        ("unknown_tier",),
        "Another enumeration rejects its value in the same function.",
    ),
    Group(
        "payload_is_none",
        (run(P1.currency, None), threaded(P2.currency, None), retried(P3.currency, None)),
        ("payload_is_list",),
        "The payload is missing altogether.",
    ),
    Group(
        "payload_is_list",
        (run(P1.currency, [{"currency": "EUR"}]), run(P2.currency, []), tasked(P3.currency, [1, 2, 3])),
        ("payload_is_none",),
        "The payload has another shape: a list, on which get does not exist.",
    ),
    Group(
        "tags_not_subscriptable",
        (
            run(P1.first_tag, {"tags": None}),
            run(P2.first_tag, {"tags": None, "id": 9}),
            threaded(P3.first_tag, {"tags": None}),
        ),
        ("tag_not_iterable",),
        "The tags are None and get indexed.",
    ),
    Group(
        "tag_not_iterable",
        (
            run(P1.first_tag, {"tags": [None]}),
            run(P2.first_tag, {"tags": [None, "new"]}),
            tasked(P3.first_tag, {"tags": (None,)}),
        ),
        ("tags_not_subscriptable",),
        "A single tag is None and gets iterated over: another operation on None.",
    ),
    Group(
        "bad_start_byte",
        (run(P1.decode, b"\xffabc"), run(P2.decode, b"caf\x80 noir"), threaded(P3.decode, b"0123456789\xfe")),
        ("text_cut_off",),
        "The bytes are no UTF-8; byte and position are data.",
    ),
    Group(
        "text_cut_off",
        (run(P1.decode, b"caf\xc3"), run(P2.decode, b"\xc3"), retried(P3.decode, b"na\xc3\xafvet\xc3")),
        ("bad_start_byte",),
        "Valid UTF-8 that was cut off inside a character has another reason.",
    ),
    Group(
        "no_low_reading",
        (
            run(P1.bounds, {"low": [], "high": [1]}),
            run(P2.bounds, {"low": (), "high": []}),
            threaded(P3.bounds, {"low": ""}),
        ),
        ("no_high_reading",),
        "min() of nothing.",
    ),
    Group(
        "no_high_reading",
        (
            run(P1.bounds, {"low": [1], "high": []}),
            run(P2.bounds, {"low": [4, 2], "high": ()}),
            run(P3.bounds, {"low": "a", "high": ""}),
        ),
        ("no_low_reading",),
        "max() of nothing in the same function is another empty series.",
    ),
)
