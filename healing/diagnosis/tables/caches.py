"""Redis and memcached."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

REDIS = (
    Rule(
        name="redis_not_ready",
        on=(
            "redis.exceptions.BusyLoadingError redis.exceptions.TryAgainError redis.exceptions.MasterDownError"
            " redis.exceptions.ClusterDownError redis.exceptions.SlotNotCoveredError"
            " redis.exceptions.ClusterError"
        ),
        category=Category.CACHE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The server is loading or electing and refused the command.",
    ),
    Rule(
        name="redis_no_master",
        on="redis.sentinel.MasterNotFoundError redis.sentinel.SlaveNotFoundError",
        category=Category.CACHE,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The sentinels know no server to send the command to: mostly an election is going on.",
    ),
    Rule(
        name="redis_read_only",
        on="redis.exceptions.ReadOnlyError",
        category=Category.CACHE,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The connection leads to a replica since a failover, which refused the write.",
    ),
    Rule(
        name="redis_read_only",
        on="redis.exceptions.ResponseError",
        message=re.compile(r"READONLY "),
        category=Category.CACHE,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The connection leads to a replica since a failover, which refused the write.",
    ),
    Rule(
        name="redis_not_ready",
        on="redis.exceptions.ResponseError redis.exceptions.ConnectionError",
        message=re.compile(
            r"LOADING |TRYAGAIN |MASTERDOWN |CLUSTERDOWN |BUSY |NOREPLICAS |UNBLOCKED |(ERR )?max number of clients"
        ),
        category=Category.CACHE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The server is loading, busy or electing and refused the command.",
    ),
    Rule(
        name="redis_out_of_memory",
        on="redis.exceptions.OutOfMemoryError",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.CRITICAL,
        says="The server has no memory left and refused the write.",
    ),
    Rule(
        name="redis_out_of_memory",
        on="redis.exceptions.ResponseError",
        message=re.compile(r"OOM |MISCONF "),
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.CRITICAL,
        says="The server has no memory or disk left and refused the write.",
    ),
    Rule(
        name="redis_not_allowed",
        on=(
            "redis.exceptions.AuthenticationError redis.exceptions.AuthorizationError"
            " redis.exceptions.NoPermissionError redis.exceptions.AuthenticationWrongNumberOfArgsError"
            " redis.exceptions.ExternalAuthProviderError"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The server does not accept this user.",
    ),
    Rule(
        name="redis_not_allowed",
        on="redis.exceptions.ResponseError",
        message=re.compile(r"(NOAUTH|NOPERM|WRONGPASS|DENIED) |(ERR )?invalid password|ERR AUTH "),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The server does not accept this user.",
    ),
    Rule(
        name="redis_wrong_use",
        on=(
            "redis.exceptions.ResponseError redis.exceptions.DataError redis.exceptions.PubSubError"
            " redis.exceptions.RedisClusterException"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The command does not fit the server or the key that it meets.",
    ),
    Rule(
        name="redis_changed_meanwhile",
        on="redis.exceptions.WatchError",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Somebody else changed a watched key, so the transaction was not executed.",
    ),
    Rule(
        name="redis_moved",
        on="redis.exceptions.MovedError redis.exceptions.AskError",
        category=Category.CACHE,
        executed=Executed.NO,
        course=CONNECT,
        says="The key lives on another server of the cluster, which this client does not ask.",
    ),
    Rule(
        name="redis_lock_misused",
        on="redis.exceptions.LockError",
        message=re.compile(r"Cannot (release|extend|reacquire)"),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="A lock was released or extended that was not held.",
    ),
    Rule(
        name="redis_lock_lost",
        on="redis.exceptions.LockNotOwnedError",
        category=Category.CONCURRENCY,
        severity=Severity.HIGH,
        says="The lock ran out during the work: somebody else may have been at it too.",
    ),
    Rule(
        name="redis_lock_not_granted",
        on="redis.exceptions.LockError",
        message=re.compile(r"Unable to acquire"),
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Somebody else holds the lock, so the work did not begin.",
    ),
    Rule(
        name="redis_lock_not_granted",
        on="redis.exceptions.LockError",
        category=Category.CONCURRENCY,
        course=RETRY,
        says="The lock is held by somebody else, or no longer ours.",
    ),
    Rule(
        name="redis_pool_exhausted",
        on="redis.exceptions.MaxConnectionsError",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="All connections of the pool are in use, so the command never left.",
    ),
    Rule(
        name="redis_pool_exhausted",
        on="redis.exceptions.ConnectionError",
        message=re.compile(r"(Too many connections|No connection available)"),
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="All connections of the pool are in use, so the command never left.",
    ),
    Rule(
        name="redis_connecting_timed_out",
        on="redis.exceptions.TimeoutError redis.exceptions.ConnectionError",
        message=re.compile(r"(Timeout connecting to|Error (110|10060) connecting to)"),
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=CONNECT,
        says="No connection came about in time, so the command never arrived.",
    ),
    Rule(
        name="redis_timed_out",
        on="redis.exceptions.TimeoutError",
        category=Category.TIMEOUT,
        course=CONNECT,
        says="No answer in time; the server may have executed the command all the same.",
    ),
    Rule(
        name="redis_name_not_resolved",
        on="redis.exceptions.ConnectionError",
        message=re.compile(r"Error -\d{1,2} connecting to "),
        category=Category.DNS,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="The server's name could not be resolved, so the command never left.",
    ),
    Rule(
        name="redis_cannot_connect",
        on="redis.exceptions.ConnectionError",
        message=re.compile(r"Error \d{1,5} connecting to |Connect call failed|Multiple exceptions: \[Errno "),
        category=Category.NETWORK,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="No connection to Redis came about, so the command never arrived.",
    ),
    Rule(
        name="redis_connection",
        on="redis.exceptions.ConnectionError redis.exceptions.InvalidResponse",
        category=Category.NETWORK,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="The connection to Redis broke off; the command may have been executed before.",
    ),
)

MEMCACHED = (
    Rule(
        name="memcached_not_ready",
        on="pymemcache.exceptions.MemcacheServerError pymemcache.exceptions.MemcacheUnknownError",
        category=Category.CACHE,
        executed=Executed.NO,
        course=RETRY,
        says="The server refused the command over trouble of its own.",
    ),
    Rule(
        name="memcached_hung_up",
        on="pymemcache.exceptions.MemcacheUnexpectedCloseError",
        category=Category.NETWORK,
        course=CONNECT,
        says="The connection to memcached broke off; the command may have been executed before.",
    ),
    Rule(
        name="memcached_key_invalid",
        on=(
            "pymemcache.exceptions.MemcacheIllegalInputError aiomcache.exceptions.ValidationException"
            " memcache.Client.MemcachedKeyError django.core.cache.backends.base.InvalidCacheKey"
        ),
        category=Category.VALIDATION,
        says="The key or value does not fit memcached.",
    ),
    Rule(
        name="memcached_wrong_use",
        on="pymemcache.exceptions.MemcacheClientError",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The command does not fit the server.",
    ),
    Rule(
        name="memcached_error",
        on="aiomcache.exceptions.ClientException pymemcache.exceptions.MemcacheError",
        category=Category.CACHE,
        course=RETRY,
        says="The server did not do what it was asked to.",
    ),
)

CACHES = (*REDIS, *MEMCACHED)
