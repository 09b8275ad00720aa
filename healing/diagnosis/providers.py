"""Codes of single libraries: each reader gives the keys under which the tables know an error of its package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import MethodDescriptorType
from typing import Any

from healing.diagnosis.reading import arguments, entry, kind, number, path
from healing.lineage import cause
from healing.strangers import attribute, is_a

Reader = Callable[[BaseException], Iterator[str]]


def _coded(prefix: str, *names: str) -> Reader:
    """The first whole number or text among these attributes, as `prefix:value`."""

    def read(error: BaseException) -> Iterator[str]:
        for name in names:
            yield from _key(prefix, attribute(error, name))

    return read


def _numbered(prefix: str) -> Reader:
    """The first argument, where it is a whole number."""

    def read(error: BaseException) -> Iterator[str]:
        given = arguments(error)
        if given and type(given[0]) is int:
            yield f"{prefix}:{given[0]}"

    return read


def _key(prefix: str, value: object) -> Iterator[str]:
    if type(value) is str or type(value) is int:
        yield f"{prefix}:{value}"
    elif is_a(value, str):
        yield f"{prefix}:{str.__str__(value)}"
    elif (whole := number(value)) is not None:
        yield f"{prefix}:{whole}"


def _itself(error: BaseException) -> Iterator[str]:
    """The error's own type before its status: these SDKs name single troubles by classes."""
    yield kind(type(error)).names[0]


def _aiohttp(error: BaseException) -> Iterator[str]:
    """The own type where no answer came: it says more than the errno that it carries. What could not be parsed has a
    status that nobody sent."""
    reason = cause(error)[0]
    parsed = kind(type(error if reason is None else reason)).names
    if parsed[0].startswith("aiohttp.http_exceptions."):
        yield from parsed
    elif attribute(error, "status") is None:
        yield from _itself(error)


def _sqlite(error: BaseException) -> Iterator[str]:
    code = attribute(error, "sqlite_errorcode")
    if type(code) is int:
        yield f"sqlite:{code}"
        yield f"sqlite:{code & 0xFF}"


def _odbc(error: BaseException) -> Iterator[str]:
    given = arguments(error)
    if given and type(given[0]) is str and len(given[0]) == 5:
        yield f"sqlstate:{given[0]}"
        yield f"sqlstate:{given[0][:2]}"


def _oracle(error: BaseException) -> Iterator[str]:
    given = arguments(error)
    if given:
        yield from _key("oracle", attribute(given[0], "full_code"))


def _mongo(error: BaseException) -> Iterator[str]:
    yield from _key("mongo", attribute(error, "code"))
    yield from _key("mongo", attribute(error, "_OperationFailure__code"))
    labels = attribute(error, "_error_labels")
    if type(labels) is set and "TransientTransactionError" in labels:
        yield "mongo:TransientTransactionError"


def _smtp(error: BaseException) -> Iterator[str]:
    for code in (_smtp_recipients(error), attribute(error, "smtp_code"), attribute(error, "code")):
        if type(code) is int:
            yield f"smtp:{code}"
            yield f"smtp:{code // 100}xx"
            return


def _smtp_recipients(error: BaseException) -> int | None:
    """The gravest of the answers for single recipients."""
    found = attribute(error, "recipients")
    if type(found) is dict:
        codes = [answer[0] for answer in found.values() if type(answer) is tuple and answer]
    else:
        codes = [attribute(answer, "code") for answer in found] if type(found) is list else []
    return max((code for code in codes if type(code) is int), default=None)


def _ftp(error: BaseException) -> Iterator[str]:
    given = arguments(error)
    if given and type(given[0]) is str and given[0][:3].isdecimal():
        yield f"ftp:{given[0][:3]}"


def _aws(error: BaseException) -> Iterator[str]:
    response = attribute(error, "response")
    reasons = entry(response, "CancellationReasons")
    for reason in reasons if type(reasons) is list else ():
        yield from _key("aws", entry(reason, "Code"))
    yield from _key("aws", path(response, "Error", "Code"))
    status = path(response, "ResponseMetadata", "HTTPStatusCode")
    if type(status) is int:
        yield f"http:{status}"
        yield f"http:{status // 100}xx"


def _azure(error: BaseException) -> Iterator[str]:
    yield from _key("azure", attribute(error, "error_code"))
    yield from _key("azure", attribute(attribute(error, "error"), "code"))
    yield from _itself(error)


def _grpc(error: BaseException) -> Iterator[str]:
    """Where gRPC itself keeps the code: calling `code()` could run anybody's method."""
    for holder, name in ((error, "_code"), (attribute(error, "_state"), "code"), (error, "grpc_status_code")):
        found = attribute(attribute(holder, name), "_name_")
        if type(found) is str:
            yield f"grpc:{found}"
            return


def _google(error: BaseException) -> Iterator[str]:
    reasons = attribute(error, "_errors")
    for reason in reasons if type(reasons) is list else ():
        yield from _key("google", entry(reason, "reason"))
    yield from _itself(error)
    yield from _grpc(error)


def _provider(error: BaseException) -> Iterator[str]:
    """Providers of models and payments: their codes and types, on the error or in the answer's body."""
    body = attribute(error, "body")
    for value in (
        attribute(error, "code"),
        attribute(error, "type"),
        entry(body, "code"),
        path(body, "error", "code"),
        path(body, "error", "type"),
    ):
        if type(value) is str:
            yield f"code:{value}"
    yield from _itself(error)


def _slack(error: BaseException) -> Iterator[str]:
    response = attribute(error, "response")
    data = response if type(response) is dict else attribute(response, "data")
    yield from _key("code", entry(data, "error"))


def _kafka(error: BaseException) -> Iterator[str]:
    yield from _itself(error)
    if attribute(error, "retriable") is True:
        yield "kafka:retriable"


def _librdkafka(error: BaseException) -> Iterator[str]:
    """The error object that confluent-kafka raises its exceptions with: an extension type, whose methods only read."""
    given = arguments(error)
    if not given or kind(type(given[0])).names[:1] != ("confluent_kafka.cimpl.KafkaError",):
        return
    yield from _key("rdkafka", _native(given[0], "name"))
    if _native(given[0], "retriable") is True:
        yield "rdkafka:retriable"


def _native(thing: object, name: str) -> Any:
    method = attribute(thing, name)
    return method(thing) if type(method) is MethodDescriptorType else None


def _amqp(error: BaseException) -> Iterator[str]:
    given = arguments(error)
    found = attribute(error, "reply_code")
    if type(found) is not int and given:
        found = given[0]
    if type(found) is int:
        yield f"amqp:{found}"


def _ssh(error: BaseException) -> Iterator[str]:
    """Why a channel was not opened, by the numbers of RFC 4254."""
    name = kind(type(error)).names[0].rpartition(".")[2]
    if name in {"ChannelException", "ChannelOpenError"}:
        given = arguments(error)
        yield from _key("ssh", attribute(error, "code") or (given[0] if given else None))


def _web_socket(error: BaseException) -> Iterator[str]:
    yield from _key("ws", attribute(attribute(error, "rcvd"), "code"))
    status = attribute(attribute(error, "response"), "status_code")
    if type(status) is int:
        yield f"http:{status}"
        yield f"http:{status // 100}xx"


def _xmlrpc(error: BaseException) -> Iterator[str]:
    code = attribute(error, "errcode")
    if type(code) is int:
        yield f"http:{code}"
        yield f"http:{code // 100}xx"


PROVIDERS: tuple[tuple[str, Reader], ...] = (
    ("aiohttp", _aiohttp),
    ("aiokafka", _kafka),
    ("aiormq", _amqp),
    ("aiosmtplib", _smtp),
    ("amqp", _amqp),
    ("anthropic", _provider),
    ("asyncpg", _itself),
    ("azure", _azure),
    ("botocore", _aws),
    ("cimpl", _librdkafka),
    ("elasticsearch", _itself),
    ("ftplib", _ftp),
    ("google", _google),
    ("grpc", _grpc),
    ("kafka", _kafka),
    ("mysql", _coded("mysql", "errno")),
    ("MySQLdb", _numbered("mysql")),
    ("openai", _provider),
    ("paramiko", _ssh),
    ("opensearchpy", _itself),
    ("oracledb", _oracle),
    ("pika", _amqp),
    ("psycopg", _itself),
    ("pymongo", _mongo),
    ("pymysql", _numbered("mysql")),
    ("pyodbc", _odbc),
    ("slack_sdk", _slack),
    ("smtplib", _smtp),
    ("socket", _coded("eai", "errno")),
    ("sqlite3", _sqlite),
    ("ssl", _coded("ssl", "reason")),
    ("stripe", _provider),
    ("subprocess", _coded("exit", "returncode")),
    ("twilio", _coded("twilio", "code")),
    ("websockets", _web_socket),
    ("xmlrpc", _xmlrpc),
)
"""Top-level packages and their readers. A package is asked where a type of it is among an error's bases."""
