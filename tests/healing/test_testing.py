from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from healing import Outcome, runtime, self_healing, testing


def refuse() -> None:
    raise ConnectionRefusedError


def test_pauses_take_no_time_and_are_told() -> None:
    fetch = self_healing(source="quiet", idempotent=True)(refuse)
    with testing.active(chance=0.5) as recorder, pytest.raises(ConnectionRefusedError):
        fetch()
    assert recorder.clock.slept == [0.05, 0.1, 0.2]


def test_chance_is_chosen() -> None:
    fetch = self_healing(source="chance", idempotent=True)(refuse)
    with testing.active(chance=0.0) as recorder, pytest.raises(ConnectionRefusedError):
        fetch()
    assert recorder.clock.slept == []


def test_the_mode_holds_in_its_own_context_alone() -> None:
    seen: list[bool] = []
    with testing.active():
        plain = threading.Thread(target=lambda: seen.append(runtime.override.get() is None))
        plain.start()
        plain.join()
        contextvars.copy_context().run(lambda: seen.append(runtime.override.get() is not None))
    assert seen == [True, True]
    assert runtime.override.get() is None


async def test_tasks_started_within_are_under_it() -> None:
    @self_healing(source="task", skippable=True)
    async def fetch() -> None:
        raise ConnectionRefusedError

    with testing.active() as recorder:
        await asyncio.gather(fetch(), fetch())
    assert [event.outcome for event in recorder.events] == [Outcome.DEGRADED] * 2


def test_settings_can_be_given() -> None:
    with testing.active(release="7") as recorder:
        assert runtime.settings().release == "7"
        assert recorder.flush(0)
    recorder.close()
