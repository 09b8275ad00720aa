"""What a case of the corpus says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Planted:
    """`secrets` must not survive, `keeps` must."""

    name: str
    make: Callable[[], object]
    secrets: tuple[str, ...]
    keeps: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Harmless:
    """A text must come out as it is; of an object nothing may be hidden."""

    name: str
    make: Callable[[], object]
    why: str
