"""Every setting, in one typed place: `HEALING_*` in the environment, over `healing.toml`, over defaults.

`configure(...)` in code goes over all of them. An unknown name is an error that offers the nearest known one.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from healing.errors import ConfigurationError
from healing.expressions import compiled, labelled
from healing.vocabulary import Mode

PREFIX = "HEALING_"
MOST_BREADCRUMBS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Values are validated once, here; code within takes them as they are.

    `origins` tells for each name where its value came from: `default`, a file, `environment` or `configure()`.
    """

    database_url: str = "sqlite:///healing.db"
    mode: Mode = Mode.HEAL
    modes: Mapping[str, Mode] = field(default_factory=dict)
    """Modes of single sources, over `mode`. In `healing.toml` a table `[modes]`; in the environment `source=mode,…`."""
    spool_dir: Path = Path(".healing/spool")
    spool_max_mb: int = 512
    """Megabytes of undelivered events that this process keeps on disk while the database is away."""
    release: str = ""
    environment: str = ""
    capture_locals: bool = False
    """Keep the local variables of the application's innermost frames, redacted."""
    breadcrumbs: int = 0
    """How many of the last log records of the same task or thread are kept with an error, redacted."""
    redact_personal_data: bool = True
    """E-mail addresses, telephone numbers and the like; secrets are always redacted."""
    redact_keys: tuple[str, ...] = ()
    """Further names of fields whose values are secret."""
    redact_patterns: tuple[tuple[str, str], ...] = ()
    """Kinds with expressions that RE2 runs; the group `secret` marks the part that goes."""
    pattern_half_life_days: float = 14.0
    """Days after which a success or failure counts half in a pattern's rate."""
    queue_name: str = "healing"
    rules: tuple[Mapping[str, Any], ...] = ()
    """Rules of the user's own, as they were written; `healing.diagnosis.own` makes rows of them."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)


NAMES = tuple(spec.name for spec in fields(Settings) if spec.name != "origins")


def load(**overrides: Any) -> Settings:
    """Settings from the environment, `healing.toml` in the working directory and `overrides`.

    Raises ConfigurationError for an unknown name or a value that does not fit, naming both the setting and the place.
    """
    return resolve(os.environ, Path("healing.toml"), overrides)


def resolve(environ: Mapping[str, str], path: Path | None, overrides: Mapping[str, Any]) -> Settings:
    """Settings from just these places; `path` is a TOML file that need not exist."""
    found: dict[str, tuple[Any, str]] = {}
    if path is not None and path.is_file():
        found.update({name: (value, path.name) for name, value in _from_file(path).items()})
    found.update({name: (value, "environment") for name, value in _from_environment(environ).items()})
    found.update({name: (value, "configure()") for name, value in overrides.items()})
    values = {name: _parsed(name, value, place) for name, (value, place) in found.items()}
    origins = {name: found[name][1] if name in found else "default" for name in NAMES}
    return Settings(**values, origins=origins)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and value != ""
    }


def _parsed(name: str, value: Any, place: str) -> Any:
    parse = _PARSERS.get(name)
    shown = PREFIX + name.upper() if place == "environment" else name
    if parse is None:
        raise ConfigurationError(f"unknown setting {shown} ({place}){_nearest(name, place)}")
    try:
        return parse(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"setting {shown} ({place}): {error}") from error


def _nearest(name: str, place: str) -> str:
    close = difflib.get_close_matches(name, NAMES, n=1)
    if not close:
        return f"; known are {', '.join(NAMES)}"
    return f"; did you mean {PREFIX + close[0].upper() if place == 'environment' else close[0]}?"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be text, got {value!r}")
    return value


def _database_url(value: Any) -> str:
    url = _text(value)
    if not url.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://", "postgres://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    _ = urlsplit(url).port  # raises ValueError where it is no number
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    return url


def _mode(value: Any) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        raise ValueError(f"must be heal, observe or off, got {value!r}") from None


def _modes(value: Any) -> dict[str, Mode]:
    if isinstance(value, str):
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        value = {source.strip(): mode.strip() for source, _, mode in pairs}
    if not isinstance(value, Mapping):
        raise TypeError(f"must map sources to modes, got {value!r}")
    return {str(source): _mode(mode) for source, mode in value.items()}


def _path(value: Any) -> Path:
    if not isinstance(value, (str, Path)):
        raise TypeError(f"must be a path, got {value!r}")
    return Path(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value).strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"must be true or false, got {value!r}")


def _names(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else [_text(item) for item in value]
    return tuple(part.strip() for part in parts if part.strip())


def _patterns(value: Any) -> tuple[tuple[str, str], ...]:
    """Lines of text, a list, or a table of kinds; one expression each."""
    listed = labelled(
        [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else value
    )
    for _kind, expression in listed:
        compiled(expression)
    return listed


def _megabytes(value: Any) -> int:
    if isinstance(value, bool) or int(value) < 1:
        raise ValueError(f"must be a whole number of megabytes, 1 or more, got {value!r}")
    return int(value)


def _records(value: Any) -> int:
    if isinstance(value, bool) or not 0 <= int(value) <= MOST_BREADCRUMBS:
        raise ValueError(f"must be a whole number of log records, 0 to {MOST_BREADCRUMBS}, got {value!r}")
    return int(value)


def _days(value: Any) -> float:
    if isinstance(value, bool) or not 0 < float(value) < 10_000:
        raise ValueError(f"must be a number of days above 0, got {value!r}")
    return float(value)


def _tables(value: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(table, Mapping) for table in value):
        raise TypeError(f"must be tables, written as [[rules]] in healing.toml, got {value!r}")
    return tuple(dict(table) for table in value)


_PARSERS = {
    "database_url": _database_url,
    "mode": _mode,
    "modes": _modes,
    "spool_dir": _path,
    "spool_max_mb": _megabytes,
    "release": _text,
    "environment": _text,
    "capture_locals": _flag,
    "breadcrumbs": _records,
    "redact_personal_data": _flag,
    "redact_keys": _names,
    "redact_patterns": _patterns,
    "pattern_half_life_days": _days,
    "queue_name": _text,
    "rules": _tables,
}
