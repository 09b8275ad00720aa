"""The interpreter: what runs side by side, what is decoded, and what is simply wrong."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RETRY, STALE_CACHE, Rule
from healing.vocabulary import Category, Executed, Severity

CONCURRENCY = (
    Rule(
        name="queue_full",
        on="queue.Full _queue.Full asyncio.queues.QueueFull",
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        says="The queue is full, so nothing was added.",
    ),
    Rule(
        name="queue_empty",
        on="_queue.Empty queue.Empty asyncio.queues.QueueEmpty aio_pika.exceptions.QueueEmpty",
        category=Category.QUEUE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.LOW,
        says="The queue holds nothing yet.",
    ),
    Rule(
        name="lock_not_granted",
        on=(
            "filelock._error.Timeout name:LockTimeout name:LockTimeoutError name:LockAcquireError name:LockNotAvailable"
        ),
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Somebody else holds the lock, so the work did not begin.",
    ),
    Rule(
        name="meeting_failed",
        on="threading.BrokenBarrierError asyncio.exceptions.BrokenBarrierError",
        category=Category.CONCURRENCY,
        says="Not all that were to meet at the barrier came in time.",
    ),
    Rule(
        name="changed_meanwhile",
        on=(
            "name:OptimisticLockError name:ConcurrentModificationError name:VersionConflictError name:StaleObjectError"
        ),
        category=Category.CONCURRENCY,
        course=RETRY,
        says="By its name, somebody else changed the data meanwhile.",
    ),
    Rule(
        name="stopped_from_outside",
        on=(
            "asyncio.exceptions.CancelledError concurrent.futures._base.CancelledError builtins.KeyboardInterrupt"
            " builtins.GeneratorExit trio.Cancelled"
        ),
        category=Category.CONCURRENCY,
        severity=Severity.LOW,
        says="The work was cancelled on purpose.",
    ),
    Rule(
        name="process_ends",
        on="builtins.SystemExit",
        category=Category.GENERAL,
        severity=Severity.LOW,
        says="The process is to end: somebody called sys.exit.",
    ),
    Rule(
        name="no_thread_left",
        on="builtins.RuntimeError",
        message=re.compile(r"can't start new (thread|interpreter)"),
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="This machine or process may start no further thread at the moment.",
    ),
    Rule(
        name="future_in_wrong_state",
        on="asyncio.exceptions.InvalidStateError concurrent.futures._base.InvalidStateError",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="A future or task was used in a state that does not allow it.",
    ),
)

DECODING = (
    Rule(
        name="answer_not_decodable",
        on=(
            "json.decoder.JSONDecodeError builtins.UnicodeDecodeError zlib.error simplejson.errors.JSONDecodeError"
            " builtins.EOFError gzip.BadGzipFile json:markup"
        ),
        within=frozenset({"requests", "httpx", "httpx2", "aiohttp", "urllib3"}),
        category=Category.EXTERNAL_API,
        executed=Executed.YES,
        course=RETRY,
        says="The far end did the work and answered, but its answer is malformed.",
    ),
    Rule(
        name="answer_is_no_json",
        on="json:markup",
        category=Category.EXTERNAL_API,
        executed=Executed.UNKNOWN,
        course=RETRY,
        says="Where JSON should be there is a page of markup, mostly the error page of a proxy or server.",
    ),
    Rule(
        name="stored_value_not_decodable",
        on=(
            "json.decoder.JSONDecodeError simplejson.errors.JSONDecodeError _pickle.UnpicklingError zlib.error"
            " _lzma.LZMAError gzip.BadGzipFile zipfile.BadZipFile tarfile.ReadError"
        ),
        category=Category.CACHE,
        course=STALE_CACHE,
        lasting=True,
        says="What was read cannot be decoded; where it comes from a cache, the entry is corrupt.",
    ),
    Rule(
        name="stored_value_not_decodable",
        on="builtins.OSError",
        message=re.compile(r"Invalid data stream"),
        category=Category.CACHE,
        course=STALE_CACHE,
        says="What was read cannot be decoded; where it comes from a cache, the entry is corrupt.",
    ),
    Rule(
        name="nobody_types",
        on="builtins.EOFError",
        message=re.compile(r"EOF when reading a line"),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The code asks a person to type, and there is nobody.",
    ),
    Rule(
        name="connection_ended",
        on="builtins.EOFError",
        within=frozenset(
            {"multiprocessing", "ftplib", "telnetlib", "imaplib", "poplib", "nntplib", "paramiko", "asyncssh", "xmlrpc"}
        ),
        category=Category.NETWORK,
        course=CONNECT,
        says="The other side ended the connection; it may have done the work before.",
    ),
    Rule(
        name="unexpected_end",
        on="builtins.EOFError",
        category=Category.CACHE,
        course=STALE_CACHE,
        lasting=True,
        says="The input ended too early; where it comes from a cache, the entry is cut off.",
    ),
    Rule(
        name="text_malformed",
        on=(
            "yaml.error.YAMLError yaml.scanner.ScannerError yaml.parser.ParserError"
            " yaml.constructor.ConstructorError xml.etree.ElementTree.ParseError xml.parsers.expat.ExpatError"
            " xml.sax._exceptions.SAXException lxml.etree.LxmlError _csv.Error struct.error tarfile.TarError"
            " zipfile.LargeZipFile msgspec.MsgspecError google.protobuf.message.Error"
            " google.protobuf.json_format.Error"
            " email.errors.MessageError shutil.ReadError binascii.Incomplete asyncio.exceptions.LimitOverrunError"
            " bson.errors.BSONError tomlkit.exceptions.TOMLKitError"
        ),
        category=Category.VALIDATION,
        says="The text or bytes do not have the form that they should have.",
    ),
)

MISTAKES = (
    Rule(
        name="wrong_use_of_a_value",
        on="builtins.ValueError",
        message=re.compile(
            r"I/O operation on|(too many|not enough) values to unpack|Circular reference|The truth value of an? "
            r"|dictionary update sequence|generator already executing|list\.remove\(|cannot convert float (NaN|inf)"
            r"|operands could not be broadcast|setting an array element|all the input array dimensions|cannot reshape"
            r"|shapes? \(|substring not found|(min|max)\(\) |(write|read) (to|of) closed file|zip\(\) argument"
            r"|a coroutine was expected|task_done\(\) called|embedded null"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The code itself is wrong for this case: the same call fails the same way.",
    ),
    Rule(
        name="file_in_wrong_mode",
        on="_csv.Error",
        message=re.compile(r"iterator should return strings|underlying iterator"),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The file was opened in another mode than its reader needs.",
    ),
    Rule(
        name="no_such_account_here",
        on="builtins.KeyError",
        message=re.compile(r"get(pw|gr|sp)(nam|uid|gid)\(\): "),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="This machine has no such user or group.",
    ),
    Rule(
        name="missing_variable",
        on="builtins.KeyError",
        within=frozenset({"os"}),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="An environment variable that the service needs is not set.",
    ),
    Rule(
        name="missing_module",
        on="builtins.ImportError zoneinfo._common.ZoneInfoNotFoundError",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="A module, name or time zone is not installed here.",
    ),
    Rule(
        name="recursion_too_deep",
        on="builtins.RecursionError",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The code calls itself without an end.",
    ),
    Rule(
        name="invalid_value",
        on=(
            "builtins.ValueError decimal.InvalidOperation name:ValidationError name:InvalidInput name:InvalidInputError"
        ),
        category=Category.VALIDATION,
        yields=True,
        says="A value is not acceptable, and will not become so by trying again.",
    ),
    Rule(
        name="bug",
        on=(
            "builtins.TypeError builtins.NameError builtins.AttributeError builtins.LookupError"
            " builtins.AssertionError"
            " builtins.NotImplementedError builtins.ArithmeticError builtins.SyntaxError builtins.BufferError"
            " builtins.ReferenceError builtins.SystemError builtins.StopIteration builtins.StopAsyncIteration"
            " builtins.Warning _pickle.PicklingError re.error copy.Error"
            " ctypes.ArgumentError inspect.ClassFoundException"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The code itself is wrong for this case: the same call fails the same way.",
    ),
)

PYTHON = (*CONCURRENCY, *DECODING, *MISTAKES)
