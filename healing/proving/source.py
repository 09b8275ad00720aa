"""The syntax tree of a code object that runs, from its source.

The source is read from where it was imported and compiled anew: unless that gives the very code that ran, nothing is
concluded from it. Only the function's own block is compiled where that suffices: it happens on the caller's thread, and
a file of thousands of lines would hold an event loop up for a tenth of a second.
"""

from __future__ import annotations
import __future__

import ast
import inspect
import linecache
import re
import tokenize
import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_FUTURE = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OSError)


class Unclear(Exception):  # noqa: N818  # no error: the answer "cannot be told", with its reason
    """Why nothing can be concluded; `node` is where."""

    def __init__(self, why: str, node: ast.AST | None = None) -> None:
        super().__init__(why)
        self.why, self.node = why, node


def tree_of(code: types.CodeType, module_globals: dict[str, Any]) -> ast.AST:
    """A tree with the function of `code` somewhere in it; raises Unclear."""
    try:
        linecache.checkcache(code.co_filename)
        lines = linecache.getlines(code.co_filename, module_globals)
        if not lines:
            raise Unclear("its source cannot be read")
        block = _block_tree(code, lines)
        return _file_tree(code, "".join(lines)) if block is None else block
    except _UNREADABLE:
        raise Unclear("its source cannot be read") from None


def _file_tree(code: types.CodeType, source: str) -> ast.AST:
    tree, compiled = _parsed(source, code.co_filename)
    if not any(_same(code, other) for other in compiled):
        raise Unclear("its source is not the code that runs")
    return tree


@lru_cache(maxsize=16)
def _parsed(source: str, filename: str) -> tuple[ast.Module, tuple[types.CodeType, ...]]:
    tree = ast.parse(source, filename)
    return tree, tuple(_nested(compile(source, filename, "exec", dont_inherit=True)))


def _block_tree(code: types.CodeType, lines: list[str]) -> ast.AST | None:
    """The enclosing `def` alone, if it gives the code outside its file too."""
    *outer, name = code.co_qualname.split(".")
    first = code.co_firstlineno
    if name.startswith("<") and outer[-1:] == ["<locals>"]:
        *outer, name = outer[:-1]
        first = _line_above(first, name, lines)
    try:
        node = _defined_at(first, lines)
        module = ast.Module([_wrapped(node, outer, code.co_freevars)], [])
        flags = code.co_flags & _FUTURE
        compiled = compile(ast.fix_missing_locations(module), code.co_filename, "exec", flags, dont_inherit=True)
    except (*_UNREADABLE, tokenize.TokenError, IndexError):
        return None
    return node if any(_same(code, other) for other in _nested(compiled)) else None


def _line_above(line: int, name: str, lines: list[str]) -> int:
    """Where the nearest `def` of that name at or above the line begins, without its decorators."""
    begins = re.compile(rf"\s*(async\s+)?def\s+{re.escape(name)}\b")
    return next((number for number in range(line, 0, -1) if begins.match(lines[number - 1])), line)


def _defined_at(first: int, lines: list[str]) -> ast.stmt:
    """The statement that begins at this line, at its own place in the file.

    It keeps its indentation: the columns of a code object are compared too, and texts over several lines would change.
    """
    block = "".join(inspect.getblock(lines[first - 1 :]))
    indented = block[:1].isspace()
    tree = ast.parse("if True:\n" + block if indented else block)
    found: Any = tree.body[0]
    node: ast.stmt = found.body[0] if indented else found
    ast.increment_lineno(node, first - 2 if indented else first - 1)
    return node


def _wrapped(node: ast.stmt, outer: list[str], free: tuple[str, ...]) -> ast.stmt:
    """The statement within classes and functions named as its own are; the outermost function binds its free names."""
    inner = node
    for index in reversed(range(len(outer))):
        name, is_function = outer[index], outer[index + 1 : index + 2] == ["<locals>"]
        if name == "<locals>":
            continue
        kind = "def {}(): pass" if is_function else "class {}: pass"
        scope: Any = ast.parse(kind.format(name)).body[0]
        scope.body = [inner]
        if is_function and "<locals>" not in outer[:index]:
            scope.body = [*(ast.parse(f"{name} = 0").body[0] for name in free if name != "__class__"), inner]
        inner = scope
    return inner


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _nested(constant)


def _same(one: types.CodeType, other: types.CodeType) -> bool:
    return _signature(one) == _signature(other) and _constants(one) == _constants(other)


def _signature(code: types.CodeType) -> tuple[object, ...]:
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return code.co_qualname, code.co_firstlineno, code.co_code, code.co_linetable, code.co_exceptiontable, names


def _constants(code: types.CodeType) -> list[str]:
    return [_constant(item) for item in code.co_consts]


def _constant(item: object) -> str:
    """Sets have no order: one from a cached file and one compiled anew may list their members differently."""
    if isinstance(item, types.CodeType):
        return repr((_signature(item), _constants(item)))
    if isinstance(item, frozenset):
        return repr(sorted(map(_constant, item)))
    return f"({', '.join(map(_constant, item))})" if isinstance(item, tuple) else repr(item)
