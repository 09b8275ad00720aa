"""What is known of the value of an expression."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from healing.proving.values import NOTHING, is_inert

SHOWN = 60
"""Characters of source that a reason quotes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of an expression's value.

    `plain`: data through and through. `fresh`: made in this attempt, so that changing it changes nothing else.
    `held`: belongs to the declared session, so that a rollback takes changes back. `walkable`: iterating over it runs
    no code and uses nothing up. `quiet`: operators on it, and on its members, run no code of the app.
    """

    value: Any = NOTHING
    plain: bool = False
    fresh: bool = False
    held: bool = False
    walkable: bool = False
    quiet: bool = False


ANYTHING = Kind()
NEW_DATA = Kind(plain=True, fresh=True)
DATA = Kind(plain=True)
HELD = Kind(held=True)


def joined(*kinds: Kind) -> Kind:
    """What holds of a name by its value and by its definition, or of whichever of several it is."""
    values = {id(kind.value): kind.value for kind in kinds}
    only = next(iter(values.values())) if len(values) == 1 else NOTHING
    return Kind(
        value=only,
        plain=all(kind.plain for kind in kinds),
        fresh=all(kind.fresh for kind in kinds),
        held=all(kind.held for kind in kinds),
        walkable=all(kind.walkable for kind in kinds),
        quiet=all(kind.plain or kind.quiet for kind in kinds),
    )


def defined(known: Kind, bound: Kind) -> Kind:
    """A name that is assigned once: its value as it is, with what its definition says of where it came from."""
    return Kind(
        known.value,
        plain=known.plain,
        fresh=known.fresh or bound.fresh,
        held=known.held or bound.held,
        walkable=bound.walkable,
    )


def works_quietly(kind: Kind) -> bool:
    """Whether operators and `str` on it run nobody's code."""
    return kind.plain or kind.quiet or (kind.held if kind.value is NOTHING else is_inert(kind.value))


def shown(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def operands(node: ast.AST) -> list[ast.expr]:
    return [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
