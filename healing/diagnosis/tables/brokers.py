"""Brokers and the libraries on top of them: Kafka, AMQP, Celery, NATS."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RATE, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity


def _kafka(*names: str) -> str:
    """These errors of kafka-python and of aiokafka."""
    return " ".join(f"{package}.errors.{name}" for package in ("kafka", "aiokafka") for name in names)


KAFKA = (
    Rule(
        name="kafka_timed_out",
        on=f"{_kafka('KafkaTimeoutError', 'RequestTimedOutError')} rdkafka:_TIMED_OUT rdkafka:_MSG_TIMED_OUT"
        " rdkafka:REQUEST_TIMED_OUT rdkafka:_TIMED_OUT_QUEUE",
        category=Category.TIMEOUT,
        course=RETRY,
        says="The broker did not answer in time; the message may have arrived all the same.",
    ),
    Rule(
        name="kafka_not_allowed",
        on=(
            f"{_kafka('AuthorizationError', 'TopicAuthorizationFailedError', 'GroupAuthorizationFailedError')}"
            f" {_kafka('ClusterAuthorizationFailedError', 'TransactionalIdAuthorizationFailed')}"
            " kafka.errors.SaslAuthenticationFailedError kafka.errors.DelegationTokenExpiredError"
            " kafka.errors.IllegalSaslStateError kafka.errors.UnsupportedSaslMechanismError"
            " aiokafka.errors.SaslAuthenticationFailed aiokafka.errors.AuthenticationFailedError"
            " aiokafka.errors.UnsupportedSaslMechanismError rdkafka:_AUTHENTICATION"
            " rdkafka:SASL_AUTHENTICATION_FAILED"
            " rdkafka:TOPIC_AUTHORIZATION_FAILED rdkafka:GROUP_AUTHORIZATION_FAILED"
            " rdkafka:CLUSTER_AUTHORIZATION_FAILED"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The broker does not accept this user or what they ask.",
    ),
    Rule(
        name="kafka_rate_limited",
        on=(
            f"{_kafka('QuotaViolationError')} kafka.errors.ThrottlingQuotaExceededError"
            " rdkafka:THROTTLING_QUOTA_EXCEEDED"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="The broker refused the request because there were too many.",
    ),
    Rule(
        name="kafka_message_invalid",
        on=(
            f"{_kafka('MessageSizeTooLargeError', 'RecordListTooLargeError', 'InvalidTimestampError')}"
            f" {_kafka('OffsetMetadataTooLargeError', 'InvalidPartitionsError', 'InvalidTopicError')}"
            " kafka.errors.InvalidRecordError rdkafka:MSG_SIZE_TOO_LARGE rdkafka:TOPIC_EXCEPTION"
            " rdkafka:INVALID_MSG_SIZE rdkafka:INVALID_RECORD confluent_kafka.serialization.SerializationError"
        ),
        category=Category.VALIDATION,
        says="The broker does not take such a message or topic.",
    ),
    Rule(
        name="kafka_local_queue_full",
        on="builtins.BufferError",
        message=re.compile(r"Local: Queue full"),
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        says="The producer's own queue is full, so nothing was sent.",
    ),
    Rule(
        name="kafka_local_queue_full",
        on="rdkafka:_QUEUE_FULL",
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        says="The producer's own queue is full, so nothing was sent.",
    ),
    Rule(
        name="kafka_not_enough_replicas",
        on=f"{_kafka('NotEnoughReplicasError')} rdkafka:NOT_ENOUGH_REPLICAS",
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="Too few replicas are in step, so the broker refused the message.",
    ),
    Rule(
        name="kafka_group_changes",
        on=(
            f"{_kafka('RebalanceInProgressError', 'CommitFailedError', 'UnknownMemberIdError')}"
            f" {_kafka('IllegalGenerationError')}"
            " rdkafka:REBALANCE_IN_PROGRESS rdkafka:ILLEGAL_GENERATION rdkafka:UNKNOWN_MEMBER_ID"
        ),
        category=Category.QUEUE,
        executed=Executed.NO,
        course=CONNECT,
        says="The group is being divided anew, so the commit was not made; messages will be delivered again.",
    ),
    Rule(
        name="kafka_fenced",
        on=(
            "kafka.errors.ProducerFencedError kafka.errors.InvalidProducerEpochError aiokafka.errors.ProducerFenced"
            " aiokafka.errors.InvalidProducerEpoch rdkafka:_FENCED rdkafka:PRODUCER_FENCED"
            " rdkafka:INVALID_PRODUCER_EPOCH"
            " kafka.errors.FencedInstanceIdError rdkafka:FENCED_INSTANCE_ID"
        ),
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="Another process has taken over under the same name, and this one must stop.",
    ),
    Rule(
        name="kafka_set_up_wrongly",
        on=(
            f"{_kafka('KafkaConfigurationError', 'InvalidConfigurationError')} rdkafka:_INVALID_ARG"
            f" {_kafka('UnsupportedVersionError', 'UnrecognizedBrokerVersion', 'UnsupportedCodecError')}"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="A setting of the client does not fit the broker.",
    ),
    Rule(
        name="kafka_wrong_use",
        on=f"{_kafka('IllegalStateError', 'IllegalArgumentError')} rdkafka:_STATE rdkafka:_CONFLICT",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The client is used in a way that cannot work.",
    ),
    Rule(
        name="kafka_no_such_topic",
        on="rdkafka:UNKNOWN_TOPIC_OR_PART rdkafka:_UNKNOWN_TOPIC rdkafka:_UNKNOWN_PARTITION",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The broker has no such topic or partition.",
    ),
    Rule(
        name="kafka_electing",
        on=(
            f"{_kafka('CoordinatorNotAvailableError', 'NotCoordinatorError', 'CoordinatorLoadInProgressError')}"
            " aiokafka.errors.GroupCoordinatorNotAvailableError"
            f" {_kafka('LeaderNotAvailableError')} kafka.errors.NotLeaderForPartitionError"
            " rdkafka:LEADER_NOT_AVAILABLE rdkafka:NOT_LEADER_FOR_PARTITION rdkafka:COORDINATOR_NOT_AVAILABLE"
            " rdkafka:NOT_COORDINATOR rdkafka:COORDINATOR_LOAD_IN_PROGRESS rdkafka:_WAIT_COORD"
        ),
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The brokers are electing who is in charge, and refused the request for now.",
    ),
    Rule(
        name="kafka_half_done",
        on=f"{_kafka('NotEnoughReplicasAfterAppendError')} rdkafka:NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        category=Category.QUEUE,
        course=RETRY,
        severity=Severity.HIGH,
        says="The message was written, but to too few replicas.",
    ),
    Rule(
        name="broker_connection",
        on=(
            "kafka:retriable rdkafka:retriable rdkafka:_TRANSPORT rdkafka:_ALL_BROKERS_DOWN rdkafka:_RESOLVE"
            " rdkafka:NETWORK_EXCEPTION rdkafka:BROKER_NOT_AVAILABLE rdkafka:_PURGE_INFLIGHT"
            f" {_kafka('KafkaConnectionError', 'NoBrokersAvailable')}"
            " aiokafka.errors.KafkaUnavailableError kafka.errors.BrokerNotAvailableError"
            " kafka.errors.CorruptRecordError"
            " aiokafka.errors.BrokerNotAvailableError"
        ),
        category=Category.QUEUE,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="The connection to the broker broke off; the message may have arrived before.",
    ),
    Rule(
        name="broker_refused",
        on=f"{_kafka('KafkaError')} cimpl.KafkaException",
        category=Category.QUEUE,
        severity=Severity.HIGH,
        says="The broker does not accept the operation.",
    ),
)

AMQP = (
    Rule(
        name="amqp_not_allowed",
        on=(
            "amqp:403 amqp:530 pika.exceptions.AuthenticationError pika.exceptions.ProbableAuthenticationError"
            " pika.exceptions.ProbableAccessDeniedError amqp.exceptions.AccessRefused amqp.exceptions.NotAllowed"
            " aiormq.exceptions.AuthenticationError aiormq.exceptions.ProbableAuthenticationError"
            " aiormq.exceptions.ChannelAccessRefused aiormq.exceptions.ConnectionNotAllowed"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The broker does not accept this user or what they ask.",
    ),
    Rule(
        name="amqp_in_use",
        on="amqp:405 amqp.exceptions.ResourceLocked aiormq.exceptions.ChannelLockedResource",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Somebody else holds the queue for themselves, so the broker did nothing.",
    ),
    Rule(
        name="amqp_message_not_taken",
        on=(
            "pika.exceptions.NackError aiormq.exceptions.DeliveryError amqp.exceptions.MessageNacked amqp:313"
            " amqp.exceptions.NoConsumers"
        ),
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The broker did not take the message.",
    ),
    Rule(
        name="amqp_message_invalid",
        on=(
            "amqp:311 pika.exceptions.BodyTooLongError pika.exceptions.ShortStringTooLong"
            " amqp.exceptions.ContentTooLarge"
        ),
        category=Category.VALIDATION,
        says="The broker does not take such a message.",
    ),
    Rule(
        name="amqp_refused",
        on=(
            "amqp:404 amqp:406 amqp:312 amqp:402 pika.exceptions.UnroutableError amqp.exceptions.NotFound"
            " amqp.exceptions.PreconditionFailed amqp.exceptions.InvalidPath aiormq.exceptions.ChannelNotFoundEntity"
            " aiormq.exceptions.ChannelPreconditionFailed pika.exceptions.DuplicateConsumerTag"
            " aiormq.exceptions.DuplicateConsumerTag"
        ),
        category=Category.QUEUE,
        severity=Severity.HIGH,
        says="The broker has no such queue or exchange, or another kind of it.",
    ),
    Rule(
        name="amqp_wrong_use",
        on="amqp:502 amqp:503 amqp:504 amqp:505 amqp:540",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The broker was sent what does not belong there: the channel is used in a way that cannot work.",
    ),
    Rule(
        name="amqp_protocol_broken",
        on=(
            "amqp:501 pika.exceptions.ProtocolSyntaxError"
            " pika.exceptions.ChannelWrongStateError pika.exceptions.ConnectionWrongStateError"
            " pika.exceptions.IncompatibleProtocolError aiormq.exceptions.ChannelInvalidStateError"
            " aiormq.exceptions.IncompatibleProtocolError pika.exceptions.ReentrancyError"
        ),
        category=Category.QUEUE,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The channel or connection is closed or out of step: the next call needs a new one.",
    ),
    Rule(
        name="broker_cannot_connect",
        on=(
            "pika.adapters.utils.connection_workflow.AMQPConnectorPhaseErrorBase"
            " pika.adapters.utils.connection_workflow.AMQPConnectorStackTimeout"
        ),
        category=Category.QUEUE,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="No connection to the broker came about, so the message never arrived.",
    ),
    Rule(
        name="broker_connection",
        on=(
            "amqp:320 amqp:541 amqp:506 pika.exceptions.AMQPConnectionError pika.exceptions.StreamLostError"
            " pika.exceptions.AMQPHeartbeatTimeout pika.exceptions.ConnectionBlockedTimeout"
            " pika.exceptions.ConsumerCancelled aiormq.exceptions.AMQPConnectionError"
            " aiormq.exceptions.ChannelClosed kombu.exceptions.OperationalError amqp.exceptions.ConnectionError"
            " amqp.exceptions.RecoverableChannelError dramatiq.errors.BrokerConnectionError"
            " celery.exceptions.BackendError"
        ),
        category=Category.QUEUE,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="The connection to the broker broke off; the message may have arrived before.",
    ),
    Rule(
        name="broker_limit_reached",
        on="kombu.exceptions.LimitExceeded pika.exceptions.NoFreeChannels",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="All connections or channels are in use, so the message never left.",
    ),
    Rule(
        name="message_not_serialisable",
        on=(
            "kombu.exceptions.SerializationError kombu.exceptions.SerializerNotInstalled dramatiq.errors.DecodeError"
            " rq.exceptions.DeserializationError"
        ),
        category=Category.VALIDATION,
        says="The message cannot be written or read in its format.",
    ),
    Rule(
        name="broker_refused",
        on=(
            "pika.exceptions.AMQPError kombu.exceptions.KombuError amqp.exceptions.AMQPError"
            " aiormq.exceptions.AMQPError"
            " dramatiq.errors.BrokerError rq.exceptions.NoSuchJobError rq.exceptions.InvalidJobOperation"
        ),
        category=Category.QUEUE,
        severity=Severity.HIGH,
        says="The broker does not accept the operation.",
    ),
)

TASKS = (
    Rule(
        name="task_over_its_limit",
        on=("billiard.exceptions.SoftTimeLimitExceeded billiard.exceptions.TimeLimitExceeded"),
        category=Category.TIMEOUT,
        severity=Severity.HIGH,
        says="The worker's own time limit ended the task; it would take as long again.",
    ),
    Rule(
        name="task_took_too_long",
        on=(
            "celery.exceptions.TimeoutError rq.timeouts.BaseTimeoutException"
            " dramatiq.middleware.time_limit.TimeLimitExceeded"
            " rq.exceptions.DequeueTimeout dramatiq.errors.QueueJoinTimeout"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="The task did not end in time.",
    ),
    Rule(
        name="task_steered",
        on="celery.exceptions.TaskPredicate dramatiq.errors.Retry",
        category=Category.QUEUE,
        severity=Severity.LOW,
        says="The task asks its worker to retry, ignore or reject it: that is no failure.",
    ),
    Rule(
        name="task_not_registered",
        on="celery.exceptions.NotRegistered celery.exceptions.QueueNotFound dramatiq.errors.ActorNotFound"
        " dramatiq.errors.QueueNotFound celery.exceptions.ImproperlyConfigured",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="This worker does not know the task or queue.",
    ),
    Rule(
        name="task_revoked",
        on="celery.exceptions.TaskRevokedError",
        category=Category.CONCURRENCY,
        severity=Severity.LOW,
        says="The task was taken back on purpose.",
    ),
    Rule(
        name="task_failed",
        on="celery.exceptions.CeleryError",
        category=Category.QUEUE,
        severity=Severity.HIGH,
        says="The task failed, and trying it again did not help.",
    ),
    Rule(
        name="task_rate_limited",
        on="dramatiq.errors.RateLimitExceeded",
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="Too many such tasks run already, so this one did not begin.",
    ),
)

NATS = (
    Rule(
        name="nats_not_allowed",
        on="nats.errors.AuthorizationError nats.errors.InvalidUserCredentialsError",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The broker does not accept this user.",
    ),
    Rule(
        name="nats_nobody_there",
        on="nats.errors.NoRespondersError nats.errors.NoServersError nats.js.errors.ServiceUnavailableError",
        category=Category.QUEUE,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="Nobody takes the message at the moment.",
    ),
    Rule(
        name="nats_connection",
        on=(
            "nats.errors.ConnectionClosedError nats.errors.ConnectionReconnectingError"
            " nats.errors.StaleConnectionError"
            " nats.errors.OutboundBufferLimitError nats.errors.ConnectionDrainingError"
            " nats.js.errors.NoStreamResponseError"
        ),
        category=Category.QUEUE,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The connection to the broker broke off; the message may have arrived before.",
    ),
    Rule(
        name="nats_message_invalid",
        on="nats.errors.MaxPayloadError nats.errors.BadSubjectError nats.errors.JsonParseError",
        category=Category.VALIDATION,
        says="The broker does not take such a message.",
    ),
    Rule(
        name="nats_refused",
        on="nats.errors.Error",
        category=Category.QUEUE,
        severity=Severity.HIGH,
        says="The broker does not accept the operation.",
    ),
)

BROKERS = (*KAFKA, *AMQP, *TASKS, *NATS)
