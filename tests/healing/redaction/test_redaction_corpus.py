"""The labelled corpus: every planted secret goes, everything else stays."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from healing.redaction import Redactor, redact

CORPUS = sorted((Path(__file__).parents[2] / "corpus").glob("redaction*.toml"))
BREAK = "¦"
"""Keeps scanners of repositories from taking a planted token for a real one; no part of the texts."""


def listed(section: str) -> list[dict[str, Any]]:
    texts = [path.read_text(encoding="utf-8").replace(BREAK, "") for path in CORPUS]
    return [entry for text in texts for entry in tomllib.loads(text).get(section, [])]


def entries(section: str) -> list[Any]:
    return [pytest.param(entry, id=f"{number}: {entry['why']}") for number, entry in enumerate(listed(section))]


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor()


@pytest.mark.parametrize("entry", entries("secret"))
def test_a_planted_secret_goes_and_its_surroundings_stay(entry: dict[str, Any], redactor: Redactor) -> None:
    redacted = redactor.text(entry["text"])
    assert "[redacted:" in redacted
    assert [secret for secret in entry["secrets"] if secret in redacted] == []
    assert [part for part in entry["keeps"] if part not in redacted] == []
    assert redactor.text(redacted) == redacted


@pytest.mark.parametrize("entry", entries("secret"))
def test_a_secret_that_is_wrapped_in_structures_goes_too(entry: dict[str, Any]) -> None:
    wrapped = {"lines": [entry["text"], {"raw": entry["text"].encode()}], "error": ValueError(entry["text"])}
    redacted = json.dumps(redact(wrapped), ensure_ascii=False)
    assert [secret for secret in entry["secrets"] if secret in redacted] == []


@pytest.mark.parametrize("entry", entries("harmless"))
def test_a_harmless_line_stays_as_it_is(entry: dict[str, Any], redactor: Redactor) -> None:
    assert redactor.text(entry["text"]) == entry["text"]


def test_the_corpus_is_wide_and_every_entry_has_its_reason() -> None:
    secret, harmless = listed("secret"), listed("harmless")
    assert len(secret) >= 400
    assert len(harmless) >= 400
    assert all(entry["why"] for entry in (*secret, *harmless))


def test_personal_data_can_be_switched_off_and_secrets_cannot() -> None:
    redactor = Redactor(personal_data=False)
    text = "bob@example.com, +44 20 7946 0958, 536-90-4399, password=hunter2"
    assert redactor.text(text) == "bob@example.com, +44 20 7946 0958, 536-90-4399, password=[redacted:password]"
    assert redactor.value({"email": "x", "token": "y"}) == {"email": "x", "token": "[redacted:token]"}
