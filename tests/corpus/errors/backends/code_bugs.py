"""Bugs: the code is wrong and runs wrong again."""

from __future__ import annotations

import abc
import dataclasses
import datetime as dt
import itertools
import json
import math
import socket
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from tests.corpus.errors.schema import Case

from .labels import UNKNOWN, raised, surfaces, thrown


@dataclasses.dataclass(frozen=True)
class Money:
    cents: int


class Exporter(abc.ABC):
    @abc.abstractmethod
    def export(self) -> None: ...

    def upload(self) -> None:
        raise NotImplementedError("upload() is not available for this exporter")


def wrong(act: Callable[[Any], object], value: object = None) -> BaseException:
    """Run code on a value that it does not expect."""
    return raised(lambda: act(value))


def unbound() -> None:
    if math.pi < 3:
        total = 1
    print(total)  # type: ignore[possibly-undefined]  # the bug


def endless(depth: int) -> int:
    return endless(depth + 1)


def first_even(numbers: list[int]) -> Iterator[int]:
    yield next(number for number in numbers if number % 2 == 0)


def unpack(row: Any) -> None:
    key, value = row
    print(key, value)


CASES: list[Case] = [
    surfaces(
        "attribute_of_none_called_timeout",
        lambda: wrong(lambda session: session.timeout),
        "programming",
        "None where an object should be; the attribute's name is no cause.",
    ),
    surfaces(
        "unexpected_keyword_timeout",
        lambda: wrong(lambda function: function(("127.0.0.1", 1), timeut=3), socket.create_connection),
        "programming",
        "A misspelt argument of a network function; nothing was connected.",
    ),
    surfaces(
        "missing_argument",
        lambda: wrong(lambda make: make(), Money),
        "programming",
        "A required argument is missing.",
    ),
    surfaces(
        "wrong_operand_types",
        lambda: wrong(lambda total: total + "5", 10),
        "programming",
        "A number plus a text.",
    ),
    surfaces(
        "float_plus_decimal",
        lambda: wrong(lambda price: price * 1.19, Decimal(10)),
        "programming",
        "Decimal and float do not mix.",
    ),
    surfaces(
        "key_error_named_timeout",
        lambda: wrong(lambda options: options["timeout"], {"time_out": 5}),
        "programming",
        "A key that is not in the dict.",
    ),
    surfaces(
        "index_out_of_range",
        lambda: wrong(lambda rows: rows[0], []),
        "programming",
        "An empty list is not provided for.",
    ),
    surfaces("name_not_defined", lambda: wrong(lambda _: eval("retries + 1")), "programming", "No such name."),
    surfaces("local_variable_unbound", lambda: raised(unbound), "programming", "A branch forgets the variable."),
    surfaces(
        "division_by_zero",
        lambda: wrong(lambda served: 100 / served, 0),
        "programming validation",
        "The average of nothing.",
    ),
    surfaces(
        "recursion_without_end",
        lambda: raised(lambda: endless(0)),
        "programming resource",
        "The function calls itself for ever.",
    ),
    surfaces(
        "assertion_failed",
        lambda: thrown(AssertionError("expected the ledger to balance, off by 503")),
        "programming",
        "An assumption of the code does not hold.",
        executed=UNKNOWN | {"no"},
    ),
    surfaces(
        "not_implemented",
        lambda: wrong(lambda make: Exporter.upload(make)),
        "programming",
        "The method is missing.",
    ),
    surfaces(
        "abstract_class_instantiated",
        lambda: wrong(lambda make: make(), Exporter),
        "programming",
        "A method of the class is missing.",
    ),
    surfaces(
        "generator_raised_stop_iteration",
        lambda: raised(lambda: list(first_even([1, 3]))),
        "programming",
        "next() without a default inside a generator.",
    ),
    surfaces("next_of_nothing", lambda: wrong(next, iter(())), "programming", "next() on an empty iterator."),
    surfaces(
        "syntax_error_in_a_formula",
        lambda: wrong(lambda formula: eval(formula), "price * (1 + rate"),
        "programming validation",
        "The text is not Python.",
    ),
    surfaces(
        "json_of_a_datetime",
        lambda: wrong(json.dumps, {"at": dt.datetime(2024, 4, 29, tzinfo=dt.UTC)}),
        "programming",
        "A datetime has no JSON form.",
    ),
    surfaces(
        "json_of_a_circle",
        lambda: wrong(lambda tree: tree.append(tree) or json.dumps(tree), []),
        "programming",
        "An object that contains itself; a ValueError by class.",
    ),
    surfaces(
        "frozen_instance_changed",
        lambda: wrong(lambda money: setattr(money, "cents", 5), Money(1)),
        "programming",
        "An immutable object is changed.",
    ),
    surfaces(
        "unhashable_key",
        lambda: wrong(lambda cache: cache[["user", 7]], {}),
        "programming",
        "A list cannot be the key of a cache.",
    ),
    surfaces(
        "too_many_values_to_unpack",
        lambda: wrong(unpack, ("a", 1, "b")),
        "programming",
        "A ValueError from the shape of the code, not of the data.",
    ),
    surfaces(
        "naive_and_aware_datetimes",
        lambda: wrong(lambda expires: expires < dt.datetime.now(dt.UTC), dt.datetime(2024, 4, 29)),
        "programming",
        "Times with and without a zone are compared.",
    ),
    surfaces(
        "bytes_and_text",
        lambda: wrong(lambda body: body.split(","), b"a,b"),
        "programming",
        "The code mixes bytes and text.",
    ),
    surfaces("number_too_large_for_a_float", lambda: wrong(math.exp, 1000), "programming validation", "An overflow."),
    surfaces("square_root_of_a_negative", lambda: wrong(math.sqrt, -1), "validation programming", "No real root."),
    surfaces(
        "unknown_codec",
        lambda: wrong(lambda text: text.encode("utf-9"), "x"),
        "programming configuration",
        "There is no such encoding; a LookupError.",
    ),
    surfaces(
        "format_string_without_value",
        lambda: wrong(lambda text: text.format(name="Ana"), "{name} {surname}"),
        "programming",
        "The template names a field that is not given.",
    ),
    surfaces(
        "value_not_in_list",
        lambda: wrong(lambda tags: tags.remove("vip"), ["new"]),
        "programming validation",
        "The element is not there.",
    ),
    surfaces(
        "sorting_mixed_types",
        lambda: wrong(sorted, [3, None, 1]),
        "programming validation",
        "None cannot be compared with a number.",
    ),
    surfaces(
        "wrong_number_of_groups",
        lambda: wrong(lambda rows: list(zip(rows, "ab", strict=True)), [1, 2, 3]),
        "programming validation",
        "Two lists of different length.",
    ),
    surfaces(
        "read_only_property",
        lambda: wrong(lambda now: setattr(now, "year", 2025), dt.date(2024, 4, 29)),
        "programming",
        "The attribute cannot be written.",
    ),
    surfaces(
        "negative_slice_step",
        lambda: wrong(lambda rows: list(itertools.islice(rows, -1)), [1, 2]),
        "programming validation",
        "islice takes no negative index.",
    ),
    surfaces(
        "module_has_no_such_attribute",
        lambda: wrong(lambda module: module.dump_string, json),
        "programming",
        "No such function in the module.",
    ),
]
