"""What really took effect at the far end, one JSON line each: the truth about the shop's calls."""

from __future__ import annotations

import json
import threading
from pathlib import Path


class Ledger:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def record(self, **entry: object) -> None:
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
