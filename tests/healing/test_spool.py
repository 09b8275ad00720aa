from __future__ import annotations

import fcntl
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from healing import spool as spool_module
from healing.spool import COMPACT_AT, Spool, SpoolFile, Survey, hold, left_behind, set_aside, survey

MEGABYTE = 1 << 20


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool", MEGABYTE)
    yield spool
    spool.release()


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: a full disk, as far as it can tell."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def put(spool: Spool, line: bytes) -> bool:
    return spool.append(line, "id", opens=True, closes=True)


def recalled(spool: Spool, offset: int = 0) -> list[bytes]:
    return list(iter(lambda: spool.recall(offset), None))


def names(directory: Path) -> set[str]:
    return {path.suffix for path in directory.iterdir()}


def test_lines_lie_in_a_private_file_as_they_came(spool: Spool) -> None:
    assert put(spool, b"one\n")
    assert put(spool, b"two\n")

    assert spool.path.read_bytes() == b"one\ntwo\n"
    assert spool.path.stat().st_mode & 0o777 == 0o600
    assert spool.directory.stat().st_mode & 0o777 == 0o700
    assert (spool.appended, spool.size, spool.refused) == (2, 8, 0)


def test_lines_of_many_threads_do_not_mix(spool: Spool) -> None:
    def write(letter: bytes) -> None:
        for _ in range(200):
            put(spool, letter * 500 + b"\n")

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lines = spool.path.read_bytes().splitlines()
    assert sorted(lines) == [b"a" * 500] * 200 + [b"b" * 500] * 200 + [b"c" * 500] * 200


def test_an_opening_above_the_limit_is_refused_and_counted(spool: Spool) -> None:
    assert spool.append(b"x" * MEGABYTE, "fits", opens=True, closes=False)
    assert not spool.append(b"y", "does not", opens=True, closes=False)

    assert (spool.appended, spool.refused, spool.in_memory) == (1, 1, 0)


def test_above_the_limit_only_openings_that_were_accepted_can_be_closed(spool: Spool) -> None:
    spool.append(b"x" * MEGABYTE, "accepted", opens=True, closes=False)
    spool.append(b"y", "refused", opens=True, closes=False)

    assert spool.append(b"closing", "accepted", opens=False, closes=True)
    assert not spool.append(b"closing", "refused", opens=False, closes=True)

    assert spool.refused == 1
    assert spool.path.read_bytes().endswith(b"xclosing")


def test_lines_wait_in_memory_where_the_directory_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    spool = Spool(tmp_path / "file" / "spool", MEGABYTE)

    assert put(spool, b"one\n")
    assert put(spool, b"two\n")

    assert "Not a directory" in spool.trouble
    assert spool.in_memory == 2
    assert spool.size == 0
    assert recalled(spool) == [b"one\n", b"two\n"]
    spool.release()


def test_memory_is_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "MEMORY_BYTES", 10)
    (tmp_path / "file").touch()
    spool = Spool(tmp_path / "file" / "spool", MEGABYTE)

    assert [put(spool, b"1234\n") for _ in range(3)] == [True, True, False]

    assert spool.refused == 1


def test_a_line_that_the_disk_takes_in_part_leaves_no_part_of_itself(spool: Spool) -> None:
    put(spool, b"one\n")
    with largest_file(6):
        assert put(spool, b"two\n")

    assert spool.path.read_bytes() == b"one\n"
    assert "2 of 4 bytes" in spool.trouble
    assert spool.in_memory == 1


def test_what_waits_in_memory_is_not_overtaken(spool: Spool) -> None:
    with largest_file(2):
        put(spool, b"opening\n")
    put(spool, b"closing\n")

    assert recalled(spool) == [b"opening\n", b"closing\n"]


def test_what_lies_in_the_file_is_read_before_what_waits_in_memory(spool: Spool) -> None:
    put(spool, b"one\n")
    with largest_file(2):
        put(spool, b"two\n")

    assert recalled(spool, 0) == []
    assert recalled(spool, 4) == [b"two\n"]


def test_what_waits_in_memory_moves_to_the_file_when_that_can_be_written_again(spool: Spool) -> None:
    with largest_file(2):
        put(spool, b"one\n")
        put(spool, b"two\n")
        spool.rescue()
        assert spool.in_memory == 2

    spool.rescue()

    assert spool.in_memory == 0
    assert spool.trouble == ""
    assert spool.path.read_bytes() == b"one\ntwo\n"


def test_a_file_of_which_all_is_delivered_is_emptied(spool: Spool) -> None:
    put(spool, b"one\n")

    assert spool.trim(4, []) == 0

    assert spool.size == 0
    assert spool.path.read_bytes() == b""


def test_lines_that_came_in_the_meantime_are_kept(spool: Spool) -> None:
    put(spool, b"one\n")
    put(spool, b"two\n")

    assert spool.trim(4, []) == 4
    assert spool.path.read_bytes() == b"one\ntwo\n"


def test_a_long_file_is_rewritten_with_what_is_still_needed(spool: Spool) -> None:
    put(spool, b"x" * COMPACT_AT)
    spool.append(b"new\n", "id", opens=False, closes=True)
    path = spool.path

    assert spool.trim(COMPACT_AT, [b"open\n"]) == 5

    assert path.read_bytes() == b"open\nnew\n"
    assert spool.size == 9
    assert hold(path) is None
    put(spool, b"more\n")
    assert path.read_bytes() == b"open\nnew\nmore\n"


def test_a_full_disk_keeps_a_file_from_being_rewritten_and_whole(spool: Spool) -> None:
    put(spool, b"x" * COMPACT_AT)

    with largest_file(2):
        assert spool.trim(COMPACT_AT, [b"open\n"]) == COMPACT_AT

    assert spool.size == COMPACT_AT
    assert names(spool.directory) == {".spool"}


def test_there_is_nothing_to_trim_before_the_first_line(spool: Spool) -> None:
    assert spool.trim(0, []) == 0
    assert not spool.directory.exists()


def test_an_empty_file_goes_when_it_is_given_up_and_a_full_one_stays(tmp_path: Path) -> None:
    empty, full = Spool(tmp_path, MEGABYTE), Spool(tmp_path, MEGABYTE)
    put(empty, b"one\n")
    empty.trim(4, [])
    put(full, b"one\n")

    empty.release()
    full.release()

    assert [file.path for file in left_behind(tmp_path)] == list(tmp_path.glob("*.spool"))
    assert len(list(tmp_path.iterdir())) == 1


def test_the_file_of_a_living_process_is_not_taken_over(spool: Spool) -> None:
    put(spool, b"one\n")

    assert list(left_behind(spool.directory)) == []
    assert survey(spool.directory) == Survey(files=1, size=4, left_behind=0, rejected=0)


def test_the_file_of_a_killed_process_is_taken_over_by_one_alone(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from healing.spool import Spool\n"
        "Spool(Path(sys.argv[1]), 1 << 20).append(b'one\\n', 'id', opens=True, closes=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == -9
    assert survey(tmp_path) == Survey(files=1, size=4, left_behind=1, rejected=0)

    (mine,) = left_behind(tmp_path)
    assert list(left_behind(tmp_path)) == []

    assert mine.read(0) == b"one\n"
    mine.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_cannot_be_held(tmp_path: Path) -> None:
    assert hold(tmp_path / "gone.spool") is None


def test_a_half_made_replacement_of_a_dead_process_is_removed(tmp_path: Path) -> None:
    SpoolFile.create(tmp_path, ".fresh").close()

    assert list(left_behind(tmp_path)) == []

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_replaced_while_it_was_being_locked_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "1.spool"
    path.touch()

    def replaced_meanwhile(descriptor: int, operation: int) -> None:
        path.unlink()
        path.touch()

    monkeypatch.setattr(fcntl, "flock", replaced_meanwhile)

    assert hold(path) is None


def test_a_file_system_without_locks_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(descriptor: int, operation: int) -> None:
        raise OSError(95, "Operation not supported")

    before = len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setattr(fcntl, "flock", no_locks)

    with pytest.raises(OSError, match="not supported"):
        hold(tmp_path / "1.spool", create=True)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_lines_set_aside_lie_beside_the_spool_file_one_a_line(tmp_path: Path) -> None:
    target = set_aside(tmp_path / "1.spool", [b"one\n", b"torn"])
    set_aside(tmp_path / "1.spool", [b"two\n"])

    assert target == tmp_path / "1.rejected"
    assert target.read_bytes() == b"one\ntorn\ntwo\n"
    assert survey(tmp_path).rejected == 13


def test_a_directory_that_does_not_exist_is_an_empty_one(tmp_path: Path) -> None:
    assert list(left_behind(tmp_path / "none")) == []
    assert survey(tmp_path / "none") == Survey(files=0, size=0, left_behind=0, rejected=0)
