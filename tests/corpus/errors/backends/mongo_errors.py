"""MongoDB through pymongo and bson."""

from __future__ import annotations

from typing import Any

import bson
import bson.objectid
import pymongo
from pymongo import errors

from tests.corpus.errors.schema import Case

from .labels import ANY, DONE_OR_UNKNOWN, NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown

IN_TRANSACTION = ["TransientTransactionError"]


def refused(code: int, code_name: str, message: str, error_class: Any = errors.OperationFailure) -> BaseException:
    """A server's answer `ok: 0`."""
    return thrown(error_class(message, code, {"ok": 0.0, "errmsg": message, "code": code, "codeName": code_name}))


def refused_in_transaction(code: int, code_name: str, message: str) -> BaseException:
    """The same with the label that makes a transaction worth running again."""
    details = {
        "ok": 0.0,
        "errmsg": message,
        "code": code,
        "codeName": code_name,
        "errorLabels": IN_TRANSACTION,
    }
    return thrown(errors.OperationFailure(message, code, details))


def bulk(inserted: int, write_errors: list[dict[str, Any]], concern_errors: list[dict[str, Any]]) -> BaseException:
    return thrown(
        errors.BulkWriteError(
            {
                "writeErrors": write_errors,
                "writeConcernErrors": concern_errors,
                "nInserted": inserted,
                "nUpserted": 0,
                "nMatched": 0,
                "nModified": 0,
                "nRemoved": 0,
                "upserted": [],
            }
        )
    )


def used_after_close() -> BaseException:
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient("127.0.0.1", 1, connect=False)
    client.close()
    return raised(lambda: client.shop.orders.find_one({}))


CASES: list[Case] = [
    heals(
        "mongo_server_selection_timeout",
        lambda: thrown(
            errors.ServerSelectionTimeoutError(
                "mongo-0.internal:27017: [Errno 111] Connection refused (configured timeouts: socketTimeoutMS: "
                "20000.0ms, connectTimeoutMS: 20000.0ms), Timeout: 30.0s, Topology Description: <TopologyDescription "
                "id: 66f1, topology_type: ReplicaSetNoPrimary, servers: [<ServerDescription ('mongo-0.internal', "
                "27017) server_type: Unknown, rtt: None>]>"
            )
        ),
        "database network timeout",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "No server was found to send the command to.",
    ),
    heals(
        "mongo_no_primary_available",
        lambda: thrown(
            errors.ServerSelectionTimeoutError("No primary available for writes, Timeout: 30s, Topology Description:")
        ),
        "database timeout",
        "RETRY_WITH_BACKOFF RESET_CONNECTION",
        NO,
        "The replica set is electing a primary.",
    ),
    heals(
        "mongo_auto_reconnect_connection_closed",
        lambda: thrown(
            errors.AutoReconnect(
                "mongo-1.internal:27017: connection closed (configured timeouts: connectTimeoutMS: 20000.0ms)"
            )
        ),
        "database network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION",
        UNKNOWN,
        "The connection broke in the middle; the driver reconnects by itself on the next run.",
    ),
    heals(
        "mongo_network_timeout",
        lambda: thrown(
            errors.NetworkTimeout("mongo-1.internal:27017: timed out (configured timeouts: socketTimeoutMS: 5000.0ms)")
        ),
        "timeout database network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION",
        UNKNOWN,
        "The socket timeout ran out while the answer was awaited.",
    ),
    heals(
        "mongo_not_primary",
        lambda: thrown(
            errors.NotPrimaryError(
                "not primary", {"ok": 0.0, "errmsg": "not primary", "code": 10107, "codeName": "NotWritablePrimary"}
            )
        ),
        "database",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "The server stepped down and refused the write; the driver finds the new primary.",
    ),
    heals(
        "mongo_shutdown_in_progress",
        lambda: thrown(
            errors.NotPrimaryError(
                "The server is in quiesce mode and will shut down",
                {"ok": 0.0, "code": 91, "codeName": "ShutdownInProgress"},
            )
        ),
        "database",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO_OR_UNKNOWN,
        "A member of the replica set is being restarted.",
    ),
    surfaces(
        "mongo_duplicate_key",
        lambda: thrown(
            errors.DuplicateKeyError(
                "E11000 duplicate key error collection: shop.users index: email_1 dup key: "
                '{ email: "ana@example.com" }',
                11000,
                {"index": 0, "code": 11000, "keyPattern": {"email": 1}, "keyValue": {"email": "ana@example.com"}},
            )
        ),
        "database validation",
        "A unique index; integrity errors surface.",
    ),
    surfaces(
        "mongo_bulk_write_duplicate",
        lambda: bulk(2, [{"index": 2, "code": 11000, "errmsg": "E11000 duplicate key error collection"}], []),
        "database validation",
        "Two documents are stored, the third is a duplicate: running all again cannot work.",
        executed=ANY,
    ),
    heals(
        "mongo_bulk_write_not_replicated_in_time",
        lambda: bulk(
            5,
            [],
            [{"code": 64, "codeName": "WriteConcernTimeout", "errmsg": "waiting for replication timed out"}],
        ),
        "timeout database",
        "RETRY_WITH_BACKOFF SURFACE",
        DONE_OR_UNKNOWN,
        "All documents were written on the primary; only the confirmation of the replicas is late.",
    ),
    heals(
        "mongo_write_concern_timeout",
        lambda: thrown(
            errors.WTimeoutError(
                "waiting for replication timed out", 64, {"code": 64, "errInfo": {"wtimeout": True}, "n": 1}
            )
        ),
        "timeout database",
        "RETRY_WITH_BACKOFF SURFACE",
        DONE_OR_UNKNOWN,
        "The write took effect; the replicas did not confirm in time.",
    ),
    surfaces(
        "mongo_unauthorized",
        lambda: refused(13, "Unauthorized", "not authorized on admin to execute command { listDatabases: 1 }"),
        "auth database",
        "The account lacks the role for that command.",
    ),
    surfaces(
        "mongo_authentication_failed",
        lambda: refused(18, "AuthenticationFailed", "Authentication failed."),
        "auth database configuration",
        "MongoDB turned the login down.",
    ),
    heals(
        "mongo_max_time_exceeded",
        lambda: refused(50, "MaxTimeMSExpired", "operation exceeded time limit", errors.ExecutionTimeout),
        "timeout database",
        "RETRY_WITH_BACKOFF",
        NO_OR_UNKNOWN,
        "The server stopped the operation because it took too long.",
    ),
    heals(
        "mongo_write_conflict",
        lambda: refused_in_transaction(
            112,
            "WriteConflict",
            "Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your "
            "operation or multi-document transaction.",
        ),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "Two transactions touched one document; the label says to run the whole transaction again.",
    ),
    heals(
        "mongo_no_such_transaction",
        lambda: refused_in_transaction(251, "NoSuchTransaction", "Transaction 4 has been aborted."),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "The server gave the transaction up; it may be started again.",
    ),
    heals(
        "mongo_cursor_not_found",
        lambda: refused(43, "CursorNotFound", "cursor id 7233121092 not found", errors.CursorNotFound),
        "database",
        "RETRY_WITH_BACKOFF",
        NO_OR_UNKNOWN,
        "The cursor expired on the server; running the query afresh opens a new one.",
    ),
    heals(
        "mongo_lock_timeout_in_transaction",
        lambda: refused_in_transaction(24, "LockTimeout", "Unable to acquire IX lock on 'shop.stock' within 5ms."),
        "database concurrency timeout",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "A lock was held for a moment longer than the transaction waits.",
    ),
    heals(
        "mongo_request_rate_is_large",
        lambda: refused(
            16500,
            "RequestRateTooLarge",
            "Error=16500, RetryAfterMs=21, Details='Response status code does not "
            'indicate success: TooManyRequests (429); Reason: (Message: {"Errors":["Request rate is large."]})',
        ),
        "rate_limit database",
        "RATE_LIMIT_BACKOFF RETRY_WITH_BACKOFF",
        NO,
        "Cosmos DB throttles the account and says after how many milliseconds to come again.",
    ),
    heals(
        "mongo_wait_queue_timeout",
        lambda: thrown(
            errors.WaitQueueTimeoutError(
                "Timed out while checking out a connection from connection pool. maxPoolSize: 100, timeout: 2.0"
            )
        ),
        "database resource timeout",
        "RETRY_WITH_BACKOFF",
        NO,
        "All pooled connections are lent out.",
    ),
    surfaces(
        "mongo_document_validation_failure",
        lambda: thrown(errors.WriteError("Document failed validation", 121, {"index": 0, "code": 121})),
        "validation database",
        "The document breaks the collection's schema.",
    ),
    surfaces(
        "mongo_document_too_large",
        lambda: thrown(
            errors.DocumentTooLarge(
                "'update' command document too large: BSON document too large (17825810 bytes) - the connected server "
                "supports BSON document sizes up to 16777216 bytes."
            )
        ),
        "validation database resource",
        "No server takes a document of this size.",
    ),
    surfaces(
        "mongo_cannot_encode_object",
        lambda: raised(lambda: bson.encode({"tags": {"a", "b"}})),
        "programming validation database",
        "A set has no BSON form: a bug in the calling code.",
    ),
    surfaces(
        "mongo_invalid_object_id",
        lambda: raised(lambda: bson.objectid.ObjectId("invoice-504")),
        "validation programming",
        "The text is no object id.",
    ),
    surfaces(
        "mongo_client_used_after_close",
        used_after_close,
        "programming database",
        "The code uses a client that it has closed.",
    ),
    surfaces(
        "mongo_invalid_uri",
        lambda: raised(lambda: pymongo.MongoClient("mongo://db.internal/shop")),
        "configuration programming database",
        "The connection string has the wrong scheme.",
    ),
    surfaces(
        "mongo_unknown_client_option",
        lambda: raised(lambda: pymongo.MongoClient("db.internal", w="majority", j=True, journal_timeout=5)),
        "configuration validation database",
        "The client is given a setting that does not exist.",
    ),
    surfaces(
        "mongo_unrecognized_pipeline_stage",
        lambda: refused(40324, "Location40324", "Unrecognized pipeline stage name: '$grup'"),
        "programming database",
        "The aggregation is misspelt.",
    ),
    stays(
        "mongo_over_space_quota",
        lambda: refused(8000, "AtlasError", "you are over your space quota, using 514 MB of 512 MB"),
        "resource database",
        "The cluster has no room until somebody makes some or pays.",
        acceptable="SURFACE QUEUE_FOR_LATER",
        harmful="CLEAR_CACHE_AND_RETRY SKIP_OPERATION ROLLBACK_TRANSACTION",
    ),
]
