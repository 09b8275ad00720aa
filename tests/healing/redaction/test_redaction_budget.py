"""Time is bounded: what is not redacted when it is spent is not shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from healing.redaction import Redactor
from healing.redaction.budget import SECONDS, Budget, OverTimeError

SECRET = "login failed: password=hunter2 and more words"


def ticking(step: float) -> Callable[[], float]:
    """A clock of which each look costs `step` seconds."""
    ticks: Iterator[float] = (number * step for number in count())
    return lambda: next(ticks)


def test_a_budget_is_spent_at_its_end_and_not_before() -> None:
    now = [0.0]
    budget = Budget(0.016, lambda: now[0])
    budget.check()
    now[0] = 0.008
    assert not budget.is_spent()
    now[0] = 0.016
    assert budget.is_spent()
    with pytest.raises(OverTimeError):
        budget.check()


def test_a_pause_for_garbage_is_not_the_texts_own_time() -> None:
    looks = iter([0.0, 0.004, 0.304, 0.308, 0.316])
    budget = Budget(0.015, lambda: next(looks))
    assert [budget.is_spent() for _ in range(4)] == [False, False, False, True]


def test_a_text_that_takes_too_long_is_not_shown() -> None:
    assert Redactor(clock=ticking(SECONDS / 2)).text(SECRET) == "[redacted:unreadable]"
    assert Redactor(clock=ticking(0)).text(SECRET) == "login failed: password=[redacted:password] and more words"


def test_what_was_given_up_is_tried_again_the_next_time() -> None:
    steps = iter([0.0, 0.008, 0.016])
    redactor = Redactor(clock=lambda: next(steps, 1.0))
    assert redactor.text(SECRET) == "[redacted:unreadable]"
    assert redactor.text(SECRET) != "[redacted:unreadable]"


def test_of_a_structure_that_takes_too_long_the_rest_is_cut() -> None:
    redactor = Redactor(clock=ticking(SECONDS / 40))
    plain = redactor.value([f"{SECRET} number {number}" for number in range(100)])
    assert isinstance(plain, list)
    assert 1 < len(plain) < 40
    assert plain[-1] == "…"
    assert "hunter2" not in str(plain)


def test_a_key_that_takes_too_long_is_not_shown_either() -> None:
    redactor = Redactor(clock=ticking(SECONDS / 3))
    assert "hunter2" not in str(redactor.value({f"{SECRET} {number}": number for number in range(9)}))


def test_names_that_share_one_long_value_give_the_text_up() -> None:
    """As each name's value is read to its end, many names before one value are work that grows with its square."""
    assert Redactor(clock=ticking(0)).text("secret->" * 2_000) == "[redacted:unreadable]"


def test_a_repeated_text_is_known_again_and_not_by_itself() -> None:
    looks = count()
    redactor = Redactor(clock=lambda: 0.0 * next(looks))
    first = redactor.text(SECRET)
    spent = next(looks)
    assert redactor.text(SECRET) == first
    assert next(looks) == spent + 2
    assert "hunter2" not in repr(vars(redactor._texts))
