from __future__ import annotations

from tests.http.may.words import ANY, CASE_MAKERS, CASE_READERS, HOST, READ, WORK, Make, May

MAY: dict[str, May] = {
    "GET /cases/{case}/sessions/new": WORK,
    "POST /cases/{case}/sessions/new": WORK,
    "GET /sessions/{session}": READ,
    "POST /sessions/{session}/enter": HOST,
    "POST /sessions/{session}/move": WORK,
    "POST /sessions/{session}/seats": WORK,
    "POST /sessions/{session}/seats/{seat}/send": WORK,
    "POST /sessions/{session}/seats/{seat}/contact": WORK,
    "POST /sessions/{session}/seats/{seat}/revoke": WORK,
    "GET /sessions/{session}/seats/{seat}/invitation.ics": WORK,
    "GET /calendar": CASE_READERS,
    "GET /calendar/book": CASE_MAKERS,
    "POST /sessions/{session}/cancel": WORK,
    "POST /sessions/{session}/seats/{seat}/reissue": WORK,
    "GET /j/{seat}": ANY,
    # A link's token and a seat's cookie are good for that seat alone, whoever is signed in.
    "POST /j/{seat}/exchange": {"party": {"own"}, "host": {"own"}},
    "GET /j/{seat}/calendar.ics": {"party": {"own"}, "host": {"own"}},
    "GET /j/{seat}/welcome": {"party": {"own"}, "host": {"own"}},
    "POST /j/{seat}/echo": {"party": {"own"}, "host": {"own"}},
}
FORMS: dict[str, dict[str, str]] = {}
MAKES: dict[str, Make] = {}
LAST = {
    "POST /sessions/{session}/seats/{seat}/revoke": 1,
    "POST /sessions/{session}/seats/{seat}/reissue": 2,
    "POST /sessions/{session}/cancel": 3,
}
