"""What can be said of a database without changing it: its version, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from server.store.migrate import MIGRATIONS
from server.store.store import Store


@dataclass(frozen=True, slots=True)
class Found:
    """`version`: of its tables, None without any; `known`: this program can bring it to `newest`.
    `broken`: places that don't hold together.
    """

    version: str | None
    newest: str
    known: bool
    broken: int
    utf8: bool


async def look(database_url: str) -> Found:
    """Raises what the driver raises when it can't be reached."""
    store = Store(database_url)
    try:
        async with store.read() as conn:
            return await conn.run_sync(_look)
    finally:
        await store.close()


def _look(connection: Connection) -> Found:
    script = ScriptDirectory(str(MIGRATIONS))
    versions = {revision.revision for revision in script.walk_revisions()}
    version = MigrationContext.configure(connection).get_current_revision()
    return Found(
        version=version,
        newest=script.get_current_head() or "",
        known=version is None or version in versions,
        broken=_broken(connection),
        utf8=connection.dialect.name == "sqlite" or _encoding(connection) == "UTF8",
    )


def _broken(connection: Connection) -> int:
    """Of SQLite, which keeps its own file; PostgreSQL finds and tells such things itself."""
    if connection.dialect.name != "sqlite":
        return 0
    pages = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(100)")]
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    return len([page for page in pages if page != "ok"]) + len(rows)


def _encoding(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SHOW server_encoding").scalar())
