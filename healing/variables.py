"""The local variables of the application's frames, redacted; kept where the setting `capture_locals` asks for it."""

from __future__ import annotations

from itertools import islice
from types import CodeType, TracebackType
from typing import Any

from healing.origin import is_app_code
from healing.redaction import Limits, Plain, Redactor

MAX_FRAMES = 5
MAX_VARIABLES = 30
LIMITS = Limits(depth=4, items=30, nodes=200, characters=500, total=8_192)
"""Of one frame."""


def variables(frames: list[tuple[CodeType, str, TracebackType]], redactor: Redactor) -> list[dict[str, Any]]:
    """`function`, `line` and `values` of the innermost frames of the application that have any, outermost first."""
    own = [entry for entry in frames if is_app_code(entry[0], entry[1])]
    found = [_of_frame(*entry, redactor) for entry in own[-MAX_FRAMES:]]
    return [entry for entry in found if entry["values"]]


def _of_frame(code: CodeType, module: str, entry: TracebackType, redactor: Redactor) -> dict[str, Any]:
    return {
        "function": f"{module}.{code.co_qualname}",
        "line": entry.tb_lineno,
        "values": _values(entry, redactor),
    }


def _values(entry: TracebackType, redactor: Redactor) -> Plain:
    """Of a module's own frame nothing: its locals are its globals."""
    frame = entry.tb_frame
    held = frame.f_locals
    if held is frame.f_globals:
        return {}
    return redactor.value(dict(islice(held.items(), MAX_VARIABLES)), LIMITS)
