"""Every test that asks for `wrap` or `client` runs for functions and for coroutine functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from healing import testing
from healing.testing import Recorder
from tests.healing.strategies.manners import AsyncHttpx, Client, Httpx, Urllib, wrap_async, wrap_sync


@pytest.fixture(autouse=True)
def sound(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Healing hides its own faults from callers; it does not hide them from these tests."""
    yield
    assert "healing failed on its own account" not in caplog.text


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with testing.active() as active:
        yield active


@pytest.fixture(params=[wrap_sync, wrap_async], ids=["sync", "async"])
def wrap(request: pytest.FixtureRequest) -> Callable[..., Callable[..., Any]]:
    """Wraps a body: `wrap(body, source=..., ...)`."""
    wrapper: Callable[..., Callable[..., Any]] = request.param
    return wrapper


@pytest.fixture(params=[Urllib, Httpx, AsyncHttpx], ids=["urllib", "httpx", "httpx-async"])
def client(request: pytest.FixtureRequest) -> Client:
    made: Client = request.param()
    return made
