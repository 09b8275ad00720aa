"""Self-healing for Python services: wrap a function in one line, and see what was healed on a live dashboard."""

from healing.decorator import self_healing
from healing.errors import ConfigurationError, DeclarationError, HealingError
from healing.operation import DEFAULT_FINGERPRINT, Cache
from healing.proof import harmless
from healing.queue import Queued
from healing.runtime import configure, flush
from healing.scope import attempt, endpoint
from healing.vocabulary import Category, Executed, Mode, Outcome, Severity, StopReason, Strategy
from healing.windows import Explanation, capture, explain, redact

__version__ = "0.1.0"

__all__ = [
    "DEFAULT_FINGERPRINT",
    "Cache",
    "Category",
    "ConfigurationError",
    "DeclarationError",
    "Executed",
    "Explanation",
    "HealingError",
    "Mode",
    "Outcome",
    "Queued",
    "Severity",
    "StopReason",
    "Strategy",
    "attempt",
    "capture",
    "configure",
    "endpoint",
    "explain",
    "flush",
    "harmless",
    "redact",
    "self_healing",
]
