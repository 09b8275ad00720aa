"""No pattern can be made to run away: every quantifier is bounded, and work grows with the text."""

from __future__ import annotations

import time
from collections.abc import Iterator
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
from healing.redaction.personal import PERSONAL
from healing.redaction.text import LAYERS as SECRET_LAYERS

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
)


def patterns() -> Iterator[Any]:
    for layer in LAYERS:
        yield from layer.patterns  # type: ignore[attr-defined]  # every layer of the package has them
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
        begun = time.perf_counter()
        layer.apply(text, text.lower(), secret_names)
        took.append(time.perf_counter() - begun)
    return min(took)


@pytest.mark.parametrize("number", range(len(LAYERS)))
def test_the_work_of_a_layer_grows_with_the_text_and_no_faster(number: int) -> None:
    layer: Any = LAYERS[number]
    needles = getattr(layer, "needles", ()) or ("a",)
    for seed in {*SEEDS, needles[0], needles[0] + "a", needles[0] + " "}:
        short, long = (needles[0] + (seed * size)[:size] for size in (1_000, 8_000))
        assert least_time(layer, long) < 40 * least_time(layer, short) + 0.02, seed
