"""Mail, files and shells elsewhere, directories: SMTP, IMAP, POP, FTP, SSH, LDAP."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

SMTP = (
    Rule(
        name="smtp_credentials",
        on=(
            "smtplib.SMTPAuthenticationError aiosmtplib.errors.SMTPAuthenticationError smtp:530 smtp:534"
            " smtp:535 smtp:538"
        ),
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
        on=("smtp:5xx smtplib.SMTPRecipientsRefused aiosmtplib.errors.SMTPRecipientsRefused"),
        category=Category.EXTERNAL_API,
        says="The mail server refused the message for good.",
    ),
    Rule(
        name="smtp_connecting_timed_out",
        on="aiosmtplib.errors.SMTPConnectTimeoutError",
        category=Category.TIMEOUT,
        executed=Executed.NO,
        course=CONNECT,
        says="No connection to the mail server came about in time.",
    ),
    Rule(
        name="smtp_timed_out",
        on="aiosmtplib.errors.SMTPTimeoutError",
        category=Category.TIMEOUT,
        course=CONNECT,
        says="No answer in time; the mail server may have taken the message all the same.",
    ),
    Rule(
        name="smtp_cannot_connect",
        on="smtplib.SMTPConnectError smtplib.SMTPHeloError aiosmtplib.errors.SMTPConnectError",
        category=Category.NETWORK,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="No connection to the mail server came about.",
    ),
    Rule(
        name="smtp_not_offered",
        on="smtplib.SMTPNotSupportedError aiosmtplib.errors.SMTPNotSupported",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The mail server does not offer what the settings ask of it.",
    ),
    Rule(
        name="smtp_credentials",
        on="smtplib.SMTPException",
        message=re.compile(r"No suitable authentication method"),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The mail server takes none of the ways in which these credentials can be shown.",
    ),
    Rule(
        name="smtp_silent",
        on="smtplib.SMTPServerDisconnected",
        message=re.compile(r"Connection unexpectedly closed: (The read operation )?timed out"),
        category=Category.TIMEOUT,
        course=CONNECT,
        says="The mail server did not answer in time; it may have taken the message before.",
    ),
    Rule(
        name="smtp_disconnected",
        on=(
            "smtplib.SMTPServerDisconnected smtplib.SMTPException aiosmtplib.errors.SMTPServerDisconnected"
            " aiosmtplib.errors.SMTPException"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        says="The mail server hung up; it may have taken the message before.",
    ),
)

MAILBOXES = (
    Rule(
        name="mailbox_credentials",
        on="imaplib.IMAP4.error poplib.error_proto",
        message=re.compile(
            r"(-ERR )?(\[(AUTH|AUTHENTICATIONFAILED|AUTHORIZATIONFAILED)\]|(login|authentication) fail|invalid cred)",
            re.IGNORECASE,
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The mail server does not accept these credentials.",
    ),
    Rule(
        name="mailbox_busy",
        on="imaplib.IMAP4.error poplib.error_proto",
        message=re.compile(
            r"(-ERR )?(\[(IN-USE|INUSE|LOGIN-DELAY|SYS/TEMP|UNAVAILABLE|THROTTLED|LIMIT|OVERQUOTA)\]"
            r"|mailbox .{0,20}locked)",
            re.IGNORECASE,
        ),
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        says="The mailbox is in use, or the server is busy.",
    ),
    Rule(
        name="mailbox_connection",
        on="imaplib.IMAP4.abort",
        category=Category.NETWORK,
        course=CONNECT,
        says="The mail server hung up; it may have executed the command before.",
    ),
    Rule(
        name="mailbox_refused",
        on="imaplib.IMAP4.error poplib.error_proto",
        category=Category.EXTERNAL_API,
        says="The mail server does not accept the command.",
    ),
)

FTP = (
    Rule(
        name="ftp_credentials",
        on="ftp:530 ftp:532",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The file server does not accept these credentials.",
    ),
    Rule(
        name="ftp_out_of_room",
        on="ftp:452 ftp:552",
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="The file server has no room left.",
    ),
    Rule(
        name="ftp_file_not_there",
        on="ftp:550 ftp:553",
        category=Category.FILESYSTEM,
        says="The path on the file server does not allow this operation.",
    ),
    Rule(
        name="ftp_connection",
        on="ftp:425 ftp:426",
        category=Category.NETWORK,
        course=CONNECT,
        says="The file server closed the connection or opened none.",
    ),
    Rule(
        name="ftp_busy",
        on="ftplib.error_temp",
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        says="The file server refused the command for now.",
    ),
    Rule(
        name="ftp_refused",
        on="ftplib.Error",
        category=Category.EXTERNAL_API,
        says="The file server does not accept the command.",
    ),
)

SSH = (
    Rule(
        name="ssh_credentials",
        on=(
            "paramiko.ssh_exception.AuthenticationException paramiko.ssh_exception.BadHostKeyException"
            " paramiko.ssh_exception.PasswordRequiredException asyncssh.misc.PermissionDenied"
            " asyncssh.misc.HostKeyNotVerifiable asyncssh.misc.IllegalUserName asyncssh.public_key.KeyImportError"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The two sides of the SSH connection do not accept each other.",
    ),
    Rule(
        name="ssh_cannot_connect",
        on="paramiko.ssh_exception.NoValidConnectionsError asyncssh.misc.ServiceNotAvailable",
        category=Category.NETWORK,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="No SSH connection came about, so nothing was done.",
    ),
    Rule(
        name="ssh_not_agreed",
        on=(
            "paramiko.ssh_exception.IncompatiblePeer asyncssh.misc.KeyExchangeFailed"
            " asyncssh.misc.ProtocolNotSupported"
            " paramiko.ssh_exception.ConfigParseError asyncssh.config.ConfigParseError"
            " paramiko.ssh_exception.CouldNotCanonicalize"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The two sides of the SSH connection do not agree on how to speak.",
    ),
    Rule(
        name="ssh_channel_prohibited",
        on="ssh:1",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The SSH server does not allow such a channel.",
    ),
    Rule(
        name="ssh_channel_unknown",
        on="ssh:3",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The SSH server does not know such a channel.",
    ),
    Rule(
        name="ssh_channel_shortage",
        on="ssh:4",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The SSH server has no room for another channel at the moment.",
    ),
    Rule(
        name="ssh_credentials",
        on="paramiko.ssh_exception.SSHException",
        message=re.compile(
            r"No (existing session|authentication methods)|Server .{1,200} not found in known_hosts|Host key for server"
            r"|Authentication failed|not a valid|encountered .{1,60} key|Private key file|Bad authentication"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The two sides of the SSH connection do not accept each other's keys.",
    ),
    Rule(
        name="ssh_connection",
        on=(
            "paramiko.ssh_exception.SSHException asyncssh.misc.DisconnectError asyncssh.misc.ChannelOpenError"
            " asyncssh.sftp.SFTPConnectionLost asyncssh.sftp.SFTPNoConnection"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        wraps=True,
        says="The SSH connection broke off.",
    ),
    Rule(
        name="sftp_refused",
        on="asyncssh.sftp.SFTPError paramiko.sftp.SFTPError",
        category=Category.FILESYSTEM,
        says="The file server does not allow this operation.",
    ),
    Rule(
        name="remote_program_failed",
        on="asyncssh.process.ProcessError",
        category=Category.EXTERNAL_API,
        severity=Severity.HIGH,
        says="The program on the other machine reports a failure.",
    ),
)

MAIL = (*SMTP, *MAILBOXES, *FTP, *SSH)
