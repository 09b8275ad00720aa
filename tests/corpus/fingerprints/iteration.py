"""Errors inside recursion, generators and coroutines."""

from __future__ import annotations

from typing import Any

from tests.corpus.fingerprints.model import (
    SYSTEM,
    VENV,
    App,
    Group,
    awaited,
    dispatched,
    retried,
    run,
    tasked,
    threaded,
)

TREES = App(
    "catalog.trees",
    "catalog/trees.py",
    """\
def root_of(node):
    return root_of(node["parent"])


def depth_of(node):
    return 1 + depth_of(node["parent"])


def is_open(node):
    return is_shut(node)


def is_shut(node):
    return is_open(node)


def weight(node):
    return node["grams"] + sum(weight(child) for child in node["children"])


def label(node):
    if node["children"]:
        return label(node["children"][-1])
    return node["grams"]


def read_rows(lines):
    for line in lines:
        key, value = line.split("=")
        yield key, value


def read_pairs(lines):
    for line in lines:
        key, value = line.split("=")
        yield key, value


def until_blank(lines):
    source = iter(lines)
    while True:
        line = next(source)
        if not line:
            return
        yield line


def prune(index):
    index = dict(index)
    for key in index:
        if index[key] is None:
            del index[key]


async def pages(cursor):
    while cursor is not None:
        yield cursor["items"]
        cursor = cursor["next"]


async def collect(cursor):
    return [page async for page in pages(cursor)]


async def first_page(cursor):
    return cursor["items"][0]["id"]
""",
)

CONSUMERS = App(
    "stream_kit.consume",
    "stream_kit/consume.py",
    """\
def drain(rows):
    found = []
    for row in rows:
        found.append(row)
    return found


def batched(rows, size=2):
    return [drain(rows) for _ in range(size)]
""",
)


def leaf(depth: int, **last: object) -> dict[str, Any]:
    node: dict[str, Any] = {"children": [], **last}
    for _ in range(depth):
        node = {"grams": 1, "children": [node]}
    return node


LOOP: dict[str, Any] = {"name": "loop"}
LOOP["parent"] = LOOP
RING: dict[str, Any] = {"name": "ring-2", "parent": {"name": "ring-1"}}
RING["parent"]["parent"] = RING

T1, T2, T3 = TREES.releases()
DRAIN = CONSUMERS.at(VENV)
DRAIN_TOO = CONSUMERS.at(SYSTEM)


def consume(lib: Any, rows: Any, lines: list[str]) -> object:
    return lib.drain(rows(lines))


GROUPS: tuple[Group, ...] = (
    Group(
        "endless_root_search",
        (run(T1.root_of, LOOP), threaded(T2.root_of, RING), retried(T3.root_of, LOOP), run(T3.root_of, RING)),
        ("endless_depth_search",),
        "A cycle among the parents; how deep the stack got is no difference.",
    ),
    Group(
        "endless_depth_search",
        (run(T1.depth_of, LOOP), tasked(T2.depth_of, RING), run(T3.depth_of, LOOP)),
        ("endless_root_search",),
        "Another recursive function that never ends.",
    ),
    Group(
        "endless_mutual_recursion",
        (run(T1.is_open, LOOP), threaded(T2.is_open, LOOP), retried(T3.is_open, RING)),
        (),
        "Two functions call each other without end; which of them is on top at the limit is chance.",
    ),
    Group(
        "node_without_weight",
        (
            run(T1.weight, leaf(0)),
            run(T2.weight, leaf(3)),
            threaded(T3.weight, leaf(9)),
            run(T3.weight, leaf(1, name="x")),
        ),
        ("node_without_label",),
        "A node lacks its weight, at whatever depth of the recursion.",
    ),
    Group(
        "node_without_label",
        (run(T1.label, leaf(0)), run(T2.label, leaf(4)), tasked(T3.label, leaf(7))),
        ("node_without_weight",),
        "The same key is missed by another recursive function.",
    ),
    Group(
        "row_without_equals_sign",
        (
            run(consume, DRAIN, T1.read_rows, ["a=1", "b"]),
            run(consume, DRAIN_TOO, T2.read_rows, ["", "c=1"]),
            run(consume, DRAIN, T3.read_rows, ["x"]),
        ),
        ("pair_without_equals_sign",),
        "The generator fails on a malformed line, whoever consumes it.",
    ),
    Group(
        "pair_without_equals_sign",
        (
            run(consume, DRAIN, T1.read_pairs, ["a=1", "b"]),
            run(consume, DRAIN_TOO, T2.read_pairs, [""]),
            run(consume, DRAIN_TOO, T3.read_pairs, ["k=v", "z"]),
        ),
        ("row_without_equals_sign",),
        "Another generator with the same loop.",
    ),
    Group(
        "generator_leaks_stop_iteration",
        (
            run(consume, DRAIN, T1.until_blank, ["a", "b"]),
            run(consume, DRAIN_TOO, T2.until_blank, []),
            run(consume, DRAIN, T3.until_blank, ["only"]),
        ),
        (),
        "The input ends without the blank line, and StopIteration leaves the generator.",
    ),
    Group(
        "pages_without_next",
        (
            awaited(T1.collect, {"items": [1]}),
            dispatched(T2.collect, {"items": [], "next": {"items": [2]}}),
            awaited(T3.collect, {"items": []}),
        ),
        ("first_page_incomplete",),
        "The asynchronous generator misses a field of its page.",
    ),
    Group(
        "first_page_incomplete",
        (
            awaited(T1.first_page, {"items": [{"sku": 1}]}),
            dispatched(T2.first_page, {"items": [{"name": "x"}]}),
            awaited(T3.first_page, {"items": [{}]}),
        ),
        ("pages_without_next",),
        "A coroutine of the same module misses a field.",
    ),
    Group(
        "index_changed_while_pruned",
        (
            run(T1.prune, {"a": None, "b": 1}),
            run(T2.prune, {"x": None, 2: 3, 4: 5}),
            threaded(T3.prune, {1: None, 2: None}),
        ),
        (),
        "Entries are deleted while the dictionary is iterated over.",
    ),
)
