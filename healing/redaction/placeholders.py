"""What stands in a secret's place."""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\[redacted:[a-z_]{1,30}\]")


def placeholder(kind: str) -> str:
    return f"[redacted:{kind}]"
