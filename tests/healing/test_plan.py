from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.diagnosis import Diagnosis, Recommendation
from healing.operation import Operation
from healing.patterns import PatternFigures
from healing.plan import NEVER_MASKED, Situation, make_plan
from healing.proof import Proof
from healing.strategies import REMEDIES
from healing.vocabulary import (
    FALLBACKS,
    REPAIRS,
    Category,
    DecidedBy,
    Executed,
    Severity,
    StopReason,
    Strategy,
)

REFUSED = Diagnosis(
    category=Category.NETWORK,
    transient=True,
    executed=Executed.NO,
    severity=Severity.MEDIUM,
    recommended=tuple(Recommendation(strategy, "fits") for strategy in Strategy),
    rule="refused",
    reason="nobody listens there",
)
TIMED_OUT = replace(REFUSED, category=Category.TIMEOUT, executed=Executed.UNKNOWN, rule="read-timeout")
ANSWERED = replace(REFUSED, category=Category.EXTERNAL_API, executed=Executed.YES, rule="malformed-answer")
BUG = replace(REFUSED, category=Category.PROGRAMMING, transient=False, recommended=(), rule="bug", reason="a bug")
PROVED = Proof(Executed.NO, None)
SPOILED = Proof(Executed.UNKNOWN, "shop.py:3 in pay: calls charge() first")


class Session:
    def rollback(self) -> None: ...


def nothing() -> None: ...


def situation(diagnosis: Diagnosis = REFUSED, proof: Proof = SPOILED, **others: Any) -> Situation:
    declared = {name: others.pop(name) for name in list(others) if name in Operation.__dataclass_fields__}
    operation = Operation(source="pay", function=nothing, **declared)
    facts: dict[str, Any] = {"remaining": 10.0, "runs_left": 3} | others
    return Situation(operation=operation, diagnosis=diagnosis, proof=proof, **facts)


def figures(strategy: Strategy, successes: int, failures: int, ruling: Any = None) -> dict[Strategy, PatternFigures]:
    row = PatternFigures("f" * 32, strategy, "pay", successes, failures, successes, failures, 0.0, ruling)
    return {strategy: row}


def test_what_is_not_declared_idempotent_and_not_proved_is_not_run_again() -> None:
    plan = make_plan(situation())
    assert plan.taken("repair") == []
    assert plan.stop_reason is StopReason.UNSAFE_TO_RERUN
    assert "shop.py:3" in plan.why


def test_what_time_does_not_heal_a_repair_may_cure() -> None:
    clearing = (Recommendation(Strategy.CLEAR_CACHE_AND_RETRY, "a corrupt entry stays corrupt"),)
    corrupt = replace(REFUSED, category=Category.CACHE, transient=False, recommended=clearing, rule="corrupt")
    assert make_plan(situation(corrupt, idempotent=True, clears=(nothing,))).taken("repair") == [clearing[0].strategy]
    assert make_plan(situation(corrupt, idempotent=True)).taken("repair") == []
    assert make_plan(situation(corrupt, clears=(nothing,))).stop_reason is StopReason.UNSAFE_TO_RERUN


@pytest.mark.parametrize("declared", [{}, {"atomic": True}, {"queue": True}])
def test_what_was_executed_is_run_again_only_where_declared_idempotent(declared: dict[str, Any]) -> None:
    plan = make_plan(situation(ANSWERED, PROVED, **declared))
    assert plan.taken("repair") == []
    assert Strategy.QUEUE_FOR_LATER not in plan.taken("fallback")
    assert (plan.stop_reason, plan.rerun_is_safe) == (StopReason.UNSAFE_TO_RERUN, False)
    assert "took effect" in plan.why
    assert make_plan(situation(ANSWERED, idempotent=True)).taken("repair")


@pytest.mark.parametrize(
    ("proof", "declared"), [(PROVED, {}), (SPOILED, {"atomic": True}), (SPOILED, {"idempotent": True})]
)
def test_proof_or_declaration_allows_a_second_run_where_the_step_was_not_executed(
    proof: Proof, declared: dict[str, Any]
) -> None:
    assert make_plan(situation(proof=proof, **declared)).taken("repair") == [
        Strategy.RETRY_WITH_BACKOFF,
        Strategy.RATE_LIMIT_BACKOFF,
    ]


@pytest.mark.parametrize("declared", [{}, {"atomic": True}])
def test_an_ambiguous_failure_is_run_again_only_where_that_is_idempotent(declared: dict[str, Any]) -> None:
    plan = make_plan(situation(TIMED_OUT, PROVED, **declared))
    assert (plan.taken("repair"), plan.stop_reason) == ([], StopReason.UNSAFE_TO_RERUN)
    assert make_plan(situation(TIMED_OUT, SPOILED, idempotent=True)).taken("repair")


def test_an_ambiguous_failure_is_not_queued_either() -> None:
    assert make_plan(situation(TIMED_OUT, PROVED, queue=True)).taken("fallback") == []
    assert make_plan(situation(REFUSED, PROVED, queue=True)).taken("fallback") == [Strategy.QUEUE_FOR_LATER]


def test_a_bug_surfaces_whatever_was_declared() -> None:
    plan = make_plan(situation(BUG, PROVED, idempotent=True, default=1, skippable=True, queue=True))
    assert not any(step.taken for step in plan.steps)
    assert (plan.stop_reason, plan.why) == (StopReason.PERMANENT, "a permanent error is never run again: a bug")


def test_an_argument_that_was_read_from_forbids_a_second_run_even_where_idempotent() -> None:
    plan = make_plan(situation(idempotent=True, queue=True, consumed="lines"))
    assert (plan.taken("repair"), plan.taken("fallback")) == ([], [])
    assert plan.stop_reason is StopReason.CONSUMED_ARGUMENT


def test_an_unknown_error_is_run_again_once_and_only_where_that_is_idempotent() -> None:
    unknown = replace(TIMED_OUT, known=False)
    assert make_plan(situation(unknown, idempotent=True)).taken("repair")
    assert make_plan(situation(unknown, idempotent=True, reruns=1)).taken("repair") == []
    assert make_plan(situation(replace(unknown, executed=Executed.NO), PROVED)).taken("repair") == []


def test_what_an_inner_call_gave_up_on_may_only_fall_back() -> None:
    plan = make_plan(situation(idempotent=True, default=0, inner_gave_up=True))
    assert (plan.taken("repair"), plan.taken("fallback")) == ([], [Strategy.USE_DEFAULT_VALUE])
    assert plan.stop_reason is StopReason.INNER_GAVE_UP


@pytest.mark.parametrize(
    ("others", "stop"), [({"runs_left": 0}, StopReason.ATTEMPTS), ({"remaining": 0.0}, StopReason.BUDGET)]
)
def test_spent_attempts_and_budget_forbid_a_second_run(others: dict[str, Any], stop: StopReason) -> None:
    assert make_plan(situation(idempotent=True, **others)).stop_reason is stop


def test_a_wait_longer_than_the_budget_is_given_up_at_once_or_queued() -> None:
    patient = replace(REFUSED, retry_after=120.0)
    plan = make_plan(situation(patient, idempotent=True))
    assert (plan.taken("repair"), plan.stop_reason) == ([], StopReason.RETRY_AFTER)
    assert "120 s" in plan.why
    queued = make_plan(situation(patient, idempotent=True, queue=True, default=1))
    assert queued.taken("fallback")[0] is Strategy.QUEUE_FOR_LATER


def test_another_endpoint_need_not_wait_for_the_first_one_s_retry_after() -> None:
    patient = replace(REFUSED, retry_after=120.0)
    plan = make_plan(situation(patient, idempotent=True, endpoints=("http://a", "http://b")))
    assert plan.taken("repair") == [Strategy.SWITCH_API_ENDPOINT]


def test_a_repair_that_is_proven_comes_first_and_says_why() -> None:
    known = figures(Strategy.RATE_LIMIT_BACKOFF, 9, 1)
    plan = make_plan(situation(idempotent=True, figures=known))
    assert plan.taken("repair")[0] is Strategy.RATE_LIMIT_BACKOFF
    assert (plan.decided_by, plan.steps[0].reason) == (DecidedBy.PATTERN, "worked before: 90% of 10 tries")


@pytest.mark.parametrize(("successes", "failures"), [(4, 0), (7, 3)])
def test_too_few_tries_or_too_low_a_rate_prove_nothing(successes: int, failures: int) -> None:
    known = figures(Strategy.RATE_LIMIT_BACKOFF, successes, failures)
    plan = make_plan(situation(idempotent=True, figures=known))
    assert (plan.taken("repair")[0], plan.decided_by) == (Strategy.RETRY_WITH_BACKOFF, DecidedBy.RULES)


def test_a_fallback_comes_before_repairs_that_never_helped() -> None:
    known = figures(Strategy.RETRY_WITH_BACKOFF, 0, 8) | figures(Strategy.RATE_LIMIT_BACKOFF, 0, 8)
    plan = make_plan(situation(idempotent=True, default=0, figures=known))
    assert plan.steps[0].strategy is Strategy.USE_DEFAULT_VALUE
    assert plan.taken("repair") == [Strategy.RETRY_WITH_BACKOFF, Strategy.RATE_LIMIT_BACKOFF]


def test_an_operator_s_pin_goes_over_what_is_proven() -> None:
    known = figures(Strategy.RATE_LIMIT_BACKOFF, 9, 0) | figures(Strategy.RETRY_WITH_BACKOFF, 0, 0, "pin")
    plan = make_plan(situation(idempotent=True, figures=known))
    assert (plan.taken("repair")[0], plan.decided_by) == (Strategy.RETRY_WITH_BACKOFF, DecidedBy.OPERATOR)


def test_an_operator_s_pin_does_not_go_over_safety() -> None:
    known = figures(Strategy.RETRY_WITH_BACKOFF, 0, 0, "pin")
    assert make_plan(situation(TIMED_OUT, figures=known)).taken("repair") == []
    assert make_plan(situation(BUG, PROVED, idempotent=True, figures=known)).taken("repair") == []


def test_an_operator_s_ban_leaves_a_strategy_out() -> None:
    plan = make_plan(situation(idempotent=True, figures=figures(Strategy.RETRY_WITH_BACKOFF, 9, 0, "ban")))
    assert Strategy.RETRY_WITH_BACKOFF not in plan.taken("repair")
    assert any(step.reason == "banned by an operator" for step in plan.steps)


situations = st.builds(
    lambda diagnosis, proof, declared, others, rows: situation(
        diagnosis, proof, **declared, **others, figures={row.strategy: row for row in rows}
    ),
    diagnosis=st.builds(
        replace,
        st.sampled_from([REFUSED, TIMED_OUT, BUG]),
        category=st.sampled_from(Category),
        executed=st.sampled_from(Executed),
        known=st.booleans(),
        retry_after=st.none() | st.floats(0, 100),
    ),
    proof=st.builds(Proof, st.sampled_from([Executed.NO, Executed.UNKNOWN]), st.none(), needs_rollback=st.booleans()),
    declared=st.fixed_dictionaries(
        {
            "idempotent": st.booleans(),
            "atomic": st.booleans(),
            "queue": st.booleans(),
            "skippable": st.booleans(),
            "strategies": st.frozensets(st.sampled_from(Strategy)),
            "attempts": st.integers(1, 5),
        },
        optional={
            "default": st.none(),
            "endpoints": st.just(("http://a", "http://b")),
            "resets": st.just((nothing,)),
            "clears": st.just((nothing,)),
            "session": st.just(Session()),
        },
    ),
    others=st.fixed_dictionaries(
        {"remaining": st.floats(-1, 20), "runs_left": st.integers(-1, 4), "reruns": st.integers(0, 3)},
        optional={"consumed": st.just("lines"), "inner_gave_up": st.booleans()},
    ),
    rows=st.lists(
        st.builds(
            PatternFigures,
            st.just("f" * 32),
            st.sampled_from(Strategy),
            st.just("pay"),
            st.integers(0, 9),
            st.integers(0, 9),
            st.floats(0, 9),
            st.floats(0, 9),
            st.just(0.0),
            st.sampled_from([None, "pin", "ban"]),
        )
    ),
)


@given(situations)
def test_no_plan_holds_an_undeclared_forbidden_or_unsafe_strategy(given_: Situation) -> None:
    operation, diagnosis, proof = given_.operation, given_.diagnosis, given_.proof
    plan = make_plan(given_)
    assert sorted(step.strategy for step in plan.steps) == sorted(Strategy)
    safe = operation.idempotent or (
        diagnosis.executed is Executed.NO and (operation.atomic or proof.effect is Executed.NO)
    )
    for step in plan.steps:
        if not step.taken:
            assert step.reason
            continue
        assert step.strategy in operation.strategies
        assert REMEDIES[step.strategy].missing(operation) is None
        if step.strategy in REPAIRS:
            assert diagnosis.transient
            assert given_.runs_left > 0
            assert given_.remaining > 0
        if step.strategy in FALLBACKS:
            assert diagnosis.category not in NEVER_MASKED
        if step.strategy in (*REPAIRS, Strategy.QUEUE_FOR_LATER):
            assert safe
            assert given_.consumed is None
        ruling = given_.figures.get(step.strategy)
        assert ruling is None or ruling.ruling != "ban"


@given(situations)
def test_a_plan_without_a_repair_always_says_why(given_: Situation) -> None:
    plan = make_plan(given_)
    assert (plan.stop_reason is None) == bool(plan.taken("repair"))
    assert bool(plan.why) == (plan.stop_reason is not None)
