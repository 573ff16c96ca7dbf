from __future__ import annotations

from server.http.timeline import SENTENCES
from server.services.cases import SHOWN
from server.services.time_line import OWN_VERBS


def test_all_that_the_time_line_shows_has_its_sentence() -> None:
    assert SENTENCES.keys() == SHOWN | OWN_VERBS
