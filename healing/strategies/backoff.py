"""How long to pause: exponential with full jitter, capped, never past the budget."""

from __future__ import annotations

BASE = 0.1
"""Seconds that the first pause takes at the most."""
CAP = 5.0
"""Seconds that any pause takes at the most."""


def pause(reruns: int, chance: float, remaining: float, *, base: float = BASE, cap: float = CAP) -> float:
    """Seconds to wait before the next run, `chance` being a random number in [0, 1)."""
    doubled = base * 2.0 ** min(reruns, 30)
    return max(0.0, chance * min(doubled, cap, remaining))
