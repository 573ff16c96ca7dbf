"""What a database holds as a whole, at whichever level it is: for backups, which don't migrate."""

from __future__ import annotations

from sqlalchemy import Connection, Integer, String, column, func, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

BLOBS = (
    ("document", "blob"),
    ("user", "photo"),
    ("import_job", "file"),
    ("exhibit", "blob"),
    ("exhibit", "pdf"),
    ("exhibit_page", "blob"),
)
"""Every column that names a file; `documents.named_blobs` asks the same ones."""

NOT_OURS = ("sqlite_", "case_fts", "alembic_version")


async def rows(conn: AsyncConnection) -> dict[str, int]:
    """How many each table has."""
    counted = {}
    for name in await conn.run_sync(_tables):
        counted[name] = int(await conn.scalar(select(func.count()).select_from(table(name))) or 0)
    return counted


async def blobs(conn: AsyncConnection) -> set[str]:
    """Every file that a row names; of papers that were removed there is none any more."""
    known = await conn.run_sync(_columns, {name for name, _ in BLOBS})
    found: set[str | None] = set()
    there = select(column("id", String)).select_from(table("exhibit"))
    there = there.where(column("removed_at").is_(None))
    for name, which in BLOBS:
        if which in known.get(name, ()):
            asked = select(column(which, String)).select_from(table(name))
            if name == "exhibit":
                asked = asked.where(column("removed_at").is_(None))
            if name == "exhibit_page":
                asked = asked.where(column("exhibit").in_(there))
            found.update(await conn.scalars(asked))
    return {blob for blob in found if blob}


async def things(conn: AsyncConnection) -> set[str]:
    """Every case: each has a data key of its own, unless that was destroyed."""
    return set(await conn.scalars(select(column("id", String)).select_from(table("case"))))


async def recordings(conn: AsyncConnection) -> dict[str, int]:
    """Every one, and how many segments it is known to have: none while it isn't over, and none
    once it is destroyed."""
    known = await conn.run_sync(_columns, {"recording", "recording_file"})
    found: dict[str, int] = {}
    if "recording" in known:
        every = await conn.scalars(select(column("id", String)).select_from(table("recording")))
        found.update(dict.fromkeys(every, 0))
    if "recording_file" in known:
        files = table("recording_file", column("recording", String), column("segments", Integer))
        kept = select(files).where(column("destroyed_at").is_(None))
        found.update((one, n) for one, n in await conn.execute(kept))
    return found


async def drop_all(conn: AsyncConnection) -> None:
    """Every table of a PostgreSQL database that was filled by mistake."""
    for name in await conn.run_sync(lambda connection: inspect(connection).get_table_names()):
        await conn.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')


def _tables(connection: Connection) -> list[str]:
    names = inspect(connection).get_table_names()
    return sorted(name for name in names if not name.startswith(NOT_OURS))


def _columns(connection: Connection, names: set[str]) -> dict[str, set[str]]:
    there = inspect(connection)
    return {
        name: {found["name"] for found in there.get_columns(name)}
        for name in names & set(there.get_table_names())
    }
