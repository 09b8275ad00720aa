"""Databases without SQL: MongoDB, Cassandra."""

from __future__ import annotations

from healing.diagnosis.rule import CONNECT, RATE, RETRY, TRANSACTION, Rule
from healing.vocabulary import Category, Executed, Severity

MONGO = (
    Rule(
        name="mongo_conflict",
        on="mongo:112 mongo:TransientTransactionError mongo:24 mongo:46 mongo:251 mongo:225 mongo:117",
        category=Category.DATABASE,
        executed=Executed.NO,
        course=TRANSACTION,
        says="The operation met a competing one and was undone.",
    ),
    Rule(
        name="mongo_duplicate",
        on="mongo:11000 mongo:11001 mongo:12582 mongo:121 pymongo.errors.DuplicateKeyError",
        category=Category.DATABASE,
        executed=Executed.NO,
        says="The data contradicts a constraint, and will contradict it again.",
    ),
    Rule(
        name="mongo_not_allowed",
        on="mongo:13 mongo:18 mongo:8000 mongo:11 mongo:33",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The database does not accept this user or what they ask.",
    ),
    Rule(
        name="mongo_timed_out",
        on=(
            "mongo:50 mongo:262 mongo:89 mongo:202 pymongo.errors.ExecutionTimeout pymongo.errors.NetworkTimeout"
            " pymongo.errors.WTimeoutError"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the server may have done the work all the same.",
    ),
    Rule(
        name="mongo_rate_limited",
        on="mongo:16500",
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="The server refused the operation because there were too many.",
    ),
    Rule(
        name="mongo_no_primary",
        on=(
            "mongo:10107 mongo:13435 mongo:13436 mongo:189 mongo:91 mongo:10058 pymongo.errors.NotPrimaryError"
            " pymongo.errors.ServerSelectionTimeoutError"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="No server could be chosen, or a new one is being elected, so nothing was done.",
    ),
    Rule(
        name="mongo_cursor_gone",
        on="mongo:43 pymongo.errors.CursorNotFound",
        category=Category.DATABASE,
        course=RETRY,
        says="The server has forgotten the cursor: the query has to begin anew.",
    ),
    Rule(
        name="mongo_written_to_too_few",
        on="mongo:64 pymongo.errors.WTimeoutError",
        category=Category.TIMEOUT,
        course=RETRY,
        says="The write was done, but too few members have confirmed it in time.",
    ),
    Rule(
        name="mongo_interrupted",
        on=(
            "mongo:6 mongo:7 mongo:9001 mongo:11600 mongo:11602 mongo:237 mongo:133 mongo:134"
            " pymongo.errors.AutoReconnect pymongo.errors.ConnectionFailure"
        ),
        category=Category.DATABASE,
        course=CONNECT,
        says="The exchange broke off; the server may have done the work before.",
    ),
    Rule(
        name="mongo_invalid",
        on=(
            "mongo:10334 mongo:17280 pymongo.errors.DocumentTooLarge bson.errors.InvalidDocument bson.errors.InvalidId"
        ),
        category=Category.VALIDATION,
        says="The document does not fit the database.",
    ),
    Rule(
        name="mongo_out_of_room",
        on="mongo:14031",
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="The database has no room left; a person has to make some.",
    ),
    Rule(
        name="mongo_wrong_use",
        on=(
            "mongo:2 mongo:9 mongo:14 mongo:26 mongo:27 mongo:40 mongo:48 mongo:59 mongo:66 mongo:72 mongo:85"
            " mongo:86"
            " mongo:28 mongo:40324 mongo:291 pymongo.errors.InvalidOperation pymongo.errors.InvalidName"
            " pymongo.errors.CollectionInvalid pymongo.errors.EncryptionError"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The operation does not fit the database or its client.",
    ),
    Rule(
        name="mongo_set_up_wrongly",
        on="pymongo.errors.ConfigurationError pymongo.errors.InvalidURI",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The address or a setting of the database is wrong.",
    ),
    Rule(
        name="mongo_file_not_there",
        on="gridfs.errors.NoFile",
        category=Category.VALIDATION,
        says="The file is not in the database.",
    ),
    Rule(
        name="mongo_refused",
        on="pymongo.errors.PyMongoError",
        category=Category.DATABASE,
        severity=Severity.HIGH,
        says="The database does not accept the operation.",
    ),
)

CASSANDRA = (
    Rule(
        name="cassandra_timed_out",
        on="cassandra.Timeout cassandra.OperationTimedOut",
        category=Category.TIMEOUT,
        course=RETRY,
        says="Not enough replicas answered in time; the work may have been done all the same.",
    ),
    Rule(
        name="cassandra_unavailable",
        on=(
            "cassandra.Unavailable cassandra.cluster.NoHostAvailable cassandra.UnresolvableContactPoints"
            " cassandra.pool.NoConnectionsAvailable cassandra.protocol.OverloadedErrorMessage"
            " cassandra.protocol.IsBootstrappingErrorMessage cassandra.connection.ConnectionBusy"
        ),
        category=Category.DATABASE,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="Too few nodes are up, so the operation was not begun.",
    ),
    Rule(
        name="cassandra_connection",
        on="cassandra.connection.ConnectionException cassandra.CoordinationFailure",
        category=Category.DATABASE,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The exchange broke off; the cluster may have done the work before.",
    ),
    Rule(
        name="cassandra_not_allowed",
        on="cassandra.AuthenticationFailed cassandra.Unauthorized",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The database does not accept this user or what they ask.",
    ),
    Rule(
        name="cassandra_wrong_statement",
        on="cassandra.RequestValidationException cassandra.UnsupportedOperation",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The statement does not fit the database.",
    ),
)

SEARCH = (
    Rule(
        name="documents_refused",
        on=" ".join(
            f"{package}.helpers{module}.BulkIndexError"
            for package, module in (("elasticsearch", ""), ("opensearchpy", ".errors"))
        ),
        category=Category.VALIDATION,
        executed=Executed.UNKNOWN,
        severity=Severity.HIGH,
        says="Some documents of the batch were refused; the others were taken.",
    ),
    Rule(
        name="query_refused",
        on="gql.transport.exceptions.TransportQueryError name:TransportQueryError name:GraphQLError",
        category=Category.EXTERNAL_API,
        says="The far end answered, and its answer holds errors instead of what was asked.",
    ),
)

DOCUMENTS = (*MONGO, *CASSANDRA, *SEARCH)
