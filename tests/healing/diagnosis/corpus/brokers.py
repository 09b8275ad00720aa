"""Brokers, task queues, mail, shells and directories."""

from __future__ import annotations

import ftplib
import imaplib
import poplib
import smtplib
from typing import Any

import amqp.exceptions
import billiard.exceptions
import celery.exceptions
import kafka.errors
import kombu.exceptions
import paramiko
import pika
import pika.exceptions

from tests.healing.diagnosis.corpus.labels import NO, RATE, RESET, RETRY, UNKNOWN, C, like, raised, rows


def refused_by_pika() -> BaseException:
    parameters = pika.ConnectionParameters("127.0.0.1", 1)
    return raised(lambda: pika.BlockingConnection(parameters))


def of_pika(code: int) -> Any:
    return pika.exceptions.ChannelClosedByBroker(code, "no")


BROKERS = rows(
    ("kafka timeout", lambda: kafka.errors.KafkaTimeoutError("x"), C.TIMEOUT, UNKNOWN, RETRY),
    ("kafka leader moved", lambda: kafka.errors.NotLeaderForPartitionError("x"), C.QUEUE, NO, RETRY),
    ("kafka not allowed", lambda: kafka.errors.TopicAuthorizationFailedError("x"), C.AUTH, UNKNOWN, None),
    ("kafka too large", lambda: kafka.errors.MessageSizeTooLargeError("x"), C.VALIDATION, UNKNOWN, None),
    ("kafka replicas", lambda: kafka.errors.NotEnoughReplicasError("x"), C.QUEUE, NO, RETRY),
    ("kafka group changes", lambda: kafka.errors.CommitFailedError("x"), C.QUEUE, NO, RESET),
    ("kafka fenced", lambda: kafka.errors.ProducerFencedError("x"), C.CONCURRENCY, NO, None),
    ("kafka throttled", lambda: kafka.errors.ThrottlingQuotaExceededError("x"), C.RATE_LIMIT, NO, RATE),
    ("kafka else", lambda: kafka.errors.KafkaError("x"), C.QUEUE, UNKNOWN, None),
    ("aiokafka", lambda: like("aiokafka.errors.LeaderNotAvailableError", retriable=True), C.QUEUE, NO, RETRY),
    ("pika refused", refused_by_pika, C.QUEUE, NO, RESET),
    ("pika password", pika.exceptions.ProbableAuthenticationError, C.AUTH, UNKNOWN, None),
    ("pika no such queue", lambda: of_pika(404), C.QUEUE, UNKNOWN, None),
    ("pika queue held", lambda: of_pika(405), C.CONCURRENCY, NO, RETRY),
    ("pika too large", lambda: of_pika(311), C.VALIDATION, UNKNOWN, None),
    ("pika not taken", lambda: pika.exceptions.NackError([]), C.QUEUE, NO, RETRY),
    ("pika nowhere to go", lambda: pika.exceptions.UnroutableError([]), C.QUEUE, UNKNOWN, None),
    ("pika closed channel", lambda: pika.exceptions.ChannelWrongStateError("x"), C.QUEUE, UNKNOWN, RESET),
    ("amqp no such queue is no HTTP 404", lambda: amqp.exceptions.NotFound("x"), C.QUEUE, UNKNOWN, None),
    ("amqp forced", lambda: amqp.exceptions.ConnectionForced("x"), C.QUEUE, UNKNOWN, RESET),
    ("kombu", lambda: kombu.exceptions.OperationalError("x"), C.QUEUE, UNKNOWN, RESET),
    ("kombu encoding", lambda: kombu.exceptions.EncodeError("x"), C.VALIDATION, UNKNOWN, None),
    ("celery gave up", lambda: celery.exceptions.MaxRetriesExceededError("x"), C.QUEUE, UNKNOWN, None),
    ("celery steering", lambda: celery.exceptions.Retry("x"), C.QUEUE, UNKNOWN, None),
    ("celery unknown task", lambda: celery.exceptions.NotRegistered("x"), C.CONFIGURATION, UNKNOWN, None),
    ("celery worker lost", lambda: billiard.exceptions.WorkerLostError("x"), C.CONCURRENCY, UNKNOWN, RETRY),
    ("smtp not connected", lambda: smtplib.SMTPConnectError(421, "busy"), C.EXTERNAL_API, NO, RETRY),
    ("smtp a real refusal", lambda: raised(lambda: smtplib.SMTP("127.0.0.1", 1)), C.NETWORK, NO, RESET),
    (
        "aiosmtplib",
        lambda: like("aiosmtplib.errors.SMTPDataError", code=452, message="full"),
        C.EXTERNAL_API,
        NO,
        RETRY,
    ),
    ("ftp password", lambda: ftplib.error_perm("530 Login incorrect."), C.AUTH, UNKNOWN, None),
    ("ftp path", lambda: ftplib.error_perm("550 No such file."), C.FILESYSTEM, UNKNOWN, None),
    ("ftp busy", lambda: ftplib.error_temp("450 Busy."), C.EXTERNAL_API, NO, RETRY),
    ("imap password", lambda: imaplib.IMAP4.error(b"[AUTHENTICATIONFAILED] no"), C.AUTH, UNKNOWN, None),
    ("imap hung up", lambda: imaplib.IMAP4.abort("x"), C.NETWORK, UNKNOWN, RESET),
    ("pop in use", lambda: poplib.error_proto(b"-ERR [IN-USE] no"), C.EXTERNAL_API, NO, RETRY),
    ("ssh nobody there", lambda: paramiko.ssh_exception.NoValidConnectionsError(_ERRORS), C.NETWORK, NO, RESET),
    ("ssh password", lambda: paramiko.AuthenticationException("x"), C.AUTH, UNKNOWN, None),
    ("ldap busy", lambda: like("ldap.BUSY", _ldap()), C.EXTERNAL_API, NO, RETRY),
    ("ldap password", lambda: like("ldap.INVALID_CREDENTIALS", _ldap()), C.AUTH, UNKNOWN, None),
    ("nats nobody there", lambda: like("nats.errors.NoRespondersError"), C.QUEUE, NO, RESET),
)

_ERRORS: Any = {("127.0.0.1", 22): OSError(111, "x")}


def _ldap() -> type[Exception]:
    return type("LDAPError", (Exception,), {"__module__": "ldap"})
