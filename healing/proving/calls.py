"""Calls that may have run: on plain data, on the declared session, or of what is known to be harmless."""

from __future__ import annotations

import ast
import types
from typing import TYPE_CHECKING, Any

from healing.proving.effects import Harmless, judge
from healing.proving.kinds import ANYTHING, HELD, NEW_DATA, Kind, shown, works_quietly
from healing.proving.sessions import (
    EXECUTING,
    METHODS,
    OF_RESULTS,
    STAYS_WITHIN,
    Session,
    is_mapped,
    is_of_database,
    is_text,
)
from healing.proving.source import Unclear
from healing.proving.values import CONTAINERS, NOTHING, checks_quietly, is_inert, static

if TYPE_CHECKING:
    from healing.proving.expressions import Expressions

MUTATORS = frozenset(
    {
        *("__delitem__", "__setitem__", "add", "append", "appendleft", "clear", "difference_update", "discard"),
        *("extend", "extendleft", "insert", "intersection_update", "move_to_end", "pop", "popitem", "popleft"),
        *("remove", "reverse", "rotate", "setdefault", "sort", "subtract", "symmetric_difference_update", "update"),
    }
)
"""Methods that change a builtin container."""

STORING = frozenset({"add", "append", "appendleft", "get", "insert", "pop", "setdefault"})
"""Methods of builtin containers that take anything without looking into it."""


class Calls:
    """`needs_rollback` tells that a call went to the session."""

    def __init__(self, expressions: Expressions, session: Session) -> None:
        self.expressions, self.session = expressions, session
        self.needs_rollback = False

    def call(self, node: ast.Call) -> Kind:
        arguments = self.arguments(node)
        if isinstance(node.func, ast.Attribute):
            found = self._method(node, node.func, arguments)
            if found is not None:
                return found
        callee = self.callee(node.func)
        if callee is not NOTHING and self.session.gives_it(callee):
            return HELD
        return self._result(node, judge(callee), arguments)

    def _method(self, node: ast.Call, function: ast.Attribute, arguments: list[Kind]) -> Kind | None:
        """A call on plain data, on the session or on SQL being put together; None where it is none of these."""
        base = self.expressions.kind(function.value)
        if base.plain or type(base.value) in CONTAINERS or (base.fresh and base.walkable and function.attr in STORING):
            return self._on_data(node, base, function.attr, arguments)
        if base.held and (base.value is NOTHING or is_of_database(base.value, function.attr)):
            return self._on_session(node, base, function.attr)
        if type(base.value).__module__.startswith(("sqlalchemy.sql", "sqlalchemy.orm.attributes")):
            return NEW_DATA
        return None

    def _result(self, node: ast.Call, harmless: Harmless | None, arguments: list[Kind]) -> Kind:
        plain = all(kind.plain for kind in arguments)
        if harmless is Harmless.TRUSTED:
            return Kind(quiet=True)
        if harmless in {Harmless.LOOKS, Harmless.CLASSIFIES, Harmless.TELLS}:
            self._look(node, harmless, arguments)
            return NEW_DATA
        if harmless is Harmless.BUILDS:
            return Kind(plain=_is_sql(self.callee(node.func)), fresh=True)
        if harmless is None and self.session.declared is not None and is_mapped(self.callee(node.func)):
            self.needs_rollback = True
            return Kind(fresh=True)
        if harmless is None:
            raise Unclear(f"calls {shown(node.func)}(...) before the failing step", node)
        self.take(node, arguments)
        if harmless is Harmless.COMPUTES:
            return NEW_DATA
        collects = harmless is Harmless.COLLECTS
        return Kind(plain=plain, fresh=collects, walkable=collects, quiet=True)

    def _look(self, node: ast.Call, harmless: Harmless | None, arguments: list[Kind]) -> None:
        """That a call which leaves what it is given alone, but for its class or its text, runs nobody's code."""
        if harmless is Harmless.TELLS and not all(map(works_quietly, arguments)):
            raise Unclear(f"writes what may run code by {shown(node.func)}(...)", node)
        if harmless is Harmless.CLASSIFIES and not all(self._checks_quietly(part) for part in node.args[1:]):
            raise Unclear(f"asks a class that may run code by {shown(node)}", node)

    def _checks_quietly(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Tuple):
            return all(self._checks_quietly(part) for part in node.elts)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._checks_quietly(node.left) and self._checks_quietly(node.right)
        value = self.expressions.kind(node).value
        classes = value if type(value) is tuple else value.__args__ if type(value) is types.UnionType else (value,)
        return all(cls is None or checks_quietly(cls) for cls in classes)

    def take(self, node: ast.Call, arguments: list[Kind]) -> None:
        """That the arguments let a builtin work on them without running anybody's code or using anything up."""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        for part, kind in zip(given, arguments, strict=True):
            fine = kind.plain or kind.held or kind.quiet
            if not fine and not self._harmless_argument(part, kind, arguments):
                raise Unclear(f"passes {shown(part)} to {shown(node.func)}(...), which may run code", node)

    def _harmless_argument(self, part: ast.expr, kind: Kind, others: list[Kind]) -> bool:
        if isinstance(part, ast.Lambda):
            self.expressions.of_lambda(part, plain=all(other.plain for other in others if other is not kind))
            return True
        value = kind.value
        if value is NOTHING:
            return False
        if callable(value):
            return judge(value) in {Harmless.COMPUTES, Harmless.LOOKS, Harmless.TELLS, Harmless.TRUSTED}
        return is_inert(value)

    def check_once(self, node: ast.Call, arguments: list[Kind]) -> None:
        """That native code, which leaves no frames, is given nothing that it could call more than once."""
        for part, kind in zip([*node.args, *(keyword.value for keyword in node.keywords)], arguments, strict=True):
            known = kind.plain or kind.held or kind.walkable or kind.value is not NOTHING
            if not known or (callable(kind.value) and judge(kind.value) is None):
                raise Unclear(f"passes {shown(part)} to {shown(node.func)}(...), which may call it repeatedly", node)

    def _on_session(self, node: ast.Call, base: Kind, name: str) -> Kind:
        allowed = METHODS if self.session.is_it(base.value) else OF_RESULTS
        statement = self._statement(node) if name in EXECUTING else None
        if name not in allowed or (statement is not None and STAYS_WITHIN.match(statement) is None):
            raise Unclear(f"calls {shown(node.func)}(...) before the failing step", node)
        self.needs_rollback = True
        return HELD

    def _statement(self, node: ast.Call) -> str | None:
        """The SQL text that is executed; None where it is no text but a construct of SQLAlchemy."""
        given = node.args[0] if node.args else None
        if isinstance(given, ast.Call) and is_text(self.callee(given.func)) and given.args:
            given = given.args[0]
        if isinstance(given, ast.JoinedStr):
            given = given.values[0] if given.values else None
        value = NOTHING if given is None else self.expressions.kind(given).value
        value = static(value, "text") if type(value).__name__ == "TextClause" else value
        return value if type(value) is str else "" if isinstance(given, ast.FormattedValue) else None

    def _on_data(self, node: ast.Call, base: Kind, name: str, arguments: list[Kind]) -> Kind:
        """A method of a builtin or standard value, by its name."""
        if name in MUTATORS and not base.fresh:
            raise Unclear(f"changes {shown(node.func)}(...) before the failing step", node)
        if name not in STORING:
            self.take(node, arguments)
        plain = all(kind.plain for kind in arguments)
        if name in MUTATORS and not plain:
            self.expressions.mixed = True
        if not (base.plain and plain):
            return ANYTHING
        return Kind(plain=True, fresh=name not in {"get", "pop", "popitem", "popleft", "setdefault"})

    def arguments(self, node: ast.Call) -> list[Kind]:
        kinds = [self.expressions.member(argument) for argument in node.args]
        return [*kinds, *map(self.expressions.keyword, node.keywords)]

    def callee(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Attribute):
            base = self.expressions.kind(node.value)
            return NOTHING if base.value is NOTHING else static(base.value, node.attr)
        return self.expressions.kind(node).value


def _is_sql(callee: Any) -> bool:
    return str(getattr(callee, "__module__", "")).startswith("sqlalchemy.")
