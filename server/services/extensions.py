"""A later end of the mediation: asked for, consented to by every side, granted or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER, Case
from server.domain.deadlines import Deadline, DeadlineKind, round_began
from server.domain.errors import Refused
from server.domain.extension import Answer, Extension, How, checked_until, checked_why
from server.domain.ids import CaseId, ExtensionId, UserId
from server.domain.notice import NoticeName
from server.domain.rights import Verb
from server.domain.user import User
from server.security.ids import new_id
from server.services import deadlines, forms, notices, sealed
from server.services.cases import require
from server.services.closing import locked
from server.services.context import Context
from server.store import audit, extensions, users
from server.store import deadlines as kept


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """`extension.why` is readable. `waiting`: the sides that have not answered."""

    extension: Extension
    by_name: str
    waiting: tuple[str, ...]


def sides(case: Case) -> tuple[str, ...]:
    """Those who have to consent."""
    return tuple(sorted({party.side for party in case.present_parties}))


async def ask(
    ctx: Context, user: User, case_id: CaseId, until: date, why: str, key: str
) -> ExtensionId:
    """Raises Refused: nothing_to_extend, extension_open, and what the domain refuses."""
    why = checked_why(why)

    async def make(conn: AsyncConnection) -> str:
        await require(conn, user, Verb.WORK, case_id)
        case = await locked(conn, case_id)
        due = await conclude(conn, case_id)
        if due is None:
            raise Refused("nothing_to_extend")
        if any(_waits(case, x) for x in await extensions.of_case(conn, case_id)):
            raise Refused("extension_open")
        checked_until(until, due.due_on)
        new, now = ExtensionId(new_id()), ctx.clock()
        hidden = sealed.seal(ctx, case_id, f"extension:{new}", why)
        asked = Extension(new, until, hidden, user.id, now)
        await extensions.insert(conn, case_id, asked)
        body = {"until": until.isoformat()}
        chain = f"case:{case_id}"
        await audit.append(conn, chain, "case.extension_asked", now, user.id, new, body)
        values = {"until": until.isoformat(), "reason": why}
        await _tell(ctx, conn, case, NoticeName.EXTENSION_ASKED, values, new)
        return new

    return ExtensionId(await forms.once(ctx, user.id, key, make))


async def answer(
    ctx: Context,
    user: User,
    case_id: CaseId,
    extension_id: ExtensionId,
    side: str,
    yes: bool,
    how: How,
) -> bool | None:
    """Write down what a side says. The last consent grants it and moves the deadline; the first
    refusal refuses it. Returns that, or None while others have not answered. Raises Refused.
    """
    async with ctx.store.write() as conn:
        await require(conn, user, Verb.WORK, case_id)
        case = await locked(conn, case_id)
        asked = await _asked(conn, case, extension_id)
        if await conclude(conn, case_id) is None:
            raise Refused("extension_decided")
        if side not in sides(case):
            raise Refused("side_unknown")
        now = ctx.clock()
        given = {**asked.answers, side: Answer(yes, how, now, user.id)}
        answered = replace(asked, answers=given)
        verdict = answered.verdict(sides(case))
        if verdict is not None:
            answered = replace(answered, decided_at=now, granted=verdict)
        await extensions.save(conn, answered)
        body = {"side": side, "yes": yes, "how": how}
        chain = f"case:{case_id}"
        await audit.append(conn, chain, "case.extension_answered", now, user.id, asked.id, body)
        if verdict is not None:
            await _decided(ctx, conn, case, answered, user.id)
    return verdict


async def take_back(ctx: Context, user: User, case_id: CaseId, extension_id: ExtensionId) -> None:
    """It is not asked for any more. Raises Refused: not_found, extension_decided."""
    async with ctx.store.write() as conn:
        await require(conn, user, Verb.WORK, case_id)
        case = await locked(conn, case_id)
        asked = await _asked(conn, case, extension_id)
        await extensions.save(conn, replace(asked, decided_at=ctx.clock()))
        await _happened(ctx, conn, case, "case.extension_taken_back", asked, user.id)
        await _tell(ctx, conn, case, NoticeName.EXTENSION_DECIDED, {}, asked.id)


async def people_changed(ctx: Context, conn: AsyncConnection, case_id: CaseId, by: UserId) -> None:
    """After somebody left or changed sides, in the same transaction: a side that nobody is on any
    more is not waited for.
    """
    case = await locked(conn, case_id)
    if await conclude(conn, case_id) is None:
        return
    for asked in await extensions.of_case(conn, case_id):
        verdict = asked.verdict(sides(case)) if _waits(case, asked) else None
        if verdict is not None:
            decided = replace(asked, decided_at=ctx.clock(), granted=verdict)
            await extensions.save(conn, decided)
            await _decided(ctx, conn, case, decided, by)


async def listed(ctx: Context, case: Case) -> Sequence[ExtensionLine]:
    """`of_case` by itself."""
    async with ctx.store.read() as conn:
        return await of_case(ctx, conn, case)


async def of_case(ctx: Context, conn: AsyncConnection, case: Case) -> Sequence[ExtensionLine]:
    """The newest first."""
    found = await extensions.of_case(conn, case.id)
    names = await users.names(conn, {x.by for x in found})
    lines = []
    for extension in found:
        why = sealed.unseal(ctx, case.id, f"extension:{extension.id}", extension.why) or ""
        undecided = sides(case) if _waits(case, extension) else ()
        waiting = tuple(side for side in undecided if side not in extension.answers)
        lines.append(ExtensionLine(replace(extension, why=why), names[extension.by], waiting))
    return lines


async def limit(ctx: Context, case_id: CaseId) -> Deadline | None:
    """`conclude` by itself."""
    async with ctx.store.read() as conn:
        return await conclude(conn, case_id)


async def conclude(conn: AsyncConnection, case_id: CaseId) -> Deadline | None:
    """The limit that an extension moves, while it is open."""
    found = await kept.of_case(conn, case_id)
    open_ones = (x for x in found if x.kind is DeadlineKind.CONCLUDE and x.open)
    return next(open_ones, None)


async def _decided(
    ctx: Context, conn: AsyncConnection, case: Case, extension: Extension, by: UserId
) -> None:
    verb = "case.extension_granted" if extension.granted else "case.extension_refused"
    await _happened(ctx, conn, case, verb, extension, by)
    values = {"until": extension.until_on.isoformat()} if extension.granted else {}
    await _tell(ctx, conn, case, NoticeName.EXTENSION_DECIDED, values, extension.id)
    if extension.granted:
        await deadlines.refresh_of(ctx, conn, case.id)


async def _happened(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    verb: str,
    extension: Extension,
    by: UserId,
) -> None:
    body = {"until": extension.until_on.isoformat()}
    await audit.append(conn, f"case:{case.id}", verb, ctx.clock(), by, extension.id, body)


async def _asked(conn: AsyncConnection, case: Case, extension_id: ExtensionId) -> Extension:
    """One that waits for answers. Raises Refused: not_found, extension_decided."""
    for found in await extensions.of_case(conn, case.id):
        if found.id == extension_id:
            if not _waits(case, found):
                raise Refused("extension_decided")
            return found
    raise Refused("not_found")


def _waits(case: Case, extension: Extension) -> bool:
    """Undecided, and of this time that the case is open, not of one before it was closed."""
    began = round_began(case.history)
    if began is None or case.status in OVER:
        return False
    return extension.decided_at is None and extension.at >= began


async def _tell(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    name: NoticeName,
    values: Mapping[str, str],
    key: str,
) -> None:
    for party in case.present_parties:
        await notices.to_party(ctx, conn, case, party.id, name, values, key)
