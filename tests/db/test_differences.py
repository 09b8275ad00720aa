from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import Engine

from db import migrate
from db.__main__ import main
from healing.database import open_engine


@pytest.fixture
def upgraded(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def check(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    monkeypatch.setenv("HEALING_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    result = CliRunner().invoke(main, ["check"])
    return result.exit_code, result.stderr.splitlines()


def test_a_missing_table_is_named(upgraded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run(upgraded, "DROP TABLE audit_log")

    code, lines = check(upgraded, monkeypatch)

    assert code == 1
    assert lines[0] == "table audit_log is missing"
    assert "no upgrade mends this" in lines[-1]


def test_columns_and_indexes_are_named_with_their_table(upgraded: Engine) -> None:
    run(
        upgraded,
        "ALTER TABLE audit_log ADD COLUMN mood VARCHAR(9)",
        "ALTER TABLE audit_log DROP COLUMN actor",
        "CREATE INDEX ix_mood ON audit_log (mood)",
        "DROP INDEX ix_healing_events_occurred_at_id",
    )

    assert set(migrate.differences(upgraded)) == {
        "column mood of table audit_log is too many",
        "column actor of table audit_log is missing",
        "index ix_mood of table audit_log is too many",
        "index ix_healing_events_occurred_at_id of table healing_events is missing",
    }


def test_a_column_that_differs_is_told_with_both_sides(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    migrate.upgrade(engine)
    run(engine, "ALTER TABLE audit_log ALTER COLUMN actor DROP NOT NULL, ALTER COLUMN action TYPE TEXT")

    found = migrate.differences(engine)

    assert "column actor of table audit_log differs: nullable is True, needed is False" in found
    assert any(line.startswith("column action of table audit_log differs: type is TEXT, needed is ") for line in found)
    engine.dispose()


def test_an_empty_database_is_not_up_to_date(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(database_url)

    code, lines = check(engine, monkeypatch)

    assert code == 1
    assert lines == [f"Error: {engine.url} has no tables yet: run `healing db upgrade`"]
    engine.dispose()


def test_tables_without_a_revision_are_not_up_to_date(upgraded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run(upgraded, "DELETE FROM healing_schema_version")

    code, lines = check(upgraded, monkeypatch)

    assert code == 1
    assert lines == [lines[0]]
    assert "at revision none" in lines[0]


@pytest.mark.parametrize("action", ["check", "upgrade"])
def test_a_revision_that_this_version_does_not_know_is_one_line(
    upgraded: Engine, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    run(upgraded, "UPDATE healing_schema_version SET version_num = '9999'")
    monkeypatch.setenv("HEALING_DATABASE_URL", upgraded.url.render_as_string(hide_password=False))

    result = CliRunner().invoke(main, [action])

    assert result.exit_code == 1
    assert "9999" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALING_MOOD", "off")

    result = CliRunner().invoke(main, ["check"])

    assert result.exit_code == 2
    assert result.stderr == "Error: unknown setting HEALING_MOOD (environment); did you mean HEALING_MODE?\n"
