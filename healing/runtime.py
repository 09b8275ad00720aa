"""The parts that wrapped calls share in one process, made when they are first needed."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from healing import breadcrumbs
from healing import settings as settings_module
from healing.clock import Clock, SystemClock
from healing.diagnosis.own import own_rules
from healing.diagnosis.table import Table
from healing.event import Sink
from healing.forks import Lock
from healing.journal import Journal
from healing.operation import Operation
from healing.patterns import Patterns
from healing.redaction import Redactor
from healing.settings import Settings
from healing.wrapped import every_wrapped


@dataclass(frozen=True, slots=True)
class Runtime:
    settings: Settings
    clock: Clock
    journal: Sink
    patterns: Patterns
    redactor: Redactor
    rules: Table

    def redactor_of(self, operation: Operation) -> Redactor:
        """The process's redactor, with what the operation declares as secret besides."""
        if not operation.redact_keys and not operation.redact_patterns:
            return self.redactor
        return self.redactor.extended(keys=operation.redact_keys, patterns=operation.redact_patterns)


_lock = Lock()
_process: Runtime | None = None
_settings: Settings | None = None
_configured: dict[str, Any] = {}
override: ContextVar[Runtime | None] = ContextVar("healing_runtime", default=None)
"""A runtime for this context alone: `healing.testing` sets it."""


def settings() -> Settings:
    """The settings in force: read once, at the first wrapped function."""
    global _settings
    chosen = override.get()
    if chosen is not None:
        return chosen.settings
    with _lock:
        if _settings is None:
            loaded = settings_module.load()
            rules_of(loaded)
            _settings = loaded
            breadcrumbs.keep(loaded.breadcrumbs)
        return _settings


def rules_of(chosen: Settings) -> Table:
    """The rules table, the user's own rows first. Raises ConfigurationError where one of those is wrong."""
    return Table(own_rules(chosen.rules, chosen.origins.get("rules", "configure()")))


def clock() -> Clock:
    """The clock of the moment, also where a runtime cannot be made: no call may fail for want of one."""
    try:
        return current().clock
    except Exception:  # noqa: BLE001  # whatever keeps a runtime from being made, the user's call goes on
        return SystemClock()


def current() -> Runtime:
    chosen = override.get()
    return chosen if chosen is not None else _process or _make()


def _make() -> Runtime:
    global _process
    chosen = settings()
    with _lock:
        if _process is None:
            patterns = Patterns()
            redactor = Redactor.of(chosen)
            journal = Journal(settings=chosen, patterns=patterns)
            _process = Runtime(chosen, SystemClock(), journal, patterns, redactor, rules_of(chosen))
        return _process


def configure(**overrides: Any) -> Settings:
    """Set settings in code, over environment and `healing.toml`; returns the settings now in force.

    Takes the names of `healing.settings.Settings`; what earlier calls set stays set. Events recorded so far go where
    they were meant to go. Raises ConfigurationError for an unknown name or a value that does not fit; then nothing has
    changed.
    """
    global _process, _settings, _configured
    together = {**_configured, **overrides}
    chosen = settings_module.load(**together)
    rules_of(chosen)
    with _lock:
        before, _process, _settings, _configured = _process, None, chosen, together
    breadcrumbs.keep(chosen.breadcrumbs)
    if before is not None:
        before.journal.close()
    for wrapped in every_wrapped():
        wrapped.follow(chosen)
    return chosen


def reset() -> None:
    """Forget what was configured and let go of the journal, as at the start of a process."""
    global _process, _settings, _configured
    with _lock:
        before, _process, _settings, _configured = _process, None, None, {}
    breadcrumbs.keep(0)
    if before is not None:
        before.journal.close()


def flush(timeout: float = 5.0) -> bool:
    """Wait until the events of this process are in the database: True, or False when `timeout` seconds were too few."""
    return current().journal.flush(timeout)
