"""Labelled groups of errors: each group is one problem, and no two groups are the same problem."""

from __future__ import annotations

from tests.corpus.fingerprints import (
    builtin_types,
    chains,
    code_shapes,
    concurrency,
    databases,
    formats,
    http_answers,
    iteration,
    mappers,
    names_and_calls,
    network,
    refusals,
    rules,
    validation,
    vendors,
)
from tests.corpus.fingerprints.model import Group

MODULES: tuple[tuple[str, tuple[Group, ...]], ...] = (
    ("builtin_types", builtin_types.GROUPS),
    ("names_and_calls", names_and_calls.GROUPS),
    ("code_shapes", code_shapes.GROUPS),
    ("iteration", iteration.GROUPS),
    ("databases", databases.GROUPS),
    ("mappers", mappers.GROUPS),
    ("network", network.GROUPS),
    ("refusals", refusals.GROUPS),
    ("http_answers", http_answers.GROUPS),
    ("vendors", vendors.GROUPS),
    ("validation", validation.GROUPS),
    ("formats", formats.GROUPS),
    ("chains", chains.GROUPS),
    ("concurrency", concurrency.GROUPS),
    ("rules", rules.GROUPS),
)
GROUPS: tuple[Group, ...] = tuple(group for _, groups in MODULES for group in groups)

__all__ = ["GROUPS", "MODULES", "Group"]
