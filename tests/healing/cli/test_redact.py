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
    assert result.stdout.endswith("the end\n")


def test_the_settings_keys_and_leave_for_personal_data_count(run: Run) -> None:
    text = '{"shoe_size": "44 and a half", "to": "ada@example.org"}'

    result = run("redact", input=text, HEALING_REDACT_KEYS="shoe_size", HEALING_REDACT_PERSONAL_DATA="no")

    assert "44" not in result.stdout
    assert "ada@example.org" in result.output


def test_what_went_is_counted_on_standard_error(run: Run) -> None:
    result = run("redact", input=f"{SECRET}\n{SECRET}\nto ada@example.org, was [redacted:email]\n")

    assert result.stderr == "removed 3: password 2, email 1\n"
    assert "removed" not in result.stdout
    assert run("redact", "--no-summary", input=SECRET).stderr == ""
    assert run("redact", input="all is well").stderr == "nothing to remove\n"


def test_the_settings_patterns_count(run: Run) -> None:
    result = run("redact", input="order ABC-123 of ann\n", HEALING_REDACT_PATTERNS=r"order (?P<secret>[A-Z]+-\d+)")

    assert result.stdout == "order [redacted:declared] of ann\n"


def test_a_pattern_that_is_none_is_told_in_one_line(run: Run) -> None:
    result = run("redact", input="x", HEALING_REDACT_PATTERNS="(?=x)x")

    assert result.exit_code != 0
    assert "HEALING_REDACT_PATTERNS" in result.output
    assert "(?=x)x" in result.output
