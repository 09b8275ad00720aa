"""Labelled texts and objects: planted secrets with what should stay of their surroundings, and what is harmless."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.corpus.redaction.objects import HARMLESS, PLANTED
from tests.corpus.redaction.schema import Harmless, Planted

__all__ = ["Harmless", "Planted", "harmless", "planted"]

HERE = Path(__file__).parent
BREAK = "¦"
"""Keeps scanners of repositories from taking a planted token for a real one; no part of the texts."""


@lru_cache(maxsize=1)
def planted() -> tuple[Planted, ...]:
    return PLANTED + tuple(
        Planted(
            name=f"text: {entry['text'][:300]}",
            make=_giving(entry["text"]),
            secrets=tuple(entry["secrets"]),
            keeps=tuple(entry["keeps"]),
            why=entry["why"],
        )
        for entry in _entries("secrets.toml", "secret")
    )


@lru_cache(maxsize=1)
def harmless() -> tuple[Harmless, ...]:
    return tuple(HARMLESS) + tuple(
        Harmless(f"text: {entry['text'][:300]}", _giving(entry["text"]), entry["why"])
        for entry in _entries("harmless.toml", "harmless")
    )


def _entries(file: str, section: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((HERE / file).read_text(encoding="utf-8").replace(BREAK, ""))[section]
    return found


def _giving(text: str) -> Any:
    return lambda: text
