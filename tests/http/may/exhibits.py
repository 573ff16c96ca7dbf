from __future__ import annotations

from server.domain.ids import CaseId, UserId
from server.security.ids import new_id
from tests.http.house import House
from tests.http.may.words import Make, May


async def exhibit(house: House, case: CaseId, handler: UserId) -> str:
    """Who may read which of them is told by tests/http/test_exhibits.py."""
    return new_id()


async def page(house: House, case: CaseId, handler: UserId) -> str:
    return "1"


# The cookie of a seat is good for that seat alone, whoever is signed in.
SEATED: May = {"party": {"own"}, "host": {"own"}}
MAY: dict[str, May] = {
    "GET /j/{seat}/room/exhibits": SEATED,
    "POST /j/{seat}/room/exhibits": SEATED,
    "GET /j/{seat}/room/exhibits/{exhibit}/file": SEATED,
    "GET /j/{seat}/room/exhibits/{exhibit}/{page}": SEATED,
    "GET /j/{seat}/room/exhibits/{exhibit}/{page}/strokes": SEATED,
    "GET /j/{seat}/room/papers": SEATED,
}
FORMS: dict[str, dict[str, str]] = {}
MAKES: dict[str, Make] = {"exhibit": exhibit, "page": page}
LAST: dict[str, int] = {}
