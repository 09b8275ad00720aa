"""No pattern can be made to run away: every quantifier is bounded, and work grows with the text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from re import _constants, _parser  # type: ignore[attr-defined]  # the parser of `re` is not public
from typing import Any

import pytest

from healing import fingerprint, wording
from healing.diagnosis import words
from healing.redaction import (
    bound,
    commands,
    contexts,
    named,
    names,
    personal,
    plausible,
    prose,
    protocols,
    sql,
    structure,
    tables,
    unfolding,
    views,
)
from healing.redaction import rule as rules
from healing.redaction import text as texts
from healing.redaction.budget import OverTimeError
from healing.redaction.personal import PERSONAL
from healing.redaction.text import LAYERS as SECRET_LAYERS
from healing.redaction.views import VIEWS

LAYERS = (*SECRET_LAYERS, *PERSONAL)
MODULES = (
    wording,
    words,
    bound,
    commands,
    contexts,
    fingerprint,
    named,
    names,
    personal,
    plausible,
    prose,
    protocols,
    rules,
    sql,
    structure,
    tables,
    texts,
)
SEEDS = (
    "a",
    "a ",
    "=",
    "a=",
    "password=",
    "password='",
    "\\",
    "@",
    "://a:",
    "1",
    "1 ",
    "-",
    "eyJ",
    "cookie: a=b; ",
    "'a', ",
    "key (a)=(",
    "key (",
    "a->",
    "密码a->",
    "-p ",
    "@b.",
    "a@b.",
    "%3D",
    "%2525253D",
    "sk-",
    "seed a ",
    "secret ",
    "password is ",
    "values ('",
    "\\u0022",
    "QUFB",
    "7061",
    "| a ",
    ": |\n ",
    "[redacted:password]",
)


def patterns() -> Iterator[Any]:
    for layer in LAYERS:
        yield from layer.patterns
    for module in (*MODULES, unfolding, views):
        yield from (value for value in vars(module).values() if hasattr(value, "pattern"))


def unbounded(parsed: Any) -> Iterator[int]:
    """Upper bounds of repetitions that have none, at any depth of a parsed pattern."""
    for operation, argument in parsed:
        if operation in {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}:
            if argument[1] is _constants.MAXREPEAT:
                yield argument[1]
            yield from unbounded(argument[2])
        for part in argument if isinstance(argument, (tuple, list)) else ():
            if isinstance(part, _parser.SubPattern):
                yield from unbounded(part)
            if isinstance(part, list):
                yield from (
                    bound for branch in part if isinstance(branch, _parser.SubPattern) for bound in unbounded(branch)
                )


@pytest.mark.parametrize("expression", sorted({pattern.pattern for pattern in patterns()}))
def test_every_quantifier_is_bounded(expression: str) -> None:
    assert list(unbounded(_parser.parse(expression))) == []


def test_the_check_itself_finds_an_unbounded_quantifier() -> None:
    assert list(unbounded(_parser.parse(r"(?:a|(?:b(c*)))d{1,3}"))) != []


def least_time(layer: Any, text: str) -> float:
    secret_names = names.SecretNames()
    took = []
    for _ in range(3):
        begun = time.thread_time()
        with suppress(OverTimeError):
            layer.apply(text, text.lower(), secret_names)
        took.append(time.thread_time() - begun)
    return min(took)


@pytest.mark.parametrize("number", range(len(LAYERS)))
def test_the_work_of_a_layer_grows_with_the_text_and_no_faster(number: int) -> None:
    layer: Any = LAYERS[number]
    needles = getattr(layer, "needles", ()) or ("a",)
    for seed in {*SEEDS, needles[0], needles[0] + "a", needles[0] + " "}:
        short, long = (needles[0] + (seed * size)[:size] for size in (1_000, 8_000))
        assert least_time(layer, long) < 40 * least_time(layer, short) + 0.02, seed


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_the_work_of_a_view_grows_with_the_text_and_no_faster(view: Any) -> None:
    class Viewed:
        def apply(self, text: str, lowered: str, names: object) -> str:
            found: str = view(text, lowered, redact=str)
            return found

    for seed in SEEDS:
        short, long = ((seed * size)[:size] for size in (1_000, 8_000))
        assert least_time(Viewed(), long) < 40 * least_time(Viewed(), short) + 0.02, seed
