"""What the closed sets are called on screens, and the one colour that each state has."""

from __future__ import annotations

from dataclasses import dataclass

from healing.strategies import REMEDIES
from healing.vocabulary import Category, DecidedBy, Executed, Outcome, StopReason


@dataclass(frozen=True, slots=True)
class Look:
    """A state's sign and its colour, as the theme names it and as charts take it."""

    sign: str
    colour: str
    hex: str


OUTCOMES = {
    Outcome.HEALED: Look("✓", "green", "#22a06b"),
    Outcome.DEGRADED: Look("≈", "orange", "#e08a1e"),
    Outcome.QUEUED: Look("→", "blue", "#4a7fd4"),
    Outcome.FAILED: Look("✕", "red", "#d64545"),
    Outcome.INTERRUPTED: Look("!", "violet", "#8b62c9"),
    Outcome.OBSERVED: Look("○", "gray", "#97a1af"),
}

MEANINGS = {
    Outcome.HEALED: "The caller got the real answer",
    Outcome.DEGRADED: "The caller got a fallback's answer",
    Outcome.QUEUED: "The caller got a receipt; the call runs later",
    Outcome.FAILED: "The caller got the original error",
    Outcome.INTERRUPTED: "The process ended before the call did",
    Outcome.OBSERVED: "The caller got the original error, as observe mode has it",
}

STOPS = {
    StopReason.HEALED: "the call got its real answer",
    StopReason.FELL_BACK: "a fallback answered in its stead",
    StopReason.QUEUED: "the call was queued to run later",
    StopReason.PERMANENT: "the error is permanent, and another run would fail in the same way",
    StopReason.UNSAFE_TO_RERUN: "another run was not proved safe, as something may have taken effect already",
    StopReason.CONSUMED_ARGUMENT: "an argument had been read from and could not be put back for another run",
    StopReason.ATTEMPTS: "all allowed runs were used up",
    StopReason.BUDGET: "the time that healing may hold the caller was used up",
    StopReason.RETRY_AFTER: "the far end asked for a longer wait than the budget allows",
    StopReason.EXHAUSTED: "everything in the plan was tried",
    StopReason.NOTHING_APPLICABLE: "no strategy fits this error and what is declared about the operation",
    StopReason.INNER_GAVE_UP: "a wrapped call within had given up on this error already",
    StopReason.DEPENDENCY_DOWN: "the dependency is known to be down",
    StopReason.AFTER_FIRST_ITEM: "items had been given out already, and another run would give them twice",
    StopReason.OBSERVING: "observe mode only records what would have been done",
    StopReason.CAPTURED: "the error was handed to capture(), so there was no call to heal",
    StopReason.INTERRUPTED: "the process ended in between",
}

SELF_EVIDENT = frozenset({StopReason.HEALED, StopReason.FELL_BACK, StopReason.QUEUED, StopReason.OBSERVING})
"""Reasons that only repeat what the outcome means."""

DECIDERS = {
    DecidedBy.OPERATOR: "an operator's ruling",
    DecidedBy.PATTERN: "what worked for this fingerprint before",
    DecidedBy.AI: "the AI's diagnosis",
    DecidedBy.RULES: "the rules",
}

EXECUTIONS = {
    Executed.NO: "the failing step was not executed",
    Executed.UNKNOWN: "nobody can tell whether the failing step was executed",
    Executed.YES: "the failing step was executed",
}


_TITLES: dict[str, str] = {
    **{strategy: remedy.title for strategy, remedy in REMEDIES.items()},
    Category.EXTERNAL_API: "External API",
    Category.DNS: "DNS",
    Category.TLS: "TLS",
}


def label(member: str) -> str:
    """`rate_limit` -> `Rate limit`; strategies and abbreviations have titles of their own."""
    return _TITLES.get(member) or capitalized(member.replace("_", " "))


def capitalized(text: str) -> str:
    """With a capital at its start; the rest stays."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """With a capital at its start and an end."""
    return capitalized(text) + ("" if text.endswith((".", "!", "?")) else ".")


def short_type(error_type: str) -> str:
    """The name of an exception's class without its module."""
    return error_type.rpartition(".")[2]
