from __future__ import annotations

import asyncio
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select

from server.store import tables
from server.store.migrate import upgrade
from server.store.store import Store
from server.store.types import metadata
from tests.store.world import World

BY_HAND = {
    ("index", "ix_case_search"),
    ("table", "case_word"),
    *(("table", f"case_fts{part}") for part in ("", "_config", "_data", "_idx")),
}
"""Made by migration 0005, each on one engine only; tests/store/test_search.py uses them."""


def ours(thing: object, name: str | None, kind: str, *_: object) -> bool:
    return (kind, name) not in BY_HAND


def differences(connection: Connection) -> list[object]:
    opts = {"compare_type": True, "include_object": ours}
    context = MigrationContext.configure(connection, opts=opts)
    found: list[object] = compare_metadata(context, metadata)
    return found


async def test_migrations_make_the_tables_of_the_code(store: Store) -> None:
    async with store.read() as conn:
        assert await conn.run_sync(differences) == []


async def test_upgrading_again_keeps_everything(
    store: Store, world: World, database_url: str
) -> None:
    await upgrade(database_url)
    async with store.read() as conn:
        seats = (await conn.execute(tables.seat.select())).all()
    assert len(seats) == len(world.session.seats) + len(world.other_session.seats)


async def test_names_from_before_are_known_as_they_are_compared(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    await upgrade(url, "0002")
    store = Store(url)
    async with store.write() as conn:
        for statement in (
            "INSERT INTO organisation (id, path, kind, name, time_zone, phone, created_at)"
            " VALUES ('o', 'o/', 'station', '所', 'Asia/Shanghai', '', '2026-01-01 00:00:00')",
            "INSERT INTO user (id, organisation, login, name, password_hash, created_at)"
            " VALUES ('u', 'o', 'u', '买买提 · 阿不都', '', '2026-01-01 00:00:00')",
        ):
            await conn.exec_driver_sql(statement)
    await store.close()
    await upgrade(url)
    store = Store(url)
    async with store.read() as conn:
        assert await conn.scalar(select(tables.user.c.plain_name)) == "买买提阿不都"
    await store.close()


async def test_two_servers_starting_at_once_upgrade_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    await asyncio.gather(upgrade(url), upgrade(url))
    store = Store(url)
    async with store.read() as conn:
        assert await conn.run_sync(differences) == []
    await store.close()
