"""The two passes over a file: every row is looked at, then the good ones are brought in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import ImportId
from server.domain.importing import (
    BATCH,
    GOING,
    MOST_ROWS,
    MOST_WRONG,
    ImportJob,
    ImportKind,
    ImportState,
    Mistake,
)
from server.domain.rights import scope
from server.domain.user import User
from server.services import sealed
from server.services.context import Context
from server.services.importing import tables
from server.services.importing.cases import Cases
from server.services.importing.columns import Row
from server.services.importing.importer import Importer
from server.services.importing.organisations import Organisations
from server.services.importing.users import Users
from server.store import audit, imports, users

IMPORTERS: dict[ImportKind, type[Cases] | type[Users] | type[Organisations]] = {
    ImportKind.ORGANISATIONS: Organisations,
    ImportKind.USERS: Users,
    ImportKind.CASES: Cases,
}


class _Overtaken(Exception):
    """Somebody else is at it too and has come further: what this run was about to write is void."""


def kinds(user: User) -> list[ImportKind]:
    """What this user may import."""
    return [kind for kind, importer in IMPORTERS.items() if scope(user, importer.verb)]


async def run(ctx: Context, job_id: ImportId) -> None:
    """The pass at which the import stands, from where it stopped; nothing if it stands at none."""
    async with ctx.store.read() as conn:
        job = await imports.find(conn, job_id)
        user = await users.find(conn, job.by) if job else None
    if job is None or user is None or job.state not in GOING:
        return
    secret = ctx.keys.data.get(job_id)
    try:
        if secret is None or not job.file:
            raise Refused("import_file_gone")
        if job.what not in kinds(user):
            raise Refused("not_allowed")
        importer: Importer = IMPORTERS[job.what](ctx, user, job)
        with closing(ctx.blobs.open(secret, job.file)) as file:
            total = 0
            if job.state is ImportState.CHECKING:
                total = await asyncio.to_thread(tables.counted, file, job.encoding)
                file.seek(0)
            with closing(tables.rows(file, job.encoding)) as lines:
                if job.state is ImportState.CHECKING:
                    await _check(ctx, job, importer, lines, total)
                    return
                await _bring_in(ctx, job, importer, lines)
    except _Overtaken:
        return
    except Refused as refused:
        await _end(ctx, job, ImportState.FAILED, code=refused.code)
    else:
        await _end(ctx, job, ImportState.DONE)


async def _check(
    ctx: Context, job: ImportJob, importer: Importer, lines: Iterator[list[str]], total: int
) -> None:
    """From the beginning each time: what one row says may count for another."""
    state, seen, wrong, at = job.state, 0, 0, 0
    async with ctx.store.write() as conn:
        # This first: it waits for another run's batch, whose mistakes are then there to forget.
        begun = {"total": total, "checked": 0, "wrong": 0, "position": 0}
        if not await imports.step(conn, job.id, state, **begun):
            raise _Overtaken
        await imports.forget_mistakes(conn, job.id)
    async with ctx.store.read() as conn:
        await importer.begin(conn)
    async for batch in _batches(job, lines, 0):
        async with ctx.store.read() as conn:
            await importer.check(conn, batch.rows)
        seen += len(batch.rows)
        bad = [row for row in batch.rows if row.errors]
        wrong += len(bad)
        async with ctx.store.write() as conn:
            if not await imports.advance(conn, job.id, state, at, batch.end):
                raise _Overtaken
            await imports.add_mistakes(conn, job.id, _mistakes(ctx, job, bad))
            await imports.step(conn, job.id, state, checked=seen, wrong=wrong)
        at = batch.end
        if wrong > MOST_WRONG or seen > MOST_ROWS:
            raise Refused("import_too_many_rows" if seen > MOST_ROWS else "import_too_many_wrong")
    learnt = {**job.columns, **importer.learnt()}
    async with ctx.store.write() as conn:
        checked = {"state": ImportState.CHECKED, "columns": learnt, "total": seen}
        await imports.step(conn, job.id, state, **checked)


async def _bring_in(
    ctx: Context, job: ImportJob, importer: Importer, lines: Iterator[list[str]]
) -> None:
    """From where it stopped: each transaction says how far it has come, and holds that first, so
    that nobody brings the same rows in beside it.
    """
    async with ctx.store.write() as conn:
        await importer.begin(conn)
        await importer.ready(conn, job.columns)
        known = await imports.wrong_rows(conn, job.id)
    begun, imported, wrong, at = perf_counter(), job.imported, job.wrong, job.position
    async for batch in _batches(job, lines, job.position):
        rows = [row for row in batch.rows if row.n not in known]
        await importer.prepare(rows)
        async with ctx.store.write() as conn:
            if not await imports.advance(conn, job.id, job.state, at, batch.end):
                raise _Overtaken
            # What was free when the file was checked may be taken by now.
            await importer.check(conn, rows)
            good = [row for row in rows if not row.errors]
            bad = [row for row in rows if row.errors]
            await importer.insert(conn, good)
            await imports.add_mistakes(conn, job.id, _mistakes(ctx, job, bad))
            imported, wrong = imported + len(good), wrong + len(bad)
            speed = round((imported - job.imported) / max(perf_counter() - begun, 0.001))
            now = {"imported": imported, "wrong": wrong, "rows_per_second": speed}
            await imports.step(conn, job.id, job.state, **now)
        at = batch.end


async def _end(ctx: Context, job: ImportJob, state: ImportState, code: str = "") -> None:
    """The file is not needed any more."""
    async with ctx.store.write() as conn:
        values: dict[str, Any] = {"state": state, "code": code, "file": "", "ended_at": ctx.clock()}
        if await imports.step(conn, job.id, job.state, **values):
            after = await imports.find(conn, job.id)
            await record(ctx, conn, job, f"import.{state}", after.imported if after else 0)
    if job.file:
        await ctx.blobs.delete(job.file)


async def record(ctx: Context, conn: AsyncConnection, job: ImportJob, verb: str, rows: int) -> None:
    body = {"what": job.what, "rows": rows}
    chain = f"org:{job.organisation}"
    await audit.append(conn, chain, verb, ctx.clock(), job.by, job.id, body)


@dataclass(frozen=True, slots=True)
class Batch:
    """`end`: how many lines below the headings were gone through with it, empty ones too."""

    rows: list[Row]
    end: int


async def _batches(job: ImportJob, lines: Iterator[list[str]], start: int) -> AsyncIterator[Batch]:
    """What stands below the headings, from line `start` on. Empty lines don't count."""
    names: list[str | None] = job.columns["columns"]
    at = start
    # The headings, and what an earlier run went through.
    await asyncio.to_thread(lambda: next(islice(lines, start, None), None))
    while some := await asyncio.to_thread(lambda: list(islice(lines, BATCH))):
        rows = []
        for line in some:
            at += 1
            cells = {name: cell for name, cell in zip(names, line, strict=False) if name}
            if any(cell.strip() for cell in cells.values()):
                rows.append(Row(at + 1, cells))
        yield Batch(rows, at)


def line_of(row: int) -> str:
    """As what a bad row is sealed."""
    return f"line:{row}"


def _mistakes(ctx: Context, job: ImportJob, bad: Sequence[Row]) -> list[Mistake]:
    names = [name for name in job.columns["columns"] if name]
    found = []
    for row in bad:
        cells = [row.cells.get(name, "") for name in names]
        line = sealed.seal(ctx, job.id, line_of(row.n), cells)
        for column, code in row.errors.items():
            found.append(Mistake(row.n, column, code, line))
            line = ""
    return found
