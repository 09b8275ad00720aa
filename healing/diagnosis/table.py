"""Which row of the rules fits an error: the user's rows first, then ours; by its facts, its message, its name."""

from __future__ import annotations

from collections.abc import Iterable

from healing.diagnosis import facts, words
from healing.diagnosis.reading import message
from healing.diagnosis.rule import UNKNOWN, Rule
from healing.diagnosis.tables import MESSAGES, NAMES, TYPED
from healing.diagnosis.tables.messages import LEAD
from healing.vocabulary import Category, Executed

SURFACING = frozenset({Category.PROGRAMMING, Category.VALIDATION, Category.AUTH, Category.CONFIGURATION})
"""Errors of these kinds are for a person to mend: no rule runs them again."""

Index = dict[str, tuple[Rule, ...]]


def surfaces(rule: Rule) -> bool:
    """Whether errors of this row must surface: those of the four kinds, and data that contradicts a constraint."""
    integrity = rule.category is Category.DATABASE and rule.executed is Executed.NO
    return not rule.transient and (rule.category in SURFACING or integrity)


def indexed(rules: Iterable[Rule]) -> Index:
    """Under one key, rows with a condition come before those without."""
    index: Index = {}
    for rule in sorted(rules, key=lambda rule: rule.message is None and not rule.within):
        for key in rule.keys:
            index[key] = (*index.get(key, ()), rule)
    return index


def first(index: Index, keys: Iterable[str], error: BaseException) -> Rule | None:
    for key in keys:
        for rule in index.get(key, ()):
            if _holds(rule, error):
                return rule
    return None


def _holds(rule: Rule, error: BaseException) -> bool:
    if rule.message is not None and rule.message.match(message(error)) is None:
        return False
    return not rule.within or facts.raised_within(error) in rule.within


OURS = indexed(TYPED)
BY_NAME = indexed(NAMES)


class Table:
    """The rows that are asked, `own` before ours."""

    def __init__(self, own: tuple[Rule, ...] = ()) -> None:
        self.own = own
        self._index = indexed(own)
        self._speaking = tuple(rule for rule in own if not rule.on)

    def rules(self) -> tuple[Rule, ...]:
        """All rows, in the order in which they are asked."""
        return (*self.own, *TYPED, *MESSAGES, *NAMES, UNKNOWN)

    def row(self, error: BaseException) -> Rule | None:
        """The row that knows the error by its facts, or an own row that knows it by its message."""
        if not self.own:
            return first(OURS, facts.keys(error), error)
        keys = tuple(facts.keys(error))
        mine = first(self._index, keys, error)
        return mine or self._by_own_message(error, first(OURS, keys, error))

    def _by_own_message(self, error: BaseException, ours: Rule | None) -> Rule | None:
        """A message alone makes no error worth another run that ours says must surface."""
        for rule in self._speaking:
            if _holds(rule, error) and not (rule.course and ours is not None and surfaces(ours)):
                return rule
        return ours

    def by_message(self, error: BaseException) -> Rule | None:
        """The row that knows an error of unknown type by how its message begins, also after words such as `error: `."""
        text = message(error).lower()
        lead = LEAD.match(text)
        return _said(text) or (None if lead is None else _said(text[lead.end() :]))

    def by_name(self, error: BaseException) -> Rule | None:
        """The row that knows an error of unknown type by the words of its name."""
        return first(BY_NAME, words.keys(error), error)


def _said(text: str) -> Rule | None:
    for rule in MESSAGES:
        if rule.message is not None and rule.message.match(text):
            return rule
    return None
