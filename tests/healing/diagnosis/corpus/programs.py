"""Other programs, workers, files, and what computes."""

from __future__ import annotations

import bz2
import configparser
import csv
import errno
import lzma
import multiprocessing
import os
import struct
import subprocess
import tarfile
import threading
import xml.etree.ElementTree
import zipfile
import zoneinfo
from io import BytesIO, StringIO

import jinja2
import numpy
import pandas
import yaml

from tests.healing.diagnosis.corpus.labels import CLEAR, NO, RETRY, UNKNOWN, C, like, oserror, raised, rows


def ended(code: int) -> BaseException:
    return subprocess.CalledProcessError(code, "program")


PROGRAMS = rows(
    (
        "a variable that is not set",
        lambda: raised(lambda: os.environ["NOT_SET_AT_ALL"]),
        C.CONFIGURATION,
        UNKNOWN,
        None,
    ),
    ("a program that failed", lambda: ended(1), C.GENERAL, UNKNOWN, RETRY),
    ("a program that was killed", lambda: ended(-9), C.RESOURCE, UNKNOWN, RETRY),
    ("a program that was killed in a shell", lambda: ended(137), C.RESOURCE, UNKNOWN, RETRY),
    ("a program that was stopped", lambda: ended(-15), C.CONCURRENCY, UNKNOWN, None),
    ("a program that crashed", lambda: ended(-11), C.PROGRAMMING, UNKNOWN, None),
    ("a program that a shell did not find", lambda: ended(127), C.CONFIGURATION, UNKNOWN, None),
    ("a program that took too long", lambda: subprocess.TimeoutExpired("program", 3), C.TIMEOUT, UNKNOWN, RETRY),
    (
        "a program that is not installed",
        lambda: raised(lambda: subprocess.run(["no-such-program"], check=False)),
        C.CONFIGURATION,
        UNKNOWN,
        None,
    ),
    ("a worker that did not answer", multiprocessing.TimeoutError, C.TIMEOUT, UNKNOWN, RETRY),
    ("a barrier", threading.BrokenBarrierError, C.CONCURRENCY, UNKNOWN, None),
    ("a lock on a file", lambda: like("filelock._error.Timeout", TimeoutError), C.CONCURRENCY, NO, RETRY),
    ("deadlock avoided", lambda: oserror(errno.EDEADLK), C.FILESYSTEM, NO, RETRY),
    ("not supported", lambda: oserror(errno.ENOTSUP), C.PROGRAMMING, UNKNOWN, None),
    ("argument list too long", lambda: oserror(errno.E2BIG), C.VALIDATION, UNKNOWN, None),
    ("configuration file", lambda: configparser.NoSectionError("x"), C.CONFIGURATION, UNKNOWN, None),
    ("time zone", lambda: raised(lambda: zoneinfo.ZoneInfo("No/Where")), C.CONFIGURATION, UNKNOWN, None),
    ("xml", lambda: raised(lambda: xml.etree.ElementTree.fromstring("<a")), C.VALIDATION, UNKNOWN, None),
    ("yaml", lambda: raised(lambda: yaml.safe_load("a: [")), C.VALIDATION, UNKNOWN, None),
    ("csv", lambda: csv.Error("x"), C.VALIDATION, UNKNOWN, None),
    ("struct", lambda: raised(lambda: struct.unpack("I", b"x")), C.VALIDATION, UNKNOWN, None),
    ("zip", lambda: raised(lambda: zipfile.ZipFile(BytesIO(b"x"))), C.CACHE, UNKNOWN, CLEAR),
    ("tar", lambda: raised(lambda: tarfile.TarFile(fileobj=BytesIO(b"x" * 600))), C.CACHE, UNKNOWN, CLEAR),
    ("lzma", lambda: raised(lambda: lzma.decompress(b"x")), C.CACHE, UNKNOWN, CLEAR),
    ("bz2", lambda: raised(lambda: bz2.decompress(b"xxxxxxxx")), C.CACHE, UNKNOWN, CLEAR),
    ("template", lambda: raised(jinja2.Environment().from_string("{{ a.b }}").render), C.PROGRAMMING, UNKNOWN, None),
    ("singular", lambda: raised(lambda: numpy.linalg.inv(numpy.zeros((2, 2)))), C.VALIDATION, UNKNOWN, None),
    ("array too large", lambda: raised(lambda: numpy.zeros((1 << 44,))), C.RESOURCE, UNKNOWN, None),
    ("column missing", lambda: raised(lambda: pandas.DataFrame()["x"]), C.PROGRAMMING, UNKNOWN, None),
    ("nothing to read", lambda: raised(lambda: pandas.read_csv(StringIO(""))), C.VALIDATION, UNKNOWN, None),
    ("worker pool", lambda: like("billiard.exceptions.WorkerLostError"), C.CONCURRENCY, UNKNOWN, RETRY),
)
