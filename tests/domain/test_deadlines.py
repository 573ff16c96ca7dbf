from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.case import (
    CaseKind,
    CaseStatus,
    DisputeType,
    Outcome,
    Regime,
    Source,
    StatusChange,
)
from server.domain.deadlines import (
    CONFIRMATION_SOURCE,
    COURT_SOURCE,
    MONTH_SOURCE,
    Deadline,
    DeadlineKind,
    Facts,
    Offered,
    confirmation_ends,
    deadlines,
    legal_source,
    month_after,
    next_due,
    round_began,
)
from server.domain.workdays import Calendar
from tests.domain.test_workdays import CHINA

SHANGHAI = ZoneInfo("Asia/Shanghai")
APPLIED, ACCEPTED, ASSIGNED = CaseStatus.APPLIED, CaseStatus.ACCEPTED, CaseStatus.ASSIGNED
MEDIATING, SIGNING, CLOSED = CaseStatus.MEDIATING, CaseStatus.SIGNING, CaseStatus.CLOSED


def at(day: date, hour: int = 4) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def facts(
    *steps: tuple[CaseStatus, date], source: Source = Source.VISIT, **others: object
) -> Facts:
    history = []
    before = None
    for status, day in steps:
        history.append(StatusChange(before, status, at(day), None))
        before = status
    given = {"kind": CaseKind.MEDIATION, "regime": Regime.PEOPLES, **others}
    return Facts(source=source, history=history, zone=SHANGHAI, **given)  # type: ignore[arg-type]


def of(kind: DeadlineKind, about: Facts, calendar: Calendar = CHINA) -> list[Deadline]:
    return [x for x in deadlines(about, calendar, 3) if x.kind is kind]


MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def test_a_matter_is_decided_within_three_working_days_over_spring_festival() -> None:
    """Applied on Friday the 13th: the worked Saturday counts, the holidays do not."""
    (decide,) = of(DeadlineKind.DECIDE, facts((APPLIED, date(2026, 2, 13))))
    assert decide == Deadline(DeadlineKind.DECIDE, 1, date(2026, 2, 25))
    assert decide.open


def test_the_day_is_that_of_the_organisations_zone() -> None:
    late = StatusChange(None, APPLIED, at(MONDAY, 17), None)  # Tuesday, one o'clock in Shanghai
    about = Facts(CaseKind.MEDIATION, Source.VISIT, Regime.PEOPLES, [late], SHANGHAI)
    assert of(DeadlineKind.DECIDE, about)[0].due_on == date(2026, 11, 27)


def test_deciding_meets_it_and_taking_back_drops_it() -> None:
    (met,) = of(DeadlineKind.DECIDE, facts((APPLIED, MONDAY), (CaseStatus.DECLINED, TUESDAY)))
    assert (met.met_at, met.dropped_at) == (at(TUESDAY), None)
    taken_back = facts((APPLIED, MONDAY), (CaseStatus.WITHDRAWN, TUESDAY), (APPLIED, TUESDAY))
    first, again = of(DeadlineKind.DECIDE, taken_back)
    assert (first.met_at, first.dropped_at) == (None, at(TUESDAY))
    assert (again.n, again.due_on, again.open) == (2, date(2026, 11, 27), True)


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        (MONDAY, date(2026, 12, 23)),
        # The 17th of February is in Spring Festival; the next day worked is the 24th.
        (date(2026, 1, 17), date(2026, 2, 24)),
        # A Saturday that is worked is a last day like any other.
        (date(2026, 1, 28), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        # A plain Saturday is not.
        (date(2026, 10, 28), date(2026, 11, 30)),
    ],
)
def test_mediation_ends_a_month_after_acceptance(accepted: date, due: date) -> None:
    (conclude,) = of(DeadlineKind.CONCLUDE, facts((APPLIED, accepted), (ACCEPTED, accepted)))
    assert conclude.due_on == due


def test_a_month_is_a_calendar_month() -> None:
    assert month_after(date(2028, 1, 31)) == date(2028, 2, 29)
    assert month_after(date(2026, 12, 15)) == date(2027, 1, 15)


def test_signing_meets_the_limit_and_going_back_to_mediation_opens_it_again() -> None:
    steps = [(APPLIED, MONDAY), (ACCEPTED, MONDAY), (ASSIGNED, MONDAY), (MEDIATING, MONDAY)]
    signing = [*steps, (SIGNING, TUESDAY)]
    assert of(DeadlineKind.CONCLUDE, facts(*signing))[0].met_at == at(TUESDAY)
    assert of(DeadlineKind.CONCLUDE, facts(*signing, (MEDIATING, TUESDAY)))[0].open
    closed = of(DeadlineKind.CONCLUDE, facts(*signing, (CLOSED, TUESDAY)))
    assert [x.open for x in closed] == [False]


def test_opened_again_the_limit_begins_anew() -> None:
    again = date(2026, 11, 30)
    about = facts((APPLIED, MONDAY), (ACCEPTED, MONDAY), (CLOSED, TUESDAY), (ACCEPTED, again))
    first, second = of(DeadlineKind.CONCLUDE, about)
    assert not first.open
    assert (second.n, second.due_on, second.open) == (2, date(2026, 12, 30), True)
    assert round_began(about.history) == at(again)
    assert round_began(about.history[:1]) is None
    assert round_began(about.history[:3]) == at(MONDAY)


def test_a_hand_over_does_not_begin_it_anew() -> None:
    about = facts((APPLIED, MONDAY), (ACCEPTED, MONDAY), (ASSIGNED, MONDAY), (ACCEPTED, TUESDAY))
    (conclude,) = of(DeadlineKind.CONCLUDE, about)
    assert conclude.due_on == date(2026, 12, 23)
    assert round_began(about.history) == at(MONDAY)


def test_an_extension_moves_it() -> None:
    until = date(2026, 12, 31)
    steps = ((APPLIED, MONDAY), (ACCEPTED, MONDAY))
    assert of(DeadlineKind.CONCLUDE, facts(*steps, extended_to=until))[0].due_on == until


def test_what_a_court_refers_has_limits_of_its_own() -> None:
    steps = [(APPLIED, MONDAY), (ACCEPTED, MONDAY)]
    waiting = facts(*steps, source=Source.COURT)
    assert {x.kind: x.due_on for x in deadlines(waiting, CHINA, 3) if x.open} == {
        DeadlineKind.CHOOSE: date(2026, 11, 25),
        DeadlineKind.TAKE: date(2026, 11, 26),
        DeadlineKind.CONCLUDE: date(2026, 12, 23),
    }
    taken = facts(*steps, (ASSIGNED, TUESDAY), source=Source.COURT)
    assert {x.kind: x.due_on for x in deadlines(taken, CHINA, 3) if x.open} == {
        DeadlineKind.CONTACT: date(2026, 11, 27),
        DeadlineKind.CONCLUDE: date(2026, 12, 23),
    }
    # A call from before somebody took it is not theirs.
    early, called = at(MONDAY, 1), at(TUESDAY, 9)
    spoken = facts(*steps, (ASSIGNED, TUESDAY), source=Source.COURT, contacts=[early, called])
    assert of(DeadlineKind.CONTACT, spoken)[0].met_at == called


def test_choosing_and_taking_are_dropped_when_it_is_over_before() -> None:
    steps = [(APPLIED, MONDAY), (ACCEPTED, MONDAY)]
    for over in (CLOSED, CaseStatus.WITHDRAWN):
        about = facts(*steps, (over, TUESDAY), source=Source.COURT)
        for kind in (DeadlineKind.CHOOSE, DeadlineKind.TAKE):
            (dropped,) = of(kind, about)
            assert (dropped.met_at, dropped.dropped_at) == (None, at(TUESDAY))
    taken = facts(*steps, (ASSIGNED, TUESDAY), source=Source.COURT)
    (met,) = of(DeadlineKind.CHOOSE, taken)
    assert (met.met_at, met.dropped_at) == (at(TUESDAY), None)
    chosen = facts(*steps, (CLOSED, TUESDAY), source=Source.COURT, chosen_at=at(MONDAY))
    (met,) = of(DeadlineKind.CHOOSE, chosen)
    assert (met.met_at, met.dropped_at) == (at(MONDAY), None)


@pytest.mark.parametrize(
    ("taken", "due"),
    [
        # Friday, Monday and Tuesday.
        (date(2026, 11, 26), date(2026, 12, 1)),
        # Friday, the Saturday that is worked, and the Tuesday after Spring Festival.
        (date(2026, 2, 12), date(2026, 2, 24)),
    ],
)
def test_getting_in_touch_is_counted_in_working_days(taken: date, due: date) -> None:
    steps = ((APPLIED, taken), (ACCEPTED, taken), (ASSIGNED, taken))
    (contact,) = of(DeadlineKind.CONTACT, facts(*steps, source=Source.COURT))
    assert contact.due_on == due


def test_thirty_days_of_a_court_are_days_and_no_month() -> None:
    accepted = date(2026, 1, 20)  # 30 days on is the 19th of February, in the holidays
    about = facts((APPLIED, accepted), (ACCEPTED, accepted), source=Source.COURT)
    assert of(DeadlineKind.CONCLUDE, about)[0].due_on == date(2026, 2, 24)


def test_commercial_mediation_has_no_limit_of_the_law() -> None:
    about = facts((APPLIED, MONDAY), (ACCEPTED, MONDAY), regime=Regime.COMMERCIAL)
    assert of(DeadlineKind.CONCLUDE, about) == []


def test_an_offer_is_answered_by_its_date() -> None:
    offers = [
        Offered(TUESDAY, at(MONDAY)),
        Offered(TUESDAY, at(MONDAY), taken_back=True),
        Offered(TUESDAY),
    ]
    steps = ((APPLIED, MONDAY), (ACCEPTED, MONDAY))
    met, dropped, waits = of(DeadlineKind.ANSWER, facts(*steps, offers=offers))
    assert met.met_at == at(MONDAY)
    assert dropped.dropped_at == at(MONDAY)
    assert (waits.n, waits.due_on, waits.open) == (3, TUESDAY, True)
    closed = facts(*steps, (CLOSED, TUESDAY), offers=offers)
    assert of(DeadlineKind.ANSWER, closed)[2].dropped_at == at(TUESDAY)


def test_nothing_stays_open_when_a_case_is_over() -> None:
    steps = ((APPLIED, MONDAY), (ACCEPTED, MONDAY), (ASSIGNED, MONDAY), (CLOSED, TUESDAY))
    found = deadlines(facts(*steps, source=Source.COURT, offers=[Offered(TUESDAY)]), CHINA, 3)
    assert next_due(found) is None
    assert len(found) == 6


def test_what_is_due_next_is_the_earliest_that_is_open() -> None:
    about = facts((APPLIED, MONDAY), (ACCEPTED, MONDAY), source=Source.COURT)
    due = next_due(deadlines(about, CHINA, 3))
    assert due is not None
    assert due.kind is DeadlineKind.CHOOSE


def test_confirmation_is_asked_for_within_thirty_days() -> None:
    assert confirmation_ends(date(2026, 1, 20), CHINA) == date(2026, 2, 24)


ENDED = ((APPLIED, MONDAY), (ACCEPTED, MONDAY), (ASSIGNED, MONDAY), (CLOSED, MONDAY))
LAST = date(2026, 12, 23)


@pytest.mark.parametrize("outcome", Outcome)
def test_only_an_agreement_can_be_confirmed(outcome: Outcome) -> None:
    found = of(DeadlineKind.CONFIRM, facts(*ENDED, outcome=outcome))
    agreed = outcome in (Outcome.AGREED, Outcome.PARTLY_AGREED)
    assert found == ([Deadline(DeadlineKind.CONFIRM, 1, LAST)] if agreed else [])


def test_what_no_court_confirms_has_no_such_limit() -> None:
    agreed = Outcome.AGREED
    assert not of(
        DeadlineKind.CONFIRM, facts(*ENDED, dispute_type=DisputeType.FAMILY, outcome=agreed)
    )
    assert not of(DeadlineKind.CONFIRM, facts(*ENDED, kind=CaseKind.CONSULTATION, outcome=agreed))


def test_after_its_day_confirmation_is_over_and_not_overdue() -> None:
    agreed = Outcome.AGREED
    assert of(DeadlineKind.CONFIRM, facts(*ENDED, today=LAST, outcome=agreed))
    assert not of(DeadlineKind.CONFIRM, facts(*ENDED, today=date(2026, 12, 24), outcome=agreed))


def test_applied_for_in_time_nothing_is_due_and_nothing_was_missed() -> None:
    agreed, much_later = Outcome.AGREED, date(2027, 3, 1)
    applied = facts(*ENDED, outcome=agreed, applied_on=TUESDAY, today=much_later)
    (found,) = of(DeadlineKind.CONFIRM, applied)
    assert (found.due_on, found.open) == (LAST, False)
    assert found.met_at is not None
    assert found.met_at.astimezone(SHANGHAI).date() == TUESDAY


@pytest.mark.parametrize("kind", DeadlineKind)
def test_each_limit_names_the_law_it_is_from(kind: DeadlineKind) -> None:
    by_court, others = legal_source(kind, by_court=True), legal_source(kind, by_court=False)
    if kind is DeadlineKind.DECIDE:
        assert by_court == others == ""
    elif kind is DeadlineKind.CONFIRM:
        assert by_court == others == CONFIRMATION_SOURCE
    else:
        # Whom a court's matter is offered to has its three days to accept, too.
        assert by_court == COURT_SOURCE
        assert others == (MONTH_SOURCE if kind is DeadlineKind.CONCLUDE else "")


def test_opened_again_nothing_is_confirmed_and_closed_again_it_begins_anew() -> None:
    agreed, again = Outcome.AGREED, (*ENDED, (MEDIATING, TUESDAY))
    assert not of(DeadlineKind.CONFIRM, facts(*again))
    (found,) = of(DeadlineKind.CONFIRM, facts(*again, (CLOSED, TUESDAY), outcome=agreed))
    assert (found.n, found.due_on) == (2, date(2026, 12, 24))
