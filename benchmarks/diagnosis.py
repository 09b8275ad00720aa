"""How well errors are diagnosed, grouped and redacted: `python -m benchmarks.diagnosis [--half …] [--misses] [--json]`.

Every figure is for the half of the corpora that rules and patterns were not written from, unless `--half` says
otherwise; `--misses` names the cases behind the figures, and only of the half that may be looked at.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.scoring import errors, fingerprints, redaction, speed
from benchmarks.scoring.halves import Half

PARTS = ("rules", "fingerprints", "redaction", "speed")


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.diagnosis")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be given again")
    parser.add_argument("--half", choices=[half.value for half in Half], default=Half.SCORED.value)
    parser.add_argument("--misses", action="store_true", help="name what went wrong in the half that may be looked at")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    arguments = parser.parse_args()
    parts, half = arguments.part or PARTS, Half(arguments.half)
    results: dict[str, Sequence[Any]] = {}
    if "rules" in parts:
        results["rules"] = errors.score(half)
    if "fingerprints" in parts:
        results["fingerprints"] = fingerprints.score(half)
    if "redaction" in parts:
        results["redaction"] = redaction.score(half)
    if "speed" in parts:
        results["speed"] = speed.score()
    if arguments.json:
        print(json.dumps(results, default=_figures))
    else:
        _show(Console(), results, half)
    if arguments.misses:
        _show_misses(Console(soft_wrap=True), parts)


def _figures(score: Any) -> dict[str, Any]:
    shown = {name: getattr(score, name) for name in score.__slots__}
    return {
        name: value
        for name, value in shown.items()
        if isinstance(value, (str, int, float, tuple)) and name not in _LONG
    }


_LONG = frozenset({"misses", "leaks", "spoiled"})


def _show(console: Console, results: dict[str, Sequence[Any]], half: Half) -> None:
    console.print(f"The {half} half of the corpora" if half is not Half.BOTH else "The whole corpora")
    if "rules" in results:
        _show_rules(console, results["rules"])
    if "fingerprints" in results:
        rows = [(score.name, score.split, score.merged) for score in results["fingerprints"]]
        _table(console, "Fingerprints", ("", "groups split", "groups merged"), rows)
    if "redaction" in results:
        found = [(score.name, score.left, score.kept, score.altered) for score in results["redaction"]]
        _table(console, "Redaction", ("", "secrets left", "useful parts kept", "harmless altered"), found)

    if "speed" in results:
        timed = [
            (score.name, f"{score.median_ms:.2f} ms", f"{score.worst_ms:.1f} ms", f"{score.ratio:.1f}")
            for score in results["speed"]
        ]
        _table(console, "What redaction costs", ("", "median", "worst", "times one re.sub"), timed)


def _show_rules(console: Console, scores: Sequence[errors.Score]) -> None:
    rows = [
        (score.name, score.category, score.transient, score.executed, score.first, score.harmful) for score in scores
    ]
    columns = ("", "category", "transient", "executed", "first choice", "harmful first choice")
    _table(console, f"Rules, {scores[0].cases} errors", columns, rows)
    confusion = scores[0].confusion
    if confusion:
        _confusion(console, confusion)


def _confusion(console: Console, confusion: Counter[tuple[str, str]]) -> None:
    rows = [(label, said, count) for (label, said), count in confusion.most_common()]
    _table(console, "Confused categories", ("label", "diagnosed as", "errors"), rows)


def _table(console: Console, title: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    table = Table(*columns, title=title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        table.add_row(*map(str, row))
    console.print(table)


def _show_misses(console: Console, parts: Sequence[str]) -> None:
    if "rules" in parts:
        for miss in errors.score(Half.LOOKED_AT)[0].misses:
            console.print(f"{miss.case.name}: {', '.join(miss.wrong)}: {miss.verdict}; {miss.case.why}", markup=False)
    if "fingerprints" in parts:
        ours = fingerprints.score(Half.LOOKED_AT)[0]
        console.print(f"split: {', '.join(ours.split_groups)}", markup=False)
        console.print(f"merged: {ours.merged_groups}", markup=False)
    if "redaction" in parts:
        found = redaction.score(Half.LOOKED_AT)[0]
        for leak in (*found.leaks, *found.spoiled):
            console.print(f"{leak.name}: left {leak.left}, lost {leak.lost}: {leak.shown}", markup=False)


if __name__ == "__main__":
    main()
