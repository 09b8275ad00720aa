"""Which layers a text needs at all: of a hundred, most have a needle that it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from healing.redaction.names import SecretNames
from healing.redaction.rule import Layer
from healing.redaction.views import View

_SHORT = 192
"""Up to so many characters it is quicker to look up the text's own beginnings than to look for each needle."""

Redact = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Step:
    """A layer or a view. A text without any of the `needles`, in lower case, stays as it is. None: it is tried."""

    needles: tuple[str, ...]
    layer: Layer | None = None
    view: View | None = None

    def apply(self, text: str, lowered: str, names: SecretNames, redact: Redact | None) -> str:
        if self.layer is not None:
            return self.layer.apply(text, lowered, names)
        return text if self.view is None or redact is None else self.view(text, lowered, redact=redact)


class Steps:
    """All steps in their order, looked up by the first three characters of their needles."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps
        self._always = {number for number, step in enumerate(steps) if not step.needles}
        self._by_beginning: dict[str, set[int]] = {}
        for number, step in enumerate(steps):
            for needle in step.needles:
                self._by_beginning.setdefault(needle[:3], set()).add(number)

    def after(self, done: int, lowered: str) -> Iterator[tuple[int, Step]]:
        """The steps from number `done` on that may change the text, with their numbers."""
        if len(lowered) <= _SHORT:
            return self._of_short(done, lowered)
        return self._of_long(done, lowered)

    def _of_short(self, done: int, lowered: str) -> Iterator[tuple[int, Step]]:
        beginnings = {lowered[at : at + length] for length in (1, 2, 3) for at in range(len(lowered))}
        found = self._always.union(*(self._by_beginning[part] for part in self._by_beginning.keys() & beginnings))
        return ((number, self._steps[number]) for number in sorted(found) if number >= done)

    def _of_long(self, done: int, lowered: str) -> Iterator[tuple[int, Step]]:
        for number in range(done, len(self._steps)):
            step = self._steps[number]
            for needle in step.needles:
                if needle in lowered:
                    yield number, step
                    break
            else:
                if not step.needles:
                    yield number, step
