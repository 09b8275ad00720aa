"""The ten strategies, one file each, and their registry: repairs first, then fallbacks."""

from __future__ import annotations

from collections.abc import Mapping

from healing.strategies import (
    clear_cache_and_retry,
    fallback_to_cache,
    queue_for_later,
    rate_limit_backoff,
    reset_connection,
    retry_with_backoff,
    rollback_transaction,
    skip_operation,
    switch_api_endpoint,
    use_default_value,
)
from healing.strategies.step import Remedy
from healing.vocabulary import Strategy

REMEDIES: Mapping[Strategy, Remedy] = {
    module.REMEDY.strategy: module.REMEDY
    for module in (
        retry_with_backoff,
        rate_limit_backoff,
        reset_connection,
        rollback_transaction,
        clear_cache_and_retry,
        switch_api_endpoint,
        fallback_to_cache,
        queue_for_later,
        use_default_value,
        skip_operation,
    )
}

__all__ = ["REMEDIES"]
