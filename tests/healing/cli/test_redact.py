from __future__ import annotations

from pathlib import Path

from tests.healing.cli.conftest import Run

SECRET = "postgresql://app:s3cr3tpassw0rd@db/app refused"


def test_standard_input_is_printed_without_its_secrets(run: Run) -> None:
    result = run("redact", input=f"{SECRET}\nand more\n")

    assert result.exit_code == 0
    assert "s3cr3t" not in result.output
    assert "@db/app refused\nand more\n" in result.output


def test_a_file_is_printed_without_its_secrets(run: Run, tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text(SECRET)

    result = run("redact", str(tmp_path / "log.txt"))

    assert result.exit_code == 0
    assert "s3cr3t" not in result.output


def test_a_file_that_is_not_there_is_wrong_usage(run: Run) -> None:
    result = run("redact", "nowhere.txt")

    assert result.exit_code == 2
    assert "nowhere.txt" in result.output


def test_a_long_text_is_printed_to_its_end(run: Run) -> None:
    result = run("redact", input="all is well\n" * 5_000 + f"{SECRET}\nthe end\n")

    assert result.output.count("all is well\n") == 5_000
    assert "s3cr3t" not in result.output
    assert result.output.endswith("the end\n")


def test_the_settings_keys_and_leave_for_personal_data_count(run: Run) -> None:
    text = '{"shoe_size": "44 and a half", "to": "ada@example.org"}'

    result = run("redact", input=text, HEALING_REDACT_KEYS="shoe_size", HEALING_REDACT_PERSONAL_DATA="no")

    assert "44" not in result.output
    assert "ada@example.org" in result.output
