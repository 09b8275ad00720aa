"""Errors of bare sockets, streams and the event loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
import errno
import os
import socket
import time

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import (
    SHORT,
    Reply,
    closed_port,
    deaf_port,
    eager_port,
    patience,
    port_of,
    raised,
    raised_async,
    silent_port,
)

REQUEST = b"POST /orders HTTP/1.1\r\nHost: orders\r\nContent-Length: 0\r\n\r\n"


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=patience(port))


def _reset_after_sending() -> BaseException:
    with _connected(port_of(Reply(b"", "reset"))) as connection:
        connection.sendall(REQUEST)
        return raised(lambda: connection.recv(100))


def _write_much(connection: socket.socket) -> None:
    for _ in range(100):
        connection.sendall(b"x" * 1000)


def _broken_pipe() -> BaseException:
    near, far = socket.socketpair()
    far.close()
    with near:
        return raised(lambda: _write_much(near))


def _no_answer() -> BaseException:
    with _connected(deaf_port()) as connection:
        connection.sendall(REQUEST)
        return raised(lambda: connection.recv(100))


def _no_longer_connected() -> BaseException:
    with socket.socket() as connection:
        return raised(lambda: connection.shutdown(socket.SHUT_RDWR))


def _taken_address() -> BaseException:
    return raised_async(lambda: asyncio.start_server(lambda *_: None, "203.0.113.9", 8443))


def _datagram_too_long() -> BaseException:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return raised(lambda: sender.sendto(b"metric:1|c\n" * 9000, ("127.0.0.1", closed_port())))


async def _short_frame() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", eager_port(Reply(b"\x00\x00")))
    try:
        await reader.readexactly(4)
    finally:
        writer.close()


async def _wait_too_long() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", deaf_port())
    try:
        await asyncio.wait_for(reader.read(10), SHORT)
    finally:
        writer.close()


async def _cancelled() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", deaf_port())
    task = asyncio.create_task(reader.read(10))
    await asyncio.sleep(0.01)
    task.cancel("server is shutting down")
    try:
        await task
    finally:
        writer.close()


async def _all_replicas_refuse() -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(asyncio.open_connection("127.0.0.1", closed_port()))


def _still_at_work() -> BaseException:
    pool = concurrent.futures.ThreadPoolExecutor(1)
    future = pool.submit(time.sleep, 0.3)
    error = raised(lambda: future.result(timeout=0.05))
    pool.shutdown(wait=False)
    return error


def _port_out_of_range() -> BaseException:
    with socket.socket() as connection:
        return raised(lambda: connection.connect(("127.0.0.1", 70432)))


CASES = [
    Case(
        "socket_connect_refused",
        lambda: raised(lambda: _connected(closed_port())),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "Nothing listens on the port right now, so no byte of the request was delivered.",
    ),
    Case(
        "socket_reset_after_request_was_sent",
        _reset_after_sending,
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The peer reset the connection after it had read the request; it may have acted on it.",
    ),
    Case(
        "socket_broken_pipe_while_writing",
        _broken_pipe,
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The peer closed while we wrote; how much of it was processed cannot be told.",
    ),
    Case(
        "socket_connect_times_out",
        lambda: raised(lambda: _connected(silent_port())),
        ("timeout", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "No answer within the limit; a bare TimeoutError does not itself say in which phase.",
    ),
    Case(
        "socket_no_answer_in_time",
        _no_answer,
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The request was sent and no answer came: it may have been executed.",
    ),
    Case(
        "socket_kernel_gave_up",
        lambda: OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)),
        ("timeout", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The kernel stopped retransmitting on a path that drops packets; later it may work.",
    ),
    Case(
        "asyncio_no_route_to_host",
        lambda: OSError(errno.EHOSTUNREACH, "Connect call failed ('10.12.0.8', 5432)"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The host cannot be reached while connecting, so nothing was sent to it.",
    ),
    Case(
        "socket_network_unreachable",
        lambda: OSError(errno.ENETUNREACH, "Network is unreachable"),
        ("network",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "There is no route at the moment, as while an interface comes up; nothing left the machine.",
    ),
    Case(
        "connect_out_of_local_ports",
        lambda: OSError(errno.EADDRNOTAVAIL, "Connect call failed ('10.3.0.17', 8080)"),
        ("resource", "network"),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH | is_.SURFACE,
        is_.WRONG_CURE,
        "Connecting needs a free local port and all are in TIME_WAIT; they come free again.",
    ),
    Case(
        "server_bind_to_foreign_address",
        _taken_address,
        ("configuration", "network"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The configured bind address does not belong to this host; repeating changes nothing.",
    ),
    Case(
        "socket_too_many_open_files",
        lambda: OSError(errno.EMFILE, "Too many open files"),
        ("resource",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SURFACE | {"QUEUE_FOR_LATER"},
        is_.WRONG_CURE,
        "The process is out of descriptors, so no socket could be made; others must be closed first.",
    ),
    Case(
        "socket_no_buffer_space",
        lambda: OSError(errno.ENOBUFS, "No buffer space available"),
        ("resource", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SURFACE | is_.NEW_CONNECTION,
        is_.WRONG_CURE,
        "The kernel has no buffers left for now, which passes with the load.",
    ),
    Case(
        "socket_no_longer_connected",
        _no_longer_connected,
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The peer has gone in the meantime; the connection is dead and a new one is needed.",
    ),
    Case(
        "stream_ended_inside_a_frame",
        lambda: raised_async(_short_frame),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The peer closed after two of the four bytes of a frame.",
    ),
    Case(
        "asyncio_wait_for_elapsed",
        lambda: raised_async(_wait_too_long),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "Our own limit on the wait elapsed while the far end was still silent.",
    ),
    Case(
        "asyncio_task_cancelled_at_shutdown",
        lambda: raised_async(_cancelled),
        ("concurrency",),
        False,
        is_.UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "Somebody asked this task to stop; going on or swallowing it breaks the shutdown.",
    ),
    Case(
        "task_group_all_replicas_refuse",
        lambda: raised_async(_all_replicas_refuse),
        ("network",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT | is_.SURFACE,
        is_.WRONG_CURE,
        "Every member of the group is a refused connection, so the group is a network failure.",
    ),
    Case(
        "happy_eyeballs_all_addresses_failed",
        lambda: OSError(
            "Multiple exceptions: [Errno 111] Connect call failed ('::1', 8086, 0, 0), "
            "[Errno 111] Connect call failed ('127.0.0.1', 8086)"
        ),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "Both addresses of the name refused; the combined OSError has no errno, only the text.",
    ),
    Case(
        "future_result_not_ready_in_time",
        _still_at_work,
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH | is_.SURFACE,
        is_.WRONG_CURE,
        "The worker still runs the call, so it may yet take effect.",
    ),
    Case(
        "windows_connection_aborted",
        lambda: ConnectionAbortedError(
            10053, "An established connection was aborted by the software in your host machine"
        ),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "An established connection was broken locally in mid-exchange.",
    ),
    Case(
        "windows_connect_attempt_failed",
        lambda: TimeoutError(
            10060,
            "A connection attempt failed because the connected party did not properly respond after a period "
            "of time, or established connection failed because connected host has failed to respond",
        ),
        ("timeout", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "WSAETIMEDOUT covers both connecting and an established connection.",
    ),
    Case(
        "datagram_longer_than_udp_allows",
        _datagram_too_long,
        ("validation", "network"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The datagram is larger than UDP can carry and will be so on every try.",
    ),
    Case(
        "connect_port_out_of_range",
        _port_out_of_range,
        ("configuration", "programming", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "70432 is no port number: a wrong setting, seen before any packet is sent.",
    ),
]
