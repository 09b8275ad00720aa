"""Redis through redis-py: what its parser makes of the server's error replies, and the client's own errors."""

from __future__ import annotations

from typing import Any

import redis
import redis.exceptions
import redis.sentinel
from redis._parsers.base import BaseParser
from redis._parsers.encoders import Encoder
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.corpus.errors.schema import Case

from .labels import ANY, NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown

CLEARING = "CLEAR_CACHE_AND_RETRY"


def reply(text: str) -> BaseException:
    """The exception that redis-py makes of an error reply."""
    parse: Any = BaseParser.parse_error
    error: BaseException = parse(text)
    return thrown(error)


def local_client() -> Any:
    return redis.Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 0))


def encode_dict() -> BaseException:
    make: Any = Encoder
    encoder = make("utf-8", "strict", False)
    return raised(lambda: encoder.encode({"user": 1}))


def unlock_unlocked() -> BaseException:
    lock: Any = local_client().lock("jobs:nightly")
    return raised(lock.release)


CASES: list[Case] = [
    heals(
        "redis_connection_refused",
        lambda: raised(local_client().ping),
        "cache network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "Redis does not listen at this moment; nothing was sent.",
        harmful=CLEARING,
    ),
    heals(
        "redis_connection_closed_by_server",
        lambda: thrown(redis.exceptions.ConnectionError("Connection closed by server.")),
        "cache network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The server dropped the connection while the reply was awaited.",
        harmful=CLEARING,
    ),
    heals(
        "redis_broken_pipe",
        lambda: thrown(
            redis.exceptions.ConnectionError("Error 32 while writing to socket. Broken pipe."),
            BrokenPipeError(32, "Broken pipe"),
        ),
        "cache network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        NO_OR_UNKNOWN,
        "An idle pooled connection turned out dead while the command was written.",
        harmful=CLEARING,
    ),
    heals(
        "redis_timeout_reading",
        lambda: thrown(redis.exceptions.TimeoutError("Timeout reading from socket"), TimeoutError("timed out")),
        "timeout cache network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION",
        UNKNOWN,
        "No reply in time; the command may have run.",
        harmful=CLEARING,
    ),
    heals(
        "redis_timeout_connecting",
        lambda: thrown(redis.exceptions.TimeoutError("Timeout connecting to server")),
        "timeout cache network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "No connection came about, so no command was sent.",
        harmful=CLEARING,
    ),
    heals(
        "redis_loading",
        lambda: reply("LOADING Redis is loading the dataset in memory"),
        "cache",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT",
        NO,
        "The server is starting up and says not now.",
        harmful=CLEARING,
    ),
    heals(
        "redis_readonly_replica",
        lambda: reply("READONLY You can't write against a read only replica."),
        "cache configuration",
        "RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "After a failover the connection leads to a replica; a new one finds the master.",
        harmful=CLEARING,
    ),
    heals(
        "redis_out_of_memory",
        lambda: reply("OOM command not allowed when used memory > 'maxmemory'."),
        "cache resource",
        "RETRY_WITH_BACKOFF SKIP_OPERATION QUEUE_FOR_LATER SURFACE",
        NO,
        "The server refuses writes until keys expire or are evicted.",
        harmful="RESET_CONNECTION ROLLBACK_TRANSACTION",
    ),
    heals(
        "redis_misconf",
        lambda: reply(
            "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands "
            "that may modify the data set are disabled, because this instance is configured to report errors during "
            "writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for "
            "details about the RDB error."
        ),
        "cache configuration resource",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT SURFACE",
        NO,
        "Writes are refused only until a background save succeeds again.",
        harmful="CLEAR_CACHE_AND_RETRY",
    ),
    surfaces(
        "redis_wrong_type",
        lambda: reply("WRONGTYPE Operation against a key holding the wrong kind of value"),
        "programming cache",
        "A list command on a key that holds a string: two pieces of code disagree.",
    ),
    surfaces(
        "redis_value_is_not_an_integer",
        lambda: reply("ERR value is not an integer or out of range"),
        "programming validation cache",
        "INCR on a text, or a count that is no number.",
    ),
    stays(
        "redis_noscript",
        lambda: reply("NOSCRIPT No matching script. Please use EVAL."),
        "cache programming",
        "The script must be loaded first; sending the same digest again finds nothing again.",
        harmful="RESET_CONNECTION ROLLBACK_TRANSACTION CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "redis_moved",
        lambda: reply("MOVED 3999 10.2.0.11:6381"),
        "cache configuration",
        "RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "The slot lives on another node now; the client must fetch the cluster's layout anew.",
        harmful=CLEARING,
    ),
    heals(
        "redis_tryagain",
        lambda: reply("TRYAGAIN Multiple keys request during rehashing of slot"),
        "cache",
        "RETRY_WITH_BACKOFF",
        NO,
        "The slot is being moved; the server itself says to try again.",
        harmful=CLEARING,
    ),
    heals(
        "redis_cluster_down",
        lambda: reply("CLUSTERDOWN The cluster is down"),
        "cache",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "Part of the cluster is failing over.",
        harmful=CLEARING,
    ),
    heals(
        "redis_master_down",
        lambda: reply("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
        "cache",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT RESET_CONNECTION",
        NO,
        "The replica waits for its master and answers again afterwards.",
        harmful=CLEARING,
    ),
    heals(
        "redis_busy_script",
        lambda: reply("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."),
        "cache",
        "RETRY_WITH_BACKOFF",
        NO,
        "A long script blocks the server for the moment.",
        harmful=CLEARING,
    ),
    surfaces(
        "redis_noauth",
        lambda: reply("NOAUTH Authentication required."),
        "auth configuration cache",
        "The client has no password for a server that wants one.",
    ),
    surfaces(
        "redis_wrongpass",
        lambda: reply("WRONGPASS invalid username-password pair or user is disabled."),
        "auth configuration cache",
        "The password was refused.",
    ),
    surfaces(
        "redis_noperm",
        lambda: reply("NOPERM User reporting has no permissions to run the 'flushdb' command"),
        "auth cache",
        "The account may not run this command.",
    ),
    heals(
        "redis_max_clients_reached",
        lambda: reply("ERR max number of clients reached"),
        "cache resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "The server has no room for another client at the moment.",
        harmful=CLEARING,
    ),
    heals(
        "redis_own_pool_exhausted",
        lambda: thrown(redis.exceptions.MaxConnectionsError("Too many connections")),
        "resource cache",
        "RETRY_WITH_BACKOFF",
        NO,
        "All connections of the client's own pool are in use.",
        harmful=CLEARING,
    ),
    heals(
        "redis_sentinel_master_not_found",
        lambda: thrown(redis.sentinel.MasterNotFoundError("No master found for 'mymaster'")),
        "cache network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "The sentinels are electing a new master.",
        harmful=CLEARING,
    ),
    heals(
        "redis_lock_not_acquired",
        lambda: thrown(redis.exceptions.LockError("Unable to acquire lock within the time specified")),
        "concurrency cache timeout",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER SURFACE",
        NO,
        "Somebody else holds the lock and will let it go.",
        harmful=CLEARING,
    ),
    stays(
        "redis_lock_no_longer_owned",
        lambda: thrown(redis.exceptions.LockNotOwnedError("Cannot release a lock that's no longer owned")),
        "concurrency cache",
        "The lock ran out while the work went on; the release cannot succeed any more.",
        acceptable="SURFACE RETRY_WITH_BACKOFF",
        executed=ANY,
        harmful="RESET_CONNECTION CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE",
    ),
    surfaces(
        "redis_release_of_an_unlocked_lock",
        unlock_unlocked,
        "programming concurrency",
        "The code releases a lock that it never took.",
    ),
    heals(
        "redis_watch_error",
        lambda: thrown(redis.exceptions.WatchError("Watched variable changed.")),
        "concurrency cache",
        "RETRY_WITH_BACKOFF",
        NO,
        "The optimistic lock lost the race: nothing was written, read again and try again.",
        harmful=CLEARING,
    ),
    surfaces(
        "redis_pubsub_not_subscribed",
        lambda: raised(lambda: local_client().pubsub().parse_response()),
        "programming",
        "The code reads messages before it has subscribed.",
    ),
    surfaces(
        "redis_cannot_encode_dict",
        encode_dict,
        "programming validation cache",
        "A dict must be serialized before it is stored.",
    ),
    surfaces(
        "redis_execabort",
        lambda: reply("EXECABORT Transaction discarded because of previous errors."),
        "programming cache",
        "A command in the pipeline was malformed, so the server threw all of them away.",
    ),
    surfaces(
        "redis_crossslot",
        lambda: reply("CROSSSLOT Keys in request don't hash to the same slot"),
        "programming cache",
        "The keys of one command must live in one slot: a bug in the choice of keys.",
    ),
    surfaces(
        "redis_unknown_command",
        lambda: reply("ERR unknown command 'JSON.SET', with args beginning with: 'user:7' '$' '{}'"),
        "configuration programming cache",
        "The server lacks the module that the code relies on.",
    ),
    surfaces(
        "redis_url_without_scheme",
        lambda: raised(lambda: redis.from_url("cache.internal:6379/0")),
        "configuration validation programming",
        "REDIS_URL is not a Redis URL.",
    ),
    heals(
        "redis_protocol_garbage",
        lambda: thrown(redis.exceptions.InvalidResponse("Protocol Error: b'7:profile'")),
        "cache network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The stream is out of step; only a new connection makes sense of it.",
        harmful=CLEARING,
    ),
]
