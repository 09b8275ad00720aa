from __future__ import annotations

import sys
import traceback
from pathlib import Path
from sqlite3 import OperationalError
from types import ModuleType

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from healing.cli.paste import rebuild


def printed(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def raised() -> Exception:
    caught: Exception
    try:
        try:
            raise KeyError("missing")
        except KeyError as inner:
            raise httpx.ConnectTimeout("timed out\nin two lines") from inner
    except httpx.ConnectTimeout:
        try:
            raise ValueError("while handling")
        except ValueError as outer:
            caught = outer
    return caught


def test_a_traceback_comes_back_with_its_whole_chain() -> None:
    pasted = rebuild(printed(raised()))

    assert pasted.known
    assert (type(pasted.error), str(pasted.error)) == (ValueError, "while handling")
    middle = pasted.error.__context__
    assert (type(middle), str(middle)) == (httpx.ConnectTimeout, "timed out\nin two lines")
    assert middle is not None
    assert type(middle.__cause__) is KeyError


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("TimeoutError: timed out", TimeoutError, "timed out"),
        ("TimeoutError", TimeoutError, ""),
        ("   TimeoutError: timed out  \n", TimeoutError, "timed out"),
        ("sqlite3.OperationalError: database is locked", OperationalError, "database is locked"),
        ("\x1b[35mValueError\x1b[0m: bad: worse", ValueError, "bad: worse"),
        ("KeyboardInterrupt", KeyboardInterrupt, ""),
        ("INFO up\nTraceback (most recent call last):\nValueError: no", ValueError, "no"),
    ],
)
def test_one_line_is_enough(text: str, kind: type[BaseException], message: str) -> None:
    pasted = rebuild(text)

    assert pasted.known
    assert (type(pasted.error), str(pasted.error)) == (kind, message)


def test_an_error_number_is_an_error_number_again() -> None:
    error = rebuild("OSError: [Errno 111] Connection refused").error

    assert isinstance(error, ConnectionRefusedError)
    assert error.errno == 111


def test_a_type_that_needs_more_than_a_message_is_made_without_its_constructor() -> None:
    pasted = rebuild("httpx.HTTPStatusError: Server error '503 Service Unavailable'")

    assert pasted.known
    assert isinstance(pasted.error, httpx.HTTPStatusError)
    assert str(pasted.error) == "Server error '503 Service Unavailable'"


@pytest.mark.parametrize(
    "name", ["asyncio.exceptions.InvalidStateError", "json.decoder.JSONDecodeError", "UnicodeDecodeError"]
)
def test_any_type_of_the_standard_library_can_be_had(name: str) -> None:
    error = rebuild(f"{name}: invalid").error

    assert type(error).__name__ == name.rpartition(".")[2]


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("acme.sdk.ReadTimeout", TimeoutError),
        ("acme.ConnectionRefused", ConnectionRefusedError),
        ("acme.ConnectionResetByPeer", ConnectionResetError),
        ("acme.CouldNotConnect", ConnectionError),
        ("acme.PaymentDeclined", Exception),
        ("NoSuchError", Exception),
        ("json.NoSuchError", Exception),
        ("json.no_such_module.Error", Exception),
        ("json.dumps", Exception),
    ],
)
def test_a_type_that_cannot_be_had_is_stood_for_by_its_name(name: str, base: type[Exception]) -> None:
    pasted = rebuild(f"{name}: went wrong")
    kind = type(pasted.error)

    assert not pasted.known
    assert kind.__bases__ == (base,)
    assert f"{kind.__module__}.{kind.__name__}".removeprefix("builtins.") == name
    assert str(pasted.error) == "went wrong"


def test_a_module_of_the_working_directory_is_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trap.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)

    assert not rebuild("trap.TrapError: hello").known
    assert "trap" not in sys.modules


def test_neither_is_a_folder_without_code_nor_a_module_without_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "placeless", ModuleType("placeless"))

    assert not rebuild("folder.Error: hello").known
    assert not rebuild("placeless.Error: hello").known


@pytest.mark.parametrize("name", ["antigravity.Error", "this.Error", "pytest.__main__.Error", "__main__.Error"])
def test_a_module_that_does_something_when_imported_is_not_imported(name: str) -> None:
    before = set(sys.modules)

    assert not rebuild(f"{name}: hello").known
    assert name.rpartition(".")[0] not in set(sys.modules) - before


def group_raised() -> ExceptionGroup[Exception]:
    try:
        raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])
    except ExceptionGroup as group:
        return group


@pytest.mark.parametrize("raised", [True, False])
def test_a_group_is_told_by_its_own_headline(raised: bool) -> None:
    group = group_raised()
    error = rebuild(printed(group if raised else group.with_traceback(None))).error

    assert type(error).__name__ == "ExceptionGroup"
    assert str(error) == "several (2 sub-exceptions)"


@pytest.mark.parametrize("text", ["", "   ", "!!!", "everything is fine here"])
def test_text_without_an_exception_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no exception found"):
        rebuild(text)


@given(st.text() | st.from_regex(r"[\w.]{1,30}(: .{0,30})?", fullmatch=True))
@example("a.b.: x")
@example("..: x")
@example("_" * 300)
def test_any_text_is_either_an_exception_or_a_value_error(text: str) -> None:
    try:
        assert isinstance(rebuild(text).error, BaseException)
    except ValueError:
        return
