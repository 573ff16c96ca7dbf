"""Every migration, up and down, on a database with a row in every table there is at its level."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    Numeric,
    Table,
    insert,
    select,
)

from server.store import contents, migrate
from server.store.store import Store
from tests.store.test_migrate import differences

LEVELS = migrate.levels()
BY_TRIGGERS = ("case_word", "case_fts")
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


async def fill(store: Store) -> dict[str, int]:
    """One row in each table; returns how many each has."""
    async with store.write() as conn:
        await conn.run_sync(_fill)
    return await counted(store)


async def counted(store: Store) -> dict[str, int]:
    async with store.read() as conn:
        return await contents.rows(conn)


def _fill(connection: Connection) -> None:
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        if table.name == "alembic_version" or table.name.startswith(BY_TRIGGERS):
            continue
        if connection.execute(select(table).limit(1)).first() is None:
            values = {c.name: _value(connection, table, c) for c in table.columns}
            connection.execute(insert(table).values(**values))


def _value(connection: Connection, table: Table, column: Column[Any]) -> Any:
    """What it refers to, where it refers to something; nothing of its own table."""
    for key in column.foreign_keys:
        if key.column.table is table:
            return None if column.nullable else "1"
        return connection.scalar(select(key.column).limit(1))
    match column.type:
        case Boolean():
            return False
        case Integer():
            return 1
        case Numeric() | Float():
            return 0.5
        case DateTime():
            return NOON
        case Date():
            return date(2026, 11, 23)
        case JSON():
            return []
    return "1"


@pytest.fixture
async def store(database_url: str) -> Any:
    store = Store(database_url)
    yield store
    await store.close()


@pytest.mark.parametrize("start", LEVELS)
async def test_whatever_a_database_was_filled_at_it_comes_up(
    store: Store, database_url: str, start: str
) -> None:
    await migrate.downgrade(database_url, "base")
    assert await counted(store) == {}
    await migrate.upgrade(database_url, start)
    before = await fill(store)
    assert min(before.values()) == 1
    await migrate.upgrade(database_url)
    after = await counted(store)
    assert {name: after[name] for name in before} == before
    async with store.read() as conn:
        assert await migrate.level(conn) == LEVELS[-1]
        assert await conn.run_sync(differences) == []


async def test_each_step_down_keeps_what_there_was_before_it(
    store: Store, database_url: str
) -> None:
    before = await fill(store)
    for level in LEVELS[-2::-1]:
        await migrate.downgrade(database_url, level)
        after = await counted(store)
        assert after == {name: before[name] for name in after}
        assert min(after.values()) == 1
    await migrate.upgrade(database_url)
    async with store.read() as conn:
        assert await conn.run_sync(differences) == []
