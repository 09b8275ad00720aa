"""A fork while other threads are in the midst of something, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from healing.forks import Lock, cached_property

ROOT = str(Path(__file__).parents[2])

BEGIN = """
import os, signal, threading
from healing.forks import Lock, cached_property

begun, ended = threading.Event(), threading.Event()

def in_a_child(check):
    begun.wait(30)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        os._exit(0 if check() else 1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    ended.set()
    print(code)
"""

HELD = """
lock = Lock()

def hold():
    with lock:
        begun.set()
        ended.wait(30)

def check():
    with lock:
        return True

holder = threading.Thread(target=hold)
holder.start()
in_a_child(check)
holder.join()
"""

MADE = """
class Slow:
    @cached_property
    def value(self):
        begun.set()
        ended.wait(30)
        return 1

class Other(Slow):
    pass

slow, other = Slow(), Other()
maker = threading.Thread(target=lambda: slow.value)
maker.start()

def check():
    ended.set()
    return (other.value, slow.value) == (1, 1)

in_a_child(check)
maker.join()
"""

FORKED_WITHIN = """
lock = Lock()
begun.set()
with lock:
    in_a_child(lambda: True)
with lock:
    pass

child = os.fork()
if child == 0:
    with lock:
        grandchild = os.fork()
    if grandchild == 0:
        with lock:
            os._exit(0)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(grandchild, 0)[1]))
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


@pytest.mark.parametrize(
    "script",
    [HELD, MADE, FORKED_WITHIN],
    ids=["a lock held by another thread", "a value under way in another thread", "a fork under the lock itself"],
)
def test_a_child_never_waits_for_a_thread_that_only_its_parent_has(script: str, tmp_path: Path) -> None:
    (tmp_path / "forks.py").write_text(BEGIN + script)
    ran = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "forks.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (ran.stdout.strip(), ran.stderr) == ("0", "")


def test_a_lock_lets_one_in_and_is_free_after_a_failure() -> None:
    lock = Lock()
    with pytest.raises(ValueError, match="within"), lock:
        raise ValueError("within")

    with lock:
        assert lock._lock.locked()
    assert not lock._lock.locked()


def test_a_value_is_made_once_for_each_instance_and_not_after_a_failure() -> None:
    class Counted:
        made = 0

        @cached_property
        def value(self) -> int:
            """The number of values made."""
            self.made += 1
            if self.made == 1:
                raise ValueError("not yet")
            return self.made

    one, other = Counted(), Counted()
    for counted in (one, other):
        with pytest.raises(ValueError, match="not yet"):
            _ = counted.value

    assert (one.value, one.value, other.value) == (2, 2, 2)
    assert isinstance(Counted.value, cached_property)
    assert Counted.value.__doc__ == "The number of values made."
