"""A house worth backing up, and an empty one to restore it into."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import select
from sqlalchemy.engine import make_url

from server.domain.case import Case
from server.domain.document import DocumentKind
from server.domain.ids import DocumentId
from server.security.keys import KeyStore
from server.services import audit, documents
from server.services.context import Context
from server.settings import Settings
from server.store.store import Store
from server.store.types import metadata
from tests.services import matters
from tests.services.conftest import Staff
from tests.services.test_documents import pieces
from tests.store.world import World

PAPER = b"%PDF-1.7 " + b"x" * 1_500_000
PASSPHRASE = "correct horse battery"
_NUMBERS = count()


@dataclass
class Kept:
    """Two cases with sealed fields and a paper each; `gone`'s key was destroyed."""

    case: Case
    gone: Case
    paper: DocumentId
    gone_paper: DocumentId


async def furnish(ctx: Context, world: World, staff: Staff) -> Kept:
    case = await matters.matter(ctx, world.station, staff.wang.id)
    gone = await matters.matter(ctx, world.station, staff.wang.id, title="噪音")
    papers = [await paper(ctx, c, staff) for c in (case, gone)]
    ctx.keys.data.destroy(gone.id)
    await audit.seal(ctx)
    return Kept(case, gone, *papers)


async def paper(ctx: Context, case: Case, staff: Staff) -> DocumentId:
    given = ("合同.pdf", "application/pdf", pieces(PAPER))
    return await documents.add(ctx, case.id, DocumentKind.EVIDENCE, *given, staff.wang.id)


async def rows(store: Store) -> dict[str, list[Any]]:
    """Everything in the database."""
    async with store.read() as conn:
        return {
            table.name: sorted(tuple(row) for row in await conn.execute(select(table)))
            for table in metadata.sorted_tables
        }


def config_of(ctx: Context) -> Settings:
    """The settings of a server on this database, as the command line has them."""
    url = ctx.store.engine.url
    plain = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
    return ctx.settings.model_copy(update={"database_url": plain})


@asynccontextmanager
async def elsewhere(ctx: Context, folder: Path) -> AsyncIterator[Settings]:
    """Settings of a server with an empty folder and, on PostgreSQL, an empty database."""
    database = config_of(ctx).database
    if database.startswith("sqlite"):
        yield Settings(data_dir=folder)
        return
    url, name = make_url(database), f"restored_{next(_NUMBERS)}"
    await _sql(database, f"CREATE DATABASE {name}")
    try:
        made = url.set(database=name).render_as_string(hide_password=False)
        yield Settings(data_dir=folder, database_url=made)
    finally:
        await _sql(database, f"DROP DATABASE {name} WITH (FORCE)")


async def _sql(database: str, statement: str) -> None:
    url = make_url(database)
    connection = await asyncpg.connect(
        host=str(url.query["host"]), user=url.username, database="postgres"
    )
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def opened(config: Settings) -> AsyncIterator[Context]:
    """What was restored, as a server has it."""
    ctx = Context(
        store=Store(config.database), settings=config, keys=KeyStore(config.data_dir / "keys")
    )
    try:
        yield ctx
    finally:
        await ctx.store.close()
        await asyncio.to_thread(ctx.keys.data.close)
