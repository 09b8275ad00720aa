"""Diagnosis + proof + pattern + Operation -> the ordered, safe strategies, each with its reason.

Learning orders strategies within their kind; an operator's ruling goes over all opinions; the safety rules go over
everything. A fallback never displaces a repair, unless the pattern shows that repairs do not help.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from healing.diagnosis import Diagnosis
from healing.diagnosis.table import SURFACING
from healing.operation import Operation
from healing.patterns import PatternFigures
from healing.proof import Proof
from healing.strategies import REMEDIES
from healing.vocabulary import FALLBACKS, REPAIRS, DecidedBy, Executed, StopReason, Strategy

NEVER_MASKED = SURFACING
"""Errors of these kinds surface: a fallback would hide what a person has to mend."""

NO_FIGURES: Mapping[Strategy, PatternFigures] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a plan is made from. `remaining`: seconds left of the budget; `runs_left`: runs still allowed."""

    operation: Operation
    diagnosis: Diagnosis
    proof: Proof
    remaining: float
    runs_left: int
    reruns: int = 0
    consumed: str | None = None
    inner_gave_up: bool = False
    figures: Mapping[Strategy, PatternFigures] = field(default_factory=lambda: NO_FIGURES)
    now: float = 0.0
    half_life: float = 14 * 86_400.0


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a strategy is left out, as a member of the closed set and as a sentence."""

    stop: StopReason
    why: str


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One of the ten: taken into the plan or left out, and why."""

    strategy: Strategy
    kind: str
    taken: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Taken steps come first, in the order in which they are to be tried.

    `stop_reason` says why no repair was taken; None where one was.
    """

    steps: tuple[PlannedStep, ...]
    decided_by: DecidedBy
    stop_reason: StopReason | None
    why: str
    rerun_is_safe: bool = False
    """Whether one more run could do no harm, were there attempts and time left."""

    def as_data(self) -> list[dict[str, Any]]:
        return [
            {"strategy": step.strategy, "kind": step.kind, "taken": step.taken, "reason": step.reason}
            for step in self.steps
        ]

    def taken(self, kind: str) -> list[Strategy]:
        return [step.strategy for step in self.steps if step.taken and step.kind == kind]


def make_plan(situation: Situation) -> Plan:
    reasons = _opinions(situation)
    barrier = _rerun_barrier(situation)
    objections = {strategy: _objection(situation, strategy, reasons, barrier) for strategy in Strategy}
    order, decided_by = _ordered(situation, [strategy for strategy in reasons if objections[strategy] is None])
    taken = [PlannedStep(strategy, REMEDIES[strategy].kind, True, reasons[strategy]) for strategy in order]
    left = [
        PlannedStep(strategy, REMEDIES[strategy].kind, False, objection.why)
        for strategy, objection in objections.items()
        if objection is not None
    ]
    standstill = None if any(step.kind == "repair" for step in taken) else barrier or _gravest(objections)
    stop, why = (None, "") if standstill is None else (standstill.stop, standstill.why)
    safe = situation.diagnosis.curable and not situation.inner_gave_up and _rerun_danger(situation) is None
    return Plan((*taken, *left), decided_by, stop, why, safe)


def _opinions(situation: Situation) -> dict[Strategy, str]:
    """The strategies that somebody recommends, in the rules' order, with the reason."""
    diagnosis, operation = situation.diagnosis, situation.operation
    reasons = {item.strategy: item.reason for item in diagnosis.recommended}
    if diagnosis.curable and diagnosis.category not in NEVER_MASKED:
        for strategy in FALLBACKS:
            if REMEDIES[strategy].missing(operation) is None:
                reasons.setdefault(strategy, "declared for this operation")
    for strategy, figures in situation.figures.items():
        if figures.ruling == "pin":
            reasons[strategy] = "pinned by an operator"
        elif figures.proven(situation.now, situation.half_life):
            rate = figures.rate(situation.now, situation.half_life)
            reasons[strategy] = f"worked before: {rate:.0%} of {figures.tries} tries"
    return reasons


def _rerun_barrier(situation: Situation) -> Objection | None:
    """What forbids every further run of the function by this event, the gravest reason first."""
    operation, diagnosis = situation.operation, situation.diagnosis
    if not diagnosis.curable:
        return Objection(StopReason.PERMANENT, f"a permanent error is never run again: {diagnosis.reason}")
    if situation.inner_gave_up:
        return Objection(StopReason.INNER_GAVE_UP, "a wrapped call inside this one has already given up on it")
    unsafe = _rerun_danger(situation)
    if unsafe is not None:
        return unsafe
    if situation.runs_left < 1:
        return Objection(StopReason.ATTEMPTS, f"attempts={operation.attempts} are used up")
    if not diagnosis.known and (situation.reruns or not operation.idempotent):
        return Objection(StopReason.ATTEMPTS, "an unknown error is run again once at most")
    if situation.remaining <= 0:
        return Objection(StopReason.BUDGET, f"budget={operation.budget:g} s is used up")
    return None


def _rerun_danger(situation: Situation) -> Objection | None:
    """What makes one more run of the function unsafe, now or from the queue; None by declaration or by proof."""
    operation, diagnosis, proof = situation.operation, situation.diagnosis, situation.proof
    if situation.consumed is not None:
        why = f"argument {situation.consumed} has been read from and cannot be put back"
        return Objection(StopReason.CONSUMED_ARGUMENT, why)
    if operation.idempotent:
        return None
    if diagnosis.executed is not Executed.NO:
        took = "took effect" if diagnosis.executed is Executed.YES else "may have taken effect"
        why = f"not declared idempotent, and the step that failed {took}"
        return Objection(StopReason.UNSAFE_TO_RERUN, why)
    if operation.atomic or proof.effect is Executed.NO:
        return None
    spoiler = proof.spoiler or "what ran before it cannot be proved harmless"
    return Objection(StopReason.UNSAFE_TO_RERUN, f"not declared idempotent or atomic, and {spoiler}")


def _objection(
    situation: Situation, strategy: Strategy, reasons: Mapping[Strategy, str], barrier: Objection | None
) -> Objection | None:
    operation = situation.operation
    if strategy not in operation.strategies:
        return Objection(StopReason.NOTHING_APPLICABLE, "not in the operation's strategies")
    lacking = REMEDIES[strategy].missing(operation)
    if lacking is not None:
        return Objection(StopReason.NOTHING_APPLICABLE, lacking)
    figures = situation.figures.get(strategy)
    if figures is not None and figures.ruling == "ban":
        return Objection(StopReason.NOTHING_APPLICABLE, "banned by an operator")
    if strategy not in reasons:
        return Objection(StopReason.NOTHING_APPLICABLE, f"no remedy for this error ({situation.diagnosis.rule})")
    if strategy in REPAIRS:
        return barrier or _repair_objection(situation, strategy)
    return _fallback_objection(situation, strategy)


def _repair_objection(situation: Situation, strategy: Strategy) -> Objection | None:
    if _asks_too_long(situation) and strategy is not Strategy.SWITCH_API_ENDPOINT:
        asked, left = situation.diagnosis.retry_after, situation.remaining
        why = f"the far end asks to wait {asked:.0f} s, and {max(left, 0):.1f} s of the budget are left"
        return Objection(StopReason.RETRY_AFTER, why)
    return None


def _fallback_objection(situation: Situation, strategy: Strategy) -> Objection | None:
    if situation.diagnosis.category in NEVER_MASKED:
        return Objection(StopReason.PERMANENT, f"an error of kind {situation.diagnosis.category} must surface")
    return _rerun_danger(situation) if strategy is Strategy.QUEUE_FOR_LATER else None


def _ordered(situation: Situation, usable: list[Strategy]) -> tuple[list[Strategy], DecidedBy]:
    figures, now, half_life = situation.figures, situation.now, situation.half_life
    known = {strategy: figures[strategy] for strategy in usable if strategy in figures}
    pinned = {strategy for strategy, row in known.items() if row.ruling == "pin"}
    rates = {strategy: row.rate(now, half_life) for strategy, row in known.items() if row.proven(now, half_life)}
    hopeless = {strategy for strategy, row in known.items() if row.hopeless(now, half_life)}
    first = Strategy.QUEUE_FOR_LATER if _asks_too_long(situation) else None
    order = sorted(
        usable,
        key=lambda strategy: (
            strategy not in pinned,
            strategy in hopeless,
            strategy in FALLBACKS,
            strategy is not first,
            -rates.get(strategy, 0.0),
        ),
    )
    if any(row.ruling for row in figures.values()):
        return order, DecidedBy.OPERATOR
    return order, DecidedBy.PATTERN if rates or hopeless else DecidedBy.RULES


def _asks_too_long(situation: Situation) -> bool:
    asked = situation.diagnosis.retry_after
    return asked is not None and asked > situation.remaining


def _gravest(objections: Mapping[Strategy, Objection | None]) -> Objection:
    """Among what speaks against single repairs: a rule of safety or a wait, before mere absence."""
    found = [objections[strategy] for strategy in REPAIRS]
    told = [objection for objection in found if objection and objection.stop is not StopReason.NOTHING_APPLICABLE]
    nothing = Objection(StopReason.NOTHING_APPLICABLE, "no repair that fits this error was declared")
    return told[0] if told else nothing
