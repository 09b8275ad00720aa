from __future__ import annotations

from pathlib import Path

import pytest
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
    assert errors == f"Error: {sqlite_url} has no tables yet: run `healing db upgrade`\n"


@pytest.mark.parametrize("action", ["check", "upgrade"])
def test_a_server_that_is_away_is_told_in_one_line(spawn: Spawn, action: str) -> None:
    process = spawn("db", action, HEALING_DATABASE_URL="postgresql://app:s3cr3t@127.0.0.1:1/app")

    told, errors = process.communicate(timeout=60)

    assert (process.returncode, told) == (1, "")
    assert errors.startswith("Error: the database of HEALING_DATABASE_URL cannot be used: ")
    assert errors.endswith("; run `healing doctor`\n")
    assert errors.count("\n") == 1
    assert "s3cr3t" not in errors


def test_importing_healing_brings_no_package_named_db(spawn: Spawn, sqlite_url: str, elsewhere: Path) -> None:
    engine = sa.create_engine(sqlite_url)
    engine.connect().close()
    engine.dispose()
    process = spawn("db", "frobnicate", HEALING_DATABASE_URL=sqlite_url)

    _, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "No such command 'frobnicate'" in errors
