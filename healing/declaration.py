"""The arguments of `self_healing`, checked once and made into an Operation."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from healing.errors import DeclarationError
from healing.expressions import compiled
from healing.operation import Cache, Operation, function_name
from healing.queue import check_arguments
from healing.vocabulary import Category, Mode, Strategy

Word = TypeVar("Word", bound=StrEnum)

NAMES = frozenset(Operation.__dataclass_fields__) - {"source", "function", "category"}


def declare(
    function: Callable[..., Any], source: str | None, category: Category | str, declared: dict[str, Any]
) -> Operation:
    """Raises DeclarationError, which names the operation and the argument, where they do not fit."""
    if inspect.isclass(function):
        raise DeclarationError(
            f"self_healing wraps functions, and {function.__qualname__} is a class: wrap its methods"
        )
    source = function_name(function) if source is None else source
    unknown = declared.keys() - NAMES
    if unknown:
        raise DeclarationError(f"{source}: unknown argument {_nearest(unknown.pop(), NAMES)}")
    facts = dict(declared)
    facts["category"] = _word(source, "category", category, Category)
    if facts.get("mode") is not None:
        facts["mode"] = _word(source, "mode", facts["mode"], Mode)
    allowed = facts.pop("strategies", None)
    if allowed is not None:
        named = _several(source, "strategies", allowed)
        facts["strategies"] = frozenset(_word(source, "strategies", each, Strategy) for each in named)
    facts["cache"] = _cache(source, facts.get("cache", False))
    for name in ("endpoints", "clears", "resets", "redact_keys", "redact_patterns"):
        facts[name] = _several(source, name, facts.get(name, ()))
    _check_texts(source, facts)
    operation = Operation(source=source, function=function, **facts)
    _check_against_function(operation)
    return operation


def is_async(function: Callable[..., Any]) -> bool:
    """Whether calling it gives a coroutine; also where an object's `__call__` is a coroutine function."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004


def _check_against_function(operation: Operation) -> None:
    function, source = operation.function, operation.source
    yields = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
    for name in ("cache", "queue"):
        if yields and getattr(operation, name):
            raise DeclarationError(f"{source}: {name}= does not go with a generator: its items cannot be kept")
    if operation.queue:
        check_arguments(function)
    if is_async(function) or inspect.isasyncgenfunction(function):
        return
    for name in ("clears", "resets"):
        for resource in getattr(operation, name):
            if inspect.iscoroutinefunction(resource):
                raise DeclarationError(
                    f"{source}: {name}= holds a coroutine function, which a sync function cannot await"
                )


def _check_texts(source: str, facts: dict[str, Any]) -> None:
    if facts.get("fingerprint") is not None and not callable(facts["fingerprint"]):
        facts["fingerprint"] = _texts(source, "fingerprint", _several(source, "fingerprint", facts["fingerprint"]))
    for name in ("redact_keys", "redact_patterns"):
        facts[name] = _texts(source, name, facts[name])
    for expression in facts["redact_patterns"]:
        try:
            compiled(expression)
        except ValueError as error:
            raise DeclarationError(f"{source}: redact_patterns: {error}") from None


def _texts(source: str, name: str, values: tuple[Any, ...]) -> tuple[str, ...]:
    wrong = [value for value in values if not isinstance(value, str) or not value]
    if wrong:
        raise DeclarationError(f"{source}: {name}= takes texts, got {wrong[0]!r}")
    return values


def _word(source: str, name: str, value: str, words: type[Word]) -> Word:
    try:
        return words(value)
    except ValueError:
        raise DeclarationError(f"{source}: {name}={_nearest(str(value), frozenset(words))}") from None


def _nearest(name: str, known: frozenset[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"{name!r}; did you mean '{close[0]}'?" if close else f"{name!r}; known are {', '.join(sorted(known))}"


def _cache(source: str, value: bool | Cache) -> Cache | None:
    if isinstance(value, Cache):
        return value
    if not isinstance(value, bool):
        raise DeclarationError(f"{source}: cache= takes True or healing.Cache(...), got {value!r}")
    return Cache() if value else None


def _several(source: str, name: str, value: Any) -> tuple[Any, ...]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise DeclarationError(f"{source}: {name}= takes a tuple or list, got {value!r}; write ({value!r},)")
    return tuple(value)
