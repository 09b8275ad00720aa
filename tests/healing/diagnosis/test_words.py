"""Errors of types that nobody knows, by the words of their names."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healing.diagnosis.rules import diagnose
from healing.diagnosis.words import keys, raised_by_library
from healing.vocabulary import Category, Strategy
from tests.healing.diagnosis.corpus.labels import raised


def named(name: str, base: type[Exception] = Exception) -> Any:
    return type(name, (base,), {"__module__": "shop.errors"})


@pytest.mark.parametrize(
    ("name", "category", "first"),
    [
        ("PaymentGatewayTimeout", Category.TIMEOUT, Strategy.RETRY_WITH_BACKOFF),
        ("GeocoderTimedOutError", Category.TIMEOUT, Strategy.RETRY_WITH_BACKOFF),
        ("PartnerRateLimitExceeded", Category.RATE_LIMIT, Strategy.RATE_LIMIT_BACKOFF),
        ("WarehouseUnavailableError", Category.EXTERNAL_API, Strategy.RETRY_WITH_BACKOFF),
        ("LedgerConnectionError", Category.NETWORK, Strategy.RESET_CONNECTION),
        ("RowLockedError", Category.CONCURRENCY, Strategy.RETRY_WITH_BACKOFF),
        ("BadVendorResponse", Category.EXTERNAL_API, Strategy.RETRY_WITH_BACKOFF),
        ("AccountLockedError", Category.AUTH, None),
        ("UserPermissionDenied", Category.AUTH, None),
        ("TenantConfigurationError", Category.CONFIGURATION, None),
        ("OrderNotFoundError", Category.VALIDATION, None),
        ("InvalidVoucher", Category.VALIDATION, None),
        ("CardDeclined", Category.VALIDATION, None),
        ("TransferLimitExceeded", Category.VALIDATION, None),
        ("TemplateSyntaxError", Category.PROGRAMMING, None),
        ("DiskFullError", Category.RESOURCE, None),
        ("SagaException", Category.GENERAL, Strategy.RETRY_WITH_BACKOFF),
    ],
)
def test_a_name_says_what_kind_of_error_it_is(name: str, category: Category, first: Strategy | None) -> None:
    found = diagnose(named(name)("x"))
    assert found.category is category, found.rule
    assert (found.recommended[0].strategy if found.recommended else None) is first


def test_the_names_of_bases_count_where_the_own_says_nothing() -> None:
    assert diagnose(named("Stripe3DSecure", named("PaymentDeclinedError"))("x")).rule == "named_refusal"


def test_what_an_error_says_goes_before_what_it_is_called() -> None:
    assert diagnose(named("UpstreamFailed")("HTTP 503 from upstream")).rule == "says_server_error"


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=120))
def test_any_name_can_be_read(name: str) -> None:
    assert all(key.startswith(("last:", "first:")) for key in keys(named(name or "X")()))


def test_a_runtime_error_that_a_library_raises_is_a_wrong_use() -> None:
    error = raised(threading.Lock().release)
    assert diagnose(error).rule == "library_misused"
    assert raised_by_library(raised(lambda: json.loads("{")).__traceback__)


def test_one_that_the_application_raises_is_unknown() -> None:
    def fail() -> None:
        raise RuntimeError("the saga stopped")

    assert diagnose(raised(fail)).rule == "unknown"
    assert diagnose(RuntimeError("without a traceback")).rule == "unknown"
