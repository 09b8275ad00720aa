from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing import DeclarationError
from healing.operation import Cache
from healing.results import Results

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=5,
)


def typed(value: Any) -> Any:
    """`value` in a form that is equal only for equal values of equal types."""
    if isinstance(value, list):
        return ("list", [typed(item) for item in value])
    if isinstance(value, dict):
        return ("dict", sorted((name, typed(item)) for name, item in value.items()))
    return (type(value).__name__, repr(value))


class Unhashable:
    __hash__ = None  # type: ignore[assignment]  # as lists and dictionaries have it


@given(plain, plain)
def test_a_result_is_found_for_equal_arguments_and_never_for_others(one: Any, other: Any) -> None:
    results = Results(Cache())
    results.keep(results.key((one,), {}), "kept", 0.0)
    if typed(one) == typed(other):
        assert results.find(results.key((other,), {}), 0.0) == "kept"
    else:
        with pytest.raises(LookupError):
            results.find(results.key((other,), {}), 0.0)


def test_arguments_by_name_are_told_apart_too() -> None:
    results = Results(Cache())
    results.keep(results.key((), {"user": 1}), "first", 0.0)
    with pytest.raises(LookupError):
        results.find(results.key((), {"user": 2}), 0.0)


def test_a_result_is_good_until_ttl_and_max_stale_are_over() -> None:
    results = Results(Cache(ttl=10, max_stale=5))
    results.keep(results.key((1,), {}), "kept", 100.0)
    assert results.find(results.key((1,), {}), 115.0) == "kept"
    with pytest.raises(LookupError, match="too old"):
        results.find(results.key((1,), {}), 115.1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (frozenset({1}), frozenset({True})),
        (Decimal("1.0"), Decimal("1.00")),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 13, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_arguments_that_are_equal_but_read_differently_are_told_apart(one: Any, other: Any) -> None:
    results = Results(Cache())
    assert one == other
    assert results.key((one,), {}) != results.key((other,), {})


def test_nobody_changes_what_another_gets() -> None:
    results, original = Results(Cache()), {"items": [1]}
    results.keep(results.key((1,), {}), original, 0.0)
    original["items"].append(2)
    results.find(results.key((1,), {}), 0.0)["items"].append(3)
    assert results.find(results.key((1,), {}), 0.0) == {"items": [1]}


def test_the_least_recently_kept_goes_first() -> None:
    results = Results(Cache(max_entries=2))
    for number in (1, 2, 1, 3):
        results.keep(results.key((number,), {}), number, 0.0)
    assert [results.find(results.key((number,), {}), 0.0) for number in (1, 3)] == [1, 3]
    with pytest.raises(LookupError):
        results.find(results.key((2,), {}), 0.0)


def test_what_cannot_be_told_apart_or_copied_is_not_kept() -> None:
    results = Results(Cache())
    unknowable = results.key((object.__new__(Unhashable),), {})
    results.keep(unknowable, "kept", 0.0)
    results.keep(results.key((1,), {}), (number for number in [1]), 0.0)
    with pytest.raises(LookupError):
        results.find(unknowable, 0.0)
    with pytest.raises(LookupError):
        results.find(results.key((1,), {}), 0.0)


def test_a_key_of_one_s_own_chooses_what_counts() -> None:
    results = Results(Cache(key=lambda user, at: user))
    results.keep(results.key(("ann", 1), {}), "kept", 0.0)
    assert results.find(results.key(("ann", 2), {}), 0.0) == "kept"


@pytest.mark.parametrize("wrong", [{"ttl": -1}, {"max_stale": -1}, {"max_entries": 0}])
def test_a_cache_that_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match=next(iter(wrong))):
        Cache(**wrong)
