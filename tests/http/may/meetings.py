from __future__ import annotations

from tests.http.may.words import ANY, HOST, READ, WORK, Make, May

MAY: dict[str, May] = {
    "GET /cases/{case}/sessions/new": WORK,
    "POST /cases/{case}/sessions/new": WORK,
    "GET /sessions/{session}": READ,
    "POST /sessions/{session}/enter": HOST,
    "POST /sessions/{session}/cancel": WORK,
    "POST /sessions/{session}/seats/{seat}/reissue": WORK,
    "GET /j/{seat}": ANY,
    # A link's token and a seat's cookie are good for that seat alone, whoever is signed in.
    "POST /j/{seat}/exchange": {"party": {"own"}, "host": {"own"}},
    "GET /j/{seat}/welcome": {"party": {"own"}, "host": {"own"}},
}
FORMS: dict[str, dict[str, str]] = {}
MAKES: dict[str, Make] = {}
LAST = {"POST /sessions/{session}/seats/{seat}/reissue": 1, "POST /sessions/{session}/cancel": 2}
