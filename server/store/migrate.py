"""Bring a database to the tables of this version, and back to an older one's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.store import engine_for

MIGRATIONS = Path(__file__).parent / "migrations"

# It tells every start which engine it is on.
logging.getLogger("alembic").setLevel(logging.WARNING)


class UnknownLevel(Exception):
    """The database is at a migration that this program does not have: a newer one made it."""


async def upgrade(database_url: str, to: str = "head") -> None:
    """All or nothing on both engines. Two servers starting at once do it one after the other.

    Raises UnknownLevel, and changes nothing then.
    """
    await _migrate(database_url, to, command.upgrade)


async def downgrade(database_url: str, to: str) -> None:
    """All or nothing. What only newer tables and columns hold is lost. Raises UnknownLevel."""
    await _migrate(database_url, to, command.downgrade)


async def level(conn: AsyncConnection) -> str:
    """The newest migration that was done; empty for a database without tables of ours."""
    return await conn.run_sync(_level)


def levels() -> list[str]:
    """Every migration this program has, the oldest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


async def _migrate(database_url: str, to: str, how: Callable[[Config, str], None]) -> None:
    engine = engine_for(database_url)
    try:
        async with engine.connect() as conn:
            conn = await conn.execution_options(writing=True, migrating=True)
            async with conn.begin():
                await conn.run_sync(_move, to, how)
    finally:
        await engine.dispose()


def _move(connection: Connection, to: str, how: Callable[[Config, str], None]) -> None:
    if connection.dialect.name == "postgresql":
        # Any number of ours: the lock ends with the transaction.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4839)")
    now = _level(connection)
    if now and now not in levels():
        raise UnknownLevel(now)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    how(config, to)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise RuntimeError(f"migration left a row without what it refers to: {broken}")


def _level(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""
