"""Kafka through kafka-python and confluent-kafka."""

from __future__ import annotations

from typing import Any

import confluent_kafka
from confluent_kafka import KafkaError, KafkaException
from kafka import KafkaProducer
from kafka import errors as kafka

from tests.corpus.errors.schema import Case

from .labels import DONE_OR_UNKNOWN, NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown

CLEARING = "CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION"


def broker(error_class: Any, message: str) -> BaseException:
    error: BaseException = error_class(message)
    return thrown(error)


def librdkafka(code: int, reason: str, retriable: bool = False, fatal: bool = False) -> BaseException:
    return thrown(KafkaException(KafkaError(code, reason, fatal, retriable, False)))


def local_queue_full() -> BaseException:
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": "127.0.0.1:1", "queue.buffering.max.messages": 1, "log_level": 0}
    )
    producer.produce("clicks", b"first")
    error = raised(lambda: producer.produce("clicks", b"second"))
    producer.purge()
    return error


def closed_consumer() -> BaseException:
    consumer = confluent_kafka.Consumer({"group.id": "billing", "bootstrap.servers": "127.0.0.1:1", "log_level": 0})
    consumer.close()
    return raised(lambda: consumer.poll(0))


CASES: list[Case] = [
    heals(
        "kafka_metadata_not_updated",
        lambda: broker(kafka.KafkaTimeoutError, "Failed to update metadata after 60.0 secs."),
        "timeout queue network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION QUEUE_FOR_LATER",
        NO,
        "No broker told where the topic lives; the record was never sent.",
        harmful=CLEARING,
    ),
    heals(
        "kafka_request_timed_out",
        lambda: broker(kafka.RequestTimedOutError, "acks=all not received in 30000 ms"),
        "timeout queue",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        UNKNOWN,
        "The broker did not confirm in time; the record may be in the log.",
        harmful=CLEARING,
    ),
    heals(
        "kafka_not_leader_for_partition",
        lambda: broker(kafka.NotLeaderForPartitionError, "orders-3"),
        "queue",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER RESET_CONNECTION",
        NO,
        "Leadership moved; the client asks for the new leader.",
        harmful=CLEARING,
    ),
    heals(
        "kafka_leader_not_available",
        lambda: broker(kafka.LeaderNotAvailableError, "orders-3"),
        "queue",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        NO,
        "An election is under way.",
        harmful=CLEARING,
    ),
    heals(
        "kafka_not_enough_replicas",
        lambda: broker(kafka.NotEnoughReplicasError, "orders-1"),
        "queue",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        NO,
        "Too few replicas are in sync; the record was refused.",
        harmful=CLEARING,
    ),
    heals(
        "kafka_not_enough_replicas_after_append",
        lambda: broker(kafka.NotEnoughReplicasAfterAppendError, "orders-1"),
        "queue",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER SURFACE",
        DONE_OR_UNKNOWN,
        "The record is in the leader's log, only not copied often enough.",
        harmful=CLEARING,
    ),
    heals(
        "kafka_connection_lost",
        lambda: broker(kafka.KafkaConnectionError, "socket disconnected"),
        "network queue",
        "RETRY_WITH_BACKOFF RESET_CONNECTION QUEUE_FOR_LATER",
        UNKNOWN,
        "The connection to a broker broke with requests in flight.",
        harmful=CLEARING,
    ),
    heals(
        "kafka_coordinator_not_available",
        lambda: broker(kafka.CoordinatorNotAvailableError, "group billing"),
        "queue",
        "RETRY_WITH_BACKOFF",
        NO,
        "The group's coordinator is being moved.",
        harmful=CLEARING,
    ),
    heals(
        "kafka_rebalance_in_progress",
        lambda: broker(kafka.RebalanceInProgressError, "group billing"),
        "queue concurrency",
        "RETRY_WITH_BACKOFF",
        NO,
        "The group is sharing out its partitions anew.",
        harmful=CLEARING,
    ),
    stays(
        "kafka_commit_failed",
        lambda: thrown(kafka.CommitFailedError()),
        "queue concurrency",
        "The partitions belong to another member now; this commit can never succeed.",
        acceptable="SURFACE RETRY_WITH_BACKOFF",
        harmful="CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE",
    ),
    heals(
        "kafka_throttling_quota_exceeded",
        lambda: broker(kafka.ThrottlingQuotaExceededError, "create topics"),
        "rate_limit queue",
        "RATE_LIMIT_BACKOFF RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        NO,
        "The broker throttles this client.",
        harmful=CLEARING,
    ),
    surfaces(
        "kafka_topic_authorization_failed",
        lambda: broker(kafka.TopicAuthorizationFailedError, "{'payroll'}"),
        "auth queue",
        "The broker denies this account the topic.",
    ),
    surfaces(
        "kafka_sasl_authentication_failed",
        lambda: broker(kafka.SaslAuthenticationFailedError, "Authentication failed: Invalid username or password"),
        "auth queue",
        "The broker refused the login.",
    ),
    surfaces(
        "kafka_message_too_large",
        lambda: broker(kafka.MessageSizeTooLargeError, "The message is 2097239 bytes when serialized"),
        "validation queue",
        "No broker of this cluster takes a message of that size.",
    ),
    stays(
        "kafka_offset_out_of_range",
        lambda: broker(kafka.OffsetOutOfRangeError, "{TopicPartition('orders', 2): 12}"),
        "queue",
        "The offset was deleted by retention; reading from there fails for ever.",
        harmful="RETRY_WITH_BACKOFF CLEAR_CACHE_AND_RETRY RESET_CONNECTION",
    ),
    surfaces(
        "kafka_producer_fenced",
        lambda: broker(kafka.ProducerFencedError, "transactional id billing-1"),
        "concurrency queue",
        "A newer producer has taken over; this one must stop.",
    ),
    surfaces(
        "kafka_unrecognized_setting",
        lambda: raised(lambda: KafkaProducer(bootstrap_servers="127.0.0.1:1", lingerms=5)),
        "configuration programming validation",
        "A misspelt setting of the producer.",
    ),
    heals(
        "confluent_all_brokers_down",
        lambda: librdkafka(KafkaError._ALL_BROKERS_DOWN, "3/3 brokers are down", retriable=True),
        "queue network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION QUEUE_FOR_LATER",
        NO_OR_UNKNOWN,
        "No broker can be reached at the moment.",
        harmful=CLEARING,
    ),
    heals(
        "confluent_transport_failure",
        lambda: librdkafka(
            KafkaError._TRANSPORT,
            "sasl_ssl://b-1.example:9096/1: Disconnected while requesting ApiVersion (after 4ms in state UP)",
        ),
        "network queue",
        "RETRY_WITH_BACKOFF RESET_CONNECTION QUEUE_FOR_LATER",
        NO_OR_UNKNOWN,
        "The broker's connection broke off.",
        harmful=CLEARING,
    ),
    heals(
        "confluent_message_timed_out",
        lambda: librdkafka(KafkaError._MSG_TIMED_OUT, "Local: Message timed out"),
        "timeout queue",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        UNKNOWN,
        "The delivery was not confirmed within message.timeout.ms.",
        harmful=CLEARING,
    ),
    heals(
        "confluent_local_queue_full",
        local_queue_full,
        "queue resource",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        NO,
        "The producer's own buffer is full until the broker takes some of it; a BufferError by class.",
        harmful=CLEARING,
    ),
    surfaces(
        "confluent_no_such_setting",
        lambda: raised(lambda: confluent_kafka.Producer({"bootstrap.server": "127.0.0.1:1"})),
        "configuration programming",
        "A misspelt setting.",
    ),
    surfaces(
        "confluent_authentication_failure",
        lambda: librdkafka(
            KafkaError._AUTHENTICATION,
            "SASL authentication error: Authentication failed during authentication due to invalid credentials",
        ),
        "auth queue",
        "The credentials were refused.",
    ),
    surfaces(
        "confluent_topic_authorization_failed",
        lambda: librdkafka(KafkaError.TOPIC_AUTHORIZATION_FAILED, "Broker: Topic authorization failed"),
        "auth queue",
        "The account may not use the topic.",
    ),
    stays(
        "confluent_unknown_topic",
        lambda: librdkafka(
            KafkaError.UNKNOWN_TOPIC_OR_PART,
            "Subscribed topic not available: ordrs: Broker: Unknown topic or partition",
        ),
        "configuration queue",
        "Nobody has created the topic, or its name is misspelt.",
        acceptable="SURFACE RETRY_WITH_BACKOFF",
        harmful="CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    surfaces(
        "confluent_message_too_large",
        lambda: librdkafka(KafkaError.MSG_SIZE_TOO_LARGE, "Broker: Message size too large"),
        "validation queue",
        "The message exceeds the topic's limit.",
    ),
    surfaces(
        "confluent_fenced_fatal",
        lambda: librdkafka(KafkaError._FENCED, "Local: This instance has been fenced by a newer instance", fatal=True),
        "concurrency queue",
        "A fatal error of the client: another instance took over its identity.",
    ),
    heals(
        "confluent_max_poll_exceeded",
        lambda: librdkafka(
            KafkaError._MAX_POLL_EXCEEDED,
            "Application maximum poll interval (300000ms) exceeded by 412ms",
        ),
        "queue timeout",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SURFACE",
        NO_OR_UNKNOWN,
        "The consumer was too slow and left the group; the next poll joins it again.",
        harmful=CLEARING,
    ),
    surfaces(
        "confluent_consumer_closed",
        closed_consumer,
        "programming queue",
        "The code polls a consumer it has closed.",
    ),
]
