"""Errors of which there are only words: telling ones, empty ones and misleading ones."""

from __future__ import annotations

from typing import Any

from tests.corpus.errors.schema import Case

from .app_chains import own
from .labels import NO, NO_OR_UNKNOWN, UNKNOWN, heals, stays, surfaces, thrown, unclear

CLEARING = "CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION"


def said(message: str, error_class: type[Exception] = Exception) -> BaseException:
    return thrown(error_class(message))


def answered(name: str, message: str, **attributes: object) -> BaseException:
    """An error of an unknown client that carries the answer in attributes."""
    error: Any = own("acme_sdk.errors", name, message)
    for key, value in attributes.items():
        setattr(error, key, value)
    return thrown(error)


CASES: list[Case] = [
    heals(
        "words_lock_wait_timeout",
        lambda: said("Lock wait timeout exceeded; try restarting transaction"),
        "database concurrency timeout",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "Only the words are left of a MySQL error, and they say what to do.",
    ),
    heals(
        "words_deadlock",
        lambda: said("deadlock detected while updating balances", RuntimeError),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "The words tell of a deadlock.",
    ),
    heals(
        "words_server_closed_the_connection",
        lambda: said("could not store the order: server closed the connection unexpectedly"),
        "database network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The words are those of a lost database connection.",
    ),
    heals(
        "words_upstream_connect_error",
        lambda: said(
            "upstream connect error or disconnect/reset before headers. reset reason: connection failure", RuntimeError
        ),
        "network external_api",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO_OR_UNKNOWN,
        "The service mesh could not reach the service.",
        harmful=CLEARING,
    ),
    heals(
        "words_too_many_open_files",
        lambda: said("export failed: Too many open files", RuntimeError),
        "resource",
        "RETRY_WITH_BACKOFF SURFACE",
        NO_OR_UNKNOWN,
        "Descriptors ran out for the moment.",
        harmful=CLEARING,
    ),
    stays(
        "words_no_space_left",
        lambda: said("write error: No space left on device", RuntimeError),
        "resource filesystem",
        "Only the words are left of ENOSPC.",
        acceptable="SURFACE QUEUE_FOR_LATER",
        harmful=f"RESET_CONNECTION ROLLBACK_TRANSACTION {CLEARING}",
    ),
    heals(
        "words_pool_exhausted",
        lambda: said("connection pool exhausted: no connection became free within 5 s", RuntimeError),
        "database resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "No connection was to be had at this moment.",
    ),
    heals(
        "words_rate_limit",
        lambda: said("rate limit exceeded, please retry in 30 seconds", RuntimeError),
        "rate_limit",
        "RATE_LIMIT_BACKOFF",
        NO,
        "The other side says how long to wait.",
        harmful=CLEARING,
    ),
    heals(
        "words_service_unavailable",
        lambda: said("inventory answered 503 Service Unavailable", RuntimeError),
        "external_api",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT RATE_LIMIT_BACKOFF",
        NO_OR_UNKNOWN,
        "Number and words together are an HTTP status of a far service.",
        harmful=CLEARING,
    ),
    heals(
        "words_operation_timed_out",
        lambda: said("operation timed out after 30000 milliseconds", RuntimeError),
        "timeout",
        "RETRY_WITH_BACKOFF RESET_CONNECTION",
        UNKNOWN,
        "The words tell of a timeout.",
        harmful=CLEARING,
    ),
    surfaces(
        "words_permission_denied_publickey",
        lambda: said("git@example.com: Permission denied (publickey).", RuntimeError),
        "auth",
        "The key was refused by the server; no file is meant.",
    ),
    heals(
        "own_version_conflict",
        lambda: thrown(
            own("orders.store", "ConcurrentUpdateError", "order was changed meanwhile: expected version 7, found 8")
        ),
        "concurrency database general",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION SURFACE",
        NO,
        "An optimistic lock by name and by words: read again and write again.",
    ),
    heals(
        "attribute_status_503",
        lambda: answered("ApiError", "request failed", status_code=503),
        "external_api",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT RATE_LIMIT_BACKOFF",
        NO_OR_UNKNOWN,
        "The attribute is the HTTP status of a far service.",
        harmful=CLEARING,
    ),
    heals(
        "attribute_status_429_with_retry_after",
        lambda: answered("ApiError", "request failed", status_code=429, retry_after=7),
        "rate_limit",
        "RATE_LIMIT_BACKOFF",
        NO,
        "Throttled, and told for how long.",
        harmful=CLEARING,
    ),
    stays(
        "attribute_status_404",
        lambda: answered("ApiError", "request failed", status_code=404),
        "external_api validation",
        "The thing asked for is not there.",
        harmful=f"RETRY_WITH_BACKOFF RESET_CONNECTION ROLLBACK_TRANSACTION {CLEARING}",
    ),
    surfaces(
        "attribute_status_401",
        lambda: answered("ApiError", "request failed", status_code=401),
        "auth",
        "The credentials were not accepted.",
    ),
    surfaces(
        "attribute_status_422",
        lambda: answered("ApiError", "request failed", status=422),
        "validation external_api",
        "The far service finds the data wrong.",
    ),
    unclear("nothing_but_an_apology", lambda: said("Something went wrong"), "Nothing can be told from this."),
    unclear("no_words_at_all", lambda: thrown(Exception()), "Neither class nor words tell anything."),
    unclear("only_a_number", lambda: said("-1", RuntimeError), "A number without a meaning."),
    unclear(
        "only_a_dictionary",
        lambda: thrown(Exception({"state": "FAILED", "job": 71})),
        "A job failed and nobody says why.",
    ),
    unclear(
        "own_class_without_a_hint",
        lambda: thrown(own("etl.pipeline", "PipelineStepFailed", "step 3 of 7 failed")),
        "The class of one company's pipeline; it tells which step and not why.",
    ),
    unclear(
        "own_class_of_a_saga",
        lambda: thrown(own("orders.saga", "SagaAborted", "saga 7781 aborted at reserve_stock")),
        "It tells where the work stopped and not why.",
    ),
    unclear(
        "trap_order_number",
        lambda: said("order 150234 rejected", RuntimeError),
        "The number is an order's, whatever digits it holds.",
        "general validation",
    ),
    unclear(
        "trap_timeout_setting",
        lambda: said("user timeout setting saved, profile not", RuntimeError),
        "A setting is called timeout; nothing was late.",
    ),
    unclear(
        "trap_item_503",
        lambda: said("item 503 not in stock"),
        "503 is an article's number.",
        "general validation",
    ),
    unclear(
        "trap_invoice_429",
        lambda: said("invoice 429 unpaid"),
        "429 is an invoice's number.",
        "general validation",
    ),
    unclear(
        "trap_customer_404",
        lambda: said("customer 404 has no address", RuntimeError),
        "404 is a customer's number.",
        "general validation",
    ),
    unclear(
        "trap_table_401",
        lambda: said("table 401 is taken at 19:30", RuntimeError),
        "The number of a table in a restaurant, and no table of a database.",
        "general validation",
    ),
    unclear(
        "trap_batch_1205",
        lambda: said("batch 1205 was already closed by accounting", RuntimeError),
        "The number of a batch, and no code of MySQL.",
        "general validation",
    ),
    unclear(
        "trap_port_refused",
        lambda: said("the port of Rotterdam refused the container", RuntimeError),
        "A harbour refuses a box; no socket is meant.",
    ),
    unclear(
        "trap_book_called_deadlock",
        lambda: said("no copies left of the title 'Deadlock'", RuntimeError),
        "A book's title.",
        "general validation",
    ),
    unclear(
        "trap_missed_connection",
        lambda: said("passenger missed the connection in Frankfurt", RuntimeError),
        "A flight's connection.",
    ),
    unclear(
        "trap_lost_certificate",
        lambda: said("birth certificate of applicant 12 was not handed in", RuntimeError),
        "A paper, and no certificate of TLS.",
        "general validation",
    ),
    unclear(
        "trap_memory_product",
        lambda: said("out of stock: memory card 64 GB", RuntimeError),
        "A shop's article; no memory is short.",
        "general validation",
    ),
    unclear(
        "trap_password_policy_report",
        lambda: said("password report for Q2 has no pages", RuntimeError),
        "A report about passwords, and no refused login.",
    ),
]
