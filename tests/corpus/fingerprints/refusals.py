"""Errors of storage, mail and databases that refuse their clients."""

from __future__ import annotations

import errno
import os
import smtplib
from typing import Any

import psycopg2

from tests.corpus.fingerprints.model import SYSTEM, App, Group, Make, failing, retried, run, threaded

DESK = App(
    "gateway.desk",
    "gateway/desk.py",
    """\
def connect(driver, dsn):
    return driver.execute(dsn)


def write_report(volume, path, data):
    volume.send(path, data)


def mail(server, recipient, text):
    server.send("shop@example.com", recipient, text)
""",
)
N1, N2, N3 = DESK.releases()


def rejected(*texts: str) -> tuple[Make, ...]:
    """The database refuses the connection with these texts."""
    return (
        run(N1.connect, failing(lambda: psycopg2.OperationalError(texts[0])), "host=db-1"),
        threaded(N2.connect, failing(lambda: psycopg2.OperationalError(texts[1]), 3), "host=db-2"),
        retried(N3.connect, failing(lambda: psycopg2.OperationalError(texts[2]), 2, SYSTEM), "host=10.4.0.9"),
    )


SERVERS = ('"db-1.internal" (10.0.3.17), port 5432', '"db-12.internal" (10.0.7.4), port 6432', '"10.4.0.9", port 5432')


def full(code: int, kind: type[OSError] = OSError) -> tuple[Make, ...]:
    def broken(path: str | None, hops: int = 1) -> Any:
        return failing(lambda: kind(code, os.strerror(code), *([path] if path else [])), hops)

    return (
        run(N1.write_report, broken("/mnt/vol-3/reports/2026-01-03.csv"), "a", b""),
        threaded(N2.write_report, broken("/tmp/tmp8x2k1q_f/part-0001", 3), "b", b"x"),
        retried(N3.write_report, broken("/data/tenant 7/out.parquet", 2), "c", b"xyz"),
        run(N3.write_report, broken("/srv/share/exports/r-99.xlsx"), "d", b"q"),
    )


def bounced(code: int, *texts: str) -> tuple[Make, ...]:
    return (
        run(N1.mail, failing(lambda: smtplib.SMTPDataError(code, texts[0].encode())), "ada@example.com", "hi"),
        threaded(N2.mail, failing(lambda: smtplib.SMTPDataError(code, texts[1].encode()), 2), "b@example.org", "x"),
        retried(N3.mail, failing(lambda: smtplib.SMTPDataError(code, texts[2].encode())), "c@example.net", ""),
    )


GROUPS: tuple[Group, ...] = (
    Group(
        "database_not_listening",
        rejected(
            *(
                f"connection to server at {server} failed: Connection refused\n"
                "\tIs the server running on that host and accepting TCP/IP connections?\n"
                for server in SERVERS
            )
        ),
        ("database_password_wrong", "database_connections_exhausted"),
        "The database server does not listen, wherever it should be.",
    ),
    Group(
        "database_password_wrong",
        rejected(
            *(
                f'connection to server at {server} failed: FATAL:  password authentication failed for user "{user}"\n'
                for server, user in zip(SERVERS, ("app", "reports", "svc_17"), strict=True)
            )
        ),
        ("database_not_listening",),
        "The server answers and rejects the password; the user is data.",
    ),
    Group(
        "database_connections_exhausted",
        rejected(
            *(
                f"connection to server at {server} failed: FATAL:  sorry, too many clients already\n"
                for server in SERVERS
            )
        ),
        ("database_not_listening",),
        "The server has no connection left.",
    ),
    Group("volume_full", full(errno.ENOSPC), ("volume_quota_exceeded", "volume_failing"), "No space is left."),
    Group("volume_quota_exceeded", full(errno.EDQUOT), ("volume_full",), "The quota is used up: another number."),
    Group("volume_failing", full(errno.EIO), ("volume_full",), "The device itself fails to read or write."),
    Group(
        "too_many_open_files",
        full(errno.EMFILE),
        ("volume_denied",),
        "The process has too many files open, whatever it wanted to open.",
    ),
    Group(
        "volume_denied",
        full(errno.EACCES, PermissionError),
        ("too_many_open_files",),
        "The rights are missing for the path.",
    ),
    Group(
        "mail_mailbox_unknown",
        bounced(
            550,
            "5.1.1 <ada@example.com>: Recipient address rejected: User unknown",
            "5.1.1 <b@example.org>: Recipient address rejected: User unknown",
            "5.1.1 <c.d@mx4.example.net>: Recipient address rejected: User unknown",
        ),
        ("mail_server_full",),
        "The mail server does not know the mailbox.",
    ),
    Group(
        "mail_server_full",
        bounced(
            452,
            "4.3.1 Insufficient system storage (queue id 4Xk2)",
            "4.3.1 Insufficient system storage (queue id 9Zq81c)",
            "4.3.1 Insufficient system storage (queue id 01F)",
        ),
        ("mail_mailbox_unknown",),
        "A passing refusal with another reply code.",
    ),
)
