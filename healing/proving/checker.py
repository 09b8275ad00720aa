"""Walks what may have run in one frame before its failing step, and stops at the first effect."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from types import FrameType
from typing import Any

from healing.proving.effects import MANAGERS, Harmless, judge
from healing.proving.expressions import Expressions
from healing.proving.kinds import ANYTHING, Kind, operands, shown
from healing.proving.reach import Reach
from healing.proving.sessions import Session, is_column
from healing.proving.source import Unclear
from healing.proving.values import CONTAINERS, NOTHING, code_entered, static

QUIET_STATEMENTS = (ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom)
_PLAIN_SETATTR = static(object, "__setattr__")
LEAVING = (ast.Return, ast.Raise)


class Checker:
    """Raises Unclear at the first thing that may have had an effect."""

    def __init__(self, reach: Reach, frame: FrameType, session: Session) -> None:
        self.reach = reach
        self.expressions = Expressions(reach, frame, session)
        self.calls = self.expressions.calls

    def check(self) -> Any:
        """Returns the object that the failing step called; NOTHING where the step is no call or is not known."""
        callee = self._pass()
        if not self.expressions.mixed:
            return callee
        self.expressions.forget()
        return self._pass()

    def release(self) -> None:
        """Let the frame's values go at once, rather than when the garbage collector finds the circle they hang on."""
        self.expressions.release()

    def _pass(self) -> Any:
        for manager in self.reach.managers:
            self._manager(manager)
        for node in self.reach.ran:
            self._ran(node)
        return self._failing(self.reach.failing)

    def _ran(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            self._statement(node)
        elif isinstance(node, ast.ExceptHandler):
            self._handler(node)
        elif isinstance(node, ast.keyword):
            self.expressions.keyword(node)
        elif node in self.reach.tested:
            self.expressions.truth(node)
        else:
            self.expressions.kind(node)

    def _failing(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Await):
            node = node.value
        if isinstance(node, ast.Raise):
            self._raise(node)
            return NOTHING
        if not isinstance(node, ast.Call):
            for part in operands(node):
                self.expressions.kind(part)
            return NOTHING
        arguments = self.calls.arguments(node)
        callee = self.calls.callee(node.func)
        if judge(callee) in {Harmless.COMPUTES, Harmless.COLLECTS, Harmless.PICKS}:
            self.calls.take(node, arguments)
        if code_entered(callee) is None:
            self.calls.check_once(node, arguments)
        return callee

    def _statements(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, QUIET_STATEMENTS):
            return
        visit = _VISITS.get(type(node))
        if visit is None:
            raise Unclear("contains what is not looked into", node)
        getattr(self, visit)(node)

    def _plain_statement(self, node: ast.Expr | ast.Return) -> None:
        for part in operands(node):
            self.expressions.kind(part)

    def _assert(self, node: ast.Assert) -> None:
        self.expressions.truth(node.test)
        if node.msg is not None:
            self.expressions.kind(node.msg)

    def _raise(self, node: ast.Raise) -> None:
        for part in operands(node):
            raised = self.expressions.kind(part).value
            if isinstance(raised, type) and judge(raised) is None:
                raise Unclear(f"raises {shown(part)}, whose making may run code", node)

    def _assign(self, node: ast.Assign | ast.AnnAssign) -> None:
        if node.value is None:
            return
        kind = self.expressions.kind(node.value)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            self._store(target, kind)

    def _augmented(self, node: ast.AugAssign) -> None:
        self.expressions.operable(node.value)
        if not isinstance(node.target, ast.Name):
            self._store(node.target, ANYTHING)
            return
        kind = self.expressions.name(node.target)
        self.expressions.check_name(node.target)
        if node.target.id in self.reach.parameters or not (kind.plain and kind.fresh):
            raise Unclear(f"changes {shown(node.target)}", node)

    def _store(self, target: ast.expr, kind: Kind) -> None:
        if isinstance(target, ast.Name):
            self.expressions.check_name(target)
        elif isinstance(target, ast.Tuple | ast.List):
            member = self.expressions.elements(kind, target)
            for part in target.elts:
                self._store(part, member)
        elif isinstance(target, ast.Starred):
            self._store(target.value, kind)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            self._store_into(target, kind)

    def _store_into(self, target: ast.Attribute | ast.Subscript, kind: Kind) -> None:
        base = self.expressions.kind(target.value)
        if isinstance(target, ast.Subscript):
            self.expressions.operable(target.slice)
        if base.held and _takes_quietly(base, target):
            self.calls.needs_rollback = True
        elif not (base.fresh and _takes_quietly(base, target)):
            raise Unclear(f"changes {shown(target)}", target)
        self.expressions.mixed |= not kind.plain

    def _if(self, node: ast.If) -> None:
        self.expressions.truth(node.test)
        for branch in (node.body, node.orelse):
            left = bool(branch) and isinstance(branch[-1], LEAVING) and branch[-1] not in self.reach.guarded
            if not left:
                self._statements(branch)

    def _while(self, node: ast.While) -> None:
        self.expressions.truth(node.test)
        self._statements([*node.body, *node.orelse])

    def _for(self, node: ast.For) -> None:
        self._store(node.target, self.expressions.elements(self.expressions.kind(node.iter), node.iter))
        self._statements([*node.body, *node.orelse])

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        """A `with` that was left again: leaving the session's own transaction commits it."""
        for item in node.items:
            if self._manager(item.context_expr) and not shown(item.context_expr).endswith("begin_nested()"):
                raise Unclear(f"leaves `with {shown(item.context_expr)}`, which commits", node)
        self._statements(node.body)

    def _manager(self, node: ast.expr) -> bool:
        """Whether it is the session, or a transaction of it; Unclear where it is neither that nor harmless."""
        if isinstance(node, ast.Call):
            callee = self.calls.callee(node.func)
            if id(callee) in MANAGERS or judge(callee) is Harmless.TRUSTED:
                self.calls.arguments(node)
                return False
        if not self.expressions.kind(node).held:
            raise Unclear(f"enters `with {shown(node)}` before the failing step", node)
        self.calls.needs_rollback = True
        return True

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        self._statements(node.body)
        for handler in node.handlers:
            self._handler(handler)
        self._statements([*node.orelse, *node.finalbody])

    def _handler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.expressions.kind(node.type)
        self._statements(node.body)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if node.decorator_list:
            raise Unclear("decorates a function before the failing step", node)
        for default in [*node.args.defaults, *(item for item in node.args.kw_defaults if item)]:
            self.expressions.kind(default)


def _takes_quietly(base: Kind, target: ast.Attribute | ast.Subscript) -> bool:
    """Whether storing into a new object runs no code of its class."""
    if base.plain or type(base.value) in CONTAINERS:
        return True
    if base.value is NOTHING or isinstance(target, ast.Subscript):
        return base.walkable and isinstance(target, ast.Subscript)
    if is_column(base.value, target.attr):
        return static(type(base.value), "__setattr__") is _PLAIN_SETATTR
    described = hasattr(type(getattr(type(base.value), target.attr, None)), "__set__")
    return base.fresh and not described and static(type(base.value), "__setattr__") is _PLAIN_SETATTR


_VISITS: dict[type[ast.AST], str] = {
    **dict.fromkeys((ast.Expr, ast.Return), "_plain_statement"),
    ast.Assert: "_assert",
    ast.Raise: "_raise",
    **dict.fromkeys((ast.Assign, ast.AnnAssign), "_assign"),
    **dict.fromkeys((ast.With, ast.AsyncWith), "_with"),
    **dict.fromkeys((ast.Try, ast.TryStar), "_try"),
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef), "_function"),
    ast.AugAssign: "_augmented",
    ast.If: "_if",
    ast.While: "_while",
    ast.For: "_for",
}
