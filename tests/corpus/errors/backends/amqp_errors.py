"""RabbitMQ through pika, amqp, kombu and aio-pika. AMQP reply codes look like HTTP's and mean something else."""

from __future__ import annotations

import queue
from decimal import Decimal
from typing import Any

import aio_pika.exceptions
import aiormq.exceptions
import amqp.exceptions
import kombu.exceptions
import kombu.serialization
import pamqp.commands
import pika
import pika.exceptions
import pika.spec
from kombu.connection import Connection as BrokerConnection
from kombu.exceptions import LimitExceeded, SerializerNotInstalled
from pika.adapters.blocking_connection import ReturnedMessage

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, UNKNOWN, heals, raised, stays, surfaces, thrown

CLEARING = "CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION"


def channel_closed(code: int, text: str) -> BaseException:
    return thrown(pika.exceptions.ChannelClosedByBroker(code, text))


def connection_closed(code: int, text: str) -> BaseException:
    return thrown(pika.exceptions.ConnectionClosedByBroker(code, text))


def unroutable() -> BaseException:
    method = pika.spec.Basic.Return(312, "NO_ROUTE", "orders", "orders.eu")
    return thrown(pika.exceptions.UnroutableError([ReturnedMessage(method, pika.spec.BasicProperties(), b"{}")]))


def refused_by_pika() -> BaseException:
    parameters = pika.ConnectionParameters("127.0.0.1", 1, connection_attempts=1, retry_delay=0)
    return raised(lambda: pika.BlockingConnection(parameters))


def refused_by_kombu() -> BaseException:
    connect: Any = BrokerConnection
    connection = connect("amqp://guest:guest@127.0.0.1:1//")
    return raised(lambda: connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0))


def dumped(value: object) -> BaseException:
    dumps: Any = kombu.serialization.dumps
    return raised(lambda: dumps(value, "json"))


def loaded(body: bytes, content_type: str, encoding: str) -> BaseException:
    loads: Any = kombu.serialization.loads
    return raised(lambda: loads(body, content_type, encoding, accept={"application/json"}))


def full_queue() -> None:
    jobs: queue.Queue[Decimal] = queue.Queue(maxsize=1)
    for amount in ("1.50", "2.50"):
        jobs.put_nowait(Decimal(amount))


CASES: list[Case] = [
    heals(
        "pika_connection_refused",
        refused_by_pika,
        "queue network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT QUEUE_FOR_LATER",
        NO,
        "The broker does not listen at this moment; str() of the error is empty and only its cause tells.",
        harmful=CLEARING,
    ),
    heals(
        "pika_stream_lost",
        lambda: thrown(
            pika.exceptions.StreamLostError(
                "Stream connection lost: ConnectionResetError(104, 'Connection reset by peer')"
            )
        ),
        "queue network",
        "RESET_CONNECTION",
        UNKNOWN,
        "The connection to the broker broke off.",
        harmful=CLEARING,
    ),
    heals(
        "pika_heartbeat_timeout",
        lambda: thrown(
            pika.exceptions.AMQPHeartbeatTimeout("No activity or too many missed heartbeats in the last 60 seconds")
        ),
        "queue network timeout",
        "RESET_CONNECTION",
        UNKNOWN,
        "The connection is dead; it must be opened anew.",
        harmful=CLEARING,
    ),
    heals(
        "pika_connection_forced",
        lambda: connection_closed(320, "CONNECTION_FORCED - Node was put into maintenance mode"),
        "queue network",
        "RESET_CONNECTION",
        NO_OR_UNKNOWN,
        "The broker node shuts down and asks its clients to leave.",
        harmful=CLEARING,
    ),
    heals(
        "pika_connection_already_closed",
        lambda: thrown(pika.exceptions.ConnectionWrongStateError("BlockingConnection is closed")),
        "queue network programming",
        "RESET_CONNECTION",
        NO,
        "The handle is dead and nothing was sent.",
        harmful="RETRY_WITH_BACKOFF " + CLEARING,
    ),
    heals(
        "pika_connection_blocked_timeout",
        lambda: thrown(pika.exceptions.ConnectionBlockedTimeout("Blocked connection timeout expired.")),
        "queue timeout resource",
        "RETRY_WITH_BACKOFF RESET_CONNECTION QUEUE_FOR_LATER",
        NO_OR_UNKNOWN,
        "The broker stopped taking messages because its memory or disk alarm is on.",
        harmful=CLEARING,
    ),
    heals(
        "pika_nacked",
        lambda: thrown(pika.exceptions.NackError([])),
        "queue",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        NO_OR_UNKNOWN,
        "The broker did not take responsibility for the message, as when a queue is full.",
        harmful=CLEARING,
    ),
    surfaces(
        "pika_no_such_queue",
        lambda: channel_closed(404, "NOT_FOUND - no queue 'invoices' in vhost '/'"),
        "configuration queue",
        "Nobody has declared the queue; it is no far service's 404.",
    ),
    surfaces(
        "pika_inequivalent_arguments",
        lambda: channel_closed(
            406,
            "PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue 'mails' in vhost '/': received the "
            "value '60000' of type 'signedint' but current is none",
        ),
        "configuration queue programming",
        "The code declares the queue otherwise than it exists.",
    ),
    surfaces(
        "pika_unknown_delivery_tag",
        lambda: channel_closed(406, "PRECONDITION_FAILED - unknown delivery tag 3"),
        "programming queue",
        "A message is acknowledged twice, or on another channel.",
    ),
    surfaces(
        "pika_command_invalid_503",
        lambda: connection_closed(503, "COMMAND_INVALID - unknown exchange type 'fanuot'"),
        "programming queue configuration",
        "In AMQP 503 means an invalid command: a misspelt exchange type.",
    ),
    surfaces(
        "pika_channel_error_504",
        lambda: connection_closed(504, "CHANNEL_ERROR - expected 'channel.open'"),
        "programming queue",
        "In AMQP 504 means that a closed channel was used: no gateway timed out.",
    ),
    surfaces(
        "pika_access_refused",
        lambda: channel_closed(403, "ACCESS_REFUSED - access to queue 'payroll' in vhost '/' refused for user 'web'"),
        "auth queue",
        "The account has no rights on this queue.",
    ),
    surfaces(
        "pika_login_refused",
        lambda: thrown(
            pika.exceptions.ProbableAuthenticationError(
                "ConnectionClosedByBroker: (403) 'ACCESS_REFUSED - Login was refused using authentication mechanism "
                "PLAIN. For details see the broker logfile.'"
            )
        ),
        "auth queue configuration",
        "RabbitMQ turned the login down.",
    ),
    heals(
        "pika_exclusive_queue_locked",
        lambda: channel_closed(
            405, "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'leader' in vhost '/'"
        ),
        "queue concurrency",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SURFACE",
        NO,
        "Another connection holds the exclusive queue until it closes.",
        harmful=CLEARING,
    ),
    stays(
        "pika_unroutable",
        unroutable,
        "queue configuration",
        "No queue is bound to the routing key; somebody must bind one.",
        acceptable="SURFACE QUEUE_FOR_LATER",
        harmful="CLEAR_CACHE_AND_RETRY RESET_CONNECTION SKIP_OPERATION",
    ),
    heals(
        "amqp_connection_forced",
        lambda: thrown(
            amqp.exceptions.ConnectionForced(
                "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'",
                (0, 0),
                "",
                reply_code=320,
            )
        ),
        "queue network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        NO_OR_UNKNOWN,
        "The broker is shutting down.",
        harmful=CLEARING,
    ),
    heals(
        "amqp_socket_disconnected",
        lambda: thrown(amqp.exceptions.RecoverableConnectionError("Socket was disconnected")),
        "queue network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The library itself calls this connection error recoverable.",
        harmful=CLEARING,
    ),
    heals(
        "amqp_acknowledgement_timed_out",
        lambda: thrown(
            amqp.exceptions.PreconditionFailed(
                "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 1800000 "
                "ms. This timeout value can be configured, see consumers doc guide to learn more",
                (0, 0),
                "",
                reply_code=406,
            )
        ),
        "queue timeout",
        "RESET_CONNECTION SURFACE",
        UNKNOWN,
        "The task took longer than the broker waits for its acknowledgement; the channel is closed.",
        harmful=CLEARING,
    ),
    surfaces(
        "amqp_vhost_not_allowed",
        lambda: thrown(amqp.exceptions.NotAllowed("NOT_ALLOWED - vhost /staging not found", (10, 40), reply_code=530)),
        "configuration queue auth",
        "The URL names a virtual host that is not there.",
    ),
    heals(
        "kombu_connection_refused",
        refused_by_kombu,
        "queue network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION QUEUE_FOR_LATER SWITCH_API_ENDPOINT",
        NO,
        "The broker does not listen; kombu wraps the refusal.",
        harmful=CLEARING,
    ),
    surfaces(
        "kombu_cannot_encode",
        lambda: dumped({"total": object()}),
        "programming validation queue",
        "An argument of the task has no JSON form.",
    ),
    surfaces(
        "kombu_refuses_pickle",
        lambda: loaded(b"\x80\x04}.", "application/x-python-serialize", "binary"),
        "configuration queue validation",
        "Producer and worker disagree about the serializer that is allowed.",
    ),
    surfaces(
        "kombu_cannot_decode",
        lambda: loaded(b'{"task": "send"', "application/json", "utf-8"),
        "validation queue",
        "The message's body is cut off; it stays so however often it is read.",
    ),
    surfaces(
        "kombu_serializer_not_installed",
        lambda: thrown(SerializerNotInstalled("No encoder installed for msgpak")),
        "configuration programming queue",
        "The settings name a serializer that does not exist.",
    ),
    heals(
        "kombu_connection_pool_limit",
        lambda: thrown(LimitExceeded(10)),
        "queue resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "All ten pooled connections are in use at the moment.",
        harmful=CLEARING,
    ),
    heals(
        "aio_pika_queue_empty",
        lambda: thrown(aio_pika.exceptions.QueueEmpty()),
        "queue",
        "RETRY_WITH_BACKOFF SURFACE SKIP_OPERATION USE_DEFAULT_VALUE",
        NO_OR_UNKNOWN,
        "There is no message now; later there may be one.",
        harmful="RESET_CONNECTION CLEAR_CACHE_AND_RETRY",
    ),
    heals(
        "aio_pika_delivery_rejected",
        lambda: thrown(aio_pika.exceptions.DeliveryError(None, pamqp.commands.Basic.Nack(4))),
        "queue",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER",
        NO_OR_UNKNOWN,
        "The broker nacked the published message.",
        harmful=CLEARING,
    ),
    heals(
        "aiormq_connection_reset",
        lambda: thrown(
            aiormq.exceptions.AMQPConnectionError(
                "Server connection unexpectedly closed. Read 0 bytes but 1 bytes expected"
            ),
            ConnectionResetError(104, "Connection reset by peer"),
        ),
        "queue network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The cause of the lost connection is a reset.",
        harmful=CLEARING,
    ),
    heals(
        "aiormq_channel_invalid_state",
        lambda: thrown(aiormq.exceptions.ChannelInvalidStateError('<Channel: "1"> closed')),
        "queue network programming",
        "RESET_CONNECTION",
        NO,
        "The channel was closed under the code's hands.",
        harmful=CLEARING,
    ),
    heals(
        "local_queue_full",
        lambda: raised(full_queue),
        "queue resource",
        "RETRY_WITH_BACKOFF QUEUE_FOR_LATER SURFACE",
        NO,
        "There is room again when the reader catches up.",
        harmful="CLEAR_CACHE_AND_RETRY RESET_CONNECTION",
    ),
    heals(
        "local_queue_empty",
        lambda: raised(queue.Queue[int]().get_nowait),
        "queue",
        "RETRY_WITH_BACKOFF SURFACE SKIP_OPERATION USE_DEFAULT_VALUE",
        NO_OR_UNKNOWN,
        "Nothing to do just now.",
        harmful="CLEAR_CACHE_AND_RETRY RESET_CONNECTION",
    ),
]
