"""A share of a whole, which prints as one."""

from __future__ import annotations

from typing import NamedTuple


class Share(NamedTuple):
    part: int
    whole: int

    @property
    def percent(self) -> float:
        return 100.0 * self.part / self.whole if self.whole else 0.0

    def __str__(self) -> str:
        return f"{self.percent:.1f} % ({self.part} of {self.whole})"
