from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from healing.strategies.backoff import CAP, pause

chances = st.floats(0, 1, exclude_max=True)
reruns = st.integers(0, 10_000)
seconds = st.floats(-100, 1e6)


@given(reruns, chances, seconds)
def test_a_pause_is_never_negative_nor_longer_than_the_cap_or_what_is_left(
    rerun: int, chance: float, left: float
) -> None:
    assert 0 <= pause(rerun, chance, left) <= min(CAP, max(left, 0))


@given(reruns, chances, seconds)
def test_a_pause_does_not_shrink_with_the_number_of_runs(rerun: int, chance: float, left: float) -> None:
    assert pause(rerun, chance, left) <= pause(rerun + 1, chance, left)


@given(reruns, st.floats(0, 0.5), seconds)
def test_chance_spreads_the_whole_pause(rerun: int, chance: float, left: float) -> None:
    assert pause(rerun, 0.0, left) == 0.0
    assert pause(rerun, chance, left) <= pause(rerun, chance + 0.25, left)


def test_the_most_that_is_waited_doubles() -> None:
    assert [pause(rerun, 0.5, 60.0) for rerun in range(4)] == [0.05, 0.1, 0.2, 0.4]
