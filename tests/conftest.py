from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from server.store.migrate import upgrade
from tests import postgres

# Sequences of commands are long; a slow machine must not fail a test by being slow.
hypothesis.settings.register_profile(
    "quick", max_examples=20, stateful_step_count=30, deadline=None
)
# To make a failing sequence short takes minutes; `make check` and a run by hand do it.
hypothesis.settings.register_profile(
    "full",
    max_examples=200,
    stateful_step_count=50,
    deadline=None,
    phases=[p for p in hypothesis.Phase if p is not hypothesis.Phase.shrink],
)
hypothesis.settings.load_profile("quick")

NUMBERS = count()
REAL = {"browser", "media", "network", "recordings"}
TIMED = {"test_kills.py", "test_links.py", "test_story.py"}
"""Browsers whose calls must be back within seconds; others wait until what they want is there."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a database or a browser is slow."""
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if "database_url" in getattr(item, "fixturenames", ()) or folder in REAL:
            item.add_marker("slow")


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """What is run by one process: tests that share a server, file by file; and one after the other
    what measures real time. (Marks of groups are not seen by pytest-xdist 3.8 on pytest 9.2.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder, name = Path(file).parts[1], Path(file).name
        if folder not in REAL:
            return nodeid
        return "real time" if folder != "browser" or name in TIMED else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    return Groups(config, log)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An up-to-date, empty database of this test's own: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        file = tmp_path / "heyi.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        folder = request.getfixturevalue("postgresql_cluster")
        name = f"test_{next(NUMBERS)}"
        _run(_sql(folder, f"CREATE DATABASE {name} TEMPLATE template"))
        yield _url(folder, name)
        _run(_sql(folder, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date, empty database to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    _run(upgrade(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[str]:
    """The folder of this process's own server, with an up-to-date database `template`."""
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.cluster(programs) as folder:
        _run(_sql(folder, "CREATE DATABASE template"))
        _run(upgrade(_url(folder, "template")))
        yield folder


def _url(folder: str, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={folder}"


async def _sql(folder: str, statement: str) -> None:
    connection = await asyncpg.connect(host=folder, user="postgres", database="postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Finish it in a loop of its own, leaving alone the one that a test may be using."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
