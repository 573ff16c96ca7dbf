from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import asyncpg
import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from server.store.migrate import upgrade
from server.store.store import Store
from tests import postgres
from tests.store.world import World, make

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

T = TypeVar("T")
NUMBERS = count()
REAL = {"browser", "media", "network", "recordings"}
TIMED = {"test_kills.py", "test_links.py", "test_story.py"}
"""Browsers whose calls must be back within seconds; others wait until what they want is there."""


MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes; far more than all tests together leave."""


def pytest_configure(config: pytest.Config) -> None:
    """Put the tests' files into memory where there is room: half of the time of a test with a
    database is waiting until a disk has what nobody will read again.
    """
    of_a_process = hasattr(config, "workerinput")
    if of_a_process or "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    if shutil.disk_usage(MEMORY).free > ROOM:
        folder = tempfile.mkdtemp(prefix="heyi-tests-", dir=MEMORY)
        Path(folder).chmod(0o711)  # PostgreSQL runs as somebody else
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


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
    """An up-to-date database of this test's own: once on SQLite, once on PostgreSQL. It is empty,
    unless the test asks for the world.
    """
    kind = "furnished" if "world" in request.fixturenames else "template"
    if request.param == "sqlite":
        file = tmp_path / "heyi.sqlite3"
        template = request.getfixturevalue(f"sqlite_{kind}")
        shutil.copy(template.file if kind == "furnished" else template, file)
        yield f"sqlite:///{file}"
    else:
        folder = request.getfixturevalue("postgresql_cluster")
        if kind == "furnished":
            request.getfixturevalue("postgresql_furnished")
        name = f"test_{next(NUMBERS)}"
        # Copied as files it is there in a tenth of the time that writing it to the log takes.
        _run(_sql(folder, f"CREATE DATABASE {name} TEMPLATE {kind} STRATEGY FILE_COPY"))
        yield _url(folder, name)
        _run(_sql(folder, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def world(request: pytest.FixtureRequest, database_url: str) -> World:
    """What `database_url` holds."""
    if database_url.startswith("sqlite"):
        furnished: Furnished = request.getfixturevalue("sqlite_furnished")
        return deepcopy(furnished.world)
    made: World = request.getfixturevalue("postgresql_furnished")
    return deepcopy(made)


class Furnished(NamedTuple):
    """A database to copy, and what is in it."""

    file: Path
    world: World


@pytest.fixture(scope="session")
def sqlite_furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    file = tmp_path_factory.mktemp("sqlite") / "furnished.sqlite3"
    shutil.copy(sqlite_template, file)
    return Furnished(file, _run(_furnish(f"sqlite:///{file}")))


@pytest.fixture(scope="session")
def postgresql_furnished(postgresql_cluster: str) -> World:
    """The world that is in the database `furnished` of the server."""
    _run(_sql(postgresql_cluster, "CREATE DATABASE furnished TEMPLATE template"))
    return _run(_furnish(_url(postgresql_cluster, "furnished")))


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


async def _furnish(database_url: str) -> World:
    store = Store(database_url)
    try:
        async with store.write() as conn:
            return await make(conn)
    finally:
        await store.close()


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Finish it in a loop of its own, leaving alone the one that a test may be using."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
