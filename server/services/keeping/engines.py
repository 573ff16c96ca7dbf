"""How each database is copied while others write to it, and filled from its copy."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.services.keeping.manifest import NotDone
from server.store import contents, migrate
from server.store.store import Store

PAGES = 2000
"""Of SQLite, copied at one go; progress is told in between."""

DEBIAN = Path("/usr/lib/postgresql")
FILLING = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")

Progress = Callable[[str, int, int], None]
"""(what, how much is done, of how much); the last is 0 where that is not known."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the database in `file`, and what is in it."""

    file: Path
    level: str
    rows: dict[str, int]
    blobs: set[str]
    recordings: dict[str, int]
    """As `contents.recordings` has them."""


def engine_of(database: str) -> str:
    """`sqlite` or `postgresql`."""
    return make_url(database).get_backend_name()


@asynccontextmanager
async def snapshot(database: str, file: Path, progress: Progress) -> AsyncIterator[Snapshot]:
    """The database as it is at one moment; `file` is gone afterwards. Raises NotDone."""
    try:
        if engine_of(database) == "sqlite":
            yield await _snapshot_sqlite(database, file, progress)
        else:
            yield await _snapshot_postgresql(database, file, progress)
    finally:
        for made in file.parent.glob(f"{file.name}*"):
            made.unlink()


@asynccontextmanager
async def filled(database: str, copy: Path, progress: Progress) -> AsyncIterator[None]:
    """The empty database filled from its copy; empty again if what follows fails. Raises NotDone.

    On SQLite the copy becomes the database.
    """
    progress("database", 0, 0)
    if engine_of(database) == "sqlite":
        await asyncio.to_thread(_check_sqlite, copy)
        yield
        return
    store = Store(database)
    try:
        async with store.read() as conn:
            if await contents.rows(conn):
                raise NotDone("The database isn't empty. A restore needs one that is.")
        into = f"--dbname={make_url(database).database}"
        await _run("pg_restore", *FILLING, into, str(copy), database=database)
        try:
            yield
        except BaseException:
            async with store.write() as conn:
                await contents.drop_all(conn)
            raise
    finally:
        await store.close()


def sqlite_file(database: str) -> Path:
    return Path(make_url(database).database or "")


# ---- SQLite -------------------------------------------------------------------------------------


async def _snapshot_sqlite(database: str, file: Path, progress: Progress) -> Snapshot:
    await asyncio.to_thread(copy_sqlite, sqlite_file(database), file, progress)
    store = Store(f"sqlite:///{file}")
    try:
        async with store.read() as conn:
            found = await _found(conn, file)
    finally:
        await store.close()
    return found


def copy_sqlite(source: Path, to: Path, progress: Progress) -> None:
    """Of one moment, while others write: the read transaction holds that moment, so that SQLite
    needs not begin anew whenever somebody has written in between. Raises NotDone.
    """
    if not source.exists():
        raise NotDone(f"There is no database at {source}.")
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=10)) as now,
        closing(sqlite3.connect(to)) as copy,
    ):
        now.isolation_level = None
        now.execute("BEGIN")
        now.execute("SELECT count(*) FROM sqlite_master").fetchone()
        now.backup(
            copy, pages=PAGES, progress=lambda _, left, of: progress("database", of - left, of)
        )
        now.execute("COMMIT")
    _check_sqlite(to)


def _check_sqlite(file: Path) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        try:
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.DatabaseError:
            found = "unreadable"
    if found != "ok":
        raise NotDone("The database is damaged: its own check of integrity fails.")


# ---- PostgreSQL ---------------------------------------------------------------------------------


async def _snapshot_postgresql(database: str, file: Path, progress: Progress) -> Snapshot:
    """What is counted and what is dumped are of the same moment: pg_dump is given ours."""
    store = Store(database)
    try:
        async with store.read() as conn:
            moment = await conn.scalar(text("SELECT pg_export_snapshot()"))
            found = await _found(conn, file)
            progress("database", 0, 0)
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            options = ("--format=custom", "--no-owner", "--no-privileges")
            await _run(
                *("pg_dump", *options, f"--snapshot={moment}", f"--file={file}"),
                database=database,
            )
    finally:
        await store.close()
    return found


async def _found(conn: AsyncConnection, file: Path) -> Snapshot:
    return Snapshot(
        file,
        await migrate.level(conn),
        await contents.rows(conn),
        await contents.blobs(conn),
        await contents.recordings(conn),
    )


async def _run(name: str, *options: str, database: str) -> None:
    """The password goes by the environment: other users of the machine see command lines."""
    process = await asyncio.create_subprocess_exec(
        program(name),
        *options,
        env={**os.environ, **_environment(make_url(database))},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[:1]
        raise NotDone(f"{name} failed: {''.join(last)}")


def program(name: str) -> str:
    """The newest there is: an older one refuses a newer server."""
    newest = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if found is None:
        raise NotDone(
            f"{name} isn't installed. It comes with PostgreSQL's client: "
            "apt-get install postgresql-client"
        )
    return found


def _environment(url: URL) -> dict[str, str]:
    """The address as libpq's programs want it."""
    query = {
        name: value if isinstance(value, str) else value[0] for name, value in url.query.items()
    }
    given = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode") or query.get("ssl"),
    }
    return {name: value for name, value in given.items() if value}
