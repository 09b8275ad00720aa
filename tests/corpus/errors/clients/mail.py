"""Errors of mail clients: smtplib, aiosmtplib, imaplib and poplib against scripted servers."""

from __future__ import annotations

import imaplib
import poplib
import smtplib

import aiosmtplib

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import LONG, Reply, closed_port, deaf_port, eager_port, lines_port, patience, raised, raised_async

GREETING = b"220 mx1.acme.example ESMTP Postfix\r\n"
LETTER = "Subject: Invoice 150234\r\n\r\nDue 2024-11-30"
Script = tuple[tuple[bytes, bytes], ...]


def _mail_port(*special: tuple[bytes, bytes], hang_up: bytes = b"\0", greeting: bytes = GREETING) -> int:
    usual: Script = (
        (b"ehlo", b"250-mx1.acme.example\r\n250-AUTH LOGIN PLAIN\r\n250 SIZE 10240000\r\n"),
        (b"EHLO", b"250-mx1.acme.example\r\n250-AUTH LOGIN PLAIN\r\n250 SIZE 10240000\r\n"),
        (b"mail FROM", b"250 2.1.0 Ok\r\n"),
        (b"MAIL FROM", b"250 2.1.0 Ok\r\n"),
        (b"rcpt TO", b"250 2.1.5 Ok\r\n"),
        (b"RCPT TO", b"250 2.1.5 Ok\r\n"),
        (b"data", b"354 End data with <CR><LF>.<CR><LF>\r\n"),
        (b"DATA", b"354 End data with <CR><LF>.<CR><LF>\r\n"),
        (b"rset", b"250 2.0.0 Ok\r\n"),
        (b"RSET", b"250 2.0.0 Ok\r\n"),
        (b"QUIT", b"221 Bye\r\n"),
        (b"quit", b"221 Bye\r\n"),
    )
    return lines_port(greeting, special + usual, hang_up)


def _send(port: int, *, login: bool = False) -> BaseException:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="app", timeout=patience(port)) as server:
            if login:
                server.login("billing@acme.example", "hunter2")
            server.sendmail("billing@acme.example", ["jo@customer.example"], LETTER)

    return raised(send)


def _send_async(port: int) -> BaseException:
    async def send() -> None:
        await aiosmtplib.send(
            LETTER,
            sender="billing@acme.example",
            recipients=["jo@customer.example"],
            hostname="127.0.0.1",
            port=port,
            timeout=patience(port),
            local_hostname="app",
            start_tls=False,
        )

    return raised_async(send)


READY = b"* OK IMAP4rev1 Service Ready\r\n"
CAPABLE: Script = (
    (b"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"),
    (b"LOGOUT", b"* BYE out\r\n{tag} OK\r\n"),
)


def _imap(answer: bytes, command: str = "login", hang_up: bytes = b"\0") -> BaseException:
    name = {"login": b"LOGIN", "select": b"SELECT", "search": b"SEARCH"}[command]
    done = ((b"LOGIN", b"{tag} OK in\r\n"), (b"SELECT", b"* 3 EXISTS\r\n{tag} OK selected\r\n"))
    script: Script = ((name, answer), *CAPABLE, *done)

    def use() -> None:
        box = imaplib.IMAP4("127.0.0.1", lines_port(READY, script, hang_up), timeout=LONG)
        box.login("robot@acme.example", "hunter2")
        box.select("INBOX")
        box.search(None, "UNSEEN")

    return raised(use)


def _imap_wrong_state() -> BaseException:
    box = imaplib.IMAP4("127.0.0.1", lines_port(READY, CAPABLE), timeout=LONG)
    return raised(lambda: box.search(None, "ALL"))


def _pop(answer: bytes) -> BaseException:
    def use() -> None:
        box = poplib.POP3(
            "127.0.0.1", lines_port(b"+OK ready\r\n", ((b"USER", b"+OK\r\n"), (b"PASS", answer))), timeout=LONG
        )
        box.user("robot")
        box.pass_("hunter2")

    return raised(use)


CASES = [
    Case(
        "smtp_greeting_421",
        lambda: _send(eager_port(Reply(b"421 4.7.0 Too many concurrent connections, try later\r\n"))),
        ("rate_limit", "external_api", "network"),
        True,
        is_.NO,
        is_.OVERLOADED | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "SMTPConnectError 421: turned away at the door because of too many connections.",
    ),
    Case(
        "smtp_server_closed_in_session",
        lambda: _send(_mail_port(hang_up=b"Invoice")),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "The connection went while the letter was handed over; it may have been accepted.",
    ),
    Case(
        "smtp_login_wrong",
        lambda: _send(_mail_port((b"AUTH", b"535 5.7.8 Username and Password not accepted\r\n")), login=True),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The mail account's password is wrong.",
    ),
    Case(
        "smtp_login_temporarily_impossible",
        lambda: _send(_mail_port((b"AUTH", b"454 4.7.0 Temporary authentication failure\r\n")), login=True),
        ("external_api", "auth"),
        True,
        is_.NO,
        is_.RECONNECT | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "SMTPAuthenticationError by class, but a 4xx: the server's login backend is away.",
    ),
    Case(
        "smtp_recipient_unknown",
        lambda: _send(_mail_port((b"rcpt TO", b"550 5.1.1 User unknown\r\n"))),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "There is no such mailbox.",
    ),
    Case(
        "smtp_recipient_greylisted",
        lambda: _send(_mail_port((b"rcpt TO", b"450 4.2.0 Greylisted, please try again in 300 seconds\r\n"))),
        ("external_api", "rate_limit"),
        True,
        is_.NO,
        frozenset({"RETRY_WITH_BACKOFF", "RATE_LIMIT_BACKOFF", "QUEUE_FOR_LATER"}),
        is_.WRONG_CURE,
        "SMTPRecipientsRefused with 450: greylisting asks for another try later.",
    ),
    Case(
        "smtp_sender_needs_login",
        lambda: _send(_mail_port((b"mail FROM", b"530 5.7.0 Authentication required\r\n"))),
        ("auth", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "SMTPSenderRefused 530: the client does not log in.",
    ),
    Case(
        "smtp_letter_too_big",
        lambda: _send(_mail_port((b"mail FROM", b"552 5.3.4 Message size exceeds fixed limit\r\n"))),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The letter is larger than this server takes.",
    ),
    Case(
        "smtp_letter_taken_for_spam",
        lambda: _send(_mail_port((b"data", b"554 5.7.1 Message rejected as spam\r\n"))),
        ("external_api", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "SMTPDataError 554: refused for its content.",
    ),
    Case(
        "smtp_local_error_451",
        lambda: _send(_mail_port((b"data", b"451 4.3.0 Error: queue file write error\r\n"))),
        ("external_api",),
        True,
        is_.NO_OR_UNKNOWN,
        frozenset({"RETRY_WITH_BACKOFF", "SWITCH_API_ENDPOINT", "QUEUE_FOR_LATER", "RESET_CONNECTION"}),
        is_.WRONG_CURE,
        "SMTPDataError 451 is temporary by definition.",
    ),
    Case(
        "smtp_server_knows_no_auth",
        lambda: _send(_mail_port((b"ehlo", b"250 mx1.acme.example\r\n")), login=True),
        ("configuration", "auth"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "SMTPNotSupportedError: this port offers no login, so the setting is wrong.",
    ),
    Case(
        "smtp_port_silent",
        lambda: _send(deaf_port()),
        ("timeout",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "No greeting within the limit.",
    ),
    Case(
        "aiosmtplib_refused",
        lambda: _send_async(closed_port()),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "SMTPConnectError of aiosmtplib around a refused connection.",
    ),
    Case(
        "aiosmtplib_no_greeting",
        lambda: _send_async(deaf_port()),
        ("timeout",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "aiosmtplib's timeout while waiting for the server's first line.",
    ),
    Case(
        "aiosmtplib_recipient_refused",
        lambda: _send_async(_mail_port((b"RCPT TO", b"550 5.1.1 No such user\r\n"))),
        ("validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "aiosmtplib's SMTPRecipientsRefused for a mailbox that does not exist.",
    ),
    Case(
        "aiosmtplib_data_421",
        lambda: _send_async(_mail_port((b"DATA", b"421 4.4.2 Service shutting down\r\n"))),
        ("external_api", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "The server shuts down in mid-session and takes mail again after the restart.",
    ),
    Case(
        "imap_login_wrong",
        lambda: _imap(b"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The mailbox's password is wrong.",
    ),
    Case(
        "imap_login_backend_away",
        lambda: _imap(b"{tag} NO [UNAVAILABLE] Temporary authentication failure.\r\n"),
        ("external_api", "auth"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SWITCH | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "UNAVAILABLE is the response code of a backend that is away for now.",
    ),
    Case(
        "imap_too_many_connections",
        lambda: _imap(b"{tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n"),
        ("rate_limit", "external_api", "resource"),
        True,
        is_.NO,
        is_.SLOW_DOWN | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "The account's connections are all in use and come free.",
    ),
    Case(
        "imap_connection_lost",
        lambda: _imap(b"", "search", hang_up=b"SEARCH"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "IMAP4.abort: the socket ended in the middle of a command.",
    ),
    Case(
        "imap_session_expired",
        lambda: _imap(b"* BYE Session expired, please login again.\r\n", "search"),
        ("network", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "IMAP4.abort after BYE: a new connection with a new login cures it.",
    ),
    Case(
        "imap_command_in_wrong_state",
        _imap_wrong_state,
        ("programming",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The code searches before it has logged in and chosen a mailbox.",
    ),
    Case(
        "pop_mailbox_locked",
        lambda: _pop(b"-ERR [IN-USE] Mailbox locked by another session\r\n"),
        ("concurrency", "external_api"),
        True,
        is_.NO,
        is_.RETRY | {"QUEUE_FOR_LATER", "SURFACE"},
        is_.WRONG_CURE,
        "Another session holds the maildrop and will leave it.",
    ),
    Case(
        "pop_login_wrong",
        lambda: _pop(b"-ERR [AUTH] Authentication failed\r\n"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "error_proto with the AUTH code: wrong password.",
    ),
]
