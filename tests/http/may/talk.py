from __future__ import annotations

from tests.http.may.words import Make, May

# What of it a seat may read is told by tests/services/test_talk.py and tests/http/test_talk.py.
SEATED: May = {"party": {"own"}, "host": {"own"}}
MAY: dict[str, May] = {
    "GET /j/{seat}/room/messages": SEATED,
    "GET /j/{seat}/room/notes": SEATED,
    "GET /j/{seat}/room/releases": SEATED,
    "GET /j/{seat}/room/agenda": SEATED,
    "GET /j/{seat}/room/minutes": SEATED,
    "GET /j/{seat}/room/quality": SEATED,
    # What is asked, and that nothing is, is told by tests/gateway/test_recording.py.
    "GET /j/{seat}/room/recording": SEATED,
    "GET /j/{seat}/room/recording/offer": SEATED,
}
FORMS: dict[str, dict[str, str]] = {}
MAKES: dict[str, Make] = {}
LAST: dict[str, int] = {}
