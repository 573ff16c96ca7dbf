from __future__ import annotations

from server.domain.ids import CaseId, UserId
from server.security.ids import new_id
from tests.http import recorded
from tests.http.house import House
from tests.http.may.words import ALL, READ, WORK, Make, May

DECIDE: May = {"mediator": {"own"}, "lawyer": {"own"}, "clerk": ALL}
SEATED: May = {"party": {"own"}, "host": {"own"}}
ONE = "/cases/{case}/recordings/{recording}"
MAY: dict[str, May] = {
    f"GET {ONE}": READ,
    f"POST {ONE}/play": WORK,
    f"GET {ONE}/film/{{person}}/{{kind}}": WORK,
    f"POST {ONE}/bundle": READ,
    f"POST {ONE}/hold": DECIDE,
    f"POST {ONE}/release": DECIDE,
    f"POST {ONE}/destroy": DECIDE,
    f"GET {ONE}/certificate.pdf": READ,
    # What of it is theirs is told by tests/http/test_recordings.py.
    "GET /j/{seat}/recordings": SEATED,
    "GET /j/{seat}/recordings/{recording}/own.webm": SEATED,
    "GET /j/{seat}/receipt.json": SEATED,
}
FORMS: dict[str, dict[str, str]] = {
    f"POST {ONE}/play": {"why": "asked"},
    f"POST {ONE}/bundle": {"why": "asked"},
    f"POST {ONE}/hold": {"hold_why": "The court has asked."},
    f"POST {ONE}/destroy": {"destroy_why": "Everybody wants it."},
}


async def recording(house: House, case: CaseId, handler: UserId) -> str:
    session, host, _ = await house.session_of(case, handler)
    async with house.ctx.store.write() as conn:
        return (await recorded.put(conn, session, host)).id


async def person(house: House, case: CaseId, handler: UserId) -> str:
    return new_id()


async def kind(house: House, case: CaseId, handler: UserId) -> str:
    return "video"


MAKES: dict[str, Make] = {"recording": recording, "person": person, "kind": kind}
LAST: dict[str, int] = {f"POST {ONE}/release": 4, f"POST {ONE}/destroy": 5}
