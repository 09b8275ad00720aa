"""Operations written once and called in every manner: as a function, as a coroutine function, by several clients."""

from __future__ import annotations

import asyncio
import functools
import json
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx

from healing import Outcome, StopReason, Strategy, self_healing
from healing.testing import Recorder

PATIENCE = 5.0
"""Seconds that clients wait for an answer, where the test does not say otherwise."""
ERRORS = (OSError, httpx.HTTPError)
"""What the clients below raise, whatever happens on the way or is answered."""

Address = Callable[[], str]


class Ended(NamedTuple):
    """How an event ended, without its details."""

    outcome: Outcome
    stop_reason: StopReason
    strategy: Strategy | None
    runs: int


def endings(recorder: Recorder) -> list[Ended]:
    return [Ended(event.outcome, event.stop_reason, event.strategy, event.runs) for event in recorder.events]


def healed(strategy: Strategy, runs: int) -> Ended:
    return Ended(Outcome.HEALED, StopReason.HEALED, strategy, runs)


def degraded(strategy: Strategy, runs: int) -> Ended:
    return Ended(Outcome.DEGRADED, StopReason.FELL_BACK, strategy, runs)


def failed(stop: StopReason, runs: int) -> Ended:
    return Ended(Outcome.FAILED, stop, None, runs)


def wrap_sync(body: Callable[..., Any], **declared: Any) -> Callable[..., Any]:
    return self_healing(**declared)(body)


def wrap_async(body: Callable[..., Any], **declared: Any) -> Callable[..., Any]:
    """`body` inside a wrapped coroutine function; each call runs on an event loop of its own."""

    @functools.wraps(body)
    async def coroutine(*args: Any, **kwargs: Any) -> Any:
        return body(*args, **kwargs)

    return on_a_loop(self_healing(**declared)(coroutine))


def on_a_loop(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        return asyncio.run(function(*args, **kwargs))

    return call


class Client(ABC):
    """Asks an address for JSON. `timeout` is in seconds and holds for the answer."""

    @abstractmethod
    def wrap(self, method: str, address: Address, timeout: float = PATIENCE, **declared: Any) -> Callable[[], Any]:
        """A wrapped operation without arguments that sends one request."""

    def get(self, address: Address, timeout: float = PATIENCE, **declared: Any) -> Callable[[], Any]:
        return self.wrap("GET", address, timeout, **declared)

    def post(self, address: Address, timeout: float = PATIENCE, **declared: Any) -> Callable[[], Any]:
        return self.wrap("POST", address, timeout, **declared)


class Urllib(Client):
    def wrap(self, method: str, address: Address, timeout: float = PATIENCE, **declared: Any) -> Callable[[], Any]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        @self_healing(**declared)
        def fetch() -> Any:
            request = urllib.request.Request(address(), method=method)
            try:
                with opener.open(request, timeout=timeout) as response:
                    return json.load(response)
            except urllib.request.HTTPError as error:
                error.close()
                raise

        return fetch


class Httpx(Client):
    def wrap(self, method: str, address: Address, timeout: float = PATIENCE, **declared: Any) -> Callable[[], Any]:
        @self_healing(**declared)
        def fetch() -> Any:
            with httpx.Client(verify=False, trust_env=False, timeout=_timeout(timeout)) as client:
                return client.request(method, address()).raise_for_status().json()

        return fetch


class AsyncHttpx(Client):
    def wrap(self, method: str, address: Address, timeout: float = PATIENCE, **declared: Any) -> Callable[[], Any]:
        @self_healing(**declared)
        async def fetch() -> Any:
            async with httpx.AsyncClient(verify=False, trust_env=False, timeout=_timeout(timeout)) as client:
                return (await client.request(method, address())).raise_for_status().json()

        return on_a_loop(fetch)


def _timeout(answer: float) -> httpx.Timeout:
    return httpx.Timeout(PATIENCE, read=answer)
