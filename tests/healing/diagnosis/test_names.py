"""Every dotted name in the tables is the true name of an exception, wherever its library is installed."""

from __future__ import annotations

import errno
import importlib
import warnings
from functools import lru_cache
from types import ModuleType

import pytest

from healing.diagnosis.rules import rules

OF_OTHER_VERSIONS = frozenset(
    {
        *("queue.Full", "_queue.Full", "queue.Empty", "aiokafka.errors.AuthorizationError"),
        *("kafka.errors.NoBrokersAvailable", "kafka.errors.TransactionalIdAuthorizationFailed"),
        *("stripe.error.APIConnectionError", "stripe.error.APIError", "stripe.error.CardError"),
        *("stripe.error.IdempotencyError", "stripe.error.SignatureVerificationError"),
    }
)
"""Names that another version of Python or of the library has."""

NAMES = sorted(
    {key for rule in rules() for key in rule.keys if ":" not in key and key not in OF_OTHER_VERSIONS},
)


@lru_cache
def importable(module: str) -> ModuleType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(module)
        except ImportError:
            return None


def installed(name: str) -> bool:
    """Several libraries share `azure` and `google`: there the module itself has to be there."""
    top = importable(name.partition(".")[0])
    if top is not None and getattr(top, "__file__", None) is None and hasattr(top, "__path__"):
        return importable(name.rpartition(".")[0]) is not None
    return top is not None


def found(name: str) -> object:
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        thing: object = importable(".".join(parts[:length]))
        for part in parts[length:]:
            thing = getattr(thing, part, None)
        if thing is not None:
            return thing
    return None


@pytest.mark.parametrize("name", [name for name in NAMES if installed(name)])
def test_the_name_is_that_of_an_exception(name: str) -> None:
    kind = found(name)
    assert isinstance(kind, type), name
    assert issubclass(kind, BaseException), name
    assert f"{kind.__module__}.{kind.__qualname__}" == name


def test_every_errno_has_a_row_under_the_name_that_the_system_gives_it() -> None:
    named = {key.removeprefix("errno:") for rule in rules() for key in rule.keys if key.startswith("errno:")}
    here = {errno.errorcode[getattr(errno, name)] for name in named if hasattr(errno, name)}
    assert here <= named
    assert {name for name in named if not hasattr(errno, name)} <= {"EREMOTEIO", "ENONET", "ELIBACC"}
