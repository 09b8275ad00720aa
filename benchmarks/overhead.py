"""What a wrapped call costs: `python -m benchmarks.overhead [--quick] [--json]`.

Trust the ratios, not the nanoseconds: all contenders take turns within each repeat, so that a busy machine
slows all alike. The ratio is the median over repeats of a contender's time by the baseline's in that repeat.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from statistics import median
from typing import TypeAlias

from rich.console import Console
from rich.table import Table

from benchmarks import contenders
from healing import testing

BARE_INTERPRETER = "bare interpreter"
IMPORTS = ("healing", "sqlalchemy", "pydantic", "tenacity", "stamina", "backoff")

Timer: TypeAlias = Callable[[], float]
"""One turn: seconds per call."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Times in microseconds per call; `ratio` is to the baseline."""

    name: str
    minimum_us: float
    median_us: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Effort:
    """How many turns each contender has, and how many calls a turn."""

    repeats: int
    calls: int
    failing_calls: int
    imports: int


THOROUGH = Effort(repeats=60, calls=2_000, failing_calls=200, imports=15)
QUICK = Effort(repeats=5, calls=1_000, failing_calls=20, imports=1)


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.overhead")
    parser.add_argument("--quick", action="store_true", help="a glance: some seconds, rough figures")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    arguments = parser.parse_args()
    results = measure(QUICK if arguments.quick else THOROUGH)
    if arguments.json:
        print(json.dumps(results, default=asdict))
    else:
        _show(results)


def measure(effort: Effort) -> dict[str, list[Figure]]:
    return {
        "success, sync": success(effort),
        "success, async": success_async(effort),
        "one failure, then success, no waits": failure(effort),
        "what is kept of an error, on the caller's thread": keeping(effort),
        "import": imports(effort),
    }


def success(effort: Effort) -> list[Figure]:
    timers = {name: _timer(call, effort.calls) for name, call in contenders.successes().items()}
    return _figures(timers, contenders.BASELINE, effort.repeats)


def success_async(effort: Effort) -> list[Figure]:
    with asyncio.Runner() as runner:
        calls = contenders.async_successes().items()
        timers = {name: _async_timer(runner, call, effort.calls) for name, call in calls}
        return _figures(timers, contenders.BASELINE, effort.repeats)


def failure(effort: Effort) -> list[Figure]:
    with testing.active() as recorder:
        timers = {name: _timer(call, effort.failing_calls) for name, call in contenders.failures().items()}
        timers["healing"] = _emptying(recorder.events, timers["healing"])
        return _figures(timers, contenders.BASELINE, effort.repeats)


def keeping(effort: Effort) -> list[Figure]:
    """The caller's part of capture and diagnosis; the unit is the text that `logging.exception` makes."""
    timers = {name: _timer(call, effort.failing_calls) for name, call in contenders.keepings().items()}
    return _figures(timers, contenders.FORMATTING, effort.repeats)


def imports(effort: Effort) -> list[Figure]:
    """Each in a new interpreter; the baseline is an import of nothing."""
    names = [name for name in IMPORTS if find_spec(name) is not None]
    timers = {BARE_INTERPRETER: _import_timer("pass")}
    timers |= {name: _import_timer(f"import {name}") for name in names}
    return _figures(timers, BARE_INTERPRETER, effort.imports)


def _figures(timers: Mapping[str, Timer], baseline: str, repeats: int) -> list[Figure]:
    turns: dict[str, list[float]] = {name: [] for name in timers}
    for _ in range(repeats):
        for name in random.sample(list(timers), len(timers)):
            turns[name].append(timers[name]())
    return [
        Figure(
            name=name,
            minimum_us=min(times) * 1e6,
            median_us=median(times) * 1e6,
            ratio=median(mine / theirs for mine, theirs in zip(times, turns[baseline], strict=True)),
        )
        for name, times in turns.items()
    ]


def _timer(call: Callable[[int, int], int], calls: int) -> Timer:
    def turn() -> float:
        started = time.perf_counter()
        for _ in range(calls):
            call(1, 2)
        return (time.perf_counter() - started) / calls

    return turn


def _async_timer(runner: asyncio.Runner, call: Callable[[int, int], Awaitable[int]], calls: int) -> Timer:
    async def turn() -> float:
        started = time.perf_counter()
        for _ in range(calls):
            await call(1, 2)
        return (time.perf_counter() - started) / calls

    return lambda: runner.run(turn())


def _emptying(events: list[testing.Recorded], timer: Timer) -> Timer:
    def turn() -> float:
        seconds = timer()
        events.clear()
        return seconds

    return turn


def _import_timer(statement: str) -> Timer:
    def turn() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        return time.perf_counter() - started

    return turn


def _show(results: Mapping[str, list[Figure]]) -> None:
    console = Console()
    for title, figures in results.items():
        table = Table("", "min", "median", "ratio", title=title, title_justify="left")
        for column in table.columns[1:]:
            column.justify = "right"
        for figure in sorted(figures, key=lambda each: each.ratio):
            times = _time(figure.minimum_us), _time(figure.median_us)
            table.add_row(figure.name, *times, f"{figure.ratio:.2f}")
        console.print(table)


def _time(microseconds: float) -> str:
    if microseconds < 1:
        return f"{microseconds * 1e3:.0f} ns"
    return f"{microseconds:.1f} us" if microseconds < 1e3 else f"{microseconds / 1e3:.1f} ms"


if __name__ == "__main__":
    main()
