"""The ladder of imports: arrows point one way, and some never exist."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORBIDDEN = {
    "healing": {"db", "pages", "dashboard", "streamlit", "alembic", "pandas", "plotly"},
    "db": {"pages", "dashboard", "streamlit", "plotly"},
    "pages": {"sqlalchemy", "alembic", "dashboard"},
}
HEAVY = {"sqlalchemy", "pydantic", "huey", "click", "rich", "openai", "apprise"}


def modules(package: str) -> dict[str, Path]:
    paths = (ROOT / package).rglob("*.py")
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def imports(path: Path) -> Iterator[str]:
    """Every module named by an import anywhere in the file, `from a import b` giving both a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_at_start(path: Path) -> Iterator[str]:
    """The same for what runs when the module is imported: not in functions, not for type checkers alone."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_no_module_imports_what_lies_above_it(package: str) -> None:
    wrong = [
        f"{name} -> {target}"
        for name, path in modules(package).items()
        for target in imports(path)
        if target.partition(".")[0] in FORBIDDEN[package]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["healing", "db", "pages"])
def test_modules_import_each_other_without_a_circle(package: str) -> None:
    known = modules(package)
    packages = {name for name, path in known.items() if path.name == "__init__.py"}
    graph = {
        name: {target for target in imports_at_start(path) if target in known and target not in packages | {name}}
        for name, path in known.items()
    }
    graphlib.TopologicalSorter(graph).prepare()


def test_importing_healing_loads_nothing_heavy() -> None:
    code = "import healing, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert HEAVY & set(loaded) == set()


def test_settings_alone_read_the_environment() -> None:
    reads = re.compile(r"environ(\.get\(|\[)|getenv\(")
    readers = [
        name
        for name, path in modules("healing").items()
        if name != "healing.settings" and reads.search(path.read_text(encoding="utf-8"))
    ]
    assert readers == []
