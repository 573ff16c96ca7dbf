"""The way to a seat: what its page reports, whose face it shows, and the link for who helps."""

from __future__ import annotations

from server.domain.ids import CaseId, UserId
from tests.http.faces import show_face
from tests.http.house import House
from tests.http.may.words import ANY, Make, May

MAY: dict[str, May] = {
    # What is reported makes no sense here: told so only to whom it belongs.
    "POST /j/{seat}/progress": {"party": {"own"}, "host": {"own"}},
    # Only who hosts reads it, and nobody does before they are connected.
    "GET /j/{seat}/room/progress": {},
    "POST /j/{seat}/room/phone/{of}": {},
    "GET /j/{seat}/mediator.jpg": {"party": {"own"}, "host": {"own"}},
    "GET /h/{seat}": ANY,
    # A seat's own token is not the helper's.
    "POST /h/{seat}/exchange": {},
}
FORMS: dict[str, dict[str, str]] = {}


async def _face(house: House, _: CaseId, handler: UserId) -> str:
    await show_face(house.ctx, handler)
    return ""


async def _nobody(*_: object) -> str:
    return "nobody"


MAKES: dict[str, Make] = {"face": _face, "of": _nobody}
LAST: dict[str, int] = {}
