"""From a code object and the instruction that failed to what may have run before it, in the function's own syntax tree.

Where the source is from, and that it is the code which ran, is the matter of `healing.proving.source`.
"""

from __future__ import annotations

import ast
import dis
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from healing.proving.source import Function, Unclear, tree_of

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)
SWALLOWING = (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)
TESTING = (ast.BoolOp, ast.IfExp, ast.Compare, ast.Assert)
"""What goes on to its next part by the truth of the one before."""
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
MOST_CACHED = 2048
CALL_WIDTH = 2
"""Code units from PRECALL, which Python 3.11 has before it, to CALL."""
PLAIN_STEPS = (
    *(
        "LOAD_ATTR",
        "LOAD_METHOD",
        "LOAD_NAME",
        "LOAD_GLOBAL",
        "LOAD_FAST",
        "LOAD_DEREF",
        "LOAD_ASSERTION",
        "LOAD_CLOSURE",
    ),
    *("BINARY_", "COMPARE_", "CONTAINS_", "UNARY_", "STORE_", "FORMAT_", "BUILD_", "UNPACK_", "LIST_", "DICT_", "SET_"),
)
"""Instructions that do one thing, at once."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a local name. `repeated`: within a loop, so that it may have happened often."""

    node: ast.AST
    repeated: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """What may have run in a function before (or, in handlers, after) the step that failed."""

    failing: ast.AST
    opname: str
    ran: tuple[ast.AST, ...]
    tested: frozenset[ast.AST]
    """Those of `ran` that were asked whether they are true."""
    managers: tuple[ast.expr, ...]
    """Context managers that are entered around the failing step, outermost first."""
    bindings: Mapping[str, tuple[Binding, ...]]
    outer: frozenset[str]
    """Names declared `global` or `nonlocal`."""
    parameters: frozenset[str]
    guarded: frozenset[ast.AST]
    """Nodes inside a `try` or `with`: what they raise, or return, may not have left the function yet."""

    @property
    def awaits(self) -> bool:
        return isinstance(self.failing, ast.Await)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What is kept of an `Unclear`: its traceback would keep the callers' frames alive."""

    why: str
    node: ast.AST | None


_cache: dict[tuple[types.CodeType, int, str], Reach | _Refusal] = {}


def reach(code: types.CodeType, lasti: int, module_globals: dict[str, Any]) -> Reach:
    """Raises Unclear; worked out once per place in the code."""
    key = (code, lasti, code.co_filename)
    found = _cache.get(key)
    if found is None:
        if len(_cache) >= MOST_CACHED:
            _cache.clear()
        found = _cache[key] = _worked_out(code, lasti, module_globals)
    if isinstance(found, _Refusal):
        raise Unclear(found.why, found.node)
    return found


def _worked_out(code: types.CodeType, lasti: int, module_globals: dict[str, Any]) -> Reach | _Refusal:
    try:
        return _Finder(tree_of(code, module_globals), code, lasti).found()
    except Unclear as unclear:
        return _Refusal(unclear.why, unclear.node)


class _Finder:
    """Finds the function, the failing node and the way between them."""

    def __init__(self, tree: ast.AST, code: types.CodeType, lasti: int) -> None:
        self.code, self.lasti = code, _instruction(code, lasti)
        self.positions = list(code.co_positions())
        self.where = self.positions[self.lasti // 2]
        self.opname = dis.opname[code.co_code[self.lasti]]
        self.function, self.path = self._located(tree)
        self.ran: list[ast.AST] = []
        self.tested: list[ast.AST] = []
        self.managers: list[ast.expr] = []

    def found(self) -> Reach:
        self._check_opcode()
        for parent, child in zip(self.path, self.path[1:], strict=False):
            self._step(parent, child)
        declared = [node for node in _inside(self.function) if isinstance(node, ast.Global | ast.Nonlocal)]
        return Reach(
            failing=self.path[-1],
            opname=self.opname,
            ran=tuple(self.ran),
            tested=frozenset(self.tested),
            managers=tuple(self.managers),
            bindings=_bindings(self.function),
            outer=frozenset(name for node in declared for name in node.names),
            parameters=frozenset(_parameters(self.function)),
            guarded=frozenset(_guarded(self.function)),
        )

    def _located(self, tree: ast.AST) -> tuple[Function, list[ast.AST]]:
        hits = [
            (node, path)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and self._begins(node)
            for path in [self._way(node)]
            if path is not None
        ]
        if len(hits) != 1:
            raise Unclear("the failing step cannot be located in its source")
        return hits[0]

    def _begins(self, node: Function) -> bool:
        if isinstance(node, ast.Lambda):
            return self.code.co_name == "<lambda>" and node.lineno == self.code.co_firstlineno
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        return node.name == self.code.co_name and first == self.code.co_firstlineno

    def _way(self, function: Function) -> list[ast.AST] | None:
        """From the function down to the node whose code failed; None where that is not exactly one."""
        ways = [way for way in _ways(function) if self._is_failing(way[-1])]
        deepest = max(ways, key=len, default=None)
        if deepest is None or any(way != deepest[: len(way)] for way in ways):
            return None
        return deepest

    def _is_failing(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.expr | ast.stmt):
            return False
        line, end_line, column, end_column = self.where
        if (node.end_lineno, node.end_col_offset) != (end_line, end_column):
            return False
        return (line, column) in {(node.lineno, node.col_offset), _start_of_name(node)}

    def _step(self, parent: ast.AST, child: ast.AST) -> None:
        """What of `parent` may have run, given that the failing step lies in `child`."""
        if isinstance(parent, ast.Try | ast.TryStar):
            self._step_try(parent, child)
        elif isinstance(parent, ast.With | ast.AsyncWith):
            self._step_with(parent, child)
        elif isinstance(parent, LOOPS):
            self._step_loop(parent, child)
        elif isinstance(parent, COMPREHENSIONS):
            if child is not parent.generators[0]:
                raise Unclear("runs in a loop, so an earlier round may have taken effect", parent)
        elif isinstance(parent, ast.If):
            self._step_if(parent, child)
        elif isinstance(parent, ast.Match):
            raise Unclear("runs in a match statement, which is not looked into", parent)
        elif isinstance(parent, SCOPES):
            self._siblings(parent.body if isinstance(parent.body, list) else [parent.body], child)
        else:
            earlier = _earlier(parent, child)
            self.ran.extend(earlier)
            if isinstance(parent, TESTING):
                self.tested.extend(earlier)

    def _step_try(self, node: ast.Try | ast.TryStar, child: ast.AST) -> None:
        if child in node.body:
            self._siblings(node.body, child)
            self.ran.extend([*node.handlers, *node.finalbody])
        elif child in node.handlers:
            self.ran.extend([*node.body, *node.finalbody])
        elif child in node.orelse:
            self.ran.extend([*node.body, *node.finalbody])
            self._siblings(node.orelse, child)
        else:
            self.ran.extend([*node.body, *node.handlers, *node.orelse])
            self._siblings(node.finalbody, child)

    def _step_with(self, node: ast.With | ast.AsyncWith, child: ast.AST) -> None:
        if child in node.body:
            self.managers.extend(item.context_expr for item in node.items)
            self._siblings(node.body, child)
            return
        at = next(index for index, item in enumerate(node.items) if item is child)
        self.managers.extend(item.context_expr for item in node.items[:at])

    def _step_loop(self, node: ast.AST, child: ast.AST) -> None:
        """The iterable of the loop is worked out once, before its first round."""
        if child is not getattr(node, "iter", None):
            raise Unclear("runs in a loop, so an earlier round may have taken effect", node)

    def _step_if(self, node: ast.If, child: ast.AST) -> None:
        if child is not node.test:
            self.ran.append(node.test)
            self.tested.append(node.test)
            self._siblings(node.body if child in node.body else node.orelse, child)

    def _siblings(self, body: list[Any], child: ast.AST) -> None:
        if child in body:
            self.ran.extend(body[: body.index(child)])

    def _check_opcode(self) -> None:
        """That the instruction is what its node stands for: leaving a `with` also bears the position of its call."""
        node, name = self.path[-1], self.opname
        if isinstance(node, ast.Call):
            fits = self._calls(self.lasti) and not self._leaves()
        else:
            fits = isinstance(node, ast.Await | ast.Raise) or name.startswith(PLAIN_STEPS)
        if not fits:
            raise Unclear("the failing step is no plain call", node)

    def _leaves(self) -> bool:
        """Whether a context manager is being entered or left, rather than made."""
        if not isinstance(self.path[-2], ast.withitem):
            return False
        calls = [2 * i for i, where in enumerate(self.positions) if where == self.where and self._calls(2 * i)]
        return self.lasti > calls[0] + 2 * CALL_WIDTH

    def _calls(self, offset: int) -> bool:
        return dis.opname[self.code.co_code[offset]].startswith(("CALL", "PRECALL"))


def _instruction(code: types.CodeType, lasti: int) -> int:
    """The beginning of the instruction: a call into Python leaves `lasti` at one of its inline caches."""
    while lasti > 0 and dis.opname[code.co_code[lasti]] == "CACHE":
        lasti -= 2
    return lasti


def _start_of_name(node: ast.AST) -> tuple[int, int] | None:
    """Where Python 3.12+ sets the beginning of a method call: at the method's name, if that is on a later line."""
    function = node.func if isinstance(node, ast.Call) else node
    if not isinstance(function, ast.Attribute) or function.end_col_offset is None or function.end_lineno is None:
        return None
    return function.end_lineno, function.end_col_offset - len(function.attr.encode())


def _ways(root: ast.AST) -> Iterator[list[ast.AST]]:
    stack = [[root]]
    while stack:
        way = stack.pop()
        yield way
        if len(way) == 1 or not isinstance(way[-1], SCOPES):
            stack.extend([*way, child] for child in ast.iter_child_nodes(way[-1]))


def _inside(function: ast.AST) -> Iterator[ast.AST]:
    return (way[-1] for way in _ways(function))


_ORDER: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Assign: ("value", "targets"),
    ast.AnnAssign: ("value", "target"),
    ast.NamedExpr: ("value",),
}
"""Fields in the order in which they are worked out, where that is not the order of the grammar."""


def _earlier(parent: ast.AST, child: ast.AST) -> list[ast.AST]:
    """The parts of an expression or simple statement that are worked out before `child`."""
    if isinstance(parent, ast.IfExp):
        return [] if child is parent.test else [parent.test]
    if isinstance(parent, ast.Dict):
        return _earlier_items(parent, child)
    if isinstance(parent, ast.Compare) and child not in {parent.left, parent.comparators[0]}:
        at = parent.comparators.index(child)  # type: ignore[arg-type]
        return [ast.copy_location(ast.Compare(parent.left, parent.ops[:at], parent.comparators[:at]), parent)]
    names = _ORDER.get(type(parent), parent._fields)
    return _before(child, [part for name in names for part in _parts(getattr(parent, name))])


def _earlier_items(parent: ast.Dict, child: ast.AST) -> list[ast.AST]:
    """The items before that of `child` as a display of their own, which looks into what is spread; and its key."""
    at = next(index for index, pair in enumerate(zip(parent.keys, parent.values, strict=True)) if child in pair)
    key = parent.keys[at]
    items = ast.copy_location(ast.Dict(parent.keys[:at], parent.values[:at]), parent)
    return [items] if key is None or key is child else [items, key]


def _parts(value: object) -> list[ast.AST]:
    values = value if isinstance(value, list) else [value]
    return [
        item for item in values if isinstance(item, ast.expr | ast.stmt | ast.keyword | ast.withitem | ast.match_case)
    ]


def _before(child: ast.AST, parts: list[ast.AST]) -> list[ast.AST]:
    return parts[: parts.index(child)]


def _parameters(function: Function) -> Iterator[str]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return (item.arg for item in named if item is not None)


def _guarded(function: Function) -> Iterator[ast.AST]:
    for way in _ways(function):
        if any(isinstance(node, SWALLOWING) for node in way[:-1]):
            yield way[-1]


def _bindings(function: Function) -> dict[str, tuple[Binding, ...]]:
    found: dict[str, tuple[Binding, ...]] = {}
    for way in _ways(function):
        names = [] if any(map(_only_annotates, way)) else _bound_names(way[-1])
        for name in names:
            repeated = any(isinstance(node, LOOPS) for node in way)
            found[name] = (*found.get(name, ()), Binding(_binder(way), repeated))
    return found


def _only_annotates(node: ast.AST) -> bool:
    return isinstance(node, ast.AnnAssign) and node.value is None


def _bound_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [node.id]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return [node.name] if node.name else []
    if isinstance(node, ast.MatchMapping):
        return [node.rest] if node.rest else []
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    return [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else []


def _binder(way: list[ast.AST]) -> ast.AST:
    """The statement or expression that gives a name its value."""
    kinds = ast.stmt | ast.NamedExpr | ast.comprehension | ast.withitem | ast.ExceptHandler
    return next(node for node in reversed(way) if isinstance(node, kinds))
