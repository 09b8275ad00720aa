"""Fingerprints against the groups of `tests/corpus/fingerprints`, beside simpler ways of grouping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from benchmarks.scoring.halves import Half, belongs
from benchmarks.scoring.share import Share
from healing.fingerprint import fingerprint
from tests.corpus.fingerprints import GROUPS
from tests.corpus.fingerprints.model import Group


@dataclass(frozen=True, slots=True)
class Score:
    """`split`: groups whose occurrences got several fingerprints; `merged`: those that share one with another."""

    name: str
    split: Share
    merged: Share
    split_groups: tuple[str, ...]
    merged_groups: tuple[tuple[str, ...], ...]


def type_and_message(error: BaseException) -> Hashable:
    return type(error).__qualname__, str(error)


def type_and_line(error: BaseException) -> Hashable:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = traceback and (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
    return type(error).__qualname__, place


WAYS: dict[str, Callable[[BaseException], Hashable]] = {
    "healing": fingerprint,
    "type + message": type_and_message,
    "type + file and line": type_and_line,
}


def score(half: Half) -> list[Score]:
    groups = [group for group in GROUPS if belongs(group.name, half)]
    occurrences = {group.name: [make() for make in group.makes] for group in groups}
    return [_score(name, way, groups, occurrences) for name, way in WAYS.items()]


def _score(
    name: str,
    way: Callable[[BaseException], Hashable],
    groups: list[Group],
    occurrences: dict[str, list[BaseException]],
) -> Score:
    prints = {group.name: {way(error) for error in occurrences[group.name]} for group in groups}
    owners: dict[Hashable, set[str]] = defaultdict(set)
    for group, found in prints.items():
        for each in found:
            owners[each].add(group)
    split = tuple(sorted(group for group, found in prints.items() if len(found) > 1))
    shared = {tuple(sorted(those)) for those in owners.values() if len(those) > 1}
    merged = {group for those in shared for group in those}
    return Score(name, Share(len(split), len(groups)), Share(len(merged), len(groups)), split, tuple(sorted(shared)))
