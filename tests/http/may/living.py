from __future__ import annotations

from datetime import date

from server.domain.confirmation import Confirmation
from server.domain.extension import Extension
from server.domain.ids import CaseId, ConfirmationId, ExtensionId, UserId
from server.domain.note import NoteKind, Readers
from server.security.ids import new_id
from server.services import deadlines, notes, sealed
from server.store import cases, confirmations, extensions
from tests.http.house import House
from tests.http.may.words import ADMINISTRATORS, READ, WORK, Make, May

MAY: dict[str, May] = {
    "GET /cases/{case}/timeline": READ,
    "GET /cases/{case}/notes/new": WORK,
    "POST /cases/{case}/notes/new": WORK,
    "POST /cases/{case}/notes/{note}/strike": WORK,
    "GET /cases/{case}/extensions/new": WORK,
    "POST /cases/{case}/extensions/new": WORK,
    "POST /cases/{case}/extensions/{extension}/answer": WORK,
    "POST /cases/{case}/extensions/{extension}/take-back": WORK,
    "GET /cases/{case}/close": WORK,
    "POST /cases/{case}/close": WORK,
    "GET /cases/{case}/reopen": WORK,
    "POST /cases/{case}/reopen": WORK,
    "GET /cases/{case}/confirmation": WORK,
    "POST /cases/{case}/confirmation": WORK,
    "POST /cases/{case}/confirmation/{confirmation}/take-back": WORK,
    "GET /cases/{case}/join": WORK,
    "POST /cases/{case}/join": WORK,
    "GET /cases/{case}/split": WORK,
    "POST /cases/{case}/split": WORK,
    "GET /workdays": ADMINISTRATORS,
    # They count in the whole country: this one looks after one station.
    "POST /workdays": {},
}
FORMS = {
    "POST /cases/{case}/notes/new": {"kind": "call", "readers": "case", "body": "They agree."},
    "POST /cases/{case}/extensions/new": {"until": "2027-03-01", "why": "The survey."},
    "POST /cases/{case}/extensions/{extension}/answer": {
        "side": "A",
        "yes": "yes",
        "how": "phone",
    },
    "POST /cases/{case}/close": {"outcome": "agreed", "why": "Settled."},
    "POST /cases/{case}/reopen": {"why": "It leaks again."},
    "POST /cases/{case}/confirmation": {"on": "2026-11-23", "court": "Court"},
    "POST /cases/{case}/join": {"other": "", "why": "The same wall."},
    "POST /cases/{case}/split": {"title": "Fence", "why": "Another matter."},
    "POST /workdays": {"days": "2026-12-25 off Christmas"},
}


async def note(house: House, case: CaseId, handler: UserId) -> str:
    await sealed.new_key(house.ctx, case, house.world.bureau.id)
    async with house.ctx.store.write() as conn:
        return await notes.add(
            house.ctx, conn, case, NoteKind.NOTE, Readers.CASE, "A note.", handler
        )


async def extension(house: House, case: CaseId, handler: UserId) -> str:
    """Being asked for, until the end of a case that has no other limit."""
    async with house.ctx.store.write() as conn:
        found = await cases.load(conn, case)
        assert found is not None
        await deadlines.refresh(house.ctx, conn, found)
        asked = Extension(
            id=ExtensionId(new_id()),
            until_on=date(2027, 2, 1),
            why="",
            by=handler,
            at=house.ctx.clock(),
        )
        await extensions.insert(conn, case, asked)
        return asked.id


async def confirmation(house: House, case: CaseId, handler: UserId) -> str:
    made = Confirmation(ConfirmationId(new_id()), house.clock().date(), "", handler, house.clock())
    async with house.ctx.store.write() as conn:
        await confirmations.insert(conn, case, made)
    return made.id


MAKES: dict[str, Make] = {"note": note, "extension": extension, "confirmation": confirmation}
LAST: dict[str, int] = {}
