"""What is due, as people see it: on the page of a case, and over all of somebody's cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, Source
from server.domain.deadlines import Deadline, DeadlineKind, legal_source
from server.domain.ids import CaseId
from server.domain.rights import Verb, scope
from server.domain.user import User
from server.domain.workdays import Calendar
from server.services import workdays
from server.services.context import Context
from server.store import deadlines, organisations

SOON = timedelta(days=7)
MOST = 30


@dataclass(frozen=True, slots=True)
class DueState:
    """`days`: until it is due, negative when it is overdue. `source`: the law it is from, or
    empty for a rule of the house. `provisional`: its year's holidays are not known yet.
    """

    kind: DeadlineKind
    on: date
    days: int
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class TodayDue:
    """What is due next in a case; `days` as in `DueState`."""

    case: CaseId
    number: str
    title: str
    kind: DeadlineKind
    on: date
    days: int


async def of_case(ctx: Context, conn: AsyncConnection, case: Case) -> list[DueState]:
    """Everything that is open, the most urgent first."""
    organisation = await organisations.get(conn, case.organisation)
    calendar = await workdays.calendar(ctx, conn, organisation)
    today = ctx.clock().astimezone(organisation.zone).date()
    found = [x for x in await deadlines.of_case(conn, case.id) if x.open]
    return [_state(case, deadline, today, calendar) for deadline in found]


async def listed(ctx: Context, case: Case) -> list[DueState]:
    """`of_case` by itself."""
    async with ctx.store.read() as conn:
        return await of_case(ctx, conn, case)


async def first(ctx: Context, case: Case) -> DueState | None:
    found = await listed(ctx, case)
    return found[0] if found else None


async def soon(ctx: Context, user: User) -> list[TodayDue]:
    """What is overdue or due within a week in the cases this user works on, by the days of their
    own organisation; the most urgent first.
    """
    async with ctx.store.read() as conn:
        home = await organisations.get(conn, user.organisation)
        today = ctx.clock().astimezone(home.zone).date()
        mine = scope(user, Verb.WORK)
        found = await deadlines.due_in(conn, mine, today + SOON, MOST)
    return [
        TodayDue(x.case, x.number, x.title, x.kind, x.due_on, (x.due_on - today).days)
        for x in found
    ]


def _state(case: Case, deadline: Deadline, today: date, calendar: Calendar) -> DueState:
    source = legal_source(deadline.kind, by_court=case.source is Source.COURT)
    days = (deadline.due_on - today).days
    certain = calendar.certain(deadline.due_on)
    return DueState(deadline.kind, deadline.due_on, days, source, not certain)
