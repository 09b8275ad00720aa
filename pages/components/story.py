"""One event told from top to bottom: what failed, what was decided and why, what was tried, how it ended."""

from __future__ import annotations

import json
from itertools import count
from typing import Any, Literal

import streamlit as st

from db.event import Details, EventRecord, Opinion, Step, TrialRow
from db.events import EventRow
from healing.vocabulary import REPAIRS, DecidedBy, Executed, Outcome, StopReason
from pages.components import markup, moments, surroundings
from pages.components.words import (
    DECIDERS,
    EXECUTIONS,
    MEANINGS,
    SELF_EVIDENT,
    STOPS,
    capitalized,
    label,
    sentence,
    short_type,
)

MESSAGE_LIMIT = 20_000
"""Characters of a message or traceback that a page shows; the rest is named, not sent."""
UNSCROLLED_LINES = 40
"""Lines of a traceback that are shown without a scroll bar of their own."""


def story(record: EventRecord) -> None:
    _ending(record.row, record.details)
    if record.details is None:
        st.info("The details of this event were not kept.", icon=":material/info:")
        return
    _failure(record.row, record.details)
    _decision(record.row, record.details)
    _trials(record.details.trials, record.row)
    _traceback(record.details)
    context = dict(record.details.context)
    surroundings.log_before(context.pop("breadcrumbs", None))
    surroundings.variables(context.pop("locals", None))
    _context(context)


def _ending(row: EventRow, details: Details | None) -> None:
    stop = StopReason(row.stop_reason)
    why = _note(details) or ("" if stop in SELF_EVIDENT else STOPS[stop])
    reason = f'<div class="h-muted">{markup.text(sentence(why), 1_000)}</div>' if why else ""
    st.html(
        f'<div class="h-ending">{markup.badge(row.outcome)}<div><div>{MEANINGS[Outcome(row.outcome)]}.</div>{reason}'
        f'<div class="h-muted">{_effort(row)}</div></div></div>'
    )


def _note(details: Details | None) -> str:
    """Without the diagnosis at its end, which the decision gives below."""
    return details.note.removesuffix(f": {details.diagnosis.reason}") if details else ""


def _effort(row: EventRow) -> str:
    runs = "1 run" if row.runs == 1 else f"{row.runs} runs"
    return f"{runs} of the function, {moments.duration(row.healing_ms)} of healing"


def _failure(row: EventRow, details: Details) -> None:
    st.subheader("What failed", anchor=False)
    st.code(_shortened(f"{row.error_type}: {details.message}"), language=None, wrap_lines=True)


def _decision(row: EventRow, details: Details) -> None:
    st.subheader("What was decided, and why", anchor=False)
    st.html(_opinion(row, details.diagnosis))
    if details.plan:
        st.html(f'<div class="h-scroll"><table class="h-table">{_PLAN_HEAD}{_plan(details.plan)}</table></div>')


def _opinion(row: EventRow, opinion: Opinion) -> str:
    kind = "passing trouble" if opinion.transient else "a permanent error"
    executed = EXECUTIONS[Executed(opinion.executed)] if opinion.executed else "unknown"
    whose = "your own rule" if opinion.own else "rule"
    rule = f"{whose} <code>{markup.text(opinion.rule)}</code>" if opinion.rule else "no rule matched"
    return (
        f"<p>{markup.text(capitalized(opinion.reason), 1_000)}</p>"
        f'<p class="h-muted">{markup.text(label(opinion.category))}, {kind}; {executed} ({rule}). '
        f"The order of the plan comes from {DECIDERS[DecidedBy(row.decided_by)]}.</p>"
    )


_PLAN_HEAD = "<thead><tr><th>Strategy</th><th>Kind</th><th>Plan</th><th>Reason</th></tr></thead>"


def _plan(plan: tuple[Step, ...]) -> str:
    places = count(1)
    return "".join(
        f'<tr class="{"" if step.taken else "h-left-out"}"><td>{markup.text(label(step.strategy))}</td>'
        f"<td>{markup.text(label(step.kind))}</td><td>{f'{next(places)}.' if step.taken else '– left out'}</td>"
        f"<td>{markup.text(capitalized(step.reason), 500)}</td></tr>"
        for step in plan
    )


def _trials(trials: tuple[TrialRow, ...], row: EventRow) -> None:
    st.subheader("What was tried", anchor=False)
    if trials:
        _runs(trials, row)
    answered = f"{label(row.strategy)} answered." if row.strategy and row.strategy not in REPAIRS else ""
    if answered or not trials:
        again = "" if trials else "No strategy ran the function again."
        st.html(f'<p class="h-muted">{markup.text(f"{answered} {again}")}</p>')


def _runs(trials: tuple[TrialRow, ...], row: EventRow) -> None:
    whole = max(row.healing_ms, *(trial.started_ms + trial.elapsed_ms for trial in trials), 0.001)
    rows = "".join(_trial(trial, whole) for trial in trials)
    st.html(f'<div class="h-scroll"><table class="h-table">{_TRIALS_HEAD}{rows}</table></div>')


_TRIALS_HEAD = (
    "<thead><tr><th>#</th><th>Strategy</th><th>Waited</th><th>Started</th><th>Took</th>"
    '<th class="h-wide">Course</th><th>Result</th></tr></thead>'
)


def _trial(trial: TrialRow, whole: float) -> str:
    """`whole` is what the full width of the course stands for, in milliseconds."""
    result = "✓ answered" if trial.succeeded else f"✕ {short_type(trial.error_type or '')}: {trial.message or ''}"
    colour = "healed" if trial.succeeded else "failed"
    left, width = min(trial.started_ms / whole * 100, 99), max(trial.elapsed_ms / whole * 100, 1)
    place = f"left:{left:.2f}%;width:{width:.2f}%"
    return (
        f"<tr><td>{trial.number}</td><td>{markup.text(label(trial.strategy))}</td>"
        f'<td class="h-num">{moments.duration(trial.waited_ms)}</td>'
        f'<td class="h-num">+{moments.duration(trial.started_ms)}</td>'
        f'<td class="h-num">{moments.duration(trial.elapsed_ms)}</td>'
        f'<td><div class="h-course"><i class="h-t-{colour}" style="{place}"></i></div></td>'
        f"<td>{markup.text(result, 200)}</td></tr>"
    )


def _traceback(details: Details) -> None:
    if details.traceback:
        st.subheader("Traceback", anchor=False)
        st.code(_shortened(details.traceback), language="python", height=code_height(details.traceback))


def code_height(text: str) -> Literal["content"] | int:
    return 900 if text.count("\n") > UNSCROLLED_LINES else "content"


def _context(context: dict[str, Any]) -> None:
    """Secrets were taken out before this was written; the page adds nothing and hides nothing."""
    if not context:
        return
    st.subheader("Context", anchor=False)
    for name, value in context.items():
        if value:
            with st.expander(label(name), expanded=name in {"arguments", "declared"}):
                st.code(_shortened(_spelled(value)), language=None, wrap_lines=True)


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _shortened(text: str) -> str:
    kept = markup.without_controls(text[:MESSAGE_LIMIT])
    return kept if len(text) <= MESSAGE_LIMIT else f"{kept}\n… and {len(text) - MESSAGE_LIMIT:,} more characters"
