"""Later work about deadlines: reminding people, and counting anew when holidays become known."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.deadlines import Deadline, DeadlineKind
from server.domain.ids import CaseId, UserId
from server.domain.notice import NoticeName
from server.domain.organisation import Organisation
from server.domain.user import StaffRole
from server.services import deadlines, notices
from server.services.context import Context
from server.store import cases, organisations, users
from server.store import deadlines as kept
from server.store.due import Due

AT_ONCE = 200

TO_PARTIES = {
    DeadlineKind.CHOOSE: NoticeName.CHOOSE_MEDIATOR,
    DeadlineKind.CONCLUDE: NoticeName.MEDIATION_ENDS,
    DeadlineKind.CONFIRM: NoticeName.CONFIRM_AGREEMENT,
}
"""What parties are reminded of too, once, before the day: it is theirs to act."""


async def remind(ctx: Context, due: Due) -> None:
    """Tell who handles the case, else the clerks nearest to it, unless it is done or moved.

    Parties are told of what is theirs to do.
    """
    case_id, kind = CaseId(due.thing), DeadlineKind(due.body["kind"])
    on, day = date.fromisoformat(due.body["on"]), date.fromisoformat(due.body["day"])
    async with ctx.store.write() as conn:
        case = await cases.load(conn, case_id, lock=True)
        if case is None:
            return
        await deadlines.refresh(ctx, conn, case)
        found = await kept.of_case(conn, case_id)
        wanted = Deadline(kind, due.body["n"], on)
        if wanted not in found:
            return
        where = await organisations.get(conn, case.organisation)
        today = ctx.clock().astimezone(where.zone).date()
        if day < on <= today or day == on < today:
            # Nobody was there to do it in time: one of the later reminders says how it stands.
            return
        name = NoticeName.DEADLINE_PASSED if today > on else NoticeName.DEADLINE_NEAR
        values = {"title": case.title, "what": str(kind), "on": on.isoformat()}
        if today < on and kind in TO_PARTIES:
            for party in case.present_parties:
                said = {"on": on.isoformat()}
                await notices.to_party(ctx, conn, case, party.id, TO_PARTIES[kind], said, due.id)
        for user in await responsible(conn, case, where):
            await notices.to_staff(ctx, conn, user, name, values, due.id, case)


async def responsible(conn: AsyncConnection, case: Case, where: Organisation) -> list[UserId]:
    """Who handles it; else the clerks of its organisation, or of the nearest above that has any."""
    if case.handlers:
        return sorted(case.handlers)
    path = where.path
    while path:
        found = await users.below(conn, path, [StaffRole.CLERK])
        if found:
            return [user for user, _ in found]
        path = path.rstrip("/").rpartition("/")[0]
        path = f"{path}/" if path else ""
    return []


async def count_anew(ctx: Context, due: Due) -> None:
    """Of every case in which something is due."""
    after: CaseId | None = None
    while True:
        async with ctx.store.read() as conn:
            found = await kept.open_from(conn, after, AT_ONCE)
        if not found:
            return
        for case_id in found:
            async with ctx.store.write() as conn:
                case = await cases.load(conn, case_id, lock=True)
                assert case is not None
                await deadlines.refresh(ctx, conn, case)
        after = found[-1]
