from __future__ import annotations

from tests.http.may.words import CASE_MAKERS, CASE_READERS, SIGNED_IN, Make, May

MAY: dict[str, May] = {
    "POST /cases/find": CASE_READERS,
    "POST /cases/filters": CASE_READERS,
    "POST /cases/filters/forget": CASE_READERS,
    # Each case of a change is decided for itself (tests/services/test_bulk.py).
    "POST /cases/bulk": CASE_MAKERS,
    "POST /cases/bulk/undo": CASE_MAKERS,
    "GET /cases/export": CASE_READERS,
    "POST /cases/export": CASE_READERS,
    "POST /jump": SIGNED_IN,
}
FORMS = {
    "POST /cases/find": {"text": "wall"},
    "POST /cases/filters": {"name": "Walls", "query": "text=wall"},
}
MAKES: dict[str, Make] = {}
LAST: dict[str, int] = {}
