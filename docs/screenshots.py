"""Makes the pictures of docs/images from a running demo: `make screenshots`, about three minutes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import find

IMAGES = Path(__file__).parent / "images"
PORT = 8765
DEMO_SECONDS = 110
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
DESK, PHONE = (1440, 900), (390, 844)
SHOTS = (
    ("overview-light", "light", DESK),
    ("overview-dark", "dark", DESK),
    ("overview-phone", "dark", PHONE),
    ("events-light", "light", DESK),
    ("event-dark", "dark", DESK),
)
FIRST_EVENT = "a[href*='event?id=']"


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    chromium = find()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/healing.db"
        healing(folder, url, "demo", "--seconds", str(DEMO_SECONDS)).wait()
        with dashboard(folder, url) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for name, theme, size in SHOTS:
                take(browser, address, name, theme, size)
            browser.close()


def take(browser: Browser, address: str, name: str, theme: str, size: tuple[int, int]) -> None:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.goto(f"{address}/events" if name.startswith("events") else address)
    if name.startswith("event-"):
        page.locator(FIRST_EVENT).first.click()
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(3000)
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


@contextmanager
def dashboard(folder: str, url: str) -> Iterator[str]:
    address = f"http://127.0.0.1:{PORT}"
    process = healing(folder, url, "dashboard", "--port", str(PORT))
    try:
        while process.poll() is None:
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310  # our own address
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.2)
            else:
                break
        yield address
    finally:
        process.terminate()
        process.wait()


def healing(folder: str, url: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "healing.cli", *arguments]
    environment = {**os.environ, "HEALING_DATABASE_URL": url}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  # our own


if __name__ == "__main__":
    main()
