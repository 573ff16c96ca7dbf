"""Notes: written, struck out, and read by those whom they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import CaseId, NoteId, UserId
from server.domain.note import Note, NoteKind, Readers, checked_body
from server.domain.rights import Verb
from server.domain.user import User
from server.security.ids import new_id
from server.services import deadlines, forms, sealed
from server.services.cases import require
from server.services.context import Context
from server.services.opening import APPLICANT
from server.store import audit, cases, notes, users


@dataclass(frozen=True, slots=True)
class NoteLine:
    """`note.body` is readable; empty where its key was destroyed."""

    note: Note
    by_name: str
    may_strike: bool


async def add(
    ctx: Context,
    conn: AsyncConnection,
    case_id: CaseId,
    kind: NoteKind,
    readers: Readers,
    body: str,
    by: UserId | None,
) -> NoteId:
    """Within a writing transaction; whether `by` may is the caller's to know. None: a party, by
    the status page. Raises Refused.
    """
    note = Note(NoteId(new_id()), kind, readers, checked_body(body), by, ctx.clock())
    hidden = sealed.seal(ctx, case_id, f"note:{note.id}", note.body)
    await notes.insert(conn, case_id, replace(note, body=hidden))
    said, actor = {"kind": kind, "readers": readers}, by or APPLICANT
    await audit.append(conn, f"case:{case_id}", "case.noted", note.at, actor, note.id, said)
    # To have spoken with somebody may be what was due.
    await deadlines.refresh_of(ctx, conn, case_id)
    return note.id


async def write(
    ctx: Context,
    user: User,
    case_id: CaseId,
    kind: NoteKind,
    readers: Readers,
    body: str,
    key: str,
) -> NoteId:
    """By somebody who works on the case. Raises Refused."""

    async def make(conn: AsyncConnection) -> str:
        await require(conn, user, Verb.WORK, case_id)
        return await add(ctx, conn, case_id, kind, readers, body, user.id)

    return NoteId(await forms.once(ctx, user.id, key, make))


async def strike(ctx: Context, user: User, case_id: CaseId, note_id: NoteId) -> None:
    """It stays, struck out. Twice is once. Raises Refused."""
    async with ctx.store.write() as conn:
        thing = await require(conn, user, Verb.WORK, case_id)
        note = await notes.find(conn, case_id, note_id)
        if note is None or not note.may_read(user.id, thing.handlers):
            raise Refused("not_found")
        if note.struck_at is not None:
            return
        if not note.may_strike(user.id):
            raise Refused("not_allowed")
        now = ctx.clock()
        await notes.strike(conn, note_id, now)
        chain = f"case:{case_id}"
        await audit.append(conn, chain, "case.note_struck", now, user.id, note_id, {})
        await deadlines.refresh_of(ctx, conn, case_id)


async def listed(ctx: Context, user: User, case_id: CaseId) -> Sequence[NoteLine]:
    """`of_case` by itself."""
    async with ctx.store.read() as conn:
        return await of_case(ctx, conn, user, case_id)


async def of_case(
    ctx: Context, conn: AsyncConnection, user: User, case_id: CaseId
) -> Sequence[NoteLine]:
    """Those that somebody who may read the case may read of its notes, newest first."""
    thing = await cases.thing(conn, case_id)
    assert thing is not None
    found = await notes.of_case(conn, case_id)
    mine = [note for note in found if note.may_read(user.id, thing.handlers)]
    names = await users.names(conn, {note.by for note in mine if note.by})
    return [
        NoteLine(
            replace(note, body=sealed.unseal(ctx, case_id, f"note:{note.id}", note.body) or ""),
            names.get(note.by, "") if note.by else "",
            note.may_strike(user.id),
        )
        for note in mine
    ]
