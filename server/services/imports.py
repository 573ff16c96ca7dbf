"""Imports: a file is taken in, checked row by row, and its good rows brought in when asked.

Both passes are later work: they go on after a restart. Rows are brought in some hundreds in one
transaction, which also says how far it has come, so that none is brought in twice or by half.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import ImportId, OrganisationId, UserId
from server.domain.importing import LARGEST, ImportJob, ImportKind, ImportState, Mistake
from server.domain.rights import Thing, Verb, may, scope
from server.domain.user import User
from server.security.ids import new_id
from server.services import forms, invitations, sealed
from server.services.context import Context
from server.services.importing import passes, tables
from server.services.importing.cases import DEADLINES, set_deadlines
from server.services.importing.columns import Column, matched
from server.services.importing.passes import IMPORTERS, kinds
from server.services.importing.users import INVITE
from server.store import due, imports, organisations, users
from server.store.due import Due

WORK = "import"
FORGET = "import_forget"
KEPT = timedelta(days=30)
"""For so long bad rows can be downloaded and mended; then nobody can read them any more."""
SHOWN_MISTAKES = 100

__all__ = [
    "DEADLINES",
    "FORGET",
    "INVITE",
    "WORK",
    "BadRow",
    "JobPage",
    "bad_rows",
    "columns",
    "forget",
    "invite",
    "kinds",
    "listing",
    "make",
    "page",
    "require",
    "run",
    "set_deadlines",
    "start",
    "work",
]


@dataclass(frozen=True, slots=True)
class JobPage:
    """`matched`: our columns that the file has; `passed_over`: how many of its others are not used.
    `mistakes`: the first of them.
    """

    job: ImportJob
    organisation: str
    matched: tuple[Column, ...]
    passed_over: int
    mistakes: tuple[Mistake, ...]


def columns(what: ImportKind) -> tuple[Column, ...]:
    return IMPORTERS[what].columns


def require(user: User, what: ImportKind) -> None:
    """Raises Refused("not_allowed")."""
    if what not in kinds(user):
        raise Refused("not_allowed")


# ---- a new one ----------------------------------------------------------------------------------


async def make(
    ctx: Context, user: User, what: ImportKind, chunks: AsyncIterator[bytes], key: str
) -> ImportId:
    """Take a file in; its check begins. Sent twice, it is one.

    Raises Refused: not_allowed, file_too_large, import_unreadable, import_empty, and
    ColumnsMissing.
    """
    require(user, what)
    async with ctx.store.read() as conn:
        home = await organisations.get(conn, _home(user, IMPORTERS[what].verb))
    job_id = ImportId(new_id())
    await sealed.new_key(ctx, job_id, home.tenant)
    secret = ctx.keys.data.get(job_id)
    assert secret is not None
    stored = await ctx.blobs.put(secret, _limited(chunks))
    made = ""
    try:
        how, found = await asyncio.to_thread(_looked_at, ctx, secret, stored.id, what)
        job = ImportJob(
            id=job_id,
            by=user.id,
            organisation=home.id,
            what=what,
            state=ImportState.CHECKING,
            file=stored.id,
            encoding=how,
            columns={"columns": found},
            created_at=ctx.clock(),
        )

        async def insert(conn: AsyncConnection) -> str:
            await imports.insert(conn, job)
            await _later(ctx, conn, job_id, ImportState.CHECKING)
            return job_id

        made = await forms.once(ctx, user.id, key, insert)
    finally:
        if made != job_id:
            await ctx.blobs.delete(stored.id)
            await asyncio.to_thread(ctx.keys.data.destroy, job_id)
    return ImportId(made)


async def start(ctx: Context, user: User, job_id: ImportId) -> None:
    """Bring the good rows in. Twice is once. Raises Refused."""
    async with ctx.store.write() as conn:
        job = await _of_user(conn, user, job_id)
        begun = await imports.step(
            conn, job_id, ImportState.CHECKED, state=ImportState.IMPORTING, position=0
        )
        if begun:
            await _later(ctx, conn, job_id, ImportState.IMPORTING)
            await passes.record(ctx, conn, job, "import.started", job.good)


async def listing(ctx: Context, user: User) -> list[ImportJob]:
    """This user's own, newest first. Raises Refused("not_allowed")."""
    if not kinds(user):
        raise Refused("not_allowed")
    async with ctx.store.read() as conn:
        return await imports.of_user(conn, user.id)


async def page(ctx: Context, user: User, job_id: ImportId) -> JobPage:
    """Raises Refused: not_allowed for somebody else's too, whatever there is."""
    async with ctx.store.read() as conn:
        job = await _of_user(conn, user, job_id)
        where = await organisations.get(conn, job.organisation)
        wrong = await imports.mistakes(conn, job_id, SHOWN_MISTAKES)
    found = job.columns["columns"]
    ours = tuple(c for c in columns(job.what) if c.name in found)
    return JobPage(job, where.name, ours, found.count(None), tuple(wrong))


@dataclass(frozen=True, slots=True)
class BadRow:
    """`cells` in the order of `columns`; `wrong`: column → code."""

    n: int
    cells: list[str]
    wrong: dict[str, str]


async def bad_rows(ctx: Context, user: User, job_id: ImportId) -> tuple[list[Column], list[BadRow]]:
    """The bad rows as they stood in the file, to be mended and sent again. Raises Refused."""
    async with ctx.store.read() as conn:
        job = await _of_user(conn, user, job_id)
        wrong = await imports.mistakes(conn, job_id)
    known = {column.name: column for column in columns(job.what)}
    names = [name for name in job.columns["columns"] if name]
    found: dict[int, BadRow] = {}
    for mistake in wrong:
        bad = found.setdefault(mistake.row, BadRow(mistake.row, [], {}))
        bad.wrong[mistake.column] = mistake.code
        if mistake.line:
            about = passes.line_of(mistake.row)
            bad.cells.extend(sealed.unseal(ctx, job_id, about, mistake.line) or [])
    return [known[name] for name in names], [bad for bad in found.values() if bad.cells]


# ---- later work ---------------------------------------------------------------------------------


async def run(ctx: Context, job_id: ImportId) -> None:
    """The pass at which the import stands, from where it stopped; nothing if it stands at none."""
    await passes.run(ctx, job_id)


async def work(ctx: Context, job: Due) -> None:
    await run(ctx, ImportId(job.thing))


async def invite(ctx: Context, job: Due) -> None:
    """Somebody who was imported is sent their invitation."""
    async with ctx.store.read() as conn:
        by = await users.find(conn, UserId(job.body["by"]))
    if by is not None:
        with suppress(Refused):
            # They have left meanwhile, or are not this administrator's any more.
            await invitations.invite(ctx, by, UserId(job.thing))


async def forget(ctx: Context, job: Due) -> None:
    """What stood in the bad rows: nobody can read it from now on."""
    async with ctx.store.write() as conn:
        found = await imports.find(conn, ImportId(job.thing))
        await imports.forget_lines(conn, ImportId(job.thing))
        if found is not None and found.state is ImportState.CHECKED:
            failed = {"state": ImportState.FAILED, "code": "import_file_gone", "file": ""}
            await imports.step(conn, found.id, ImportState.CHECKED, **failed)
    if found is not None and found.file:
        await ctx.blobs.delete(found.file)
    await asyncio.to_thread(ctx.keys.data.destroy, job.thing)


# ---- parts --------------------------------------------------------------------------------------


def _home(user: User, verb: Verb) -> OrganisationId:
    """Where rows belong that name no organisation: where the user works, if it is theirs to say."""
    if may(user, verb, Thing(user.path)):
        return user.organisation
    return OrganisationId(scope(user, verb)[0].path.split("/")[-2])


async def _limited(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            raise Refused("file_too_large")
        yield chunk


def _looked_at(
    ctx: Context, secret: bytes, blob: str, what: ImportKind
) -> tuple[str, list[str | None]]:
    """How the file is read, and which of our columns each of its own is."""
    with closing(ctx.blobs.open(secret, blob)) as file:
        how = tables.recognised(file)
        with closing(tables.rows(file, how)) as found:
            headings, first = next(found, []), next(found, None)
    if first is None:
        raise Refused("import_empty")
    return how, matched(columns(what), headings)


async def _of_user(conn: AsyncConnection, user: User, job_id: ImportId) -> ImportJob:
    job = await imports.find(conn, job_id)
    if job is None or job.by != user.id:
        raise Refused("not_allowed")
    require(user, job.what)
    return job


async def _later(ctx: Context, conn: AsyncConnection, job_id: ImportId, state: ImportState) -> None:
    now, key = ctx.clock(), f"{WORK}:{job_id}:{state}"
    await due.add(conn, at=now, kind=WORK, thing=job_id, key=key)
    if state is ImportState.CHECKING:
        await due.add(conn, at=now + KEPT, kind=FORGET, thing=job_id, key=f"{FORGET}:{job_id}")
