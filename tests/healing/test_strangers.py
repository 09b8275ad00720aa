"""Objects of unknown classes are read as they lie there; their code gets a thread and a moment, or is not run."""

from __future__ import annotations

import contextvars
import multiprocessing
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from healing import strangers
from healing.strangers import FORGIVEN_AFTER, MOST_UNANSWERED, NoAnswerError, ask, attribute, plain_dict
from tests.healing import hostile


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    hostile.released.clear()
    yield
    hostile.released.set()
    strangers._silent.clear()
    strangers._unanswered.clear()


class Plain:
    constant = 5

    def __init__(self) -> None:
        self.own = 6

    @property
    def clever(self) -> int:
        raise AssertionError("code of the application was run")


class Slotted:
    __slots__ = ("filled", "left")

    def __init__(self) -> None:
        self.filled = 7


def test_what_lies_there_is_read() -> None:
    plain = Plain()
    assert (attribute(plain, "own"), attribute(plain, "constant"), attribute(plain, "none")) == (6, 5, None)
    assert attribute(Slotted(), "filled") == 7
    assert attribute(OSError(2, "x"), "errno") == 2


def test_a_property_of_the_application_is_not_run_and_that_of_a_library_is() -> None:
    assert attribute(Plain(), "clever") is None
    assert attribute(threading.current_thread(), "name") == threading.current_thread().name


def test_a_slot_that_was_never_filled_is_none() -> None:
    assert attribute(Slotted(), "left") is None


def test_a_dictionary_that_is_somebodys_property_is_not_read() -> None:
    assert plain_dict(hostile.thing(hostile.fight, ("__dict__",))) is None
    assert plain_dict(Slotted()) is None
    assert plain_dict(Plain()) == {"own": 6}


class Asked:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __str__(self) -> str:
        return str(self.answer())


def test_an_answer_comes_from_another_thread_in_the_callers_context() -> None:
    seen: contextvars.ContextVar[str] = contextvars.ContextVar("seen", default="")
    token = seen.set("the caller's")
    here = threading.get_ident()
    assert ask(str, Asked(lambda: f"{seen.get()} {threading.get_ident() != here}")) == "the caller's True"
    seen.reset(token)


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt])
def test_whatever_a_stranger_raises_there_is_no_answer(error: type[BaseException]) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(NoAnswerError):
        ask(str, Asked(fail))


def test_a_stranger_that_hangs_is_left_behind_and_its_class_not_asked_again_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(NoAnswerError):
        ask(str, Asked(hostile.hang))
    with pytest.raises(NoAnswerError):
        ask(str, Asked(lambda: "well"))
    later = time.monotonic() + FORGIVEN_AFTER + 1
    hostile.released.set()
    monkeypatch.setattr("healing.strangers.time.monotonic", lambda: later)
    assert ask(str, Asked(lambda: "well")) == "well"


def test_with_many_questions_unanswered_nobody_is_asked() -> None:
    for number in range(MOST_UNANSWERED):
        kind = type(f"Kind{number}", (Asked,), {})
        with pytest.raises(NoAnswerError):
            ask(str, kind(hostile.hang))
    before = threading.active_count()
    begun = time.monotonic()
    with pytest.raises(NoAnswerError):
        ask(str, Asked(lambda: "well"))
    assert time.monotonic() - begun < strangers.SECONDS
    assert threading.active_count() == before


def _asked_in_a_child(results: Any) -> None:
    results.put(ask(str, Asked(lambda: "well")))


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_owes_no_answers_to_its_parent() -> None:
    for number in range(MOST_UNANSWERED):
        with pytest.raises(NoAnswerError):
            ask(str, type(f"Kind{number}", (Asked,), {})(hostile.hang))
    fork = multiprocessing.get_context("fork")
    results = fork.Queue()
    child = fork.Process(target=_asked_in_a_child, args=(results,))
    child.start()
    assert results.get(timeout=10) == "well"
    child.join(10)
