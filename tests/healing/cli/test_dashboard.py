from __future__ import annotations

import json
import signal
import socket
import subprocess
from pathlib import Path

import click
import pytest

from healing.cli.folder import dashboard_folder, require
from tests.healing.cli.conftest import ROOT, Run, Spawn

FAKE = """
import json, os, signal, sys
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "url": os.environ["HEALING_DATABASE_URL"]}), flush=True)
print("cwd importable" if os.getcwd() in sys.path or "" in sys.path else "safe", flush=True)
signal.sigwait({signal.SIGTERM, signal.SIGINT})
sys.exit(7)
"""
BLOCK = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """This package beside another dashboard."""
    root = tmp_path / "checkout"
    for name in ("db", "pages"):
        (root / name).mkdir(parents=True)
        (root / name / "__init__.py").write_text(f"WHOSE = 'the dashboard has its own {name}'")
    (root / "healing").symlink_to(ROOT / "healing")
    (root / "dashboard.py").write_text("")
    return root


@pytest.fixture
def packages_of_the_user(elsewhere: Path) -> None:
    for name in ("db", "pages"):
        (elsewhere / name).mkdir()
        (elsewhere / name / "__init__.py").write_text("raise SystemExit('the user´s own package was imported')")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def lines_until(process: subprocess.Popen[str], text: str) -> list[str]:
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if text in line:
            return seen
    raise AssertionError(f"{text!r} never came; {seen}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_streamlit_takes_the_place_of_the_command(
    spawn: Spawn, checkout: Path, tmp_path: Path, elsewhere: Path, number: signal.Signals
) -> None:
    fake = tmp_path / "fake" / "streamlit"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text(BLOCK)
    (fake / "__main__.py").write_text(FAKE)
    process = spawn(
        "dashboard",
        "--port",
        "9001",
        "--host",
        "0.0.0.0",
        path=(checkout, fake.parent),
        HEALING_DATABASE_URL="sqlite:///mine.db",
    )
    told, safety = lines_until(process, "safe")

    process.send_signal(number)

    assert process.wait(timeout=30) == 7
    assert safety == "safe\n"
    script = str(checkout / "dashboard.py")
    options = ["--server.port", "9001", "--server.address", "0.0.0.0"]
    assert json.loads(told) == {
        "argv": ["run", script, *options],
        "cwd": str(elsewhere),
        "url": "sqlite:///mine.db",
    }


@pytest.mark.usefixtures("packages_of_the_user")
def test_packages_of_the_user_do_not_shadow_the_dashboards_own(spawn: Spawn, checkout: Path) -> None:
    (checkout / "dashboard.py").write_text(
        "import db, pages\nimport streamlit as st\nprint(db.WHOSE, pages.WHOSE, flush=True)\napp = st.App(__file__)\n"
    )
    process = spawn(
        "dashboard",
        path=(checkout,),
        STREAMLIT_SERVER_PORT=str(free_port()),
        STREAMLIT_SERVER_HEADLESS="true",
        STREAMLIT_BROWSER_GATHER_USAGE_STATS="false",
    )

    told = lines_until(process, "the dashboard has its own")

    assert told[-1] == "the dashboard has its own db the dashboard has its own pages\n"


def test_without_streamlit_the_command_says_what_to_install() -> None:
    with pytest.raises(click.ClickException, match=r'no_such_module.*: pip install "healing\[dashboard\]"'):
        require("no_such_module")


def test_the_folder_in_the_wheel_is_preferred(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "healing").unlink()
    wheel = checkout / "healing" / "_dashboard"
    (wheel / "db").mkdir(parents=True)
    (wheel / "dashboard.py").write_text("")
    monkeypatch.setattr("healing.__path__", [str(checkout / "healing")])

    assert dashboard_folder() == wheel


def test_without_a_dashboard_the_remedy_is_told(run: Run, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healing.__path__", [str(elsewhere / "healing")])

    result = run("dashboard")

    assert result.exit_code == 1
    assert 'pip install --force-reinstall "healing[dashboard]"' in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_wrong_usage(run: Run, port: str) -> None:
    result = run("dashboard", "--port", port)

    assert result.exit_code == 2
    assert "--port" in result.output
