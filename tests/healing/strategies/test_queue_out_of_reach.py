from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healing import StopReason, Strategy, testing
from tests.healing.strategies.manners import degraded, endings, failed

Wrap = Callable[..., Callable[..., Any]]


def refuse(number: int) -> int:
    raise ConnectionRefusedError(f"refused {number}")


@pytest.fixture
def unusable_url(tmp_path: Path) -> str:
    """An SQLite database where there is a directory."""
    (tmp_path / "healing.db").mkdir()
    return f"sqlite:///{tmp_path / 'healing.db'}"


def test_where_the_queue_is_out_of_reach_the_caller_gets_the_original_error(wrap: Wrap, unusable_url: str) -> None:
    with testing.active(database_url=unusable_url) as recorder, pytest.raises(ConnectionRefusedError) as raised:
        wrap(refuse, source="no.queue", atomic=True, queue=True, attempts=1)(1)
    assert endings(recorder) == [failed(StopReason.ATTEMPTS, runs=1)]
    assert "queue_for_later" in raised.value.__notes__[0]


def test_where_the_queue_is_out_of_reach_the_next_fallback_answers(wrap: Wrap, unusable_url: str) -> None:
    with testing.active(database_url=unusable_url) as recorder:
        assert wrap(refuse, source="no.queue.default", atomic=True, queue=True, default=0, attempts=1)(1) == 0
    assert endings(recorder) == [degraded(Strategy.USE_DEFAULT_VALUE, runs=1)]
