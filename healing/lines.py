"""An opening, a closing or both as one JSON line of the spool, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any

from healing.event import Closing, Opening, Trial
from healing.vocabulary import Category, DecidedBy, Outcome, Severity, StopReason, Strategy

MAX_LINE = 1 << 19
"""Bytes of one line; an event whose details make it longer is kept without them."""

_OPENING = tuple(spec.name for spec in fields(Opening))
_CLOSING = tuple(spec.name for spec in fields(Closing))
_TRIAL = tuple(spec.name for spec in fields(Trial))


class BadLineError(ValueError):
    """This line of a spool holds no event that can be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says: an opening, a closing or both."""

    opening: Opening | None
    closing: Closing | None


def encode(opening: Opening | None, closing: Closing | None) -> bytes:
    """One line, with its newline. Details that JSON cannot express, or that are too long, are left out.

    Raises ValueError, TypeError or RecursionError where even the rest cannot be expressed.
    """
    try:
        line = _dumped(opening, closing)
    except (TypeError, ValueError, RecursionError) as error:
        return _bare(opening, closing, f"the details were not JSON: {type(error).__name__}")
    if len(line) > MAX_LINE:
        return _bare(opening, closing, f"the details took {len(line)} bytes")
    return line


def _bare(opening: Opening | None, closing: Closing | None, reason: str) -> bytes:
    line = _dumped(opening and replace(opening, details={"left_out": reason}), closing)
    if len(line) > MAX_LINE:
        raise ValueError(f"{len(line)} bytes even without its details")
    return line


def _dumped(opening: Opening | None, closing: Closing | None) -> bytes:
    said: dict[str, Any] = {}
    if opening is not None:
        said["opening"] = {name: getattr(opening, name) for name in _OPENING}
    if closing is not None:
        said["closing"] = {name: getattr(closing, name) for name in _CLOSING}
        said["closing"]["trials"] = [{name: getattr(trial, name) for name in _TRIAL} for trial in closing.trials]
    return json.dumps(said, default=_type_name, separators=(",", ":")).encode("ascii") + b"\n"


def _type_name(value: object) -> str:
    return f"<{type(value).__name__}>"


def decode(line: bytes) -> Line:
    """The reverse of `encode`; texts come back without NUL and lone surrogates, which databases refuse.

    Fields that this version does not know are dropped. Raises BadLineError.
    """
    try:
        said = json.loads(line, parse_constant=str)
        if b"\\u0000" in line or b"\\ud" in line:
            said = _storable(said)
        read = Line(
            _opening(said["opening"]) if "opening" in said else None,
            _closing(said["closing"]) if "closing" in said else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadLineError(f"{type(error).__name__}: {error}") from error
    if read.opening is None and read.closing is None:
        raise BadLineError("neither an opening nor a closing")
    return read


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def _opening(said: dict[str, Any]) -> Opening:
    return Opening(
        **_known(said, _OPENING) | {"category": Category(said["category"]), "severity": Severity(said["severity"])}
    )


def _closing(said: dict[str, Any]) -> Closing:
    return Closing(
        **_known(said, _CLOSING)
        | {
            "outcome": Outcome(said["outcome"]),
            "stop_reason": StopReason(said["stop_reason"]),
            "strategy": None if said["strategy"] is None else Strategy(said["strategy"]),
            "decided_by": DecidedBy(said["decided_by"]),
            "trials": tuple(_trial(trial) for trial in said["trials"]),
        }
    )


def _trial(said: dict[str, Any]) -> Trial:
    return Trial(**_known(said, _TRIAL) | {"strategy": Strategy(said["strategy"])})


def _known(said: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name in names}
