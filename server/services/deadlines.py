"""What is due in a case, and by when."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import deadlines as rules
from server.domain.case import Case
from server.domain.confirmation import may_apply, of_now
from server.domain.deadlines import Deadline, Facts
from server.domain.ids import CaseId
from server.domain.organisation import Organisation
from server.domain.workdays import Calendar
from server.services import workdays
from server.services.context import Context
from server.store import cases, confirmations, deadlines, due, extensions, organisations

JOB = "deadline"
AHEAD_WORKDAYS = 3
"""How long before something is due people are reminded of it."""

MORNING = time(8, 30)
"""When they are."""


async def refresh(ctx: Context, conn: AsyncConnection, case: Case) -> None:
    """After anything that sets, meets or drops a deadline, in the same transaction."""
    organisation = await organisations.get(conn, case.organisation)
    calendar = await workdays.calendar(ctx, conn, organisation)
    facts = await _facts(ctx, conn, case, organisation)
    found = rules.deadlines(facts, calendar, ctx.settings.decide_workdays)
    now = ctx.clock()
    for deadline in await deadlines.save(conn, case.id, found, now):
        if deadline.open:
            await _remind_later(conn, case, organisation, calendar, deadline, now)
    await deadlines.set_next(conn, case.id, rules.next_due(found))


async def refresh_of(ctx: Context, conn: AsyncConnection, case_id: CaseId) -> None:
    """The same, of the case as it is now."""
    case = await cases.load(conn, case_id)
    assert case is not None
    await refresh(ctx, conn, case)


async def _facts(
    ctx: Context, conn: AsyncConnection, case: Case, organisation: Organisation
) -> Facts:
    began = rules.round_began(case.history)
    return Facts(
        kind=case.kind,
        source=case.source,
        regime=case.regime,
        history=case.history,
        zone=organisation.zone,
        offers=await deadlines.offers(conn, case.id),
        contacts=await deadlines.contacts(conn, case.id),
        chosen_at=await _chosen_at(conn, case),
        extended_to=await extensions.granted_until(conn, case.id, began) if began else None,
        dispute_type=case.dispute_type,
        outcome=case.outcome,
        applied_on=await _applied_on(conn, case),
        today=ctx.clock().astimezone(organisation.zone).date(),
    )


async def _applied_on(conn: AsyncConnection, case: Case) -> date | None:
    """When both parties applied to a court to have this agreement confirmed."""
    if not may_apply(case):
        return None
    found = of_now(await confirmations.of_case(conn, case.id), case.history[-1].at)
    return found.applied_on if found else None


async def _chosen_at(conn: AsyncConnection, case: Case) -> datetime | None:
    """When the last side wished for the one whom all the others wish for."""
    wishes = await deadlines.wishes(conn, case.id)
    sides = {party.side for party in case.present_parties}
    if not sides <= wishes.keys() or len({wishes[side][0] for side in sides}) != 1:
        return None
    return max(wishes[side][1] for side in sides)


async def _remind_later(
    conn: AsyncConnection,
    case: Case,
    organisation: Organisation,
    calendar: Calendar,
    deadline: Deadline,
    now: datetime,
) -> None:
    """Some days before, on the day, and on the day after. Whether it is still open then is seen
    then; so nothing has to be called off.
    """
    on = deadline.due_on
    for days in (-AHEAD_WORKDAYS, 0, 1):
        day = calendar.add(on, days) if days else on
        at = datetime.combine(day, MORNING, organisation.zone)
        if at > now:
            key = f"{JOB}:{case.id}:{deadline.kind}:{deadline.n}:{on}:{days}"
            when = {"on": on.isoformat(), "day": day.isoformat()}
            body = {"kind": deadline.kind, "n": deadline.n, **when}
            await due.add(conn, at=at, kind=JOB, thing=case.id, key=key, body=body)
