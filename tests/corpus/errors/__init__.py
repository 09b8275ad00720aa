"""Labelled errors of clients, databases, brokers, the operating system, frameworks and applications."""

from __future__ import annotations

from tests.corpus.errors.backends import CASES as BACKENDS
from tests.corpus.errors.clients import CASES as CLIENTS
from tests.corpus.errors.schema import Case

CASES: tuple[Case, ...] = (*CLIENTS, *BACKENDS)
