"""Bring a database to the tables of this version."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from server.store.store import engine_for

MIGRATIONS = Path(__file__).parent / "migrations"

# It tells every start which engine it is on.
logging.getLogger("alembic").setLevel(logging.WARNING)


async def upgrade(database_url: str, to: str = "head") -> None:
    """All or nothing on both engines. Two servers starting at once do it one after the other."""
    engine = engine_for(database_url)
    try:
        async with engine.connect() as conn:
            conn = await conn.execution_options(writing=True, migrating=True)
            async with conn.begin():
                await conn.run_sync(_upgrade, to)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, to: str) -> None:
    if connection.dialect.name == "postgresql":
        # Any number of ours: the lock ends with the transaction.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4839)")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise RuntimeError(f"migration left a row without what it refers to: {broken}")
