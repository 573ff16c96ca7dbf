from __future__ import annotations

from server.domain.assignment import Offer
from server.domain.case import HandlerRole
from server.domain.ids import CaseId, OfferId, UserId
from server.security.ids import new_id
from server.services import sealed
from server.store import offers
from tests.http.house import House
from tests.http.may.words import CASE_MAKERS, HOST, WORK, Make, May

MAY: dict[str, May] = {
    "POST /cases/{case}/accept": WORK,
    "GET /cases/{case}/refuse": WORK,
    "POST /cases/{case}/refuse": WORK,
    "GET /cases/{case}/again": WORK,
    "POST /cases/{case}/again": WORK,
    "GET /cases/{case}/mediators": WORK,
    "POST /cases/{case}/mediators": WORK,
    "POST /cases/{case}/handlers/{handler}/end": WORK,
    "POST /cases/{case}/offers/{offer}/take-back": WORK,
    "POST /cases/{case}/wishes": WORK,
    "GET /offers": CASE_MAKERS,
    # Whoever was asked, and nobody else: a clerk who gives the matter away doesn't answer for them.
    "GET /offers/{offer}": HOST,
    "POST /offers/{offer}/accept": HOST,
    "POST /offers/{offer}/decline": HOST,
    # What a side said alone is its mediator's to read: no clerk's, no supervisor's.
    "GET /cases/{case}/screenings/{side}": HOST,
    "POST /cases/{case}/screenings/{side}": HOST,
}
FORMS = {
    "POST /cases/{case}/wishes": {"side": "A"},
    "POST /offers/{offer}/accept": {"knows": "nobody"},
    "POST /cases/{case}/screenings/{side}": {"violence": "yes"},
}


async def _offer(house: House, case: CaseId, handler: UserId) -> str:
    now = house.clock()
    offer = Offer(OfferId(new_id()), case, handler, HandlerRole.MEDIATOR, handler, now, now.date())
    async with house.ctx.store.write() as conn:
        await offers.insert(conn, offer)
    return offer.id


async def _side(house: House, case: CaseId, handler: UserId) -> str:
    await sealed.new_key(house.ctx, case, house.world.bureau.id)
    return "A"


async def _handler(house: House, case: CaseId, handler: UserId) -> str:
    """Somebody who doesn't work on it: ending that is nothing."""
    return house.staff["administrator"]


MAKES: dict[str, Make] = {"offer": _offer, "side": _side, "handler": _handler}
LAST = {"POST /offers/{offer}/accept": 2, "POST /cases/{case}/offers/{offer}/take-back": 3}
