from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from healing import StopReason, Strategy
from healing.strategies.clear_cache_and_retry import clear
from healing.testing import Recorder
from tests.healing.strategies.manners import endings, failed, healed
from tests.servers import HttpServer, Reply

Wrap = Callable[..., Callable[..., Any]]

CLEAR = Strategy.CLEAR_CACHE_AND_RETRY
PRODUCTS = ["mug", "lamp"]
CUT_OFF = json.dumps(PRODUCTS).encode()[:-3]
GARBLED = b'["m\x00ug", \xff'


class Catalogue:
    """Products by way of a file that keeps what the server said."""

    def __init__(self, kept: Path, server: HttpServer) -> None:
        self.kept, self.server = kept, server

    def products(self) -> Any:
        if not self.kept.exists():
            answer = httpx.get(self.server.url, verify=False, trust_env=False)
            self.kept.write_bytes(answer.raise_for_status().content)
        return json.loads(self.kept.read_text(encoding="latin-1"))

    def forget(self) -> None:
        self.kept.unlink()


@pytest.mark.parametrize("content", [CUT_OFF, GARBLED, b""], ids=["cut off", "garbled", "empty"])
def test_a_corrupt_file_is_removed_and_fetched_anew(
    wrap: Wrap, recorder: Recorder, tmp_path: Path, content: bytes
) -> None:
    with HttpServer(Reply(body=PRODUCTS)) as server:
        catalogue = Catalogue(tmp_path / "products.json", server)
        catalogue.kept.write_bytes(content)
        products = wrap(catalogue.products, source="corrupt", idempotent=True, clears=[catalogue.forget])
        assert products() == PRODUCTS
        assert server.requests == ["GET /"]
    assert json.loads(catalogue.kept.read_bytes()) == PRODUCTS
    assert endings(recorder) == [healed(CLEAR, runs=2)]


def test_what_is_corrupt_at_its_source_is_fetched_anew_once(wrap: Wrap, recorder: Recorder, tmp_path: Path) -> None:
    kept = tmp_path / "products.json"
    reads: list[int] = []

    def products() -> Any:
        reads.append(1)
        if not kept.exists():
            kept.write_bytes(CUT_OFF)
        return json.loads(kept.read_bytes())

    with pytest.raises(json.JSONDecodeError):
        wrap(products, source="corrupt.source", idempotent=True, clears=[kept.unlink])()
    assert len(reads) == 2
    assert endings(recorder) == [failed(StopReason.EXHAUSTED, runs=2)]


def test_a_corrupt_input_without_a_cache_is_no_reason_to_run_again(wrap: Wrap, recorder: Recorder) -> None:
    reads: list[int] = []

    def parse(text: str) -> Any:
        reads.append(1)
        return json.loads(text)

    with pytest.raises(json.JSONDecodeError):
        wrap(parse, source="corrupt.input", idempotent=True)("{")
    assert len(reads) == 1
    assert endings(recorder) == [failed(StopReason.NOTHING_APPLICABLE, runs=1)]


def test_what_is_not_idempotent_is_not_run_again_and_its_cache_is_left(wrap: Wrap, recorder: Recorder) -> None:
    cleared: list[str] = []
    reads: list[int] = []

    def parse(text: str) -> Any:
        reads.append(1)
        return json.loads(text)

    with pytest.raises(json.JSONDecodeError):
        wrap(parse, source="corrupt.unsafe", clears=[lambda: cleared.append("cleared")])("{")
    assert (len(reads), cleared) == (1, [])
    assert endings(recorder) == [failed(StopReason.UNSAFE_TO_RERUN, runs=1)]


@pytest.mark.parametrize("broken", [pickle.dumps(PRODUCTS)[:-4], b"", b"\x80\x05garbage"], ids=["cut", "empty", "junk"])
def test_a_broken_value_in_an_lru_cache_is_dropped(wrap: Wrap, recorder: Recorder, broken: bytes) -> None:
    stored = iter([broken, pickle.dumps(PRODUCTS)])

    @lru_cache
    def stored_bytes() -> bytes:
        return next(stored)

    products = wrap(lambda: pickle.loads(stored_bytes()), source="lru", idempotent=True, clears=[stored_bytes])
    assert (products(), products()) == (PRODUCTS, PRODUCTS)
    assert stored_bytes.cache_info().misses == 1
    assert endings(recorder) == [healed(CLEAR, runs=2)]


def test_every_declared_cache_is_emptied(wrap: Wrap, recorder: Recorder) -> None:
    near, far = {"products": "{"}, {"products": "{"}

    def products() -> Any:
        return json.loads(near.get("products") or far.get("products") or json.dumps(PRODUCTS))

    assert wrap(products, source="two.caches", idempotent=True, clears=[near, far])() == PRODUCTS
    assert (near, far) == ({}, {})
    assert endings(recorder) == [healed(CLEAR, runs=2)]


def test_a_cache_that_cannot_be_emptied_is_not_read_again(wrap: Wrap, recorder: Recorder, tmp_path: Path) -> None:
    reads: list[int] = []

    def parse() -> Any:
        reads.append(1)
        return json.loads("{")

    missing = tmp_path / "nowhere" / "products.json"
    with pytest.raises(json.JSONDecodeError) as raised:
        wrap(parse, source="not.emptied", idempotent=True, clears=[missing.unlink])()
    assert len(reads) == 1
    assert "clear_cache_and_retry" in raised.value.__notes__[0]
    assert endings(recorder) == [failed(StopReason.EXHAUSTED, runs=1)]


class Invalidated:
    def invalidate(self) -> str:
        return "invalidated"


def test_a_cache_is_emptied_by_the_method_of_its_shape() -> None:
    invalidate = clear(Invalidated())
    assert invalidate is not None
    assert invalidate() == "invalidated"

    def renew() -> None: ...

    assert clear(renew) is renew
    assert clear(42) is None
