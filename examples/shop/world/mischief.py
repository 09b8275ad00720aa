"""Trouble with files: a second client that locks the database, and a disk that cuts cached pages short."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path


def lock_for_a_moment(database: Path, seconds: float) -> None:
    """Holds the write lock of an SQLite database, as an import job would."""
    with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


def damage_a_page(pages: Path) -> None:
    """Cuts one cached page in half, as a full disk does."""
    files = sorted(pages.glob("*.json"))
    if files:
        victim = random.choice(files)
        content = victim.read_bytes()
        victim.write_bytes(content[: len(content) // 2])
