"""`python -m healing.cli`."""

from __future__ import annotations

from healing.cli import main

main(prog_name="healing")
