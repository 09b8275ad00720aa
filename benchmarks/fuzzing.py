"""Coverage-guided fuzzing of whatever reads an error: `python -m benchmarks.fuzzing [--seconds 600]`.

Needs atheris (`pip install atheris`), which is no dependency: Hypothesis does the same within `make test`, blindly.
Capture, redaction, fingerprints and rules must not raise, must end, and must not let a planted secret through.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import atheris

with atheris.instrument_imports(include=["healing"]):
    from healing import redaction
    from healing.capture import Keeping, capture_error
    from healing.diagnosis.rules import diagnose
    from healing.fingerprint import fingerprint
    from healing.wording import normalised

MOST_SECONDS = 1.0
"""Of one input under instrumentation, which slows Python down many times."""

SECRET = "hunter2-Kx9vQz"
KEEPING = Keeping(locals=True, breadcrumbs=5)
BASES = (Exception, OSError, ValueError, KeyError, RuntimeError, TimeoutError, ConnectionError, ImportError)
MODULES = (
    "shop",
    "redis.exceptions",
    "pymysql.err",
    "botocore.exceptions",
    "grpc",
    "openai",
    "ssl",
    "smtplib",
    "kafka",
)
NAMES = (
    *("status", "status_code", "code", "errno", "sqlstate", "pgcode", "response", "headers", "orig", "reason", "args"),
    *("smtp_code", "recipients", "sqlite_errorcode", "retry_after", "history", "retriable", "name", "__notes__"),
)
_redactor = redaction.Redactor()


def value(data: Any, depth: int = 3) -> Any:
    kind = data.ConsumeIntInRange(0, 9 if depth else 5)
    if kind == 0:
        return data.ConsumeUnicode(200)
    if kind == 1:
        return data.ConsumeBytes(100)
    if kind == 2:
        return data.ConsumeInt(16)
    if kind == 3:
        return data.ConsumeFloat()
    if kind == 4:
        return None
    if kind == 5:
        return data.PickValueInList([True, False, object(), Exception, print, Ellipsis])
    if kind in {6, 7}:
        return {data.ConsumeUnicode(20): value(data, depth - 1) for _ in range(data.ConsumeIntInRange(0, 4))}
    return [value(data, depth - 1) for _ in range(data.ConsumeIntInRange(0, 4))]


def error(data: Any, depth: int = 2) -> BaseException:
    base, module = data.PickValueInList(list(BASES)), data.PickValueInList(list(MODULES))
    arguments = [value(data, 1) for _ in range(data.ConsumeIntInRange(0, 3))]
    try:
        made: BaseException = type("Odd", (base,), {"__module__": module})(*arguments)
    except (TypeError, ValueError):
        made = RuntimeError(*arguments)
    for _ in range(data.ConsumeIntInRange(0, 3)):
        try:
            setattr(made, data.PickValueInList(list(NAMES)), value(data, 1))
        except (TypeError, ValueError, AttributeError):
            continue
    if depth and data.ConsumeBool():
        made.__cause__ = error(data, depth - 1)
    if depth and data.ConsumeBool() and isinstance(made, Exception):
        made = ExceptionGroup("several", [made, ValueError(data.ConsumeUnicode(50))])
    return made


def raised(made: BaseException, secret: str) -> BaseException:
    try:
        raise made
    except BaseException as caught:
        return caught


def one(raw: bytes) -> None:
    data = atheris.FuzzedDataProvider(raw)
    caught = raised(error(data), SECRET)
    argument = value(data)
    text = data.ConsumeUnicode(2_000)
    begun = time.thread_time()
    redacted = _redactor.text(text)
    assert _redactor.text(redacted) == redacted
    normalised(text)
    assert SECRET not in _redactor.text(f"{text}\npassword={SECRET}\n{text}")
    assert len(fingerprint(caught)) == 32
    assert diagnose(caught, now=0.0).reason
    context = capture_error(
        caught, function=raised, args=(argument,), kwargs={"token": SECRET}, redactor=_redactor, keeping=KEEPING
    )
    said = json.dumps([context.full_message, context.chain, context.notes, context.arguments, context.locals])
    assert SECRET not in said
    assert time.thread_time() - begun < MOST_SECONDS


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.fuzzing")
    parser.add_argument("--seconds", type=int, default=600)
    seconds = parser.parse_args().seconds
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096", "-rss_limit_mb=4096"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
