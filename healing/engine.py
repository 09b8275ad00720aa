"""Runs a plan: the one place that drives strategies, written once for sync and async.

`Healing.steps()` is a generator: it yields what it wants done (a pause, a helper call, a run of the operation), gets
the result sent in and returns the verdict. It does no I/O but the journal's, which neither raises nor blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from healing import lineage, marks
from healing.capture import ErrorContext, described
from healing.diagnosis import Diagnosis
from healing.diagnosis.rules import diagnose
from healing.event import Closing, Trial
from healing.identity import new_id
from healing.opening import opening
from healing.plan import Plan, Situation, make_plan
from healing.proof import Proof, consumed_argument, prove
from healing.queue import check_arguments
from healing.recording import captured
from healing.runtime import Runtime
from healing.scope import Attempt, Scope, enclosing, replaying
from healing.scope import current as running_attempt
from healing.strategies import REMEDIES
from healing.strategies.rollback_transaction import roll_back
from healing.strategies.step import Call, Case, Failure, Invoke, Result, Success, Wait
from healing.vocabulary import Executed, Mode, Outcome, StopReason, Strategy
from healing.wrapped import Prepared, Wrapped

TEMPORARY = frozenset(
    {
        StopReason.ATTEMPTS,
        StopReason.BUDGET,
        StopReason.RETRY_AFTER,
        StopReason.EXHAUSTED,
        StopReason.NOTHING_APPLICABLE,
    }
)
"""Reasons that may be gone at another time."""

UNSOUGHT = Proof(Executed.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Run:
    """Wanted: one more run of the operation."""

    attempt: Attempt


Ask = Run | Wait | Invoke


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for the caller. `repaired`: it is the operation's own, not one in its stead."""

    value: Any
    repaired: bool


class Healing:
    """One event, from the error to its outcome."""

    def __init__(
        self,
        wrapped: Wrapped,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        error: Exception,
        runtime: Runtime,
        prepared: Prepared,
    ) -> None:
        self.wrapped, self.operation = wrapped, wrapped.operation
        self.args, self.kwargs = args, kwargs
        self.prepared = prepared
        self.original = self.latest = error
        self.traceback = lineage.traceback(error)
        self.mode = wrapped.mode_under(runtime.settings)
        self.runtime, self.clock = runtime, runtime.clock
        self.event_id = new_id()
        self.started = self.clock.monotonic()
        self.surrounding = enclosing(wrapped)
        self.scope = self._scope()
        self.used: Counter[Strategy] = Counter()
        self.trials: list[Trial] = []
        self.out_of_time = False
        self.endpoint = self._endpoint_used()
        self.tried_endpoints = {self.endpoint} if self.endpoint else set()
        self.inner_mark = marks.inner(error, self.operation.source)
        self.queued_by = replaying.get() if wrapped.replays else ""
        self.closed = False

    def _endpoint_used(self) -> str | None:
        """That of the attempt that failed: by now another call may have found a better one."""
        attempt = running_attempt.get()
        return attempt.endpoint if attempt is not None and attempt.owner is self.wrapped else None

    def _enclosed(self) -> bool:
        """Whether other wrapped calls are around this one."""
        attempt = running_attempt.get()
        if attempt is not None and attempt.owner is self.wrapped:
            return attempt.scope is not None and attempt.scope.parent is not None
        return self.surrounding is not None

    def _scope(self) -> Scope:
        around, operation = self.surrounding, self.operation
        if around is None:
            return Scope(operation.budget, self.started + operation.budget)
        left = min(operation.budget, around.remaining(self.started))
        counted = around.runs if around.deadline is not None or self.wrapped.tracked else 0
        return Scope(left, self.started + left, counted, around)

    def steps(self) -> Generator[Ask, Result, Verdict | None]:
        """The verdict, or None where the original exception has to surface."""
        if self.mode is Mode.OFF:
            return None
        context = captured(self.operation, self.args, self.kwargs, self.original, self.runtime)
        diagnosis = self._diagnose(self.original)
        self.fingerprint = context.fingerprint
        plan = self._plan(diagnosis)
        if marks.on(self.original, self.operation.source) is not None and not plan.taken("fallback"):
            return None
        self.first_plan = plan
        self._open(context, diagnosis, plan)
        try:
            plan = yield from self._with_patterns(diagnosis, plan)
            return (yield from self._settle(diagnosis, plan))
        finally:
            if not self.closed:
                self._close(Outcome.INTERRUPTED, StopReason.INTERRUPTED, None, plan, "interrupted while healing")
            self.scope.over = True
            if self.surrounding is not None:
                self.surrounding.charge(self.clock.monotonic() - self.started)
            self.latest = self.original
            lineage.restore(self.original, self.traceback)

    def _settle(self, diagnosis: Diagnosis, plan: Plan) -> Generator[Ask, Result, Verdict | None]:
        if self.mode is Mode.OBSERVE:
            first = plan.taken("repair") or plan.taken("fallback")
            note = f"would have tried {first[0]}" if first else plan.why
            self._close(Outcome.OBSERVED, StopReason.OBSERVING, None, plan, note)
            self._mark("")
            return None
        while (strategy := self._next(plan)) is not None:
            self.used[strategy] += 1
            runs = len(self.trials)
            answer = yield from self._perform(strategy, diagnosis)
            if answer is not None:
                return self._answered(strategy, answer, plan)
            if len(self.trials) > runs:
                diagnosis = self._diagnose(self.latest)
                plan = self._plan(diagnosis)
        self._gave_up(plan)
        return None

    def _next(self, plan: Plan) -> Strategy | None:
        """In the plan's order; but each repair has its turn before any has a second one."""
        left = [step for step in plan.steps if step.taken and self._may_be_used(step.strategy)]
        repairs = list(takewhile(lambda step: step.kind == "repair", left))
        if repairs:
            return min(repairs, key=lambda step: self.used[step.strategy]).strategy
        return left[0].strategy if left else None

    def _may_be_used(self, strategy: Strategy) -> bool:
        return self.used[strategy] < REMEDIES[strategy].limit(self.operation)

    def _perform(self, strategy: Strategy, diagnosis: Diagnosis) -> Generator[Ask, Result, Success | None]:
        """Drive one strategy, granting what it wants within the deadline.

        An operation with a session never runs again on what the failed attempt left in it.
        """
        steps = REMEDIES[strategy].steps(self._case(diagnosis))
        rolls_back_itself = strategy is Strategy.ROLLBACK_TRANSACTION or self.operation.session is None
        result: Any = None
        waited = 0.0
        while True:
            try:
                step = steps.send(result)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]  # what a Steps generator returns
            if isinstance(step, Wait):
                if step.seconds > self._remaining():
                    self.out_of_time = True
                    steps.close()
                    return None
                waited += step.seconds
                result = yield step
            elif isinstance(step, Call):
                if not rolls_back_itself and not (yield from roll_back(self.operation)):
                    steps.close()
                    return None
                result = yield from self._run(strategy, step, waited)
            else:
                result = yield step

    def _run(self, strategy: Strategy, call: Call, waited: float) -> Generator[Ask, Result, Result]:
        self.scope.count_run()
        if call.endpoint is not None:
            self.endpoint = call.endpoint
            self.tried_endpoints.add(call.endpoint)
        begun = self.clock.monotonic()
        attempt = Attempt(len(self.trials) + 2, self.endpoint, self.scope, self.wrapped)
        result = yield Run(attempt)
        failed = result.error if isinstance(result, Failure) else None
        self.trials.append(self._trial(strategy, waited, begun, failed))
        if failed is not None:
            self.latest = failed
            self.inner_mark = marks.inner(failed, self.operation.source)
        elif call.endpoint is not None:
            self.wrapped.prefer(call.endpoint, self.clock.monotonic())
        return result

    def _trial(self, strategy: Strategy, waited: float, begun: float, failed: Exception | None) -> Trial:
        error_type, message = (
            (None, None) if failed is None else described(failed, self.runtime.redactor_of(self.operation))
        )
        return Trial(
            number=len(self.trials) + 2,
            strategy=strategy,
            waited_ms=waited * 1000,
            started_ms=(begun - self.started) * 1000,
            elapsed_ms=(self.clock.monotonic() - begun) * 1000,
            succeeded=failed is None,
            error_type=error_type,
            message=message,
        )

    def _remaining(self) -> float:
        return self.scope.remaining(self.clock.monotonic())

    def _case(self, diagnosis: Diagnosis) -> Case:
        return Case(
            operation=self.operation,
            args=self.args,
            kwargs=self.kwargs,
            event_id=self.event_id,
            diagnosis=diagnosis,
            reruns=len(self.trials),
            remaining=self._remaining(),
            endpoint=self.endpoint,
            tried_endpoints=frozenset(self.tried_endpoints),
            cached=self._cached,
            payload=self._payload,
            clock=self.clock,
        )

    def _cached(self) -> Any:
        if self.wrapped.results is None or self.prepared.key is None:
            raise LookupError("nothing is kept for these arguments")
        return self.wrapped.results.find(self.prepared.key, self.clock.monotonic())

    def _payload(self) -> str:
        payload = self.prepared.payload
        if isinstance(payload, Exception):
            raise payload
        return payload or check_arguments(self.operation.function).dump(self.args, self.kwargs)

    def _diagnose(self, error: Exception) -> Diagnosis:
        return diagnose(error, self.clock.time(), self.runtime.rules)

    def _with_patterns(self, diagnosis: Diagnosis, plan: Plan) -> Generator[Ask, Result, Plan]:
        """Give a fresh process a moment to load the patterns, where there is a choice that they could make."""
        patterns = self.runtime.patterns
        if patterns.ready or self.mode is Mode.OBSERVE or not any(step.taken for step in plan.steps):
            return plan
        while patterns.patience(self.clock.monotonic()) > 0 and self._remaining() > 0:
            yield Wait(0.01)
        return self._plan(diagnosis)

    def _plan(self, diagnosis: Diagnosis) -> Plan:
        operation, settings = self.operation, self.runtime.settings
        return make_plan(
            Situation(
                operation=operation,
                diagnosis=diagnosis,
                proof=self._proof(diagnosis),
                remaining=self._remaining(),
                runs_left=operation.attempts - 1 - self.scope.runs,
                reruns=len(self.trials),
                consumed=consumed_argument(self.args, self.kwargs),
                inner_gave_up=self.inner_mark is not None,
                figures=self.runtime.patterns.figures(self.fingerprint),
                now=self.clock.time(),
                half_life=settings.pattern_half_life_days * 86_400,
            )
        )

    def _proof(self, diagnosis: Diagnosis) -> Proof:
        """Looked for only where it decides: everything else has said yes or no already."""
        operation = self.operation
        declared = operation.idempotent or operation.atomic
        if declared or not diagnosis.transient or diagnosis.executed is not Executed.NO:
            return UNSOUGHT
        return prove(self.latest.__traceback__, operation.function, session=operation.session)

    def _open(self, context: ErrorContext, diagnosis: Diagnosis, plan: Plan) -> None:
        parent = self.queued_by or (self.inner_mark.event_id if self.inner_mark is not None else None)
        event = opening(self.event_id, self.clock.time(), self.operation, context, diagnosis, plan, parent_id=parent)
        event.details["calls"] = {"succeeded": self.wrapped.successes, "failed": self.wrapped.failures}
        self.opening = event
        if not self.queued_by:
            self.runtime.journal.opened(event)

    def _answered(self, strategy: Strategy, answer: Success, plan: Plan) -> Verdict:
        outcome, stop = Outcome.HEALED, StopReason.HEALED
        if strategy is Strategy.QUEUE_FOR_LATER:
            outcome, stop = Outcome.QUEUED, StopReason.QUEUED
        elif REMEDIES[strategy].kind == "fallback":
            outcome, stop = Outcome.DEGRADED, StopReason.FELL_BACK
        self._close(outcome, stop, strategy, plan, f"{REMEDIES[strategy].title} answered")
        return Verdict(answer.value, repaired=outcome is Outcome.HEALED)

    def _gave_up(self, plan: Plan) -> None:
        stop, why = self._why_stopped(plan)
        self.wrapped.failures += 1
        again = plan.rerun_is_safe and stop in TEMPORARY
        # A stored call that will be tried again is no event of its own: the one that stored it says that it waits.
        self._close(Outcome.QUEUED if self.queued_by and again else Outcome.FAILED, stop, None, plan, why)
        self._mark(self._note(why), again)

    def _mark(self, note: str, may_run_again: bool = False) -> None:
        source = self.operation.source
        if marks.on(self.original, source) is None:
            mark = marks.Mark(self.event_id, source, self._enclosed(), note, may_run_again)
            marks.leave(self.original, mark)

    def _why_stopped(self, plan: Plan) -> tuple[StopReason, str]:
        if plan.stop_reason is not None:
            return plan.stop_reason, plan.why
        if self.out_of_time or self._remaining() <= 0:
            return StopReason.BUDGET, f"budget={self.operation.budget:g} s is used up"
        return StopReason.EXHAUSTED, "every strategy of the plan was tried"

    def _note(self, why: str) -> str:
        tried = ", ".join(f"{strategy} ×{times}" for strategy, times in self.used.items())
        return f"Healing: {f'tried {tried}; ' if tried else 'not run again: '}{why} (event {self.event_id})"

    def _close(self, outcome: Outcome, stop: StopReason, strategy: Strategy | None, plan: Plan, note: str) -> None:
        self.closed = True
        closing = Closing(
            id=self.event_id,
            outcome=outcome,
            stop_reason=stop,
            strategy=strategy,
            decided_by=plan.decided_by,
            runs=1 + len(self.trials),
            healing_ms=(self.clock.monotonic() - self.started) * 1000,
            trials=tuple(self.trials),
            note=note,
            plan=None if plan is self.first_plan else plan.as_data(),
        )
        if not self.queued_by:
            self.runtime.journal.closed(closing)
        elif outcome not in {Outcome.QUEUED, Outcome.INTERRUPTED}:
            self.runtime.journal.recorded(self.opening, closing)
