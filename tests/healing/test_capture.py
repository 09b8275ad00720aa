"""What is kept of a failed call: plain, redacted, bounded."""

from __future__ import annotations

import asyncio
import functools
import gc
import json
import os
import threading
import types
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healing.capture import (
    MAX_FRAMES,
    MAX_LINE,
    MAX_TEXT,
    ErrorContext,
    Keeping,
    capture_error,
    described,
    format_traceback,
)
from healing.redaction import Redactor

REDACTOR = Redactor()


def charge(order: int, /, card: str, *lines: int, token: str = "", **extra: Any) -> None:
    raise ValueError(f"order {order} rejected, password=hunter2")


class Service:
    def __repr__(self) -> str:
        raise AssertionError("a stranger's repr was called")

    def call(self, amount: int) -> None:
        raise ValueError(str(amount))

    @classmethod
    def build(cls, amount: int) -> None:
        raise ValueError(str(amount))


def captured(function: Callable[..., Any], *args: Any, **kwargs: Any) -> ErrorContext:
    try:
        function(*args, **kwargs)
    except Exception as error:
        return capture_error(error, function=function, args=args, kwargs=kwargs, redactor=REDACTOR)
    raise AssertionError("nothing was raised")


def kept(error: BaseException, function: Callable[..., Any] = charge) -> ErrorContext:
    return capture_error(error, function=function, args=(), kwargs={}, redactor=REDACTOR)


def test_a_failed_call_becomes_plain_redacted_data() -> None:
    context = captured(charge, 7, "4111 1111 1111 1111", 1, 2, token="abc123", mode="live")
    assert context.error_type == "ValueError"
    assert context.message == context.full_message == "order 7 rejected, password=[redacted:password]"
    assert context.arguments == {
        "order": 7,
        "card": "[redacted:card]",
        "*lines": [1, 2],
        "token": "[redacted:token]",
        "mode": "live",
    }
    assert len(context.fingerprint) == 32
    assert context.chain == []
    assert context.notes == []
    json.dumps([context.frames, context.process, context.arguments])


def test_frames_are_outermost_first_with_relative_paths_and_without_healings_own() -> None:
    context = captured(charge, 7, "x")
    here = Path(__file__).relative_to(Path(__file__).parents[2])
    assert [row[:3] for row in context.frames] == [[__name__, "captured", str(here)], [__name__, "charge", str(here)]]
    assert [row[4] for row in context.frames] == [True, True]
    assert context.frames[-1][3] == charge.__code__.co_firstlineno + 1


def test_frames_of_libraries_are_marked_and_those_of_healing_left_out() -> None:
    within = types.ModuleType("healing.engine")
    exec(compile("def run(f):\n    f()\n", "/x/healing/engine.py", "exec"), within.__dict__)
    context = captured(within.run, lambda: json.loads("{"))
    assert "healing.engine" not in {row[0] for row in context.frames}
    assert [row[4] for row in context.frames if row[0].startswith("json")] == [False] * 3


def test_the_middle_of_a_deep_recursion_is_left_out() -> None:
    def down(depth: int) -> None:
        if depth == 0:
            raise ValueError
        down(depth - 1)

    context = captured(down, 300)
    assert len(context.frames) == MAX_FRAMES + 1
    assert context.frames[MAX_FRAMES // 2] == ["", "", "", 302 - MAX_FRAMES, False]


def test_receivers_are_shown_by_their_type_alone() -> None:
    context = captured(Service.call, Service(), 5)
    assert context.arguments == {"self": f"<{__name__}.Service>", "amount": 5}
    raw = Service.__dict__["build"].__func__
    context = capture_error(ValueError(), function=raw, args=(Service, 5), kwargs={}, redactor=REDACTOR)
    assert context.arguments == {"cls": f"<class {__name__}.Service>", "amount": 5}


def test_a_function_without_a_signature_has_numbered_arguments() -> None:
    context = capture_error(ValueError(), function=dict.update, args=({}, 5), kwargs={"token": "x"}, redactor=REDACTOR)
    assert context.arguments == {"*args": [{}, 5], "token": "[redacted:token]"}


def test_a_callable_that_cannot_be_remembered_is_captured_all_the_same() -> None:
    class Slotted:
        __slots__ = ()

        def __call__(self, amount: int) -> None:
            raise ValueError

    context = capture_error(ValueError("x"), function=Slotted(), args=(5,), kwargs={}, redactor=REDACTOR)
    assert context.arguments == {"amount": 5}


def test_a_partial_is_captured_by_what_is_left_of_its_signature() -> None:
    bound = functools.partial(charge, 7)
    context = capture_error(ValueError("x"), function=bound, args=("c",), kwargs={}, redactor=REDACTOR)
    assert context.arguments == {"card": "c"}


def test_many_and_large_arguments_are_bounded() -> None:
    def take(*rows: int, **extra: str) -> None:
        raise ValueError

    context = captured(take, *range(1_000), **{f"k{number}": "x " * 9_000 for number in range(200)})
    assert len(json.dumps(context.arguments)) < 60_000


def test_messages_are_one_line_and_the_whole_within_their_bounds() -> None:
    context = kept(ValueError("first\nsecond " + "word " * 9_000))
    assert context.message.startswith("first second word")
    assert len(context.message) <= MAX_LINE
    assert "\n" not in context.message
    assert len(context.full_message) <= MAX_TEXT
    assert context.full_message.startswith("first\nsecond")
    assert kept(ValueError("x" * 400)).message == "x" * 299 + "…"


def test_a_chain_tells_causes_contexts_and_members() -> None:
    def fail() -> None:
        try:
            try:
                raise KeyError("a")
            except KeyError as error:
                raise OSError("token=abc123") from error
        except OSError:
            raise RuntimeError("outer")  # noqa: B904

    context = captured(fail)
    assert [(link["type"], link["message"], link["relation"]) for link in context.chain] == [
        ("OSError", "token=[redacted:token]", "context"),
        ("KeyError", "'a'", "cause"),
    ]
    assert [row[1].rpartition(".")[2] for row in context.chain[0]["frames"]] == ["fail"]
    group = ExceptionGroup("both", [ValueError("a"), TypeError("b")])
    assert [(link["type"], link["relation"]) for link in kept(group).chain] == [
        ("ValueError", "member"),
        ("TypeError", "member"),
    ]
    outer = RuntimeError("outer")
    outer.__cause__ = group
    assert [link["relation"] for link in kept(outer).chain] == ["cause", "member", "member"]
    wide = ExceptionGroup("all", [ValueError(str(number)) for number in range(500)])
    assert len(kept(wide).chain) == 10


def test_notes_are_redacted_and_bounded() -> None:
    error = ValueError("x")
    for number in range(30):
        error.add_note(f"note {number} api_key=abc123")
    assert kept(error).notes[0] == "note 0 api_key=[redacted:api_key]"
    assert len(kept(error).notes) == 10
    error.__notes__ = "no list"  # type: ignore[assignment]
    assert kept(error).notes == []


def test_the_process_is_told() -> None:
    keeping = Keeping(release="1.2", environment="live")
    context = capture_error(ValueError(), function=charge, args=(), kwargs={}, redactor=REDACTOR, keeping=keeping)
    assert context.process["pid"] == os.getpid()
    assert context.process["thread"] == threading.current_thread().name
    assert context.process["task"] == ""
    assert (context.process["release"], context.process["environment"]) == ("1.2", "live")
    assert context.process["host"]


async def test_the_task_is_told() -> None:
    async def failing() -> ErrorContext:
        return kept(ValueError())

    context = await asyncio.create_task(failing(), name="importer")
    assert context.process["task"] == "importer"


def test_nothing_holds_the_exception_its_frames_or_its_arguments() -> None:
    class Payload:
        pass

    payload = Payload()
    watched = weakref.ref(payload)
    context = captured(charge, 7, payload)
    del payload
    gc.collect()
    assert watched() is None
    assert context.arguments["card"] == f"<{Payload.__module__}.{Payload.__qualname__}>"


class Silent(Exception):
    def __str__(self) -> str:
        raise RuntimeError


class Touchy(Exception):
    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)


def test_hostile_exceptions_are_captured_by_type_and_fingerprint() -> None:
    assert kept(Silent()).message == "<unprintable>"
    context = kept(Touchy("password=hunter2"))
    assert context.error_type == f"{__name__}.Touchy"
    assert context.message == "password=[redacted:password]"
    assert context.fingerprint != kept(Silent()).fingerprint
    assert "hunter2" not in json.dumps([context.message, context.full_message, context.arguments])


def test_an_error_is_described_in_one_line() -> None:
    assert described(OSError("token=abc123\nx"), REDACTOR) == ("OSError", "token=[redacted:token] x")


def test_the_text_of_a_traceback_reads_like_pythons() -> None:
    def fail() -> None:
        try:
            raise KeyError("a")
        except KeyError as error:
            raise RuntimeError("outer") from error

    context = captured(fail)
    text = format_traceback(context.error_type, context.full_message, context.frames, context.chain)
    lines = text.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert '    raise KeyError("a")' in lines
    assert "KeyError: 'a'" in lines
    assert "The above exception was the direct cause of the following exception:" in lines
    assert lines[-1] == "RuntimeError: outer"
    assert lines[-2] == '    raise RuntimeError("outer") from error'


def test_source_lines_are_redacted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.py").write_text('connect(password="hunter2")\n', encoding="utf-8")
    text = format_traceback("ValueError", "", [["shop", "pay", "shop.py", 1, True]], [])
    assert text.splitlines() == [
        "Traceback (most recent call last):",
        '  File "shop.py", line 1, in pay',
        '    connect(password="[redacted:password]")',
        "ValueError",
    ]
    custom = Redactor(extra_keys=("connect",))
    assert "hunter2" not in format_traceback("E", "m", [["s", "f", "shop.py", 1, True]], [], redactor=custom)


def test_gaps_missing_sources_and_members_are_shown() -> None:
    rows = [["a", "f", "/nowhere/a.py", 3, True], ["", "", "", 40, False]]
    member = {"type": "TypeError", "message": "b", "relation": "member", "frames": []}
    handled = {"type": "OSError", "message": "c", "relation": "context", "frames": []}
    text = format_traceback("ExceptionGroup", "g", rows, [handled, member])
    assert text.splitlines() == [
        "OSError: c",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "/nowhere/a.py", line 3, in f',
        "  [40 more frames]",
        "ExceptionGroup: g",
        "",
        "Member of the group:",
        "",
        "TypeError: b",
    ]


def test_paths_that_are_not_absolute_or_lie_elsewhere_stay() -> None:
    made = types.ModuleType("made")
    exec(compile("def f():\n    raise ValueError\n", "<console>", "exec"), made.__dict__)
    assert captured(made.f).frames[-1][2] == "<console>"
    exec(compile("def f():\n    raise ValueError\n", "/elsewhere/made.py", "exec"), made.__dict__)
    assert captured(made.f).frames[-1][2] == "/elsewhere/made.py"
