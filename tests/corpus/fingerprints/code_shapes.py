"""One mechanism in differently shaped code: methods, decorators, comprehensions, generators, recursion."""

from __future__ import annotations

from tests.corpus.fingerprints.model import App, Group, retried, run, tasked, threaded

EXPORTS = App(
    "reports.exports",
    "reports/exports.py",
    """\
class CsvExporter:
    def write(self, row):
        return row["sku"], row["price"]

    @property
    def target(self):
        return self.folder + "/out.csv"


class XmlExporter:
    def write(self, row):
        return row["sku"], row["price"]

    @property
    def target(self):
        return self.folder + "/out.xml"


def csv_target():
    return CsvExporter().target


def xml_target():
    return XmlExporter().target


def names(people):
    return [person["name"].title() for person in people]


def badges(people):
    return {f"{person['name'].title()}!" for person in people}


def by_due(bills):
    return sorted(bills, key=lambda bill: bill["due"])


def by_rank(bills):
    return sorted(bills, key=lambda bill: bill["due"])


def positive(limit):
    def check(value):
        if value <= 0:
            raise ValueError(f"{value} is out of range")
        return value

    return check


def bounded(limit):
    def check(value):
        if value > limit:
            raise ValueError(f"{value} is out of range")
        return value

    return check


def apply(check, values):
    return list(map(check, values))
""",
)

CARTS = App(
    "web.carts",
    "web/carts.py",
    """\
import functools


def traced(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@traced
def load_cart(store, key):
    if key not in store:
        raise LookupError(f"nothing stored under {key!r}")
    return store[key]


@traced
def load_wishlist(store, key):
    if key not in store:
        raise LookupError(f"nothing stored under {key!r}")
    return store[key]


@functools.lru_cache
def exchange_rate(pair):
    base, quoted = pair.split("/")
    return base, quoted


def rate_of(pair):
    return exchange_rate(pair)
""",
)

JOB = """\
def run(batch):
    if not batch["ready"]:
        raise RuntimeError(f"batch {batch['id']} is not ready")
"""
BILLING_JOBS = App("billing.jobs", "billing/jobs.py", JOB)
CATALOG_JOBS = App("catalog.jobs", "catalog/jobs.py", JOB)


E1, E2, E3 = EXPORTS.releases()
C1, C2, C3 = CARTS.releases()
BJ1, BJ2, BJ3 = BILLING_JOBS.releases()
CJ1, CJ2, CJ3 = CATALOG_JOBS.releases()
GROUPS: tuple[Group, ...] = (
    Group(
        "csv_row_without_price",
        (
            run(E1.CsvExporter().write, {"sku": "A-1"}),
            threaded(E2.CsvExporter().write, {"sku": 5}),
            run(E3.CsvExporter().write, {"sku": None, "stock": 4}),
        ),
        ("xml_row_without_price",),
        "CsvExporter.write misses a field of its row.",
    ),
    Group(
        "xml_row_without_price",
        (
            run(E1.XmlExporter().write, {"sku": "A-1"}),
            tasked(E2.XmlExporter().write, {"sku": 5}),
            run(E3.XmlExporter().write, {"sku": "", "stock": 4}),
        ),
        ("csv_row_without_price",),
        "The method of the same name belongs to another class.",
    ),
    Group(
        "csv_exporter_without_folder",
        (run(E1.csv_target), run(E2.csv_target), threaded(E3.csv_target)),
        ("xml_exporter_without_folder",),
        "The property of one class reads an attribute that was never set.",
    ),
    Group(
        "xml_exporter_without_folder",
        (run(E1.xml_target), retried(E2.xml_target), run(E3.xml_target)),
        ("csv_exporter_without_folder",),
        "The property of another class, on an object of another type.",
    ),
    Group(
        "name_is_none_in_names",
        (
            run(E1.names, [{"name": None}]),
            run(E2.names, [{"name": "ada"}, {"name": None}]),
            threaded(E3.names, [{"name": None, "id": 7}]),
        ),
        ("name_is_none_in_badges",),
        "A name is None in the comprehension of names().",
    ),
    Group(
        "name_is_none_in_badges",
        (
            run(E1.badges, [{"name": None}]),
            run(E2.badges, ({"name": None},)),
            tasked(E3.badges, [{"name": "x"}, {"name": None}]),
        ),
        ("name_is_none_in_names",),
        "The same expression in the comprehension of another function.",
    ),
    Group(
        "bill_without_due_date",
        (run(E1.by_due, [{"id": 1}]), run(E2.by_due, [{"due": 1}, {"id": 2}]), threaded(E3.by_due, [{}, {}])),
        ("ranked_bill_without_due_date",),
        "The sort key of by_due() misses.",
    ),
    Group(
        "ranked_bill_without_due_date",
        (run(E1.by_rank, [{"id": 1}]), run(E2.by_rank, [{"due": 1}, {"id": 2}]), retried(E3.by_rank, [{}, {}])),
        ("bill_without_due_date",),
        "An equal lambda in another function.",
    ),
    Group(
        "value_not_positive",
        (
            run(E1.apply, E1.positive(5), [3, -1]),
            run(E2.apply, E2.positive(7), [0]),
            threaded(E3.apply, E3.positive(0), [-3.25]),
        ),
        ("value_above_limit",),
        "The check that positive() made rejects the value.",
    ),
    Group(
        "value_above_limit",
        (
            run(E1.apply, E1.bounded(5), [3, 6]),
            run(E2.apply, E2.bounded(7), [99]),
            tasked(E3.apply, E3.bounded(0), [0.5]),
        ),
        ("value_not_positive",),
        "An inner function of the same name and message, made by another factory.",
    ),
    Group(
        "cart_not_stored",
        (
            run(C1.load_cart, {}, "cart:9f1c"),
            run(C2.load_cart, {}, "cart:user@example.com"),
            threaded(C3.load_cart, {"a": 1}, 4471),
        ),
        ("wishlist_not_stored",),
        "The decorated load_cart() finds nothing; the wrapper adds nothing of its own.",
    ),
    Group(
        "wishlist_not_stored",
        (
            run(C1.load_wishlist, {}, "cart:9f1c"),
            retried(C2.load_wishlist, {}, "wish:88"),
            run(C3.load_wishlist, {}, 4471),
        ),
        ("cart_not_stored",),
        "Another function under the same decorator and with the same message.",
    ),
    Group(
        "cached_rate_pair_malformed",
        (run(C1.rate_of, "EURUSD"), run(C2.rate_of, "GBP"), threaded(C3.rate_of, "")),
        (),
        "The cached function cannot split its argument; the cache leaves no frame.",
    ),
    Group(
        "billing_batch_not_ready",
        (
            run(BJ1.run, {"ready": False, "id": 17}),
            retried(BJ2.run, {"ready": False, "id": 90001}),
            run(BJ3.run, {"ready": None, "id": "2f6b1c1e-9d52-4f7a-8f0e-0d4e5a6b7c8d"}),
        ),
        ("catalog_batch_not_ready",),
        "The job of the billing module; the id of the batch is data.",
    ),
    Group(
        "catalog_batch_not_ready",
        (
            run(CJ1.run, {"ready": False, "id": 17}),
            threaded(CJ2.run, {"ready": False, "id": 18}),
            run(CJ3.run, {"ready": 0, "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}),
        ),
        ("billing_batch_not_ready",),
        "A function of the same name in another module's file of the same name.",
    ),
)
