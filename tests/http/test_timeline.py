from __future__ import annotations

from server.domain.case import CaseStatus
from server.http.timeline import SENTENCES
from server.services.cases import SHOWN

STATUSES = {f"case.{status}" for status in CaseStatus}
ELSEWHERE = STATUSES | {
    "case.reopened",
    "case.noted",
    "case.confirmation_applied",
    "case.deadline_passed",
}
"""What is told from elsewhere than the audit."""


def test_all_that_the_time_line_shows_has_its_sentence() -> None:
    assert SENTENCES.keys() == SHOWN | ELSEWHERE
