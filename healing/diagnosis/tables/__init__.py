"""The rows, by domain. Among rows that match the same key, the first whose conditions hold decides."""

from healing.diagnosis.rule import Rule
from healing.diagnosis.tables.databases import DATABASES
from healing.diagnosis.tables.http import HTTP
from healing.diagnosis.tables.messages import MESSAGES
from healing.diagnosis.tables.services import SERVICES
from healing.diagnosis.tables.system import SYSTEM

TYPED: tuple[Rule, ...] = (*SYSTEM, *HTTP, *DATABASES, *SERVICES)

__all__ = ["MESSAGES", "TYPED"]
