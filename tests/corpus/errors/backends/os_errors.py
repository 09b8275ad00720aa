"""The operating system: files, disks, descriptors, sockets, and the modules that copy files."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.corpus.errors.schema import Case

from .labels import NO, NO_OR_UNKNOWN, REPAIRS, UNKNOWN, heals, raised, stays, surfaces, thrown

POINTLESS = f"RETRY_WITH_BACKOFF {REPAIRS}"
CLEARING = "CLEAR_CACHE_AND_RETRY ROLLBACK_TRANSACTION USE_DEFAULT_VALUE SKIP_OPERATION"


def system(code: int, path: str | None = None, other: str | None = None) -> BaseException:
    """The subclass of OSError that Python picks for the number, with the system's own words."""
    if path is None:
        return thrown(OSError(code, os.strerror(code)))
    return thrown(OSError(code, os.strerror(code), path, None, other))


def in_folder(act: Callable[[Path], object]) -> BaseException:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.csv").write_text("id;total\n")
        return raised(lambda: act(folder))


def symlink_loop(folder: Path) -> None:
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")
    (folder / "a").read_text()


def locked_by_another(folder: Path) -> None:
    with open(folder / "report.csv") as first, open(folder / "report.csv") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)


def closed_descriptor(folder: Path) -> None:
    descriptor = os.open(folder / "report.csv", os.O_RDONLY)
    os.close(descriptor)
    os.read(descriptor, 10)


def closed_file(folder: Path) -> None:
    with open(folder / "report.csv") as handle:
        pass
    handle.read()


def write_to_a_file_opened_for_reading(folder: Path) -> None:
    with open(folder / "report.csv") as handle:
        handle.write("x")


def copy_tree_with_dangling_link(folder: Path) -> None:
    (folder / "in").mkdir()
    (folder / "in" / "logo.png").symlink_to(folder / "gone.png")
    shutil.copytree(folder / "in", folder / "out")


def move_onto_existing(folder: Path) -> None:
    (folder / "done").mkdir()
    (folder / "done" / "report.csv").write_text("old")
    shutil.move(folder / "report.csv", folder / "done")


def port_in_use() -> None:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        first.listen()
        second.bind(first.getsockname())


def refused() -> None:
    socket.create_connection(("127.0.0.1", 1), timeout=0.2)


def broken_pipe() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        ours.sendall(b"hello")


CASES: list[Case] = [
    stays(
        "os_no_space_left",
        lambda: system(errno.ENOSPC, "/var/lib/app/uploads/7f.part"),
        "resource filesystem",
        "The disk is full until somebody makes room.",
        acceptable="SURFACE QUEUE_FOR_LATER",
        harmful=f"{REPAIRS} SKIP_OPERATION USE_DEFAULT_VALUE",
    ),
    stays(
        "os_quota_exceeded",
        lambda: system(errno.EDQUOT, "/home/batch/out.parquet"),
        "resource filesystem",
        "The account has used up its share of the disk; no service throttles anybody.",
        acceptable="SURFACE QUEUE_FOR_LATER",
        harmful=f"{REPAIRS} SKIP_OPERATION USE_DEFAULT_VALUE",
    ),
    heals(
        "os_too_many_open_files",
        lambda: system(errno.EMFILE, "/srv/app/templates/mail.txt"),
        "resource filesystem",
        "RETRY_WITH_BACKOFF SURFACE",
        NO,
        "The process has run out of descriptors for the moment.",
        harmful=CLEARING,
    ),
    stays(
        "os_permission_denied",
        lambda: system(errno.EACCES, "/var/cache/rate_limit.json"),
        "filesystem auth",
        "The rights on the file must be changed by somebody, whatever the file is called.",
        harmful=POINTLESS,
    ),
    stays(
        "os_operation_not_permitted",
        lambda: system(errno.EPERM, "/srv/app/data/ledger.db"),
        "filesystem auth",
        "The process may not change that file.",
        harmful=POINTLESS,
    ),
    stays(
        "os_no_such_file",
        lambda: in_folder(lambda folder: (folder / "rates.csv").read_text()),
        "filesystem configuration",
        "The file is not there.",
        harmful=POINTLESS,
    ),
    heals(
        "os_device_busy",
        lambda: system(errno.EBUSY, "/mnt/backup"),
        "filesystem concurrency",
        "RETRY_WITH_BACKOFF SURFACE",
        NO,
        "Somebody still uses the mount and will let it go.",
        harmful=CLEARING,
    ),
    heals(
        "os_text_file_busy",
        lambda: system(errno.ETXTBSY, "/opt/tools/convert"),
        "filesystem concurrency",
        "RETRY_WITH_BACKOFF SURFACE",
        NO,
        "The program is being replaced at this moment.",
        harmful=CLEARING,
    ),
    heals(
        "os_input_output_error_on_a_share",
        lambda: system(errno.EIO, "/mnt/nfs/exports/day.csv"),
        "filesystem",
        "RETRY_WITH_BACKOFF SURFACE",
        NO_OR_UNKNOWN,
        "A network share failed to answer; one more attempt is worth it.",
        harmful=CLEARING,
    ),
    stays(
        "os_read_only_file_system",
        lambda: system(errno.EROFS, "/app/static/manifest.json"),
        "filesystem configuration",
        "The container's file system is mounted read-only.",
        harmful=POINTLESS,
    ),
    heals(
        "os_stale_file_handle",
        lambda: system(errno.ESTALE, "/mnt/efs/models/current.bin"),
        "filesystem network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION",
        NO_OR_UNKNOWN,
        "The file was replaced on the share; opening it again finds the new one.",
        harmful=CLEARING,
    ),
    heals(
        "os_no_locks_available",
        lambda: system(errno.ENOLCK),
        "filesystem concurrency resource",
        "RETRY_WITH_BACKOFF SURFACE",
        NO,
        "The share's lock service does not answer for the moment.",
        harmful=CLEARING,
    ),
    heals(
        "os_flock_held_by_another",
        lambda: in_folder(locked_by_another),
        "concurrency filesystem resource",
        "RETRY_WITH_BACKOFF SURFACE QUEUE_FOR_LATER",
        NO,
        "Another process holds the file lock.",
        harmful=CLEARING,
    ),
    heals(
        "os_deadlock_avoided",
        lambda: system(errno.EDEADLK),
        "concurrency filesystem",
        "RETRY_WITH_BACKOFF SURFACE",
        NO,
        "The system refused a file lock because two processes wait for each other.",
        harmful=CLEARING,
    ),
    heals(
        "os_interrupted_system_call",
        lambda: system(errno.EINTR),
        "general concurrency filesystem",
        "RETRY_WITH_BACKOFF SURFACE",
        NO_OR_UNKNOWN,
        "A signal came in between; the call may simply be repeated.",
        harmful=CLEARING,
    ),
    heals(
        "os_fork_cannot_allocate_memory",
        lambda: system(errno.ENOMEM),
        "resource",
        "RETRY_WITH_BACKOFF SURFACE QUEUE_FOR_LATER",
        NO,
        "The machine is short of memory at this moment.",
        harmful=CLEARING,
    ),
    heals(
        "os_memory_error",
        lambda: thrown(MemoryError()),
        "resource",
        "RETRY_WITH_BACKOFF SURFACE QUEUE_FOR_LATER",
        NO_OR_UNKNOWN,
        "The process has no memory left for this; later it may have.",
        harmful=CLEARING,
    ),
    heals(
        "os_address_in_use",
        lambda: raised(port_in_use),
        "resource network configuration",
        "RETRY_WITH_BACKOFF SURFACE",
        NO,
        "The port is still held, as by the process that is just being replaced.",
        harmful=CLEARING,
    ),
    heals(
        "os_no_local_port_left",
        lambda: system(errno.EADDRNOTAVAIL),
        "resource network",
        "RETRY_WITH_BACKOFF SURFACE",
        NO,
        "All local ports are in use by connections that are about to end.",
        harmful=CLEARING,
    ),
    heals(
        "os_connection_refused",
        lambda: raised(refused),
        "network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO,
        "Nobody listens at this moment.",
        harmful=CLEARING,
    ),
    heals(
        "os_connection_reset",
        lambda: system(errno.ECONNRESET),
        "network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        UNKNOWN,
        "The connection broke in mid-exchange.",
        harmful=CLEARING,
    ),
    heals(
        "os_broken_pipe",
        lambda: raised(broken_pipe),
        "network",
        "RESET_CONNECTION RETRY_WITH_BACKOFF",
        NO_OR_UNKNOWN,
        "The other end has closed the socket.",
        harmful=CLEARING,
    ),
    heals(
        "os_connection_timed_out",
        lambda: system(errno.ETIMEDOUT),
        "timeout network",
        "RETRY_WITH_BACKOFF RESET_CONNECTION SWITCH_API_ENDPOINT",
        NO_OR_UNKNOWN,
        "The system gave up waiting for the other end.",
        harmful=CLEARING,
    ),
    heals(
        "os_network_unreachable",
        lambda: system(errno.ENETUNREACH),
        "network",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT RESET_CONNECTION",
        NO,
        "There is no route for now; nothing was sent.",
        harmful=CLEARING,
    ),
    heals(
        "os_resolver_says_again",
        lambda: thrown(socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")),
        "dns network",
        "RETRY_WITH_BACKOFF SWITCH_API_ENDPOINT",
        NO,
        "The resolver itself calls it temporary.",
        harmful=CLEARING,
    ),
    stays(
        "os_file_exists",
        lambda: in_folder(lambda folder: (folder / "report.csv").touch(exist_ok=False)),
        "filesystem",
        "The file is already there and must not be overwritten.",
        harmful=POINTLESS,
    ),
    stays(
        "os_not_a_directory",
        lambda: in_folder(lambda folder: os.listdir(folder / "report.csv")),
        "filesystem programming",
        "A file where the code expects a folder.",
        harmful=POINTLESS,
    ),
    stays(
        "os_is_a_directory",
        lambda: in_folder(lambda folder: folder.read_bytes()),
        "filesystem programming",
        "A folder where the code expects a file.",
        harmful=POINTLESS,
    ),
    stays(
        "os_directory_not_empty",
        lambda: in_folder(os.rmdir),
        "filesystem",
        "The folder still holds a file.",
        harmful=REPAIRS,
    ),
    stays(
        "os_file_name_too_long",
        lambda: in_folder(lambda folder: (folder / ("x" * 300)).touch()),
        "filesystem validation",
        "No file can have a name of that length.",
        harmful=POINTLESS,
    ),
    stays(
        "os_symbolic_link_loop",
        lambda: in_folder(symlink_loop),
        "filesystem",
        "Two links point at each other.",
        harmful=POINTLESS,
    ),
    stays(
        "os_rename_across_devices",
        lambda: system(errno.EXDEV, "/tmp/upload.part", "/data/upload.bin"),
        "filesystem programming",
        "os.rename cannot move between file systems; the code must copy.",
        harmful=POINTLESS,
    ),
    surfaces(
        "os_bad_file_descriptor",
        lambda: in_folder(closed_descriptor),
        "programming filesystem",
        "The code reads from a descriptor that it has closed.",
    ),
    surfaces(
        "os_closed_file",
        lambda: in_folder(closed_file),
        "programming filesystem",
        "A ValueError by class, a use after close by nature.",
    ),
    surfaces(
        "os_file_opened_for_reading_only",
        lambda: in_folder(write_to_a_file_opened_for_reading),
        "programming filesystem",
        "The code writes to a file that it opened for reading.",
    ),
    surfaces(
        "os_null_byte_in_path",
        lambda: raised(lambda: Path("report\0.csv").read_text()),
        "validation programming filesystem",
        "No path may hold a null byte.",
    ),
    surfaces(
        "os_negative_seek",
        lambda: raised(lambda: io.BytesIO(b"abc").seek(-1)),
        "programming validation",
        "The offset was computed wrongly.",
    ),
    stays(
        "os_process_is_gone",
        lambda: raised(lambda: os.kill(2**22 + 1, 0)),
        "concurrency general programming",
        "The process has ended already and does not come back.",
        harmful=REPAIRS,
    ),
    surfaces(
        "shutil_same_file",
        lambda: in_folder(lambda folder: shutil.copy(folder / "report.csv", folder / "report.csv")),
        "programming filesystem",
        "Source and target are the same file.",
    ),
    stays(
        "shutil_copytree_with_dangling_link",
        lambda: in_folder(copy_tree_with_dangling_link),
        "filesystem",
        "One of the files to be copied is missing.",
        harmful=POINTLESS,
    ),
    stays(
        "shutil_destination_exists",
        lambda: in_folder(move_onto_existing),
        "filesystem",
        "A file of that name is already there.",
        harmful=POINTLESS,
    ),
    surfaces(
        "shutil_unknown_archive",
        lambda: in_folder(lambda folder: shutil.unpack_archive(folder / "report.csv", folder)),
        "validation programming filesystem",
        "A CSV file is no archive.",
    ),
]
