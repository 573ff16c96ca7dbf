"""Up to this program's tables with a copy kept, and both ways back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from server.services.keeping import upgrading
from server.services.keeping.manifest import NotDone
from server.services.keeping.upgrading import KEPT_FOR
from server.store import migrate
from server.store.store import Store

HEAD = migrate.levels()[-1]
BEFORE = migrate.levels()[-2]


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "heyi.sqlite3")
    return f"sqlite:///{tmp_path / 'heyi.sqlite3'}"


async def write(database: str, *statements: str) -> None:
    store = Store(database)
    async with store.write() as conn:
        for statement in statements:
            await conn.execute(text(statement))
    await store.close()


def organisation(name: str) -> str:
    return (
        "INSERT INTO organisation (id, path, kind, name, time_zone, phone, created_at)"
        f" VALUES ('{name}', '{name}/', 'station', '{name}', 'Asia/Shanghai', '',"
        " '2026-01-01 00:00:00')"
    )


def names(tmp_path: Path, file: str = "heyi.sqlite3") -> list[str]:
    with sqlite3.connect(tmp_path / file) as database:
        return [row[0] for row in database.execute("SELECT name FROM organisation ORDER BY name")]


async def test_a_new_database_and_one_of_today_need_no_copy(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'heyi.sqlite3'}"
    for _ in range(2):
        await upgrading.upgrade(database)
        assert await upgrading.level(database) == HEAD
    assert [f.name for f in tmp_path.iterdir()] == ["heyi.sqlite3"]


async def test_a_copy_is_kept_before_migrating_and_put_back(database: str, tmp_path: Path) -> None:
    await upgrading.downgrade(database, BEFORE)
    (tmp_path / f"heyi.sqlite3.at-{HEAD}").unlink()
    await write(database, organisation("before"))
    await upgrading.upgrade(database)
    assert await upgrading.level(database) == HEAD
    await write(database, organisation("since"))
    assert names(tmp_path) == ["before", "since"]

    assert await upgrading.roll_back(database) == BEFORE
    assert await upgrading.level(database) == BEFORE
    assert names(tmp_path) == ["before"]
    assert names(tmp_path, f"heyi.sqlite3.at-{HEAD}") == ["before", "since"]
    assert {f.stat().st_mode & 0o077 for f in tmp_path.glob("*.at-*")} == {0}


async def test_going_down_keeps_what_was_written(database: str, tmp_path: Path) -> None:
    await write(database, organisation("kept"))
    await upgrading.downgrade(database, BEFORE)
    assert await upgrading.level(database) == BEFORE
    await upgrading.upgrade(database)
    assert names(tmp_path) == ["kept"]


@pytest.mark.parametrize("to", [HEAD, "9999", "", "head"])
async def test_there_is_no_way_down_to_what_is_not_below(database: str, to: str) -> None:
    with pytest.raises(NotDone, match="no way down"):
        await upgrading.downgrade(database, to)


async def test_without_a_copy_there_is_nothing_to_put_back(database: str) -> None:
    with pytest.raises(NotDone, match="no copy from before"):
        await upgrading.roll_back(database)


async def test_a_database_of_a_newer_program_is_left_alone(database: str, tmp_path: Path) -> None:
    await write(database, "UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "heyi.sqlite3").read_bytes()
    for refused in (upgrading.upgrade(database), upgrading.downgrade(database, BEFORE)):
        with pytest.raises(NotDone, match=r"level 9999.* newer one was here. Nothing was changed"):
            await refused
    with pytest.raises(migrate.UnknownLevel):
        await migrate.upgrade(database)
    assert (tmp_path / "heyi.sqlite3").read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["heyi.sqlite3"]


async def test_old_copies_go(database: str, tmp_path: Path) -> None:
    old, recent = tmp_path / "heyi.sqlite3.at-0001", tmp_path / "heyi.sqlite3.at-0002"
    for copy in (old, recent):
        copy.write_bytes(b"")
    then = old.stat().st_mtime - KEPT_FOR.total_seconds() - 60
    os.utime(old, (then, then))
    await upgrading.upgrade(database)
    assert (old.exists(), recent.exists()) == (False, True)


async def test_a_newer_database_is_known_on_both_engines(database_url: str) -> None:
    await write(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NotDone, match="level 9999"):
        await upgrading.upgrade(database_url)
