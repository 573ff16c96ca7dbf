"""Deadlines 期限: what the law or a setting wants done in a case, and by when.

All of them follow from the case's facts, so that they are computed anew whenever those change and
never drift from them. Days are calendar days in the organisation's zone; where the last one is no
working day, the next working day counts.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.domain.case import (
    OVER,
    CaseKind,
    CaseStatus,
    DisputeType,
    Outcome,
    Regime,
    Source,
    StatusChange,
)
from server.domain.confirmation import CONFIRMABLE
from server.domain.workdays import Calendar

MONTH_SOURCE = "《人民调解工作若干规定》第三十三条"
COURT_SOURCE = "《人民法院在线调解规则》（法释〔2021〕23号）"
CONFIRMATION_SOURCE = "《中华人民共和国人民调解法》第三十三条"


class DeadlineKind(StrEnum):
    DECIDE = "decide"
    """Accept or refuse what came in."""
    ANSWER = "answer"
    """Whoever was offered the case says whether they take it."""
    CHOOSE = "choose"
    """The parties choose a mediator together."""
    TAKE = "take"
    """A mediator takes what a court has referred."""
    CONTACT = "contact"
    """The mediator gets in touch with the other side."""
    CONCLUDE = "conclude"
    """The mediation ends, with an agreement or without."""
    CONFIRM = "confirm"
    """Both parties apply to the court to have the agreement confirmed."""


_OF_COURTS = frozenset(
    {DeadlineKind.ANSWER, DeadlineKind.CHOOSE, DeadlineKind.TAKE, DeadlineKind.CONTACT}
)
"""What the rules for matters that come from a court set limits to."""

CHOOSE_WORKDAYS = 2
TAKE_WORKDAYS = 3
CONTACT_WORKDAYS = 3
COURT_DAYS = 30
CONFIRM_DAYS = 30

UNCONFIRMED = frozenset({DisputeType.FAMILY})
"""A court confirms nothing about marriage, parentage and adoption. Of the other types only some
agreements are out of its reach (who owns what): that, the type does not tell.
"""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`n` counts the times that this kind has begun anew in a case.

    Met: done, in time or late. Dropped: there is nothing to do any more.
    """

    kind: DeadlineKind
    n: int
    due_on: date
    met_at: datetime | None = None
    dropped_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.met_at is None and self.dropped_at is None


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer of the case to somebody. `taken_back`: nobody has to answer any more."""

    answer_by: date
    answered_at: datetime | None = None
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that deadlines follow from.

    `contacts`: when somebody was spoken or written to, or a meeting was booked. `chosen_at`: when
    every side has said whom it wishes. `extended_to`: the latest date the parties consented to
    since mediation began (anew). `outcome`: how it ended, while it is closed. `applied_on`: the day
    on which both parties applied to have that confirmed.
    """

    kind: CaseKind
    source: Source
    regime: Regime
    history: Sequence[StatusChange]
    zone: ZoneInfo
    offers: Sequence[Offered] = ()
    contacts: Sequence[datetime] = ()
    chosen_at: datetime | None = None
    extended_to: date | None = None
    dispute_type: DisputeType = DisputeType.OTHER
    outcome: Outcome | None = None
    applied_on: date | None = None
    today: date = date.min

    @property
    def status(self) -> CaseStatus:
        return self.history[-1].status

    @property
    def by_court(self) -> bool:
        return self.source is Source.COURT

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def deadlines(facts: Facts, calendar: Calendar, decide_workdays: int) -> list[Deadline]:
    """Every deadline the case has or has had."""
    found = [*_decide(facts, calendar, decide_workdays), *_answers(facts)]
    if facts.kind is CaseKind.MEDIATION:
        if facts.by_court:
            found += [*_choose(facts, calendar), *_take(facts, calendar)]
            found += _contact(facts, calendar)
        found += [*_conclude(facts, calendar), *_confirm(facts, calendar)]
    return found


def next_due(found: Iterable[Deadline]) -> Deadline | None:
    return min((x for x in found if x.open), key=lambda x: (x.due_on, x.kind), default=None)


def legal_source(kind: DeadlineKind, *, by_court: bool) -> str:
    """The law a limit is from; empty where it is a rule of the house."""
    if kind is DeadlineKind.CONFIRM:
        return CONFIRMATION_SOURCE
    if kind is DeadlineKind.CONCLUDE:
        return COURT_SOURCE if by_court else MONTH_SOURCE
    return COURT_SOURCE if by_court and kind in _OF_COURTS else ""


def conclude_by(facts: Facts, began: date, calendar: Calendar) -> date | None:
    """None where no law sets a limit (commercial mediation that no court referred)."""
    if facts.by_court:
        return calendar.on_or_after(began + timedelta(days=COURT_DAYS))
    if facts.regime is Regime.COMMERCIAL:
        return None
    return calendar.on_or_after(month_after(began))


def confirmation_ends(takes_effect: date, calendar: Calendar) -> date:
    """Until when both parties may apply to the court together, from the day of taking effect."""
    return calendar.on_or_after(takes_effect + timedelta(days=CONFIRM_DAYS))


def month_after(day: date) -> date:
    """The same day of the next month, or its last one: 31 January → 28 February."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


_DECIDED = frozenset({CaseStatus.ACCEPTED, CaseStatus.DECLINED})

# ---- each kind --------------------------------------------------------------------------------


def _decide(facts: Facts, calendar: Calendar, workdays: int) -> list[Deadline]:
    """For each time it was applied for: met by deciding, else dropped (taken back, joined)."""
    found: list[Deadline] = []
    for begun, ended in _spells(facts, CaseStatus.APPLIED):
        due = calendar.add(facts.day(begun.at), workdays)
        met = ended.at if ended and ended.status in _DECIDED else None
        dropped = ended.at if ended and met is None else None
        found.append(Deadline(DeadlineKind.DECIDE, len(found) + 1, due, met, dropped))
    return found


def _answers(facts: Facts) -> list[Deadline]:
    over = _over_at(facts)
    return [
        Deadline(
            DeadlineKind.ANSWER,
            n,
            offer.answer_by,
            None if offer.taken_back else offer.answered_at,
            offer.answered_at if offer.taken_back else (None if offer.answered_at else over),
        )
        for n, offer in enumerate(facts.offers, start=1)
    ]


def _choose(facts: Facts, calendar: Calendar) -> list[Deadline]:
    """Once, when it was accepted: met by their choice or by somebody having taken it, dropped when
    it was over before.
    """
    spells = _spells(facts, CaseStatus.ACCEPTED)
    if not spells:
        return []
    begun, ended = spells[0]
    due = calendar.add(facts.day(begun.at), CHOOSE_WORKDAYS)
    taken = ended.at if ended and ended.status not in OVER else None
    met = facts.chosen_at or taken
    dropped = ended.at if ended and met is None else None
    return [Deadline(DeadlineKind.CHOOSE, 1, due, met, dropped)]


def _take(facts: Facts, calendar: Calendar) -> list[Deadline]:
    """For each time it waited for a mediator."""
    found: list[Deadline] = []
    for begun, ended in _spells(facts, CaseStatus.ACCEPTED):
        due = calendar.add(facts.day(begun.at), TAKE_WORKDAYS)
        met = ended.at if ended and ended.status not in OVER else None
        dropped = ended.at if ended and met is None else None
        found.append(Deadline(DeadlineKind.TAKE, len(found) + 1, due, met, dropped))
    return found


def _contact(facts: Facts, calendar: Calendar) -> list[Deadline]:
    """Once, when the first mediator took it."""
    begun = next((x for x in facts.history if x.status is CaseStatus.ASSIGNED), None)
    if begun is None:
        return []
    due = calendar.add(facts.day(begun.at), CONTACT_WORKDAYS)
    met = min((at for at in facts.contacts if at >= begun.at), default=None)
    dropped = _over_at(facts) if met is None else None
    return [Deadline(DeadlineKind.CONTACT, 1, due, met, dropped)]


def _conclude(facts: Facts, calendar: Calendar) -> list[Deadline]:
    """From acceptance, and anew from each time it was opened again."""
    found: list[Deadline] = []
    for begun, ended in _rounds(facts):
        due = conclude_by(facts, facts.day(begun.at), calendar)
        if due is None:
            continue
        if ended is None and facts.extended_to:
            due = max(due, facts.extended_to)
        met = ended.at if ended else None
        if ended is None and facts.status is CaseStatus.SIGNING:
            met = facts.history[-1].at
        found.append(Deadline(DeadlineKind.CONCLUDE, len(found) + 1, due, met))
    return found


def _confirm(facts: Facts, calendar: Calendar) -> list[Deadline]:
    """From the day it was closed with an agreement. Theirs to do or to leave: when the day has
    passed it is not overdue, but over, unless it was done.
    """
    if facts.status is not CaseStatus.CLOSED or facts.outcome not in CONFIRMABLE:
        return []
    due = confirmation_ends(facts.day(facts.history[-1].at), calendar)
    times = sum(change.status is CaseStatus.CLOSED for change in facts.history)
    if facts.applied_on:
        met = datetime.combine(facts.applied_on, time.min, facts.zone)
        return [Deadline(DeadlineKind.CONFIRM, times, due, met)]
    if facts.dispute_type in UNCONFIRMED or facts.today > due:
        return []
    return [Deadline(DeadlineKind.CONFIRM, times, due)]


# ---- reading a history ------------------------------------------------------------------------


def _spells(facts: Facts, status: CaseStatus) -> list[tuple[StatusChange, StatusChange | None]]:
    """Each time the case stood there: how it came and how it went on."""
    ends = [*facts.history[1:], None]
    return [(a, b) for a, b in zip(facts.history, ends, strict=True) if a.status is status]


def _rounds(facts: Facts) -> list[tuple[StatusChange, StatusChange | None]]:
    """Each time between being accepted, or opened again, and being closed."""
    found: list[tuple[StatusChange, StatusChange | None]] = []
    begun: StatusChange | None = None
    for change in facts.history:
        if change.status is CaseStatus.CLOSED and begun is not None:
            found.append((begun, change))
            begun = None
        elif begun is None and change.status in _UNDER_WAY:
            begun = change
    return found if begun is None else [*found, (begun, None)]


_UNDER_WAY = frozenset({CaseStatus.ACCEPTED, CaseStatus.MEDIATING})


def round_began(history: Sequence[StatusChange]) -> datetime | None:
    """When mediation began, or began anew after it was opened again; None before acceptance."""
    for before, change in reversed(list(zip([None, *history], history, strict=False))):
        if change.status in _UNDER_WAY and (
            before is None or before.status in (CaseStatus.APPLIED, CaseStatus.CLOSED)
        ):
            return change.at
    return None


def _over_at(facts: Facts) -> datetime | None:
    return facts.history[-1].at if facts.status in OVER else None
