"""Which step may follow which in a case's history."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from server.domain.case import BOOKABLE, OVER, CaseStatus, changed
from server.domain.errors import Refused

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
S = CaseStatus
ALLOWED = {
    (None, S.APPLIED),
    (S.APPLIED, S.ACCEPTED),
    (S.APPLIED, S.DECLINED),
    (S.APPLIED, S.WITHDRAWN),
    (S.APPLIED, S.CLOSED),
    (S.DECLINED, S.APPLIED),
    (S.WITHDRAWN, S.APPLIED),
    (S.ACCEPTED, S.ASSIGNED),
    (S.ACCEPTED, S.CLOSED),
    (S.ASSIGNED, S.ACCEPTED),
    (S.ASSIGNED, S.MEDIATING),
    (S.ASSIGNED, S.CLOSED),
    (S.MEDIATING, S.ACCEPTED),
    (S.MEDIATING, S.SIGNING),
    (S.MEDIATING, S.CLOSED),
    (S.SIGNING, S.MEDIATING),
    (S.SIGNING, S.CLOSED),
    (S.CLOSED, S.MEDIATING),
    (S.CLOSED, S.ACCEPTED),
}


@pytest.mark.parametrize(("before", "after"), list(product([None, *S], S)))
def test_every_step_is_possible_or_refused(before: S | None, after: S) -> None:
    if (before, after) in ALLOWED:
        step = changed(before, after, NOON, None, "why")
        assert (step.before, step.status, step.why) == (before, after, "why")
        return
    with pytest.raises(Refused) as refused:
        changed(before, after, NOON, None)
    assert refused.value.code == "status_changed"


def test_no_meeting_is_booked_in_a_case_that_is_over_or_has_no_mediator() -> None:
    assert BOOKABLE.isdisjoint(OVER | {S.APPLIED, S.ACCEPTED})
