"""The application's own exceptions: wrapped causes, errors in the handling of errors, groups and bare classes."""

from __future__ import annotations

import datetime as dt
import errno
import os
import pickle
import socket
from typing import Any

import psycopg2
import pydantic
import redis.exceptions
import sqlalchemy as sa

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown, unclear, while_handling
from .postgres_errors import pg2, pg2_operational, pg3
from .sqlalchemy_errors import wrapped
from .validation_errors import Order

CLEARING = "CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION"


def own(module: str, name: str, message: str, base: type[BaseException] = Exception) -> BaseException:
    error_class: Any = type(name, (base,), {"__module__": module})
    error: BaseException = error_class(message)
    return error


def chain(root: BaseException, *wrappers: BaseException) -> BaseException:
    error = thrown(root)
    for wrapper in wrappers:
        error = thrown(wrapper, error)
    return error


def from_none() -> BaseException:
    def act() -> None:
        try:
            raise TimeoutError("timed out")
        except TimeoutError:
            raise own("crm.profiles", "ProfileNotLoaded", "customer profile could not be loaded") from None

    return raised(act)


def from_itself() -> BaseException:
    error = own("sync.jobs", "SyncFailed", "sync failed")
    return thrown(error, error)


def setting_missing() -> BaseException:
    missing = raised(lambda: os.environ["LEDGER_SIGNING_KEY"])
    return thrown(own("ledger.settings", "SettingsError", "the ledger cannot start"), missing)


def date_parameter_is_text() -> BaseException:
    table = sa.Table("visit", sa.MetaData(), sa.Column("day", sa.Date))
    engine = sa.create_engine("sqlite://")
    table.metadata.create_all(engine)
    with engine.connect() as connection:
        return raised(lambda: connection.execute(table.insert(), {"day": dt.date(2024, 4, 29).isoformat()}))


def reset(number: int) -> BaseException:
    return thrown(ConnectionResetError(errno.ECONNRESET, f"Connection reset by peer (shard {number})"))


def group(*errors: BaseException) -> BaseException:
    return thrown(BaseExceptionGroup("unhandled errors in a TaskGroup", list(errors)))


CASES: list[Case] = [
    heals(
        "own_error_from_wrapped_deadlock",
        lambda: chain(
            wrapped(pg2("40P01", "deadlock detected"), "UPDATE seat SET taken = true", psycopg2.Error),
            own("booking.repository", "RepositoryError", "could not reserve the seat"),
        ),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "The cause's cause is a deadlock; the wrapper itself says nothing.",
    ),
    surfaces(
        "own_error_from_integrity_error",
        lambda: chain(
            pg2("23505", 'duplicate key value violates unique constraint "payment_pkey"'),
            own("payments.store", "StoreError", "payment could not be saved, please try again"),
        ),
        "database validation",
        "Whatever the wrapper advises, its cause is an integrity error.",
    ),
    heals(
        "deep_chain_to_refused_cache",
        lambda: chain(
            ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
            redis.exceptions.ConnectionError("Error 111 connecting to cache:6379. Connection refused."),
            own("shop.sessions", "SessionStoreDown", "session store is not available"),
            own("shop.web", "CheckoutFailed", "checkout failed"),
        ),
        "cache network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "Under three layers lies a refused connection to Redis.",
        harmful="CLEAR_CACHE_AND_RETRY",
    ),
    heals(
        "deep_chain_to_name_resolution",
        lambda: chain(
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
            own("vendor.http", "TransportFailure", "request not sent"),
            own("vendor.client", "ClientFailure", "call failed"),
            own("rates.adapter", "AdapterFailure", "no rates"),
            own("rates.service", "RatesUnavailable", "rates unavailable"),
            own("billing.run", "RunFailed", "run 429 failed"),
        ),
        "dns network",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT",
        NO,
        "Five layers of the application over a passing failure of the resolver.",
        harmful=CLEARING,
    ),
    surfaces(
        "own_error_from_key_error",
        lambda: chain(raised(lambda: {"id": 1}["totals"]), own("reports.pdf", "ReportFailed", "report failed")),
        "programming",
        "The cause is a bug.",
    ),
    surfaces(
        "own_error_from_missing_variable",
        setting_missing,
        "configuration programming",
        "The cause is an environment variable that is not set.",
    ),
    surfaces(
        "own_error_from_validation_error",
        lambda: chain(
            raised(lambda: Order.model_validate({"id": 1})),
            own("imports.orders", "LineRejected", "line 17 rejected"),
        ),
        "validation",
        "The cause says which fields of the line do not fit.",
    ),
    surfaces(
        "own_error_from_database_login",
        lambda: chain(
            pg2_operational('FATAL:  password authentication failed for user "ledger"'),
            own("ledger.store", "LedgerUnavailable", "the ledger is temporarily unavailable"),
        ),
        "auth database configuration",
        "Nothing is temporary about a refused login.",
    ),
    stays(
        "own_error_from_corrupt_cache_entry",
        lambda: chain(
            raised(lambda: pickle.loads(b"\x80\x04\x95garbage")),
            own("shop.sessions", "SessionUnreadable", "cached session of user 150234 is not readable"),
        ),
        "cache validation",
        "The cached bytes are damaged; drop them and start afresh.",
        acceptable="CLEAR_CACHE_AND_RETRY SURFACE",
        harmful="RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
    ),
    heals(
        "own_error_from_statement_timeout",
        lambda: chain(
            pg3("57014", "canceling statement due to statement timeout"),
            own("reports.sales", "ReportTooSlow", "the sales report was given up"),
        ),
        "timeout database",
        "RETRY_WITH_BACKOFF ROLLBACK_TRANSACTION",
        NO_OR_UNKNOWN,
        "The cause is a database's statement timeout.",
    ),
    heals(
        "own_retries_used_up_on_refused_connection",
        lambda: chain(
            ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
            own("common.retry", "RetryError", "gave up after 5 attempts"),
        ),
        "network",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT QUEUE_FOR_LATER FALLBACK_TO_CACHE RESET_CONNECTION SURFACE",
        NO,
        "The service is down for longer; later or elsewhere it may work.",
        harmful="CLEAR_CACHE_AND_RETRY ROLLBACK_TRANSACTION",
    ),
    surfaces(
        "bug_in_the_handler_of_a_network_error",
        lambda: while_handling(reset(1), raised(lambda: (None).log_retry)),  # type: ignore[attr-defined]  # the bug
        "programming",
        "The handler itself is wrong; the reset that it handles is only the occasion.",
    ),
    heals(
        "closed_connection_found_while_rolling_back",
        lambda: while_handling(
            pg2_operational("server closed the connection unexpectedly"),
            psycopg2.InterfaceError("connection already closed"),
        ),
        "database network",
        "RESET_CONNECTION",
        UNKNOWN | NO,
        "The rollback found what the statement had found before: the connection is dead.",
    ),
    stays(
        "missing_file_found_while_cleaning_up_after_full_disk",
        lambda: while_handling(
            OSError(errno.ENOSPC, "No space left on device", "/data/out.part"),
            FileNotFoundError(errno.ENOENT, "No such file or directory", "/data/out.part"),
        ),
        "resource filesystem",
        "The disk is full; the clean-up's own error hides it.",
        harmful="RESET_CONNECTION ROLLBACK_TRANSACTION SWITCH_API_ENDPOINT RATE_LIMIT_BACKOFF",
    ),
    unclear(
        "own_error_from_none",
        from_none,
        "The application hid the cause on purpose and its words say nothing.",
        "general timeout",
    ),
    unclear("own_error_from_itself", from_itself, "An error that names itself as its cause explains nothing."),
    surfaces(
        "wrapped_type_error_of_a_parameter",
        date_parameter_is_text,
        "programming validation database",
        "A text is passed for a date; the database was not even asked.",
    ),
    heals(
        "group_of_connection_resets",
        lambda: group(reset(1), reset(2), reset(3)),
        "network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "All the tasks failed for the same passing reason.",
        harmful=CLEARING,
    ),
    heals(
        "group_of_a_timeout_and_a_refusal",
        lambda: group(
            thrown(TimeoutError("timed out")), thrown(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"))
        ),
        "timeout network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        UNKNOWN,
        "Both errors pass, and nobody knows whether the one that timed out was carried out.",
        harmful=CLEARING,
    ),
    stays(
        "group_of_a_reset_and_a_bad_value",
        lambda: group(reset(1), raised(lambda: int("n/a"))),
        "validation network general",
        "One of the two errors comes back on every run.",
        harmful=f"RATE_LIMIT_BACKOFF {CLEARING}",
        executed=UNKNOWN,
    ),
    surfaces(
        "group_in_a_group_with_integrity_error",
        lambda: group(group(pg3("23503", 'violates foreign key constraint "line_order_fkey"'))),
        "database validation",
        "The only error inside is one of integrity.",
    ),
    surfaces(
        "group_of_bugs",
        lambda: group(raised(lambda: dict[str, int]()["timeout"]), raised([].pop)),
        "programming",
        "Two bugs in two tasks.",
    ),
    heals(
        "own_connection_error_class",
        lambda: thrown(own("fleet.link", "VehicleLinkLost", "link to vehicle 429 lost", ConnectionError)),
        "network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "By its base class it is a lost connection.",
        harmful=CLEARING,
    ),
    heals(
        "own_timeout_class",
        lambda: thrown(own("pricing.client", "PricingTooSlow", "no price within 2 s", TimeoutError)),
        "timeout",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT RESET_CONNECTION",
        UNKNOWN,
        "By its base class it is a timeout.",
        harmful="CLEAR_CACHE_AND_RETRY ROLLBACK_TRANSACTION",
    ),
    surfaces(
        "own_value_error_class",
        lambda: thrown(own("payments.money", "UnknownCurrency", "XBT is not a currency we accept", ValueError)),
        "validation",
        "By its base class the input is wrong.",
    ),
    surfaces(
        "own_permission_error_class",
        lambda: thrown(own("invoices.access", "NotYourInvoice", "user 7 may not see invoice 503", PermissionError)),
        "auth filesystem",
        "A user without rights; there is no errno and no path, so no file is meant.",
    ),
    surfaces(
        "own_assertion_in_deep_chain",
        lambda: chain(
            AssertionError("ledger out of balance"),
            own("ledger.close", "CloseFailed", "close failed"),
            own("jobs.nightly", "JobFailed", "nightly job failed"),
        ),
        "programming",
        "At the root an assumption of the code does not hold.",
    ),
    surfaces(
        "http_body_model_in_own_error",
        lambda: chain(
            raised(lambda: pydantic.TypeAdapter(list[int]).validate_python(["503", "connection reset"])),
            own("feeds.parser", "FeedRejected", "feed rejected"),
        ),
        "validation",
        "The feed's values are wrong, whatever they spell.",
    ),
]
