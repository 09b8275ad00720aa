"""A cache of product pages, one JSON file each."""

from __future__ import annotations

import json
from typing import Any

from examples.shop.config import PAGES


def read(article: str) -> Any:
    """The cached page, or None. Raises JSONDecodeError where the file is damaged."""
    try:
        return json.loads((PAGES / f"{article}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def write(article: str, page: object) -> None:
    (PAGES / f"{article}.json").write_text(json.dumps(page), encoding="utf-8")


def clear() -> None:
    for file in PAGES.glob("*.json"):
        file.unlink(missing_ok=True)
