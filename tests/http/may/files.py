from __future__ import annotations

from collections.abc import AsyncIterator

from server.domain.document import DocumentKind
from server.domain.ids import CaseId, UserId
from server.domain.importing import ImportKind
from server.security.ids import new_secret_id
from server.services import documents, imports, sealed
from server.store import users
from tests.http.house import House
from tests.http.may.words import READ, THINGS, WORK, Make, May


async def document(house: House, case: CaseId, handler: UserId) -> str:
    await sealed.new_key(house.ctx, case, house.world.bureau.id)

    async def content() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7"

    kind = DocumentKind.OTHER
    return await documents.add(house.ctx, case, kind, "a.pdf", "", content(), handler)


async def job(house: House, case: CaseId, handler: UserId) -> str:
    """A clerk's import of cases."""
    async with house.ctx.store.read() as conn:
        clerk = await users.find(conn, house.staff["clerk"])
    assert clerk is not None

    async def content() -> AsyncIterator[bytes]:
        yield b"title,dispute_type,a_name\n,,\nWall,neighbours,Alice\n"

    return await imports.make(house.ctx, clerk, ImportKind.CASES, content(), new_secret_id())


async def what(house: House, case: CaseId, handler: UserId) -> str:
    return "cases"


async def form(house: House, case: CaseId, handler: UserId) -> str:
    return "csv"


IMPORTERS: May = {"clerk": THINGS, "administrator": THINGS}
CLERKS: May = {"clerk": THINGS}
FINDERS: May = {"grid_worker": THINGS}
MAY: dict[str, May] = {
    "GET /cases/{case}/documents/new": WORK,
    "POST /cases/{case}/documents": WORK,
    "GET /cases/{case}/documents/{document}": READ,
    "POST /cases/{case}/documents/{document}/remove": WORK,
    "POST /cases/{case}/documents/{document}/put-back": WORK,
    "GET /reports": FINDERS,
    "GET /reports/new": FINDERS,
    "POST /reports": FINDERS,
    "POST /reports/photos": FINDERS,
    "GET /imports": IMPORTERS,
    "GET /imports/new": IMPORTERS,
    "POST /imports": IMPORTERS,
    "GET /imports/templates/{what}.{form}": CLERKS,
    "GET /imports/{job}": CLERKS,
    "POST /imports/{job}/start": CLERKS,
    "GET /imports/{job}/errors.{form}": CLERKS,
}
FORMS: dict[str, dict[str, str]] = {"POST /cases/{case}/documents": {"kind": "photo"}}
MAKES: dict[str, Make] = {"document": document, "job": job, "what": what, "form": form}
LAST: dict[str, int] = {
    "POST /cases/{case}/documents/{document}/remove": 3,
    "POST /cases/{case}/documents/{document}/put-back": 4,
}
