"""The wheel, in an environment of its own, in a project that has a `db` package."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel installed; what it depends on comes from the one that runs the tests."""
    home = tmp_path_factory.mktemp("env")
    venv.create(home, symlinks=True)
    site = next(home.glob("lib/python3*/site-packages"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--prefix", str(home), "--ignore-installed", str(wheel)], check=True)
    assert (site / "healing" / "__init__.py").is_file()
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return home


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's project with a `db` and a `pages` package of its own."""
    for name in ("db", "pages"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("OWNER = 'the project'\n")
    (tmp_path / "shop.py").write_text(
        "import db, healing\n"
        "@healing.self_healing(source='from.wheel', default=0)\n"
        "def total():\n"
        "    raise ConnectionRefusedError('nobody listens')\n"
        "assert total() == 0\n"
        "assert healing.flush()\n"
        "print(db.OWNER, healing.__file__)\n"
    )
    return tmp_path


def run(environment: Path, project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = f"{environment / 'bin'}:{os.environ['PATH']}"
    full = [str(environment / "bin" / command[0]), *command[1:]]
    return subprocess.run(
        full, cwd=project, env={"PATH": path}, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_wheel_ships_the_library_and_the_dashboard_s_folder(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "healing/__init__.py",
        "healing/py.typed",
        "healing/_dashboard/dashboard.py",
        "healing/_dashboard/pages/app.py",
        "healing/_dashboard/db/__init__.py",
        "healing/_dashboard/.streamlit/config.toml",
        "healing/_dashboard/examples/shop/__init__.py",
    } <= names
    assert not [name for name in names if name.startswith(("db/", "pages/", "tests/"))]


def test_healing_is_importable_beside_a_project_s_own_db_package(environment: Path, project: Path) -> None:
    result = run(environment, project, "python", "shop.py")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("the project")
    assert str(environment) in result.stdout


def test_the_dashboard_and_the_database_commands_work_from_such_a_project(environment: Path, project: Path) -> None:
    assert run(environment, project, "python", "shop.py").returncode == 0
    upgraded = run(environment, project, "healing", "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stdout + upgraded.stderr
    with dashboard(environment, project) as address:
        exported = urllib.request.urlopen(f"{address}/api/export/events.csv").read().decode()
    assert "from.wheel" in exported


@contextmanager
def dashboard(environment: Path, project: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(environment / "bin" / "healing"), "dashboard", "--port", str(port)]
    log = project / "dashboard.log"
    with log.open("w") as out, subprocess.Popen(command, cwd=project, stdout=out, stderr=out) as process:
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no answer within 60 s: {log.read_text()}")
