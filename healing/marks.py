"""The mark on an exception on which healing gave up, so that an outer wrapper does not run it again."""

from __future__ import annotations

from dataclasses import dataclass

from healing import lineage
from healing.strangers import plain_dict

ATTRIBUTE = "__healing_mark__"
DEEPEST = 20
"""Links of a chain that are looked at."""


@dataclass(frozen=True, slots=True)
class Mark:
    event_id: str
    source: str
    enclosed: bool
    """Whether wrapped calls were around it."""
    note: str = ""
    may_run_again: bool = False
    """Whether one more run of the operation was safe when healing gave up."""


def leave(error: BaseException, mark: Mark) -> None:
    """Mark `error` and add the note; a note that an earlier event left on the same object goes.

    Where an exception's class keeps its attributes in a way of its own, the exception leaves as it came.
    """
    held = plain_dict(error)
    if held is None:
        return
    old, notes = _of(error), held.get("__notes__")
    if type(notes) is list:
        if old is not None and old.note in notes:
            notes.remove(old.note)
        if mark.note:
            notes.append(mark.note)
    elif notes is None and mark.note:
        held["__notes__"] = [mark.note]
    held[ATTRIBUTE] = mark


def inner(error: BaseException, source: str) -> Mark | None:
    """The mark that a wrapped call inside `source` left on `error` or on what `error` was raised from.

    A mark of `source` itself with nothing around it is an old one: the same exception object raised by a later call.
    """
    link: BaseException | None = error
    for _ in range(DEEPEST):
        if link is None:
            return None
        mark = _of(link)
        if mark is not None and (mark.enclosed or mark.source != source):
            return mark
        link, _ = lineage.cause(link)
    return None


def on(error: BaseException, source: str) -> Mark | None:
    """The mark that a wrapped call inside `source` left on this very object."""
    mark = _of(error)
    return mark if mark is not None and (mark.enclosed or mark.source != source) else None


def own(error: BaseException, source: str) -> Mark | None:
    """The mark that the wrapped call of `source` left when the error went out of it."""
    mark = _of(error)
    return mark if mark is not None and mark.source == source else None


def may_run_again(error: BaseException, source: str) -> bool:
    """Whether an error that left `source` allows one more run of it, at another time."""
    mark = own(error, source)
    return mark is not None and mark.may_run_again


def _of(error: BaseException) -> Mark | None:
    mark = (plain_dict(error) or {}).get(ATTRIBUTE)
    return mark if type(mark) is Mark else None
