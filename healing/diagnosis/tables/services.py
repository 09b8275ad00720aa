"""Redis, mail, brokers, and frameworks."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

REDIS = (
    Rule(
        name="redis_not_ready",
        on=(
            "redis.exceptions.BusyLoadingError redis.exceptions.TryAgainError"
            " redis.exceptions.MasterDownError redis.exceptions.ClusterDownError"
            " redis.exceptions.SlotNotCoveredError"
        ),
        category=Category.CACHE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The server is loading or electing and refused the command.",
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
        name="redis_not_ready",
        on="redis.exceptions.ResponseError",
        message=re.compile(r"LOADING |TRYAGAIN |MASTERDOWN |CLUSTERDOWN |BUSY Redis is busy"),
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
            " redis.exceptions.NoPermissionError"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The server does not accept this user.",
    ),
    Rule(
        name="redis_not_allowed",
        on="redis.exceptions.ResponseError",
        message=re.compile(r"(NOAUTH|NOPERM|WRONGPASS) "),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The server does not accept this user.",
    ),
    Rule(
        name="redis_wrong_use",
        on=(
            "redis.exceptions.ResponseError redis.exceptions.DataError redis.exceptions.PubSubError"
            " redis.exceptions.CrossSlotTransactionError redis.exceptions.InvalidPipelineStack"
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
        name="redis_timed_out",
        on="redis.exceptions.TimeoutError",
        category=Category.TIMEOUT,
        course=CONNECT,
        says="No answer in time; the server may have executed the command all the same.",
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

MAIL = (
    Rule(
        name="smtp_credentials",
        on="smtplib.SMTPAuthenticationError smtp:530 smtp:535",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The mail server does not accept these credentials.",
    ),
    Rule(
        name="smtp_refused_for_now",
        on="smtp:4xx",
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        says="The mail server refused the message for now.",
    ),
    Rule(
        name="smtp_refused_for_good",
        on="smtp:5xx smtplib.SMTPNotSupportedError",
        category=Category.EXTERNAL_API,
        says="The mail server refused the message for good.",
    ),
    Rule(
        name="smtp_disconnected",
        on="smtplib.SMTPServerDisconnected smtplib.SMTPException",
        category=Category.NETWORK,
        course=CONNECT,
        says="The mail server hung up; it may have taken the message before.",
    ),
)

BROKERS = (
    Rule(
        name="broker_connection",
        on=(
            "kafka:retriable pika.exceptions.AMQPConnectionError pika.exceptions.StreamLostError"
            " kombu.exceptions.OperationalError amqp.exceptions.ConnectionError"
            " kafka.errors.KafkaConnectionError"
        ),
        category=Category.QUEUE,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="The connection to the broker broke off; the message may have arrived before.",
    ),
    Rule(
        name="broker_refused",
        on="kafka.errors.KafkaError pika.exceptions.AMQPError kombu.exceptions.KombuError",
        category=Category.QUEUE,
        severity=Severity.HIGH,
        says="The broker does not accept the operation.",
    ),
    Rule(
        name="task_took_too_long",
        on="billiard.exceptions.SoftTimeLimitExceeded celery.exceptions.TimeoutError",
        category=Category.TIMEOUT,
        course=RETRY,
        says="The task did not end in time.",
    ),
)

FRAMEWORKS = (
    Rule(
        name="ssh_credentials",
        on="paramiko.ssh_exception.AuthenticationException paramiko.ssh_exception.BadHostKeyException",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The two sides of the SSH connection do not accept each other.",
    ),
    Rule(
        name="ssh_connection",
        on="paramiko.ssh_exception.SSHException paramiko.ssh_exception.NoValidConnectionsError",
        category=Category.NETWORK,
        course=CONNECT,
        wraps=True,
        says="The SSH connection broke off.",
    ),
    Rule(
        name="input_invalid",
        on=(
            "pydantic_core._pydantic_core.ValidationError django.core.exceptions.ValidationError"
            " marshmallow.exceptions.ValidationError jsonschema.exceptions.ValidationError"
        ),
        category=Category.VALIDATION,
        says="The input does not fit its model.",
    ),
    Rule(
        name="settings_invalid",
        on="django.core.exceptions.ImproperlyConfigured healing.errors.HealingError configparser.Error",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="A setting is wrong or missing.",
    ),
    Rule(
        name="not_allowed",
        on="django.core.exceptions.PermissionDenied",
        category=Category.AUTH,
        says="This user may not do this.",
    ),
)

SERVICES = (*REDIS, *MAIL, *BROKERS, *FRAMEWORKS)
