from __future__ import annotations

from tests.http.may.words import CASE_MAKERS, CASE_READERS, READ, Make, May

MAY: dict[str, May] = {
    "GET /cases": CASE_READERS,
    "GET /cases/new": CASE_MAKERS,
    "POST /cases": CASE_MAKERS,
    "GET /cases/{case}": READ,
}
FORMS = {
    "POST /cases": {
        "title": "Wall",
        "dispute_type": "neighbours",
        "side": "A",
        "name": "Alice",
        "source": "visit",
    }
}
MAKES: dict[str, Make] = {}
LAST: dict[str, int] = {}
