"""Errors of ftplib, paramiko and asyncssh."""

from __future__ import annotations

import contextlib
import ftplib
import functools
import logging
import socket
import threading

import asyncssh
import paramiko

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import LONG, Reply, closed_port, eager_port, lines_port, listen, raised, raised_async

logging.getLogger("paramiko").addHandler(logging.NullHandler())
logging.getLogger("paramiko").propagate = False

Script = tuple[tuple[bytes, bytes], ...]


def _ftp(*special: tuple[bytes, bytes], hang_up: bytes = b"\0", greeting: bytes = b"220 ready\r\n") -> BaseException:
    usual: Script = (
        (b"USER", b"331 Password please\r\n"),
        (b"PASS", b"230 Logged in\r\n"),
        (b"TYPE", b"200 Binary\r\n"),
        (b"SIZE", b"213 9\r\n"),
        (b"DELE", b"250 Deleted\r\n"),
        (b"ALLO", b"202 Ok\r\n"),
        (b"QUIT", b"221 Bye\r\n"),
    )

    def use() -> None:
        with ftplib.FTP(timeout=LONG) as client:
            client.connect("127.0.0.1", lines_port(greeting, special + usual, hang_up))
            client.login("acme", "hunter2")
            client.voidcmd("TYPE I")
            client.voidcmd("ALLO 7340032")
            client.size("in/orders-150234.csv")
            client.delete("in/orders-150234.csv")

    return raised(use)


@functools.cache
def _host_key() -> paramiko.PKey:
    return paramiko.ECDSAKey.generate()


class _Server(paramiko.ServerInterface):  # type: ignore[misc]
    def check_auth_password(self, username: str, password: str) -> int:
        return int(paramiko.AUTH_SUCCESSFUL if password == "right" else paramiko.AUTH_FAILED)

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED)


_transports: list[paramiko.Transport] = []


@functools.cache
def _ssh_port() -> int:
    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(Exception):
            transport = paramiko.Transport(connection)
            transport.add_server_key(_host_key())
            _transports.append(transport)
            transport.start_server(event=threading.Event(), server=_Server())

    return listen(serve)


def _ssh(
    port: int, password: str = "right", policy: str = "accept", known: paramiko.PKey | None = None
) -> BaseException:
    def connect() -> None:
        with paramiko.SSHClient() as client:
            accept = paramiko.AutoAddPolicy() if policy == "accept" else paramiko.RejectPolicy()
            client.set_missing_host_key_policy(accept)
            if known is not None:
                client.get_host_keys().add(f"[127.0.0.1]:{port}", known.get_name(), known)
            client.connect(
                "127.0.0.1",
                port=port,
                username="deploy",
                password=password,
                timeout=LONG,
                banner_timeout=LONG,
                look_for_keys=False,
                allow_agent=False,
            )
            client.exec_command("systemctl restart shop")

    return raised(connect)


def _async_ssh(port: int) -> BaseException:
    async def connect() -> None:
        async with asyncssh.connect(
            "127.0.0.1",
            port,
            username="deploy",
            password="wrong",
            known_hosts=None,
            client_keys=None,
            login_timeout=LONG,
            config=None,
            agent_path=None,
        ):
            pass

    return raised_async(connect)


def _async_known_hosts() -> BaseException:
    async def connect() -> None:
        async with asyncssh.connect(
            "127.0.0.1",
            _ssh_port(),
            username="deploy",
            known_hosts=([], [], []),
            client_keys=None,
            config=None,
            agent_path=None,
        ):
            pass

    return raised_async(connect)


CASES = [
    Case(
        "ftp_login_wrong",
        lambda: _ftp((b"PASS", b"530 Login incorrect.\r\n")),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The account or its password is wrong.",
    ),
    Case(
        "ftp_no_such_file",
        lambda: _ftp((b"SIZE", b"550 Could not get file size: No such file or directory\r\n")),
        ("external_api", "filesystem"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The file is not on the server.",
    ),
    Case(
        "ftp_too_many_users",
        lambda: _ftp(greeting=b"421 There are too many connected users, please try later.\r\n"),
        ("rate_limit", "external_api", "network"),
        True,
        is_.NO,
        is_.OVERLOADED | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "error_temp 421: the server is full for the moment.",
    ),
    Case(
        "ftp_file_busy",
        lambda: _ftp((b"DELE", b"450 File is being used by another process\r\n")),
        ("external_api", "filesystem", "concurrency"),
        True,
        is_.NO,
        is_.RETRY | {"QUEUE_FOR_LATER", "SURFACE"},
        is_.WRONG_CURE,
        "error_temp 450: somebody else has the file open.",
    ),
    Case(
        "ftp_quota_exceeded",
        lambda: _ftp((b"ALLO", b"552 Exceeded storage allocation\r\n")),
        ("external_api", "resource"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "error_perm 552: no room until somebody clears some.",
    ),
    Case(
        "ftp_server_hung_up",
        lambda: _ftp(hang_up=b"DELE"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "A bare EOFError: the control connection ended in the middle of a command.",
    ),
    Case(
        "ftp_answer_is_no_ftp",
        lambda: _ftp(greeting=b"HTTP/1.1 400 Bad Request\r\n"),
        ("external_api", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.WRONG_CURE,
        "error_proto: a web server listens on the configured port.",
    ),
    Case(
        "ssh_refused",
        lambda: _ssh(closed_port()),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "NoValidConnectionsError: every address refused.",
    ),
    Case(
        "ssh_no_banner",
        lambda: _ssh(eager_port(Reply())),
        ("network", "external_api"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "sshd closed before its banner, as it does with too many unauthenticated connections.",
    ),
    Case(
        "ssh_authentication_failed",
        lambda: _ssh(_ssh_port(), "wrong"),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "Wrong password for the deploy user.",
    ),
    Case(
        "ssh_host_not_known",
        lambda: _ssh(_ssh_port(), policy="reject"),
        ("configuration", "auth", "tls"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The host is not in known_hosts, which a person must decide.",
    ),
    Case(
        "ssh_host_key_changed",
        lambda: _ssh(_ssh_port(), known=paramiko.ECDSAKey.generate()),
        ("auth", "tls", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The host shows another key than before: reinstalled or attacked.",
    ),
    Case(
        "ssh_channel_prohibited",
        lambda: _ssh(_ssh_port()),
        ("auth", "configuration", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The server's rules do not allow a session for this user.",
    ),
    Case(
        "ssh_channel_resource_shortage",
        lambda: paramiko.ChannelException(4, "Resource shortage"),
        ("resource", "external_api"),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH | {"RESET_CONNECTION", "QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "The server has no room for another channel just now.",
    ),
    Case(
        "ssh_session_not_active",
        lambda: paramiko.SSHException("SSH session not active"),
        ("network",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The kept connection has died; a new one works.",
    ),
    Case(
        "ssh_private_key_encrypted",
        lambda: paramiko.PasswordRequiredException("Private key file is encrypted"),
        ("configuration", "auth"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The passphrase of the key is not configured.",
    ),
    Case(
        "sftp_no_such_file",
        lambda: FileNotFoundError(2, "No such file"),
        ("filesystem", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "paramiko's form of SFTP status 2: the remote path does not exist.",
    ),
    Case(
        "sftp_status_failure",
        lambda: OSError("Failure"),
        ("general", "external_api", "filesystem"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SURFACE,
        is_.WRONG_CURE,
        "SFTP status 4 says only 'Failure': full disk, existing name or anything else.",
    ),
    Case(
        "asyncssh_connection_lost",
        lambda: _async_ssh(eager_port(Reply())),
        ("network",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ConnectionLost: the peer closed the connection.",
    ),
    Case(
        "asyncssh_permission_denied",
        lambda: _async_ssh(_ssh_port()),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "PermissionDenied here means the login was refused.",
    ),
    Case(
        "asyncssh_host_key_not_verifiable",
        _async_known_hosts,
        ("configuration", "auth", "tls"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The host's key is not trusted.",
    ),
    Case(
        "asyncssh_remote_command_failed",
        lambda: asyncssh.ProcessError(None, "pg_dump shop", None, 1, None, 1, "", "pg_dump: error: permission denied"),
        ("external_api", "general"),
        False,
        is_.YES_OR_UNKNOWN | is_.NO,
        is_.SURFACE | {"RETRY_WITH_BACKOFF"},
        is_.WRONG_CURE,
        "The remote command ran and ended with status 1.",
    ),
    Case(
        "asyncssh_sftp_no_space",
        lambda: asyncssh.SFTPNoSpaceOnFilesystem("No space left on device"),
        ("external_api", "resource", "filesystem"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "The far disk is full.",
    ),
    Case(
        "asyncssh_sftp_connection_lost",
        lambda: asyncssh.SFTPConnectionLost("Connection lost"),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The SFTP session ended under a running operation.",
    ),
]
