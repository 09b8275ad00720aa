"""The closed sets of words that code, tables and screens share."""

from __future__ import annotations

from enum import StrEnum


class Strategy(StrEnum):
    """The ten things that can be done about a failed call."""

    RETRY_WITH_BACKOFF = "retry_with_backoff"
    RATE_LIMIT_BACKOFF = "rate_limit_backoff"
    RESET_CONNECTION = "reset_connection"
    ROLLBACK_TRANSACTION = "rollback_transaction"
    CLEAR_CACHE_AND_RETRY = "clear_cache_and_retry"
    SWITCH_API_ENDPOINT = "switch_api_endpoint"
    FALLBACK_TO_CACHE = "fallback_to_cache"
    QUEUE_FOR_LATER = "queue_for_later"
    USE_DEFAULT_VALUE = "use_default_value"
    SKIP_OPERATION = "skip_operation"


class Category(StrEnum):
    """What kind of trouble an error is, or what kind of work an operation does."""

    GENERAL = "general"
    NETWORK = "network"
    TIMEOUT = "timeout"
    RATE_LIMIT = "rate_limit"
    DATABASE = "database"
    CACHE = "cache"
    AUTH = "auth"
    VALIDATION = "validation"
    RESOURCE = "resource"
    EXTERNAL_API = "external_api"
    QUEUE = "queue"
    FILESYSTEM = "filesystem"
    DNS = "dns"
    TLS = "tls"
    CONCURRENCY = "concurrency"
    PROGRAMMING = "programming"
    CONFIGURATION = "configuration"


class Outcome(StrEnum):
    """How an event ended for the caller."""

    HEALED = "healed"
    DEGRADED = "degraded"
    QUEUED = "queued"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    OBSERVED = "observed"


class StopReason(StrEnum):
    """Why healing stopped where it did."""

    HEALED = "healed"
    FELL_BACK = "fell_back"
    QUEUED = "queued"
    PERMANENT = "permanent"
    UNSAFE_TO_RERUN = "unsafe_to_rerun"
    CONSUMED_ARGUMENT = "consumed_argument"
    ATTEMPTS = "attempts"
    BUDGET = "budget"
    RETRY_AFTER = "retry_after"
    EXHAUSTED = "exhausted"
    NOTHING_APPLICABLE = "nothing_applicable"
    INNER_GAVE_UP = "inner_gave_up"
    DEPENDENCY_DOWN = "dependency_down"
    AFTER_FIRST_ITEM = "after_first_item"
    OBSERVING = "observing"
    CAPTURED = "captured"
    INTERRUPTED = "interrupted"


class Executed(StrEnum):
    """Whether the step that failed can have taken effect at its far end."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"


class Severity(StrEnum):
    """How much an error matters to the people who run the service."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class DecidedBy(StrEnum):
    """Whose knowledge put the plan in its order."""

    OPERATOR = "operator"
    PATTERN = "pattern"
    AI = "ai"
    RULES = "rules"


class Mode(StrEnum):
    """What Healing does about errors: act, only watch, or nothing at all."""

    HEAL = "heal"
    OBSERVE = "observe"
    OFF = "off"


REPAIRS = (
    Strategy.RETRY_WITH_BACKOFF,
    Strategy.RATE_LIMIT_BACKOFF,
    Strategy.RESET_CONNECTION,
    Strategy.ROLLBACK_TRANSACTION,
    Strategy.CLEAR_CACHE_AND_RETRY,
    Strategy.SWITCH_API_ENDPOINT,
)
"""Strategies that give the call its real answer."""

FALLBACKS = (
    Strategy.FALLBACK_TO_CACHE,
    Strategy.QUEUE_FOR_LATER,
    Strategy.USE_DEFAULT_VALUE,
    Strategy.SKIP_OPERATION,
)
"""Strategies that answer in the call's stead."""
