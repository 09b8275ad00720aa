from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.patterns import PatternFigures, Patterns, updated
from healing.vocabulary import Strategy

HALF_LIFE = 1000.0
RETRY, RESET = Strategy.RETRY_WITH_BACKOFF, Strategy.RESET_CONNECTION

times = st.floats(0, 1e6)
counts = st.integers(0, 50)
tries = st.lists(st.tuples(counts, counts, times), max_size=12)


def figures(fingerprint: str = "f", strategy: Strategy = RETRY, **values: float) -> PatternFigures:
    return PatternFigures(fingerprint, strategy, "source", **values)  # type: ignore[arg-type] # counts are ints


def after(all_tries: list[tuple[int, int, float]]) -> PatternFigures:
    row = figures()
    for successes, failures, at in all_tries:
        row = updated(row, successes, failures, at, HALF_LIFE)
    return row


@given(tries, times)
def test_a_rate_stays_within_0_and_1(all_tries: list[tuple[int, int, float]], now: float) -> None:
    assert 0 <= after(all_tries).rate(now, HALF_LIFE) <= 1


@given(tries)
def test_the_order_in_which_tries_arrive_does_not_matter(all_tries: list[tuple[int, int, float]]) -> None:
    forth, back = after(all_tries), after(all_tries[::-1])

    assert (forth.successes, forth.failures, forth.updated_at) == (back.successes, back.failures, back.updated_at)
    assert math.isclose(forth.success_weight, back.success_weight, rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(forth.failure_weight, back.failure_weight, rel_tol=1e-9, abs_tol=1e-12)


@given(tries)
def test_a_weight_never_exceeds_its_count(all_tries: list[tuple[int, int, float]]) -> None:
    row = after(all_tries)

    assert 0 <= row.success_weight <= row.successes + 1e-9
    assert 0 <= row.failure_weight <= row.failures + 1e-9
    assert row.tries == sum(successes + failures for successes, failures, _ in all_tries)


@given(counts, counts, times, times)
def test_figures_fade_alike_so_a_rate_waits_for_new_tries(s: int, f: int, at: float, later: float) -> None:
    row = after([(s, f, at)])

    assert math.isclose(row.rate(at, HALF_LIFE), row.rate(at + later / 1e3, HALF_LIFE), abs_tol=1e-9)


def test_a_success_counts_half_after_a_half_life() -> None:
    row = updated(figures(success_weight=4.0, successes=4), 1, 0, HALF_LIFE, HALF_LIFE)

    assert (row.success_weight, row.successes) == (3.0, 5)


def test_recent_failures_outweigh_old_successes() -> None:
    row = after([(20, 0, 0.0), (0, 5, 10 * HALF_LIFE)])

    assert row.hopeless(10 * HALF_LIFE, HALF_LIFE)


@pytest.mark.parametrize(
    ("successes", "failures", "proven", "hopeless"),
    [(4, 0, False, False), (4, 1, True, False), (3, 2, False, False), (1, 4, False, False), (0, 5, False, True)],
)
def test_four_of_five_prove_a_repair(successes: int, failures: int, proven: bool, hopeless: bool) -> None:
    row = after([(successes, failures, 0.0)])

    assert (row.proven(0.0, HALF_LIFE), row.hopeless(0.0, HALF_LIFE)) == (proven, hopeless)


def test_figures_that_have_faded_away_say_nothing() -> None:
    row = after([(0, 9, 0.0)])

    assert row.rate(1e9, 1.0) == 0.5
    assert not row.hopeless(1e9, 1.0)


def test_the_cache_is_ready_once_it_was_filled_even_with_nothing() -> None:
    known = Patterns()
    assert not known.ready

    known.merge([])

    assert known.ready
    assert known.figures("f") == {}


def test_the_cache_takes_over_newer_rows_and_keeps_the_rest() -> None:
    known = Patterns()
    known.merge([figures(successes=1, updated_at=1.0), figures(strategy=RESET, failures=1, updated_at=1.0)])
    before = known.figures("f")

    known.merge([figures(successes=2, updated_at=5.0)])

    assert known.figures("f")[RETRY].successes == 2
    assert known.figures("f")[RESET].failures == 1
    assert before[RETRY].successes == 1
    assert known.seen_until == 5.0


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from([RETRY, RESET])), min_size=40, max_size=120))
def test_the_cache_is_bounded_and_forgets_the_oldest_first(arrivals: list[tuple[int, Strategy]]) -> None:
    known = Patterns(max_rows=20)
    for at, (name, strategy) in enumerate(arrivals):
        known.merge([figures(str(name), strategy, updated_at=float(at))])

    held = sum(len(known.figures(str(name))) for name in range(61))
    assert held <= 20
    last_name, last_strategy = arrivals[-1]
    assert last_strategy in known.figures(str(last_name))


def test_patience_with_the_first_load_is_spent_once_in_a_process() -> None:
    known = Patterns()

    assert known.patience(100.0) == 0.5
    assert known.patience(100.4) == pytest.approx(0.1)
    assert known.patience(200.0) == 0.0

    known.merge([])
    assert known.patience(100.1) == 0.0
