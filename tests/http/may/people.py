from __future__ import annotations

from datetime import timedelta

from server.domain.ids import CaseId, UserId
from server.domain.organisation import OrganisationKind
from server.domain.user import StaffRole
from server.security import tokens
from server.security.ids import new_id
from server.store import accounts, cases, organisations, profiles
from tests.http.house import House
from tests.http.may.words import ADMINISTRATORS, ANY, SIGNED_IN, Make, May
from tests.store import world as worlds

MINE: May = {"administrator": {"own", "colleague"}}
"""The administrator is one of the station: what is elsewhere isn't theirs."""

MAY: dict[str, May] = {
    "GET /organisations": ADMINISTRATORS,
    "POST /organisations": ADMINISTRATORS,
    "GET /organisations/new": ADMINISTRATORS,
    "GET /organisations/{organisation}": MINE,
    "POST /organisations/{organisation}": MINE,
    "POST /organisations/{organisation}/move": MINE,
    "POST /organisations/{organisation}/close": MINE,
    "POST /organisations/{organisation}/reopen": MINE,
    "GET /people": ADMINISTRATORS,
    "POST /people": ADMINISTRATORS,
    "GET /people/new": ADMINISTRATORS,
    "GET /people/{user}": MINE,
    "POST /people/{user}": MINE,
    "POST /people/{user}/roles": MINE,
    "POST /people/{user}/roles/take": MINE,
    "POST /people/{user}/invite": MINE,
    "POST /people/{user}/code": MINE,
    "GET /people/{user}/leave": MINE,
    "POST /people/{user}/leave": MINE,
    "POST /people/{user}/back": MINE,
    "GET /people/{user}/photo": ANY,
    "GET /profile": SIGNED_IN,
    "POST /profile": SIGNED_IN,
    "POST /profile/photo": SIGNED_IN,
    "POST /profile/photo/remove": SIGNED_IN,
    "POST /profile/password": SIGNED_IN,
    "GET /profile/code": SIGNED_IN,
    "POST /profile/code": SIGNED_IN,
    "POST /profile/code/off": SIGNED_IN,
    "POST /profile/sign-ins/end": SIGNED_IN,
    "GET /invite/{secret}": ANY,
    "POST /invite/{secret}": ANY,
    "GET /mediators": ANY,
}
FORMS = {
    "POST /organisations": {"name": "Committee", "kind": "committee", "time_zone": "UTC"},
    "POST /organisations/{organisation}": {"name": "Studio", "kind": "studio", "time_zone": "UTC"},
    "POST /people/{user}/roles": {"role": "clerk", "organisation": ""},
    "POST /people/{user}/roles/take": {"role": "clerk", "organisation": ""},
    "POST /people": {"name": "Alice", "login": "alice", "role": "clerk"},
    "POST /profile": {"name": "Alice"},
    "POST /invite/{secret}": {"password": "a long password", "again": "a long password"},
}


async def _unit(house: House, case_id: CaseId, _: UserId) -> str:
    """Below the organisation of the case."""
    async with house.ctx.store.write() as conn:
        case = await cases.load(conn, case_id)
        assert case is not None
        above = await organisations.get(conn, case.organisation)
        return (await worlds.organisation(conn, above, OrganisationKind.STUDIO, "工作室")).id


async def _person(house: House, case_id: CaseId, _: UserId) -> str:
    """Of the organisation of the case, listed, with a photo."""
    async with house.ctx.store.write() as conn:
        case = await cases.load(conn, case_id)
        assert case is not None
        where = await organisations.get(conn, case.organisation)
        person = await worlds.member(conn, where, StaffRole.MEDIATOR, new_id(), "Dora")
    photo = await house.ctx.blobs.put_bytes(house.ctx.keys.own_key, b"\xff\xd8\xff photo")
    async with house.ctx.store.write() as conn:
        await profiles.set_fields(conn, person, {"listed": True, "photo": photo.id})
    return person


async def _secret(house: House, _: CaseId, __: UserId) -> str:
    """Of an invitation of somebody of the station, by its administrator."""
    secret, ends = tokens.new_secret(), house.clock() + timedelta(days=1)
    async with house.ctx.store.write() as conn:
        where = house.world.station
        person = await worlds.member(conn, where, StaffRole.CLERK, new_id(), "Eve")
        by = house.staff["administrator"]
        await accounts.invite(conn, person, tokens.secret_hash(secret), by, ends)
    return secret


MAKES: dict[str, Make] = {"organisation": _unit, "user": _person, "secret": _secret}
LAST = {"POST /people/{user}/leave": 1, "POST /people/{user}/back": 2}
