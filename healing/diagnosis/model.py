"""What is thought of an error, before anything is done about it."""

from __future__ import annotations

from dataclasses import dataclass

from healing.vocabulary import REPAIRS, Category, Executed, Severity, Strategy


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One strategy that fits an error, and why, in a sentence for a person."""

    strategy: Strategy
    reason: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The opinion of one rule (or of an LLM) about one error.

    `transient` says whether it may pass by itself. `recommended` is in order of preference; where it holds no repair,
    nothing is to be run again.
    `retry_after` is in seconds from now, as the far end asked; None where it did not.
    `rule` names the row of the rules table; `reason` says in a sentence what the row saw.
    """

    category: Category
    transient: bool
    executed: Executed
    severity: Severity
    recommended: tuple[Recommendation, ...]
    rule: str
    reason: str
    retry_after: float | None = None
    known: bool = True
    """False where no rule matched: then an idempotent operation is run again at most once."""
    own: bool = False
    """True where the rule is one that the user wrote."""

    @property
    def curable(self) -> bool:
        """Whether a repair is recommended."""
        return any(item.strategy in REPAIRS for item in self.recommended)
