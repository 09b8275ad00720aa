"""The machine that the service runs on: memory, disks, files, other programs."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, ONCE, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

RESOURCES = (
    Rule(
        name="descriptors_used_up",
        on="errno:EMFILE errno:ENFILE",
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="Too many open files; some may be closed in a moment.",
    ),
    Rule(
        name="disk_full",
        on=(
            "errno:ENOSPC errno:EDQUOT errno:EFBIG asyncssh.sftp.SFTPNoSpaceOnFilesystem"
            " asyncssh.sftp.SFTPQuotaExceeded"
        ),
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="No room left to write; a person has to make some.",
    ),
    Rule(
        name="out_of_memory",
        on=(
            "builtins.MemoryError errno:ENOMEM torch.OutOfMemoryError torch.cuda.OutOfMemoryError name:OutOfMemoryError"
        ),
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="Out of memory: the same work would need as much again.",
    ),
)

FILES = (
    Rule(
        name="program_not_installed",
        on="builtins.FileNotFoundError errno:ENOENT",
        within=frozenset({"subprocess"}),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The program, or the folder that it should run in, is not on this machine.",
    ),
    Rule(
        name="program_not_runnable",
        on="errno:ENOEXEC errno:EAFNOSUPPORT errno:EPROTONOSUPPORT errno:EPFNOSUPPORT errno:ELIBACC",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="This machine does not support the program's format or the kind of address.",
    ),
    Rule(
        name="file_busy",
        on="errno:EBUSY errno:ETXTBSY errno:EDEADLK errno:EDEADLOCK errno:ENOLCK",
        category=Category.FILESYSTEM,
        executed=Executed.NO,
        course=RETRY,
        says="The file or lock is in use at the moment.",
    ),
    Rule(
        name="would_block",
        on=(
            "errno:EAGAIN errno:EWOULDBLOCK errno:EINTR errno:EINPROGRESS errno:EALREADY builtins.BlockingIOError"
            " builtins.InterruptedError anyio.WouldBlock trio.WouldBlock anyio.BusyResourceError"
            " trio.BusyResourceError"
        ),
        category=Category.CONCURRENCY,
        course=RETRY,
        severity=Severity.LOW,
        says="Not ready at the moment; some of it may have gone through.",
    ),
    Rule(
        name="input_output_error",
        on="errno:EIO errno:ESTALE errno:EREMOTEIO",
        category=Category.FILESYSTEM,
        course=RETRY,
        severity=Severity.HIGH,
        says="The device or network file system failed.",
    ),
    Rule(
        name="value_out_of_range",
        on="errno:E2BIG errno:EMSGSIZE errno:EOVERFLOW errno:EDOM errno:ERANGE errno:EILSEQ",
        category=Category.VALIDATION,
        says="What was passed is too large or out of range for the system.",
    ),
    Rule(
        name="not_permitted",
        on="builtins.PermissionError",
        category=Category.AUTH,
        says="By an error that names no file: somebody may not do this.",
    ),
    Rule(
        name="library_not_installed",
        on="builtins.OSError",
        message=re.compile(
            r"[^:\n]{1,300}: (cannot open shared object|undefined symbol|wrong ELF|invalid ELF)|Unable to (find"
            r"|load) library"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="A library of the system is missing here, or is not of this kind.",
    ),
    Rule(
        name="file_operation_impossible",
        on=(
            "errno:ENOENT errno:EEXIST errno:ENOTDIR errno:EISDIR errno:ENOTEMPTY errno:ENAMETOOLONG errno:ELOOP"
            " errno:EXDEV errno:EROFS errno:EACCES errno:EPERM errno:EMLINK errno:ENXIO errno:ENODEV errno:ESPIPE"
            " builtins.FileNotFoundError builtins.FileExistsError builtins.IsADirectoryError"
            " builtins.NotADirectoryError shutil.Error shutil.SpecialFileError shutil.ExecError"
            " asyncssh.sftp.SFTPNoSuchFile asyncssh.sftp.SFTPNoSuchPath asyncssh.sftp.SFTPPermissionDenied"
            " asyncssh.sftp.SFTPFileAlreadyExists asyncssh.sftp.SFTPFileIsADirectory asyncssh.sftp.SFTPNotADirectory"
            " asyncssh.sftp.SFTPDirNotEmpty asyncssh.sftp.SFTPWriteProtect"
        ),
        category=Category.FILESYSTEM,
        says="The path does not allow this operation, and will not allow it a moment later.",
    ),
    Rule(
        name="operation_on_wrong_handle",
        on=(
            "errno:EBADF errno:EINVAL errno:ENOTSOCK errno:ECHILD errno:ESRCH errno:ENOTTY errno:EISCONN"
            " errno:EDESTADDRREQ errno:ENOSYS errno:EOPNOTSUPP errno:ENOTSUP errno:EFAULT io.UnsupportedOperation"
            " builtins.ChildProcessError builtins.ProcessLookupError anyio.ClosedResourceError"
            " trio.ClosedResourceError"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The operation does not fit the file, socket or process that it was given.",
    ),
)

PROGRAMS = (
    Rule(
        name="program_killed",
        on="exit:-9 exit:137",
        category=Category.RESOURCE,
        course=RETRY,
        severity=Severity.HIGH,
        says="The program was killed, mostly for want of memory; it may have done part of its work.",
    ),
    Rule(
        name="program_stopped",
        on="exit:-15 exit:143 exit:-2 exit:130",
        category=Category.CONCURRENCY,
        severity=Severity.LOW,
        says="The program was stopped on purpose.",
    ),
    Rule(
        name="program_crashed",
        on="exit:-11 exit:139 exit:-6 exit:134 exit:-4 exit:-7 exit:-8",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The program crashed by a fault of its own.",
    ),
    Rule(
        name="program_not_installed",
        on="exit:126 exit:127",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The shell did not find the program, or may not run it.",
    ),
    Rule(
        name="program_timed_out",
        on="exit:124 subprocess.TimeoutExpired asyncssh.process.TimeoutError",
        category=Category.TIMEOUT,
        course=RETRY,
        says="The program did not end in time; it may have done part of its work.",
    ),
    Rule(
        name="program_failed_for_now",
        on="exit:75",
        category=Category.GENERAL,
        course=RETRY,
        says="The program asks to be run again later (EX_TEMPFAIL); it may have done part of its work.",
    ),
    Rule(
        name="program_failed",
        on="subprocess.CalledProcessError invoke.exceptions.UnexpectedExit",
        category=Category.GENERAL,
        course=ONCE,
        known=False,
        says="The program reports a failure of its own: only its exit code and output say which.",
    ),
    Rule(
        name="worker_died",
        on="billiard.exceptions.WorkerLostError billiard.exceptions.Terminated",
        category=Category.CONCURRENCY,
        course=RETRY,
        severity=Severity.HIGH,
        says="The worker died in the middle of its work.",
    ),
    Rule(
        name="workers_died",
        on=(
            "concurrent.futures._base.BrokenExecutor concurrent.futures.process.BrokenProcessPool"
            " joblib.externals.loky.process_executor.TerminatedWorkerError"
        ),
        category=Category.CONCURRENCY,
        course=CONNECT,
        severity=Severity.HIGH,
        says="A worker of the pool died in the middle of its work.",
    ),
)

MACHINE = (*RESOURCES, *FILES, *PROGRAMS)
