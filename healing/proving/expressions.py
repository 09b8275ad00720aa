"""Walks an expression that may have run, with the objects that its names stood for, and says what comes of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any

from healing.proving.calls import Calls
from healing.proving.kinds import (
    ANYTHING,
    DATA,
    HELD,
    NEW_DATA,
    Kind,
    defined,
    joined,
    operands,
    shown,
    works_quietly,
)
from healing.proving.reach import COMPREHENSIONS, Binding, Reach
from healing.proving.sessions import READ, Session, is_column
from healing.proving.source import Unclear
from healing.proving.values import (
    CONTAINERS,
    NOTHING,
    SCALARS,
    VIEWS,
    has_quiet_truth,
    is_container,
    is_inert,
    is_inert_class,
    is_plain,
    static,
)


class Expressions:
    """Raises Unclear at the first thing that may have had an effect."""

    def __init__(self, reach: Reach, frame: FrameType, session: Session) -> None:
        self.reach, self.session = reach, session
        self.locals, self.globals, self.builtins = frame.f_locals, frame.f_globals, frame.f_builtins
        self.names = {*frame.f_code.co_varnames, *frame.f_code.co_cellvars}
        self.calls = Calls(self, session)
        self.mixed = False
        """Whether something else than plain data was put into a container of the function's own."""
        self._known: dict[ast.AST, Kind] = {}
        self._inner: dict[str, Kind] = {}
        self._pending: set[str] = set()
        self._guessed = False

    def kind(self, node: ast.AST) -> Kind:
        if self._inner:
            return self._worked_out(node)
        found = self._known.get(node)
        return self._remembered(node) if found is None else found

    def _remembered(self, node: ast.AST) -> Kind:
        """Worked out, and kept unless a name within its own definition had to be guessed."""
        guessed, self._guessed = self._guessed, False
        try:
            found = self._worked_out(node)
            if not self._guessed:
                self._known[node] = found
            return found
        finally:
            self._guessed |= guessed

    def _worked_out(self, node: ast.AST) -> Kind:
        visit = _VISITS.get(type(node))
        if visit is None:
            raise Unclear("contains what is not looked into", node)
        found: Kind = getattr(self, visit)(node)
        return found

    def forget(self) -> None:
        """Work everything out anew: something else than plain data was put into a container."""
        self._known.clear()

    def release(self) -> None:
        del self.calls

    def _constant(self, node: ast.Constant) -> Kind:
        return Kind(node.value, plain=True, fresh=True)

    def name(self, node: ast.Name) -> Kind:
        name = node.id
        if name in self._inner:
            return self._inner[name]
        if name in self.names and name not in self.reach.outer:
            return self._local(name)
        for place in (self.locals, self.globals, self.builtins):
            if name in place:
                return self._of_value(place[name])
        return ANYTHING

    def _local(self, name: str) -> Kind:
        bindings = self.reach.bindings.get(name, ())
        if name not in self.locals and name not in self.reach.parameters and _are_handlers(bindings):
            return joined(*[self._bound(name, binding) for binding in bindings])
        given = (Binding(ast.Pass(), repeated=False),) if name in self.reach.parameters else ()
        if len(bindings) + len(given) == 1 and not any(binding.repeated for binding in bindings):
            known = self._of_value(self.locals.get(name, NOTHING))
            return known if given else self._own(defined(known, self._bound(name, bindings[0])))
        kinds = [self._bound(name, binding) for binding in (*given, *bindings)]
        return self._own(replace(joined(*kinds), value=NOTHING, quiet=False))

    def _own(self, kind: Kind) -> Kind:
        """A container of the function's own may have held more than it does at the end."""
        container = kind.fresh if kind.value is NOTHING else is_container(kind.value)
        if not self.mixed or not container:
            return kind
        return Kind(fresh=kind.fresh, held=kind.held, walkable=kind.walkable or is_container(kind.value))

    def _bound(self, name: str, binding: Binding) -> Kind:
        """What a name may stand for, by what was assigned to it; a name within its own definition adds nothing."""
        if name in self._pending:
            self._guessed = True
            return Kind(plain=True, fresh=True, held=True, walkable=True, quiet=True)
        self._pending.add(name)
        try:
            return self._of_binding(binding.node)
        except Unclear:
            return ANYTHING
        finally:
            self._pending.discard(name)

    def _of_binding(self, node: ast.AST) -> Kind:
        if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            return self.kind(node.value)
        if isinstance(node, ast.NamedExpr | ast.AnnAssign) and node.value is not None:
            return self.kind(node.value)
        if isinstance(node, ast.AugAssign):
            return Kind(plain=self.kind(node.value).plain, fresh=True)
        if isinstance(node, ast.For | ast.comprehension):
            return self.elements(self.kind(node.iter), node.iter)
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            return Kind(quiet=self._catches_quiet(node.type))
        if isinstance(node, ast.withitem) and self.kind(node.context_expr).held:
            return HELD
        return ANYTHING

    def _catches_quiet(self, node: ast.expr) -> bool:
        """Whether the text of a caught error, whose name is gone after its handler, comes from no code of the app."""
        classes = node.elts if isinstance(node, ast.Tuple) else [node]
        return all(is_inert_class(self.kind(cls).value) for cls in classes)

    def _of_value(self, value: Any) -> Kind:
        if value is NOTHING:
            return ANYTHING
        if self.session.is_it(value):
            return Kind(value, held=True)
        return Kind(value, plain=is_plain(value), fresh=type(value) in SCALARS)

    def _attribute(self, node: ast.Attribute) -> Kind:
        base = self.kind(node.value)
        if base.value is not NOTHING:
            return self._attribute_of(base, node)
        if base.held and node.attr in READ:
            return HELD
        if base.plain:
            return DATA
        raise Unclear(f"reads {shown(node)}, which may run code", node)

    def _attribute_of(self, base: Kind, node: ast.Attribute) -> Kind:
        found = static(base.value, node.attr)
        if found is not NOTHING:
            return self._of_value(found)
        if base.plain or type(base.value).__module__.startswith(("sqlalchemy.sql", "sqlalchemy.orm")):
            return DATA
        if base.held and is_column(base.value, node.attr):
            return ANYTHING
        raise Unclear(f"reads {shown(node)}, which may run code", node)

    def _subscript(self, node: ast.Subscript) -> Kind:
        base, key = self.kind(node.value), self.operable(node.slice)
        if base.held:
            return HELD
        if type(base.value) in CONTAINERS and key.value is not NOTHING and type(key.value) in SCALARS:
            try:
                return self._of_value(base.value[key.value])
            except LookupError:
                return ANYTHING
        if base.plain:
            return DATA
        if type(base.value) in CONTAINERS or isinstance(base.value, type):
            return ANYTHING
        raise Unclear(f"reads {shown(node)}, which may run code", node)

    def operable(self, node: ast.expr) -> Kind:
        """The kind of an operand; Unclear where an operator on it may run somebody's code."""
        kind = self.kind(node)
        if works_quietly(kind):
            return kind
        raise Unclear(f"works on {shown(node)}, which may run code", node)

    def truth(self, node: ast.AST) -> Kind:
        """The kind of what is tested; Unclear where asking it whether it is true may run somebody's code."""
        if isinstance(node, ast.BoolOp):
            return joined(*[self.truth(part) for part in node.values])
        kind = self.kind(node)
        if works_quietly(kind) or (kind.value is not NOTHING and has_quiet_truth(kind.value)):
            return kind
        raise Unclear(f"tests {shown(node)}, which may run code", node)

    def keyword(self, node: ast.keyword) -> Kind:
        kind = self.kind(node.value)
        return self.elements(kind, node.value) if node.arg is None else kind

    def _unary(self, node: ast.UnaryOp) -> Kind:
        if isinstance(node.op, ast.Not):
            self.truth(node.operand)
            return NEW_DATA
        return self._operation(node)

    def _operation(self, node: ast.expr) -> Kind:
        kinds = [self.operable(part) for part in operands(node)]
        return NEW_DATA if all(kind.plain for kind in kinds) else Kind(quiet=True)

    def _answer(self, node: ast.expr) -> Kind:
        """An operation that gives a text or a truth value, whatever it works on."""
        self._operation(node)
        return NEW_DATA

    def _identity(self, node: ast.Compare) -> Kind:
        if all(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops):
            for part in (node.left, *node.comparators):
                self.kind(part)
            return NEW_DATA
        return self._answer(node)

    def _either(self, node: ast.BoolOp) -> Kind:
        return joined(*[self.truth(part) for part in node.values[:-1]], self.kind(node.values[-1]))

    def _conditional(self, node: ast.IfExp) -> Kind:
        self.truth(node.test)
        return joined(self.kind(node.body), self.kind(node.orelse))

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Kind:
        kinds = [self.member(part, hashed=isinstance(node, ast.Set)) for part in node.elts]
        return _collected(kinds)

    def member(self, node: ast.expr, *, hashed: bool = False) -> Kind:
        if isinstance(node, ast.Starred):
            return self.elements(self.kind(node.value), node.value)
        return self.operable(node) if hashed else self.kind(node)

    def _mapping(self, node: ast.Dict) -> Kind:
        keys = [self.operable(key) for key in node.keys if key is not None]
        values = [self.kind(value) for value in node.values]
        spread = [value for key, value in zip(node.keys, values, strict=True) if key is None]
        for kind in spread:
            self.elements(kind, node)
        return _collected([*keys, *values])

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Kind:
        with self._names_within():
            for generator in node.generators:
                if generator.is_async:
                    raise Unclear("iterates over what has to be awaited", node)
                self._bind(generator.target, self.elements(self.kind(generator.iter), generator.iter))
                for condition in generator.ifs:
                    self.truth(condition)
            results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            kinds = [self.kind(result) for result in results]
        return _collected(kinds)

    @contextmanager
    def _names_within(self) -> Iterator[None]:
        outside = dict(self._inner)
        try:
            yield
        finally:
            self._inner = outside

    def _bind(self, target: ast.expr, kind: Kind) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self._inner[node.id] = Kind(plain=kind.plain, held=kind.held)

    def elements(self, kind: Kind, node: ast.AST) -> Kind:
        """The kind of what iterating gives; Unclear where iterating may use something up or run code."""
        if kind.held:
            return HELD
        if kind.plain:
            return DATA
        if kind.walkable or type(kind.value) in CONTAINERS or type(kind.value) in VIEWS:
            return ANYTHING
        raise Unclear(f"iterates over {shown(node)}, which may be used up or run code", node)

    def _lambda(self, node: ast.Lambda) -> Kind:
        for default in [*node.args.defaults, *(item for item in node.args.kw_defaults if item)]:
            self.kind(default)
        return ANYTHING

    def of_lambda(self, node: ast.Lambda, *, plain: bool) -> None:
        """That running its body has no effect, given parameters that are plain data, or anything."""
        with self._names_within():
            for parameter in ast.walk(node.args):
                if isinstance(parameter, ast.arg):
                    self._inner[parameter.arg] = Kind(plain=plain)
            self.kind(node.body)

    def _await(self, node: ast.Await) -> Kind:
        if isinstance(node.value, ast.Call):
            return self.calls.call(node.value)
        raise Unclear(f"awaits {shown(node.value)} before the failing step", node)

    def _yield(self, node: ast.expr) -> Kind:
        raise Unclear("gives an item before the failing step", node)

    def _format(self, node: ast.FormattedValue) -> Kind:
        if node.format_spec is not None:
            self.kind(node.format_spec)
        self.operable(node.value)
        return NEW_DATA

    def _walrus(self, node: ast.NamedExpr) -> Kind:
        kind = self.kind(node.value)
        self.check_name(node.target)
        return kind

    def check_name(self, target: ast.Name) -> None:
        """That binding the name changes nothing outside the function."""
        if target.id in self.reach.outer or target.id not in self.names:
            raise Unclear(f"changes {target.id} outside the function", target)

    def _call(self, node: ast.Call) -> Kind:
        return self.calls.call(node)


def _are_handlers(bindings: tuple[Binding, ...]) -> bool:
    return bool(bindings) and all(isinstance(binding.node, ast.ExceptHandler) for binding in bindings)


def _collected(members: list[Kind]) -> Kind:
    """A new container with these members."""
    quiet = all(kind.plain or (kind.value is not NOTHING and is_inert(kind.value)) for kind in members)
    return Kind(plain=all(kind.plain for kind in members), fresh=True, walkable=True, quiet=quiet)


_VISITS: dict[type[ast.AST], str] = {
    ast.Constant: "_constant",
    ast.Name: "name",
    ast.Attribute: "_attribute",
    ast.Subscript: "_subscript",
    ast.Slice: "_operation",
    ast.BinOp: "_operation",
    ast.UnaryOp: "_unary",
    ast.Compare: "_identity",
    ast.BoolOp: "_either",
    ast.IfExp: "_conditional",
    ast.List: "_sequence",
    ast.Tuple: "_sequence",
    ast.Set: "_sequence",
    ast.Dict: "_mapping",
    ast.JoinedStr: "_answer",
    ast.FormattedValue: "_format",
    ast.Lambda: "_lambda",
    ast.Await: "_await",
    ast.Yield: "_yield",
    ast.YieldFrom: "_yield",
    ast.NamedExpr: "_walrus",
    ast.Call: "_call",
    **dict.fromkeys(COMPREHENSIONS, "_comprehension"),
}
