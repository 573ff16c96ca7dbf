from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.domain.case import Case, CaseKind, CaseStatus, DisputeType, StatusChange
from server.domain.ids import CaseId, OrganisationId, SessionId
from server.domain.next_step import NextStep, Step, next_step
from server.domain.result import Result, ResultKind
from server.domain.seating import SessionState

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
S = CaseStatus


@dataclass(frozen=True)
class Held:
    id: SessionId
    starts_at: datetime
    state: SessionState
    result: Result | None = None


def standing(status: CaseStatus) -> Case:
    return Case(
        id=CaseId("c"),
        organisation=OrganisationId("o"),
        kind=CaseKind.MEDIATION,
        dispute_type=DisputeType.OTHER,
        title="墙",
        created_at=NOON,
        handlers=frozenset(),
        parties=(),
        history=(StatusChange(None, status, NOON, None),),
    )


def held(kind: ResultKind, day: int = 0) -> Held:
    until = date(2026, 12, 1) if kind is ResultKind.ADJOURNED else None
    at = NOON + timedelta(days=day)
    return Held(SessionId(f"s{day}"), at, SessionState.ENDED, Result(kind, "x", until))


PLANNED = Held(SessionId("planned"), NOON, SessionState.PLANNED)
LATER = replace(PLANNED, id=SessionId("later"), starts_at=NOON + timedelta(days=1))
OPEN = replace(LATER, id=SessionId("open"), state=SessionState.OPEN)
CANCELLED = replace(PLANNED, state=SessionState.CANCELLED)


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (S.APPLIED, Step.DECIDE),
        (S.DECLINED, Step.DECLINED),
        (S.WITHDRAWN, Step.WITHDRAWN),
        (S.ACCEPTED, Step.FIND),
        (S.ASSIGNED, Step.BOOK),
        (S.MEDIATING, Step.BOOK),
        (S.SIGNING, Step.SIGN),
        (S.CLOSED, Step.CLOSED),
    ],
)
def test_without_meetings_the_status_says_it(status: S, step: Step) -> None:
    assert next_step(standing(status), []) == NextStep(step)


def test_somebody_who_was_asked_is_waited_for() -> None:
    assert next_step(standing(S.ACCEPTED), [], offered=True).step is Step.AWAIT


def test_each_side_is_spoken_with_before_the_first_meeting_only() -> None:
    case = standing(S.ASSIGNED)
    assert next_step(case, [], screened=False).step is Step.SCREEN
    assert next_step(case, [CANCELLED], screened=False).step is Step.SCREEN
    adjourned = held(ResultKind.ADJOURNED)
    assert next_step(case, [adjourned], screened=False).step is Step.MEET_AGAIN


def test_a_meeting_comes_before_all_else_and_one_under_way_before_one_to_come() -> None:
    case = standing(S.MEDIATING)
    ended = held(ResultKind.NOT_AGREED)
    assert next_step(case, [ended, LATER, PLANNED]) == NextStep(Step.BEGIN, PLANNED.id)
    assert next_step(case, [ended, PLANNED, OPEN]) == NextStep(Step.GO_ON, OPEN.id)


def test_in_a_case_that_is_over_no_meeting_is_next() -> None:
    assert next_step(standing(S.CLOSED), [PLANNED]) == NextStep(Step.CLOSED)


@pytest.mark.parametrize(
    ("kind", "step", "books"),
    [
        (ResultKind.AGREED, Step.SIGN, False),
        (ResultKind.PARTLY_AGREED, Step.AGREE_REST, True),
        (ResultKind.NOT_AGREED, Step.CLOSE, False),
        (ResultKind.ADJOURNED, Step.MEET_AGAIN, True),
        (ResultKind.BROKEN_OFF, Step.ASK_WHETHER, True),
    ],
)
def test_how_the_last_meeting_ended_says_it(kind: ResultKind, step: Step, books: bool) -> None:
    meetings = [held(kind, 2), held(ResultKind.ADJOURNED, 1)]
    found = next_step(standing(S.MEDIATING), meetings)
    assert (found.step, found.books) == (step, books)


def test_a_private_talk_before_the_meeting_is_no_meeting() -> None:
    prepared = held(ResultKind.PREPARED, 2)
    assert next_step(standing(S.MEDIATING), [prepared]).step is Step.BOOK
    adjourned = held(ResultKind.ADJOURNED, 1)
    assert next_step(standing(S.MEDIATING), [prepared, adjourned]).step is Step.MEET_AGAIN


def test_what_was_said_before_it_was_opened_again_asks_for_nothing() -> None:
    closed_on, opened_on = NOON + timedelta(days=2), NOON + timedelta(days=3)
    case = replace(
        standing(S.MEDIATING),
        history=(
            StatusChange(S.SIGNING, S.CLOSED, closed_on, None),
            StatusChange(S.CLOSED, S.MEDIATING, opened_on, None),
        ),
    )
    before, after = held(ResultKind.AGREED, 1), held(ResultKind.ADJOURNED, 4)
    assert next_step(case, [before], screened=False).step is Step.BOOK
    assert next_step(case, [before, after]).step is Step.MEET_AGAIN
