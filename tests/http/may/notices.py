from __future__ import annotations

from server.domain.ids import CaseId, UserId
from server.services import notices, sealed
from server.store import cases
from server.store import notices as stored
from tests.http.house import House
from tests.http.may.words import ADMINISTRATORS, CASE_READERS, WORK, Make, May

MAY: dict[str, May] = {
    "GET /notices": {**CASE_READERS, **ADMINISTRATORS},
    "POST /cases/{case}/notices/{notice}/again": WORK,
    "POST /cases/{case}/notices/{notice}/told": WORK,
    "POST /cases/{case}/notices/language/{party}": WORK,
    "GET /notices/templates": ADMINISTRATORS,
    "GET /notices/templates/{template}/{language}": ADMINISTRATORS,
    "POST /notices/templates/{template}/{language}": ADMINISTRATORS,
}
FORMS: dict[str, dict[str, str]] = {
    "POST /cases/{case}/notices/language/{party}": {"language": "en"},
    "POST /notices/templates/{template}/{language}": {"action": "back", "version": "0"},
}


async def _notice(house: House, case_id: CaseId, _: UserId) -> str:
    ctx = house.ctx
    await sealed.new_key(ctx, case_id, house.world.bureau.id)
    async with ctx.store.write() as conn:
        case = await cases.load(conn, case_id)
        assert case is not None
        await notices.to_party(ctx, conn, case, case.parties[0].id, "case_reopened", {}, "made")
        return (await stored.of_case(conn, case_id))[0].id


async def _party(house: House, case_id: CaseId, _: UserId) -> str:
    async with house.ctx.store.read() as conn:
        case = await cases.load(conn, case_id)
    assert case is not None
    return case.parties[0].id


async def _template(*_: object) -> str:
    return "case_accepted"


async def _language(*_: object) -> str:
    return "zh"


MAKES: dict[str, Make] = {
    "notice": _notice,
    "party": _party,
    "template": _template,
    "language": _language,
}
LAST: dict[str, int] = {}
