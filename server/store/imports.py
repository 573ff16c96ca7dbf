"""Imports and what was wrong with their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import ImportId, OrganisationId, UserId
from server.domain.importing import ImportJob, ImportKind, ImportState, Mistake
from server.store import tables

_job, _error = tables.import_job, tables.import_error


async def insert(conn: AsyncConnection, job: ImportJob) -> None:
    await conn.execute(
        insert_into(_job).values(
            id=job.id,
            by=job.by,
            organisation=job.organisation,
            what=job.what,
            state=job.state,
            file=job.file,
            encoding=job.encoding,
            columns=job.columns,
            created_at=job.created_at,
        )
    )


async def find(conn: AsyncConnection, job_id: ImportId) -> ImportJob | None:
    row = (await conn.execute(select(_job).where(_job.c.id == job_id))).mappings().first()
    return None if row is None else _to_job(row)


async def of_user(conn: AsyncConnection, user: UserId, limit: int = 50) -> list[ImportJob]:
    """Their newest."""
    found = select(_job).where(_job.c.by == user)
    rows = await conn.execute(
        found.order_by(_job.c.created_at.desc(), _job.c.id.desc()).limit(limit)
    )
    return [_to_job(row) for row in rows.mappings()]


async def step(conn: AsyncConnection, job_id: ImportId, at: ImportState, **values: Any) -> bool:
    """Change it if it still stands `at` this. False: somebody else was quicker."""
    where = (_job.c.id == job_id, _job.c.state == at)
    return (await conn.execute(update(_job).where(*where).values(**values))).rowcount == 1


async def advance(
    conn: AsyncConnection, job_id: ImportId, at: ImportState, before: int, after: int
) -> bool:
    """From line `before` to `after`, held until the commit. False: it stands there no more."""
    where = (_job.c.id == job_id, _job.c.state == at, _job.c.position == before)
    moved = update(_job).where(*where).values(position=after)
    return (await conn.execute(moved)).rowcount == 1


async def add_mistakes(
    conn: AsyncConnection, job_id: ImportId, mistakes: Sequence[Mistake]
) -> None:
    rows = [
        {"job": job_id, "row": m.row, "column": m.column, "code": m.code, "line": m.line}
        for m in mistakes
    ]
    if rows:
        await conn.execute(insert_into(_error), rows)


async def mistakes(
    conn: AsyncConnection, job_id: ImportId, limit: int | None = None
) -> list[Mistake]:
    """In the order of the file."""
    found = select(_error).where(_error.c.job == job_id)
    rows = await conn.execute(found.order_by(_error.c.row, _error.c.column).limit(limit))
    return [Mistake(row.row, row.column, row.code, row.line) for row in rows]


async def wrong_rows(conn: AsyncConnection, job_id: ImportId) -> set[int]:
    return set(await conn.scalars(select(_error.c.row).where(_error.c.job == job_id).distinct()))


async def forget_mistakes(conn: AsyncConnection, job_id: ImportId) -> None:
    await conn.execute(delete(_error).where(_error.c.job == job_id))


async def forget_lines(conn: AsyncConnection, job_id: ImportId) -> None:
    """What was wrong stays known; what stood in the rows does not."""
    await conn.execute(update(_error).where(_error.c.job == job_id).values(line=""))


def _to_job(row: RowMapping) -> ImportJob:
    return ImportJob(
        id=ImportId(row["id"]),
        by=UserId(row["by"]),
        organisation=OrganisationId(row["organisation"]),
        what=ImportKind(row["what"]),
        state=ImportState(row["state"]),
        file=row["file"],
        encoding=row["encoding"],
        columns=row["columns"],
        created_at=row["created_at"],
        total=row["total"],
        checked=row["checked"],
        imported=row["imported"],
        wrong=row["wrong"],
        position=row["position"],
        rows_per_second=row["rows_per_second"],
        code=row["code"],
        ended_at=row["ended_at"],
    )
