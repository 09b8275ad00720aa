from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from healing.schema import SCHEMA_REVISION
from tests.healing.cli.conftest import Spawn


def test_upgrade_makes_the_tables_and_check_is_content_with_them(
    spawn: Spawn, database_url: str, elsewhere: Path
) -> None:
    (elsewhere / "db").mkdir()
    (elsewhere / "db" / "__init__.py").write_text("raise SystemExit('the user´s own package was imported')")

    upgrade = spawn("db", "upgrade", HEALING_DATABASE_URL=database_url)
    told, errors = upgrade.communicate(timeout=60)
    assert upgrade.returncode == 0, errors
    assert f"revision {SCHEMA_REVISION}" in told

    check = spawn("db", "check", HEALING_DATABASE_URL=database_url)
    told, errors = check.communicate(timeout=60)
    assert check.returncode == 0, errors
    assert "up to date" in told


def test_check_fails_where_tables_are_missing(spawn: Spawn, sqlite_url: str) -> None:
    process = spawn("db", "check", HEALING_DATABASE_URL=sqlite_url)

    _, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "healing db upgrade" in errors


def test_importing_healing_brings_no_package_named_db(spawn: Spawn, sqlite_url: str, elsewhere: Path) -> None:
    engine = sa.create_engine(sqlite_url)
    engine.connect().close()
    engine.dispose()
    process = spawn("db", "frobnicate", HEALING_DATABASE_URL=sqlite_url)

    _, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "No such command 'frobnicate'" in errors
