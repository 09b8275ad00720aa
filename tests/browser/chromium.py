"""Finds a Chromium for the tests, or says how to get one. As a script it also installs the system's where it may.

Playwright's own browser comes first, then the system's. On Debian as root the system's package is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")
REMEDY = "the browser tests need a Chromium: run '{python} -m playwright install chromium', or install your system's"


def find() -> str | None:
    """The path of a Chromium; None where there is none."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)


def install() -> None:
    """Try the ways that need no question: Debian's package as root, else Playwright's download."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium by apt-get (about a minute, once)", flush=True)
        for step in (["update"], ["install", "-y", "chromium"]):
            command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *step]
            subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        return
    print("Downloading Chromium by Playwright (about a minute, once)", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    if find() is None:
        install()
    if find() is None:
        print(REMEDY.format(python=sys.executable), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
