from __future__ import annotations

from healing import Category, Executed, Outcome, StopReason, Strategy, capture, explain, redact, testing
from healing.vocabulary import Severity


def refuse() -> None:
    raise ConnectionRefusedError("nobody listens")


def caught() -> ConnectionRefusedError:
    try:
        refuse()
    except ConnectionRefusedError as error:
        return error
    raise AssertionError


def test_explain_gives_the_diagnosis_and_the_plan_with_a_reason_for_each_of_the_ten() -> None:
    with testing.active() as recorder:
        explanation = explain(caught(), idempotent=True, default=0)
    assert (explanation.transient, explanation.executed) == (True, Executed.NO)
    assert explanation.stop_reason is None
    assert sorted(step.strategy for step in explanation.plan) == sorted(Strategy)
    assert all(step.reason for step in explanation.plan)
    taken = [step.strategy for step in explanation.plan if step.taken]
    assert taken[0] is Strategy.RETRY_WITH_BACKOFF
    assert taken[-1] is Strategy.USE_DEFAULT_VALUE
    assert recorder.events == []


def test_explain_without_the_function_has_no_proof_and_says_so() -> None:
    with testing.active():
        explanation = explain(caught())
    assert explanation.stop_reason is StopReason.UNSAFE_TO_RERUN
    assert "not given" in explanation.why


def test_explain_with_the_function_proves_from_the_traceback() -> None:
    with testing.active():
        assert explain(caught(), function=refuse).stop_reason is None


def test_explain_tells_a_bug_from_an_outage() -> None:
    with testing.active():
        explanation = explain(KeyError("total"), idempotent=True, default=1)
    assert (explanation.category, explanation.stop_reason) == (Category.PROGRAMMING, StopReason.PERMANENT)
    assert not any(step.taken for step in explanation.plan)


def test_an_error_that_was_caught_elsewhere_becomes_an_event() -> None:
    with testing.active() as recorder:
        event_id = capture(caught(), source="nightly import", category="queue")
    (event,) = recorder.events
    assert (event.opening.id, event.source) == (event_id, "nightly import")
    assert (event.outcome, event.stop_reason) == (Outcome.FAILED, StopReason.CAPTURED)
    assert event.opening.error_type == "ConnectionRefusedError"
    assert event.opening.severity in set(Severity)


def test_redact_takes_the_secret_and_leaves_the_rest() -> None:
    with testing.active():
        shown = redact({"user": "ann", "password": "hunter2", "url": "https://ann:hunter2@host/path"})
    assert shown["user"] == "ann"
    assert "hunter2" not in str(shown)
    assert "host/path" in shown["url"]
