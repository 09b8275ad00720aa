"""Programs that are started, worker processes, pools of threads and the end of the process itself."""

from __future__ import annotations

import multiprocessing
import multiprocessing.pool
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from concurrent import futures
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from tests.corpus.errors.schema import Case

from .labels import MASKS, NO, NO_OR_UNKNOWN, REPAIRS, UNKNOWN, heals, raised, stays, surfaces, thrown, unclear

CLEARING = "CLEAR_CACHE_AND_RETRY ROLLBACK_TRANSACTION USE_DEFAULT_VALUE SKIP_OPERATION"


def run(*command: str, **options: Any) -> BaseException:
    return raised(lambda: subprocess.run(list(command), check=True, capture_output=True, **options))


def not_executable() -> BaseException:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "export.sh"
        script.write_text("#!/bin/sh\nexit 0\n")
        script.chmod(0o644)
        return run(str(script))


def wrong_format() -> BaseException:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "convert"
        program.write_bytes(b"\x7fELX not for this machine")
        program.chmod(0o755)
        return run(str(program))


def failed_program(code: int, stderr: bytes, *command: str) -> BaseException:
    return thrown(subprocess.CalledProcessError(code, list(command), b"", stderr))


def pool_after_shutdown() -> BaseException:
    pool = futures.ThreadPoolExecutor(1)
    pool.shutdown()
    return raised(lambda: pool.submit(print))


def late_future() -> BaseException:
    return raised(lambda: futures.Future[int]().result(timeout=0.01))


def cancelled_future() -> BaseException:
    future: futures.Future[int] = futures.Future()
    future.cancel()
    return raised(future.result)


def result_set_twice() -> BaseException:
    future: futures.Future[int] = futures.Future()
    future.set_result(1)
    return raised(lambda: future.set_result(2))


def worker_hung_up() -> BaseException:
    ours, theirs = multiprocessing.Pipe()
    theirs.close()
    return raised(ours.recv)


def late_pool_result() -> BaseException:
    with multiprocessing.pool.ThreadPool(1) as pool:
        done = threading.Event()
        result = pool.apply_async(done.wait)
        error = raised(lambda: result.get(timeout=0.01))
        done.set()
        return error


def from_a_worker() -> BaseException:
    """An error of a worker process as it arrives in the parent, with the remote traceback as its cause."""
    remote: Any = multiprocessing.pool.RemoteTraceback(  # type: ignore[attr-defined]
        '\n"""\nTraceback (most recent call last):\n  File "pool.py", line 125, in worker\nValueError\n"""'
    )
    return thrown(ValueError("could not convert string to float: 'n/a'"), remote)


CASES: list[Case] = [
    unclear(
        "program_exit_status_one",
        lambda: run("/bin/false"),
        "The program says nothing but that it failed.",
        "general external_api",
    ),
    heals(
        "program_killed",
        lambda: run("/bin/sh", "-c", "kill -9 $$"),
        "resource concurrency general",
        "RETRY_WITH_BACKOFF SURFACE QUEUE_FOR_LATER",
        UNKNOWN,
        "SIGKILL comes from the kernel when memory is short, or from an operator.",
        harmful=CLEARING,
    ),
    heals(
        "program_timed_out",
        lambda: run("/bin/sleep", "5", timeout=0.05),
        "timeout",
        "RETRY_WITH_BACKOFF SURFACE",
        UNKNOWN,
        "The program did not end in time.",
        harmful=CLEARING,
    ),
    surfaces(
        "program_not_installed",
        lambda: run("wkhtmltopdf-qt5", "in.html", "out.pdf"),
        "configuration filesystem",
        "The program is missing on this machine.",
    ),
    stays(
        "program_not_executable",
        not_executable,
        "filesystem configuration auth",
        "The script lacks the execute bit.",
        harmful=f"RETRY_WITH_BACKOFF {REPAIRS}",
    ),
    stays(
        "program_of_the_wrong_format",
        wrong_format,
        "configuration filesystem",
        "The program was built for another machine.",
        harmful=f"RETRY_WITH_BACKOFF {REPAIRS}",
    ),
    heals(
        "program_could_not_resolve_host",
        lambda: failed_program(
            128,
            b"fatal: unable to access 'https://git.example.com/app.git/': Could not resolve host: git.example.com",
            "git",
            "fetch",
            "origin",
        ),
        "dns general network",
        "RETRY_WITH_BACKOFF SURFACE",
        NO_OR_UNKNOWN,
        "The program's own words name the cause: name resolution failed.",
        harmful=CLEARING,
    ),
    surfaces(
        "program_called_with_a_number",
        lambda: run("/bin/echo", 5),  # type: ignore[arg-type]  # the bug
        "programming",
        "Arguments of a program must be texts.",
    ),
    heals(
        "process_pool_broken",
        lambda: thrown(
            BrokenProcessPool(
                "A process in the process pool was terminated abruptly while the future was running or pending."
            )
        ),
        "concurrency resource",
        "RESET_CONNECTION RETRY_WITH_BACKOFF SURFACE",
        UNKNOWN,
        "A worker died, most likely for its memory; the pool must be built anew.",
        harmful=CLEARING,
    ),
    surfaces(
        "thread_pool_after_shutdown",
        pool_after_shutdown,
        "programming concurrency",
        "The code submits work to a pool that it has shut down.",
    ),
    heals(
        "future_result_timed_out",
        late_future,
        "timeout concurrency",
        "RETRY_WITH_BACKOFF SURFACE",
        UNKNOWN,
        "The result did not come in time; the work may go on.",
        harmful=CLEARING,
    ),
    surfaces(
        "future_cancelled",
        cancelled_future,
        "concurrency",
        "The work was called off on purpose.",
    ),
    surfaces(
        "future_result_set_twice",
        result_set_twice,
        "programming concurrency",
        "A future has one result.",
    ),
    heals(
        "thread_pool_result_timed_out",
        late_pool_result,
        "timeout concurrency",
        "RETRY_WITH_BACKOFF SURFACE",
        UNKNOWN,
        "multiprocessing has a TimeoutError of its own that is no builtin one.",
        harmful=CLEARING,
    ),
    heals(
        "worker_hung_up",
        worker_hung_up,
        "concurrency network general",
        "RESET_CONNECTION RETRY_WITH_BACKOFF SURFACE",
        UNKNOWN,
        "The process at the other end of the pipe is gone.",
        harmful=CLEARING,
    ),
    surfaces(
        "worker_authentication",
        lambda: thrown(multiprocessing.AuthenticationError("digest received was wrong")),
        "auth configuration",
        "The two processes do not share the same key.",
    ),
    surfaces(
        "worker_error_with_remote_traceback",
        from_a_worker,
        "validation",
        "A bad value in a worker process: the remote traceback is only where it came from.",
    ),
    surfaces(
        "lambda_cannot_be_pickled",
        lambda: raised(lambda: pickle.dumps(lambda row: row)),
        "programming",
        "A lambda cannot be sent to a worker process.",
    ),
    surfaces(
        "thread_lock_cannot_be_pickled",
        lambda: raised(lambda: pickle.dumps({"lock": threading.Lock()})),
        "programming",
        "An object with a lock cannot be sent to a worker or put into a cache.",
    ),
    surfaces(
        "process_started_while_importing",
        lambda: thrown(
            RuntimeError(
                "An attempt has been made to start a new process before the current process has finished its "
                "bootstrapping phase."
            )
        ),
        "programming",
        "The main module lacks its `if __name__ == '__main__'`.",
    ),
    heals(
        "cannot_start_new_thread",
        lambda: thrown(RuntimeError("can't start new thread")),
        "resource concurrency",
        "RETRY_WITH_BACKOFF SURFACE",
        NO,
        "The process has as many threads as it may have at this moment.",
        harmful=CLEARING,
    ),
    surfaces(
        "keyboard_interrupt",
        lambda: thrown(KeyboardInterrupt()),
        "general concurrency",
        "Somebody stops the program; it must stop.",
    ),
    surfaces(
        "system_exit",
        lambda: raised(lambda: sys.exit("nothing to import for 2024-04-29")),
        "general configuration",
        "The program ends itself on purpose.",
    ),
    stays(
        "recursive_thread_join",
        lambda: raised(threading.current_thread().join),
        "programming concurrency",
        "A thread cannot wait for itself.",
        harmful=f"RETRY_WITH_BACKOFF {REPAIRS} {MASKS}",
    ),
    stays(
        "wait_for_a_child_that_is_no_child",
        lambda: raised(lambda: os.waitpid(1, 0)),
        "programming concurrency general",
        "There is no such child to wait for.",
        harmful=f"RETRY_WITH_BACKOFF {REPAIRS}",
    ),
]
