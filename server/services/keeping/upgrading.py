"""The way up to this program's tables, and the two ways back.

Before a database of SQLite is migrated, a copy of it is kept beside it: `roll_back` puts that back,
without what was written since. `downgrade` keeps what was written, as far as the older tables have
a place for it. Keys are touched by neither: what was destroyed stays so.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import structlog

from server.security import folders
from server.services.keeping.backup import silent
from server.services.keeping.engines import copy_sqlite, engine_of, sqlite_file
from server.services.keeping.manifest import NotDone
from server.store import migrate
from server.store.store import Store

KEPT_FOR = timedelta(days=30)
"""A copy has names in it that may have been deleted since."""

log = structlog.get_logger()


async def upgrade(database: str) -> None:
    """To this program's level. Raises NotDone for a database of a newer program."""
    at = await level(database)
    _known(at)
    if at and at != migrate.levels()[-1]:
        if engine_of(database) == "sqlite":
            await asyncio.to_thread(_keep, sqlite_file(database), at)
        else:
            log.warning("migrating without a copy: make one by backup before the next upgrade")
    try:
        await migrate.upgrade(database)
    except migrate.UnknownLevel as newer:
        _known(str(newer))
    await asyncio.to_thread(_forget_old, database)


async def downgrade(database: str, to: str) -> None:
    """With the newer program, before the older one is put in its place. Raises NotDone."""
    at = await level(database)
    _known(at)
    if to not in migrate.levels() or to >= at:
        raise NotDone(f"The database is at level {at or 'none'}; there is no way down to {to}.")
    if engine_of(database) == "sqlite":
        await asyncio.to_thread(_keep, sqlite_file(database), at)
    await migrate.downgrade(database, to)


async def roll_back(database: str) -> str:
    """The newest copy in the database's place; returns its level. The database that was there is
    kept beside it, with the level it had in its name. Raises NotDone.
    """
    if engine_of(database) != "sqlite":
        raise NotDone("For PostgreSQL: restore the backup made before the upgrade.")
    file = sqlite_file(database)
    at = await level(database)
    copies = [copy for copy in _copies(file) if _level_of(copy) != at]
    if not copies:
        raise NotDone("There is no copy from before an upgrade.")
    newest = max(copies, key=lambda copy: copy.stat().st_mtime)
    await asyncio.to_thread(_swap, file, newest, at)
    return _level_of(newest)


async def level(database: str) -> str:
    """Empty where there is no database yet."""
    if engine_of(database) == "sqlite" and not sqlite_file(database).exists():
        return ""
    store = Store(database)
    try:
        async with store.read() as conn:
            return await migrate.level(conn)
    finally:
        await store.close()


def _known(at: str) -> None:
    if at and at not in migrate.levels():
        raise NotDone(
            f"The database is at level {at}, which this version of the program does not know: "
            f"a newer one was here. Nothing was changed. Use that version, or restore a backup "
            f"from before it."
        )


def _keep(file: Path, at: str) -> None:
    """Whole or not at all. A copy of this level that is there already is replaced."""
    kept = _place(file, at)
    draft = kept.with_name(f".{kept.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        copy_sqlite(file, draft, silent)
        draft.replace(kept)
    finally:
        draft.unlink(missing_ok=True)
    folders.sync(kept.parent)
    log.info("database copied before migrating")


def _place(file: Path, at: str) -> Path:
    return file.with_name(f"{file.name}.at-{at}")


def _level_of(copy: Path) -> str:
    return copy.name.rpartition(".at-")[2]


def _copies(file: Path) -> Iterator[Path]:
    return file.parent.glob(f"{file.name}.at-*")


def _forget_old(database: str) -> None:
    if engine_of(database) == "sqlite":
        for copy in _copies(sqlite_file(database)):
            if time.time() - copy.stat().st_mtime > KEPT_FOR.total_seconds():
                copy.unlink()


def _swap(file: Path, copy: Path, at: str) -> None:
    """What SQLite has written beside its file belongs to it and goes with it."""
    copy_sqlite(file, aside := _place(file, f"{at}.draft"), silent)
    aside.replace(_place(file, at))
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    copy.replace(file)
    folders.sync(file.parent)
