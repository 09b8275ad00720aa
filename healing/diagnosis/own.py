"""Rules that users write: the `[[rules]]` tables of `healing.toml`, made into rows that are asked before ours."""

from __future__ import annotations

import builtins
import difflib
import errno
import re
from collections.abc import Container, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from healing import expressions
from healing.diagnosis.model import Recommendation
from healing.diagnosis.rule import CONNECT, NOTHING, RATE, RETRY, TRANSACTION, Course, Pattern, Rule
from healing.diagnosis.table import OURS, SURFACING, surfaces
from healing.errors import ConfigurationError
from healing.vocabulary import REPAIRS, Category, Executed, Severity, Strategy

KEYS = ("name", "on", "message", "category", "transient", "strategies", "executed", "severity", "says")
PREFIXES = tuple(sorted({key.partition(":")[0] for key in OURS if ":" in key} | {"eai"}))
"""Words before the colon of a key such as `http:429`."""

TOO_GENERAL = frozenset({"builtins.Exception", "builtins.BaseException"})
LONGEST_NAME = 60
LONGEST_SAYING = 300
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")
_COURSES: Mapping[Category, Course] = {
    Category.RATE_LIMIT: RATE,
    Category.NETWORK: CONNECT,
    Category.DNS: CONNECT,
    Category.TLS: CONNECT,
    Category.QUEUE: CONNECT,
    Category.DATABASE: TRANSACTION,
}
"""What `transient = true` stands for where no strategies are named; RETRY for other categories."""

Word = TypeVar("Word", bound=StrEnum)


def own_rules(tables: Iterable[Mapping[str, Any]], place: str) -> tuple[Rule, ...]:
    """The rows that these tables describe. Raises ConfigurationError that names the place, the rule and the key."""
    rules: dict[str, Rule] = {}
    for position, table in enumerate(tables, 1):
        named = table.get("name")
        shown = f'rule "{named}"' if isinstance(named, str) and named else f"rule {position}"
        try:
            rule = _rule(table, rules)
        except (ValueError, TypeError) as error:
            raise ConfigurationError(f"{place}: {shown}: {error}") from error
        rules[rule.name] = rule
    return tuple(rules.values())


def _rule(table: Mapping[str, Any], others: Container[str]) -> Rule:
    for key in table:
        if key not in KEYS:
            raise ValueError(f"{key}: no such key{_nearest(key, KEYS)}")
    if "category" not in table:
        raise ValueError(f"category: is missing; known are {', '.join(Category)}")
    category = _member("category", table["category"], Category)
    rule = Rule(
        name=_text(table, "name", LONGEST_NAME),
        on=" ".join(_on(table.get("on", ()))),
        message=_message(table),
        category=category,
        course=_course(table, category),
        executed=_member("executed", table.get("executed", Executed.UNKNOWN), Executed),
        severity=_member("severity", table.get("severity", Severity.MEDIUM), Severity),
        says=_text(table, "says", LONGEST_SAYING, "By a rule of your own."),
        own=True,
    )
    if rule.name in others:
        raise ValueError("name: another rule has it already")
    _check(rule)
    return rule


def _text(table: Mapping[str, Any], key: str, longest: int, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > longest:
        raise ValueError(f"{key}: must be text of 1 to {longest} characters in one line, got {value!r}")
    return value.strip()


def _member(key: str, value: Any, words: type[Word]) -> Word:
    try:
        return words(value)
    except ValueError:
        raise ValueError(f"{key}: {value!r} is none{_nearest(value, [str(word) for word in words])}") from None


def _nearest(word: Any, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else f"; known are {', '.join(known)}"


def _message(table: Mapping[str, Any]) -> Pattern | None:
    if "message" not in table:
        return None
    try:
        return expressions.compiled(_text(table, "message", expressions.LONGEST))
    except ValueError as error:
        raise ValueError(str(error) if str(error).startswith("message: ") else f"message: {error}") from error


def _on(value: Any) -> list[str]:
    entries = value.split() if isinstance(value, str) else value
    if not isinstance(entries, (list, tuple)) or not all(isinstance(entry, str) for entry in entries):
        raise ValueError(f"on: must be a list of types and keys, got {value!r}")
    keys = [key for entry in entries for key in entry.split()]
    for key in keys:
        _check_key(key)
    return keys


def _check_key(key: str) -> None:
    prefix, colon, value = key.partition(":")
    if not colon:
        if not _DOTTED.fullmatch(key):
            raise ValueError(f"on: {key!r} is no dotted name of a type{_meant(key)}")
    elif prefix not in PREFIXES or not value:
        raise ValueError(f"on: {key!r} begins with no known word{_nearest(prefix, PREFIXES)}")
    elif prefix == "errno" and not hasattr(errno, value):
        raise ValueError(f"on: {key!r} is no number of the system{_nearest(value, sorted(errno.errorcode.values()))}")


def _meant(name: str) -> str:
    found = getattr(builtins, name, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        return f"; did you mean builtins.{found.__name__}?"
    return f"; did you mean name:{name}, for any type of this name?" if name.isidentifier() else ""


def _course(table: Mapping[str, Any], category: Category) -> Course:
    transient, named = table.get("transient"), table.get("strategies")
    if transient is not None and not isinstance(transient, bool):
        raise TypeError(f"transient: must be true or false, got {transient!r}")
    if named is None:
        return _COURSES.get(category, RETRY) if transient else NOTHING
    strategies = _strategies(named)
    if transient is not None and transient is not any(strategy in REPAIRS for strategy in strategies):
        raise ValueError("transient: contradicts strategies: an error is transient where a repair is among them")
    return tuple(Recommendation(strategy, "your own rule asks for it") for strategy in strategies)


def _strategies(value: Any) -> list[Strategy]:
    """Repairs before fallbacks, otherwise as they were written."""
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, (list, tuple)):
        raise TypeError(f"strategies: must be a list, got {value!r}")
    found = dict.fromkeys(_member("strategies", entry, Strategy) for entry in entries)
    return sorted(found, key=lambda strategy: strategy not in REPAIRS)


def _check(rule: Rule) -> None:
    """What keeps a rule from breaking the safety rules."""
    if not rule.on and rule.message is None:
        raise ValueError("on: is missing, and so is message: nothing would match")
    if not rule.course:
        return
    if rule.category in SURFACING:
        raise ValueError(f"strategies: errors of kind {rule.category} must surface: nothing may hide or repeat them")
    if not rule.transient and any(item.strategy is Strategy.QUEUE_FOR_LATER for item in rule.course):
        raise ValueError("strategies: queue_for_later runs the call again, so a repair has to stand before it")
    for key in rule.keys if rule.message is None else ():
        if key in TOO_GENERAL or any(map(surfaces, _ours(key))):
            raise ValueError(f"strategies: errors of {key} must surface; a message would have to narrow the rule down")


def _ours(key: str) -> tuple[Rule, ...]:
    """What our table says of the key, or of the family that it belongs to."""
    prefix, _, value = key.partition(":")
    families = {"sqlstate": f"sqlstate:{value[:2]}", "http": f"http:{value[:1]}xx", "smtp": f"smtp:{value[:1]}xx"}
    return OURS.get(key) or OURS.get(families.get(prefix, ""), ())
