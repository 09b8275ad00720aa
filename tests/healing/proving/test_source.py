"""A function's own block is compiled alone, and counts only where it gives the very code that runs."""

from __future__ import annotations

import ast
import linecache
from types import CodeType
from typing import Any

import pytest

from healing.proving import source
from healing.proving.source import Unclear, tree_of

SOURCE = '''
import functools

TABLE = {
    "a": (lambda x: x),
}


def plain(x):
    text = """
unindented
"""
    return x in {"a", "b", "c"}, text


def outer(free, other):
    @functools.cache
    def inner(y: int = 1):
        return [free + y + z for z in other]

    async def waits():
        return free

    return inner, waits, lambda q: (q, free), any(free for _ in other)


class Base:
    def method(self):
        return self.__private

    class Nested(dict):
        @property
        def value(self):
            return super().items(), __class__

        @value.setter
        def value(self, new):
            def deep():
                return Nested, new, self.__mangled

            self.deep = deep


if TABLE:
  def indented():
      return lambda: indented
'''


def _codes(code: CodeType) -> list[CodeType]:
    return [code, *(inner for item in code.co_consts if isinstance(item, CodeType) for inner in _codes(item))]


def _write(filename: str, text: str) -> None:
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)


def _compiled(filename: str, text: str = SOURCE) -> dict[str, list[CodeType]]:
    _write(filename, text)
    found: dict[str, list[CodeType]] = {}
    for code in _codes(compile(text, filename, "exec", dont_inherit=True)):
        found.setdefault(code.co_qualname, []).append(code)
    return found


@pytest.mark.parametrize(
    "name",
    [
        *("plain", "outer", "outer.<locals>.inner", "outer.<locals>.waits", "outer.<locals>.<lambda>"),
        "outer.<locals>.<genexpr>",
        *("Base.method", "Base.Nested.value", "Base.Nested.value.<locals>.deep"),
        *("indented", "indented.<locals>.<lambda>"),
    ],
)
def test_a_block_alone_gives_the_code_that_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: Any) -> Any:
        raise AssertionError("the whole file was parsed")

    monkeypatch.setattr(source, "_parsed", parsed)
    for code in _compiled("<blocks>")[name]:
        tree = tree_of(code, {})
        assert isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef)
        first = min([tree.lineno, *(decorator.lineno for decorator in tree.decorator_list)])
        assert first <= code.co_firstlineno


def test_what_no_block_gives_is_found_in_the_whole_file() -> None:
    for code in _compiled("<whole>")["<lambda>"]:
        assert isinstance(tree_of(code, {}), ast.Module)


@pytest.mark.parametrize("change", [('"a", "b"', '"a", "x"'), ("return x in", "return x not in"), ("x in", "TABLE in")])
def test_another_constant_operator_or_name_is_not_the_code_that_runs(change: tuple[str, str]) -> None:
    code = _compiled("<changed>")["plain"][0]
    _write("<changed>", SOURCE.replace(*change))
    with pytest.raises(Unclear, match="is not the code that runs"):
        tree_of(code, {})


def test_code_that_moved_to_another_line_is_not_the_code_that_runs() -> None:
    code = _compiled("<moved>")["plain"][0]
    _write("<moved>", "\n" + SOURCE)
    with pytest.raises(Unclear, match="is not the code that runs"):
        tree_of(code, {})


@pytest.mark.parametrize("text", ["def plain(x):\n    return (x", "x", "\n" * 8 + "def plain(x):\n    return (x"])
def test_a_file_that_was_cut_off_cannot_be_read(text: str) -> None:
    code = _compiled("<cut off>")["plain"][0]
    _write("<cut off>", text)
    with pytest.raises(Unclear, match="its source"):
        tree_of(code, {})


def test_annotations_kept_as_text_by_the_whole_file_are_kept_by_a_block() -> None:
    text = "from __future__ import annotations\ndef outer():\n    def inner(x: undefined): ...\n    return inner\n"
    code = _compiled("<future>", text)["outer"][0]
    assert isinstance(tree_of(code, {}), ast.FunctionDef)
