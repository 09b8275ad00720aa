"""Two functions with one source, where a worker could take one for the other."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from healing import queue, self_healing, testing
from healing.errors import DeclarationError
from healing.wrapped import operations


@pytest.fixture(autouse=True)
def active(sqlite_url: str) -> Iterator[None]:
    with testing.active(database_url=sqlite_url):
        yield
        queue.close()


def client(source: str, **declared: Any) -> Callable[[int], None]:
    @self_healing(source, **declared)
    def send(number: int) -> None:
        client_of.append((source, number))

    return send


client_of: list[tuple[str, int]] = []


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True)])
def test_two_living_functions_cannot_share_the_source_of_queued_calls(first: bool, second: bool) -> None:
    source = f"shared.{first}.{second}"
    acme = client(source, queue=first)
    registered = operations()[source]

    with pytest.raises(DeclarationError, match=f"{source}: two functions .* source= of its own"):
        client(source, queue=second)

    assert operations()[source] is registered
    assert registered.call is acme


def test_without_a_queue_the_later_of_two_functions_takes_the_source() -> None:
    first = client("shared.plain")
    second = client("shared.plain")

    assert operations()["shared.plain"].call is second
    assert first is not second


def test_a_function_that_is_gone_does_not_keep_its_source() -> None:
    client("shared.gone", queue=True)

    second = client("shared.gone", queue=True)

    assert operations()["shared.gone"].call is second


def test_a_function_that_only_a_cycle_holds_counts_as_gone() -> None:
    cycle: list[object] = [client("shared.cycle", queue=True)]
    cycle.append(cycle)
    del cycle

    second = client("shared.cycle", queue=True)

    assert operations()["shared.cycle"].call is second


def test_one_function_can_be_wrapped_twice_under_one_source() -> None:
    def send(number: int) -> None: ...

    first = self_healing("shared.twice", queue=True)(send)
    second = self_healing("shared.twice", queue=True)(send)

    assert operations()["shared.twice"].call is second is not first


MODULE = """
from healing import self_healing

@self_healing(source="shared.module", queue=True)
def send(number: int) -> None: ...
"""


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("healing_tasks", "healing_others"):
        (tmp_path / f"{name}.py").write_text(MODULE)
    yield tmp_path
    for name in ("healing_tasks", "healing_others"):
        sys.modules.pop(name, None)


def test_a_module_can_be_loaded_again(modules: Path) -> None:
    module = importlib.import_module("healing_tasks")
    earlier = module.send

    importlib.reload(module)

    assert operations()["shared.module"].call is module.send is not earlier


def test_two_modules_cannot_share_a_source(modules: Path) -> None:
    module = importlib.import_module("healing_tasks")

    with pytest.raises(DeclarationError, match=r"shared\.module: two functions"):
        importlib.import_module("healing_others")

    assert operations()["shared.module"].call is module.send
