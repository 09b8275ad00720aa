from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import healing
from healing import ConfigurationError, Mode, runtime, self_healing
from healing.settings import NAMES, Settings, load, resolve
from healing.wrapped import operations

README = Path(__file__).parents[2] / "docs" / "settings.md"


def test_without_anything_the_defaults_hold() -> None:
    assert resolve({}, None, {}) == Settings()


def test_environment_goes_over_file_and_code_over_both(tmp_path: Path) -> None:
    path = tmp_path / "healing.toml"
    path.write_text('release = "file"\nenvironment = "file"\nmode = "observe"\n')
    found = resolve({"HEALING_RELEASE": "env", "HEALING_ENVIRONMENT": "env"}, path, {"release": "code"})
    assert (found.release, found.environment, found.mode) == ("code", "env", Mode.OBSERVE)
    assert {name: found.origins[name] for name in ("release", "environment", "mode", "spool_dir")} == {
        "release": "configure()",
        "environment": "environment",
        "mode": "healing.toml",
        "spool_dir": "default",
    }


def test_an_empty_variable_counts_as_unset() -> None:
    assert resolve({"HEALING_RELEASE": ""}, None, {}).release == ""


@pytest.mark.parametrize("url", ["postgresql://host/db", "postgres://host/db", "postgresql+psycopg://host/db"])
def test_every_spelling_of_postgresql_uses_one_driver(url: str) -> None:
    assert resolve({}, None, {"database_url": url}).database_url == "postgresql+psycopg://host/db"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"HEALING_MOD": "off"}, "did you mean HEALING_MODE"),
        ({"HEALING_XYZ": "1"}, "known are database_url"),
        ({"HEALING_MODE": "of"}, "HEALING_MODE (environment): must be heal, observe or off"),
        ({"HEALING_DATABASE_URL": "mysql://x"}, "must start with sqlite:/// or postgresql://"),
        ({"HEALING_DATABASE_URL": "postgresql://host:abc/db"}, "HEALING_DATABASE_URL (environment): Port"),
        ({"HEALING_SPOOL_MAX_MB": "0"}, "1 or more"),
        ({"HEALING_PATTERN_HALF_LIFE_DAYS": "-1"}, "above 0"),
        ({"HEALING_REDACT_PERSONAL_DATA": "maybe"}, "true or false"),
        ({"HEALING_MODES": "orders=of"}, "must be heal, observe or off"),
    ],
)
def test_a_wrong_variable_is_named_with_the_remedy(environ: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        resolve(environ, None, {})
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mode = ", "not valid TOML"),
        ("relase = 'x'", "did you mean release?"),
        ("release = 3", "must be text"),
        ("modes = 3", "must map sources to modes"),
        ("spool_dir = 3", "must be a path"),
        ("redact_keys = [3]", "must be text"),
        ("redact_patterns = [3]", "setting redact_patterns (healing.toml): must be an expression"),
        ("redact_patterns = ['(?=x)y']", "'(?=x)y' is no expression that RE2 knows"),
        ("redact_patterns = {'A b' = 'x'}", "'A b' is no kind"),
    ],
)
def test_a_wrong_file_is_named_with_the_remedy(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "healing.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        resolve({}, path, {})
    assert said in str(raised.value)
    assert "healing.toml" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("redact_personal_data", "no", False),
        ("redact_personal_data", "On", True),
        ("redact_keys", "pin, birth_name", ("pin", "birth_name")),
        ("redact_patterns", "ab{1,3}\n\n c|d ", (("declared", "ab{1,3}"), ("declared", "c|d"))),
        ("modes", "orders=observe,billing=off", {"orders": Mode.OBSERVE, "billing": Mode.OFF}),
        ("spool_max_mb", "64", 64),
        ("pattern_half_life_days", "1.5", 1.5),
        ("spool_dir", "/var/spool/healing", Path("/var/spool/healing")),
    ],
)
def test_values_from_the_environment_are_parsed(name: str, text: str, value: Any) -> None:
    assert getattr(resolve({f"HEALING_{name.upper()}": text}, None, {}), name) == value


def test_a_table_of_modes_comes_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "healing.toml"
    path.write_text('redact_personal_data = false\n[modes]\norders = "observe"\n')
    assert resolve({}, path, {}).modes == {"orders": Mode.OBSERVE}


def test_patterns_come_from_the_file_as_a_list_or_a_table_of_kinds(tmp_path: Path) -> None:
    path = tmp_path / "healing.toml"
    path.write_text("redact_patterns = ['a+', 'b+']")
    assert resolve({}, path, {}).redact_patterns == (("declared", "a+"), ("declared", "b+"))
    path.write_text("[redact_patterns]\nemployee_id = 'E-(?P<secret>\\d+)'\n")
    assert resolve({}, path, {}).redact_patterns == (("employee_id", r"E-(?P<secret>\d+)"),)


def test_load_looks_into_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "healing.toml").write_text('release = "1.2"')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEALING_ENVIRONMENT", "staging")
    assert (load().release, load().environment) == ("1.2", "staging")


def test_every_setting_is_in_the_reference() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in NAMES if f"HEALING_{name.upper()}" not in text] == []


def test_configure_reaches_functions_that_were_wrapped_before(tmp_path: Path) -> None:
    @self_healing(source="configured.later")
    def fetch() -> int:
        return 1

    try:
        settings = healing.configure(mode="observe", spool_dir=tmp_path / "spool")
        assert settings.mode is Mode.OBSERVE
        assert operations()["configured.later"].mode is Mode.OBSERVE
        assert runtime.current().settings is settings
    finally:
        healing.configure(spool_dir=tmp_path / "spool")


def test_a_wrong_configure_changes_nothing(tmp_path: Path) -> None:
    before = healing.configure(spool_dir=tmp_path / "spool")
    with pytest.raises(ConfigurationError, match="did you mean release"):
        healing.configure(relase="2")
    assert runtime.settings() is before
