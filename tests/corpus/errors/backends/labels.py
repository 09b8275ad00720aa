"""Shorthand for the labels and for raising the errors for real."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.corpus.errors.schema import STRATEGIES, Case

Make = Callable[[], BaseException]

NO = frozenset({"no"})
UNKNOWN = frozenset({"unknown"})
NO_OR_UNKNOWN = frozenset({"no", "unknown"})
DONE_OR_UNKNOWN = frozenset({"yes", "unknown"})
ANY = frozenset({"yes", "no", "unknown"})

MASKS = "USE_DEFAULT_VALUE SKIP_OPERATION"
REPAIRS = "RESET_CONNECTION ROLLBACK_TRANSACTION CLEAR_CACHE_AND_RETRY SWITCH_API_ENDPOINT RATE_LIMIT_BACKOFF"


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def surfaces(name: str, make: Make, categories: str, why: str, executed: frozenset[str] = NO_OR_UNKNOWN) -> Case:
    """Nothing may be tried and nothing may be masked."""
    only = frozenset({"SURFACE"})
    return Case(name, make, tuple(categories.split()), False, executed, only, STRATEGIES - only, why)


def heals(
    name: str,
    make: Make,
    categories: str,
    acceptable: str,
    executed: frozenset[str],
    why: str,
    harmful: str = "CLEAR_CACHE_AND_RETRY " + MASKS,
) -> Case:
    """The same call may well succeed later."""
    right = words(acceptable)
    return Case(name, make, tuple(categories.split()), True, executed, right, words(harmful) - right, why)


def stays(
    name: str,
    make: Make,
    categories: str,
    why: str,
    acceptable: str = "SURFACE",
    harmful: str = REPAIRS,
    executed: frozenset[str] = NO_OR_UNKNOWN,
) -> Case:
    """It does not pass by itself, yet something gentler than the strictest rule may be acceptable."""
    right = words(acceptable)
    return Case(name, make, tuple(categories.split()), False, executed, right, words(harmful) - right, why)


def unclear(name: str, make: Make, why: str, categories: str = "general") -> Case:
    """Nobody can tell: at most one more run, and no repair aimed at a cause that is not known."""
    right = words("RETRY_WITH_BACKOFF SURFACE")
    return Case(name, make, tuple(categories.split()), True, UNKNOWN, right, words(f"{REPAIRS} {MASKS}"), why)


def raised(act: Callable[[], object]) -> BaseException:
    """Run `act`, which must fail, and hand back what it raised."""
    try:
        act()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def thrown(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """Raise `error` (from `cause`, where given) so that it carries a traceback."""
    try:
        if cause is None:
            raise error
        raise error from cause
    except BaseException as caught:
        return caught


def while_handling(first: BaseException, then: BaseException) -> BaseException:
    """Raise `then` in an except block that handles `first`."""

    def act() -> None:
        try:
            raise first
        except BaseException:
            thrown_again(then)

    def thrown_again(error: BaseException) -> None:
        raise error

    return raised(act)


def in_thread(act: Callable[[], BaseException]) -> BaseException:
    """Build an error in a thread of its own, so that an event loop of the caller's does no harm."""
    built: list[BaseException] = []
    thread = threading.Thread(target=lambda: built.append(act()))
    thread.start()
    thread.join()
    return built[0]
