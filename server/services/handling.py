"""Who works on a case: put on it, taken off it, handed over from one to the next."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.assignment import MEDIATING, Answer, checked_words
from server.domain.case import OVER, Case, CaseStatus, HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, SessionId, UserId
from server.domain.note import NoteKind, Readers
from server.domain.profile import Profile
from server.domain.rights import Verb
from server.domain.seat import Role
from server.domain.seating import SessionState
from server.domain.user import User
from server.services import cases as case_pages
from server.services import forms, notes, notices, statuses, unseating
from server.services.context import Context
from server.services.proposals import checked_taker
from server.store import audit, cases, offers, organisations, seats, sessions
from server.store.sessions import Stored


async def assign(
    ctx: Context,
    user: User,
    case_id: CaseId,
    taker: UserId,
    role: HandlerRole,
    key: str,
    *,
    agreed: bool,
    other_person: bool = False,
    why: str = "",
    note: str = "",
) -> None:
    """Somebody beside the clerk takes it on at once; `agreed`: they have said so by word of mouth.

    Where there is a mediator already it is handed over to them: `why`, and what they should know
    in `note`. Raises Refused.
    """
    if not agreed:
        raise Refused("agreed_missing")

    async def make(conn: AsyncConnection) -> str:
        case, profile = await checked(
            ctx, conn, user, case_id, taker, role, other_person=other_person, why=why, note=note
        )
        said = {"user": taker, "role": role, "how": "by_word_of_mouth", "namesake": other_person}
        await audit.append(conn, f"case:{case_id}", "case.given", ctx.clock(), user.id, taker, said)
        await put(ctx, conn, case, profile, role, user.id)
        return case_id

    await forms.once(ctx, user.id, key, make)
    await unseating.now(ctx, case_id)


async def checked(
    ctx: Context,
    conn: AsyncConnection,
    user: User,
    case_id: CaseId,
    taker: UserId,
    role: HandlerRole,
    *,
    other_person: bool,
    why: str,
    note: str,
) -> tuple[Case, Profile]:
    """The case, held, that may be given to this person; with a note if it is handed over."""
    await case_pages.require(conn, user, Verb.DECIDE, case_id)
    case = await cases.load(conn, case_id, lock=True)
    assert case is not None
    current = await cases.handlers(conn, case_id)
    checked_open(case, role, current)
    # Its mediator as something less would leave it without one.
    if (taker, role) in current or (taker, HandlerRole.MEDIATOR) in current:
        raise Refused("handles_already")
    profile = await checked_taker(conn, case, taker, role, other_person=other_person)
    if role is HandlerRole.MEDIATOR and HandlerRole.MEDIATOR in dict(current).values():
        await meeting_is_not_open(conn, case_id)
        words = "\n".join(filter(None, (checked_words(why), note.strip())))
        await notes.add(ctx, conn, case_id, NoteKind.NOTE, Readers.HANDLERS, words, user.id)
    return case, profile


def checked_open(case: Case, role: HandlerRole, current: list[tuple[UserId, HandlerRole]]) -> None:
    """A case gets its mediator once it is accepted; others come to one that has a mediator."""
    if case.status in OVER or case.status is CaseStatus.APPLIED:
        raise Refused("status_changed")
    has_mediator = HandlerRole.MEDIATOR in dict(current).values()
    if role is not HandlerRole.MEDIATOR and not has_mediator:
        raise Refused("mediator_first")


async def put(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    taker: Profile,
    role: HandlerRole,
    by: UserId,
) -> None:
    """They work on it from now on. A new mediator relieves the one before.

    The case is held by the caller, and after the transaction comes `unseating.now`.
    """
    now, chain = ctx.clock(), f"case:{case.id}"
    current = await cases.handlers(conn, case.id)
    if (taker.user, role) in current:
        return
    before = [u for u, r in current if r is HandlerRole.MEDIATOR and u != taker.user]
    for leaving in {taker.user, *(before if role is HandlerRole.MEDIATOR else ())}:
        await cases.end_handler(conn, case.id, leaving, now)
        if leaving != taker.user or role not in MEDIATING:
            await unseating.co_mediator(ctx, conn, case.id, leaving)
    await cases.add_handler(conn, case.id, taker.user, role, now)
    body = {"user": taker.user, "role": role}
    await _offers_over(ctx, conn, case.id, role, by)
    if role is not HandlerRole.MEDIATOR:
        await audit.append(conn, chain, "case.handler_added", now, by, taker.user, body)
        return
    if case.status is CaseStatus.ACCEPTED:
        await statuses.change(ctx, conn, case, CaseStatus.ASSIGNED, by, body=body)
    if before:
        await audit.append(conn, chain, "case.handed_over", now, by, taker.user, body)
        await _meetings_move(ctx, conn, case.id, taker)
    await _tell(ctx, conn, case, taker, "handed_over" if before else "mediator_assigned")


async def _offers_over(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, role: HandlerRole, by: UserId
) -> None:
    """Whoever else is being asked need not answer any more."""
    now = ctx.clock()
    for offer in await offers.of_case(conn, case_id):
        if offer.answer is None and offer.role is role:
            await offers.answer(conn, offer.id, Answer.TAKEN_BACK, now)
            body = {"user": offer.user, "role": role}
            chain = f"case:{case_id}"
            await audit.append(conn, chain, "case.offer_taken_back", now, by, offer.id, body)


async def end(ctx: Context, user: User, case_id: CaseId, who: UserId) -> None:
    """A co-mediator or clerk of the case works on it no more. Twice is once.

    Their links to its meetings open nothing from now on. Raises Refused: mediator_stays,
    hosts_meeting.
    """
    async with ctx.store.write() as conn:
        await case_pages.require(conn, user, Verb.DECIDE, case_id)
        await cases.load(conn, case_id, lock=True)
        role = dict(await cases.handlers(conn, case_id)).get(who)
        if role is None:
            return
        if role is HandlerRole.MEDIATOR:
            raise Refused("mediator_stays")
        if await seats.of_user(conn, case_id, who, Role.HOST):
            raise Refused("hosts_meeting")
        now, body = ctx.clock(), {"user": who, "role": role}
        await cases.end_handler(conn, case_id, who, now)
        await unseating.co_mediator(ctx, conn, case_id, who)
        await audit.append(conn, f"case:{case_id}", "case.handler_ended", now, user.id, who, body)
    await unseating.now(ctx, case_id)


async def meeting_is_not_open(conn: AsyncConnection, case_id: CaseId) -> None:
    """Raises Refused("meeting_open"): nobody else takes over in the middle of a meeting."""
    for session in await _held(conn, case_id):
        if session.state is SessionState.OPEN:
            raise Refused("meeting_open")


async def _meetings_move(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, taker: Profile
) -> None:
    """What is planned is hosted by the new mediator: the first one's link is void."""
    now = ctx.clock()
    for session in await _held(conn, case_id):
        if session.state is not SessionState.PLANNED:
            continue
        seat = session.main_host.id
        session.new_host(taker.name, now)
        await sessions.save(conn, session)
        await sessions.set_person(conn, seat, taker.user)
        chain, body = f"case:{case_id}", {"seat": seat, "host": taker.user}
        await audit.append(conn, chain, "session.host_changed", now, taker.user, session.id, body)


async def _held(conn: AsyncConnection, case_id: CaseId) -> list[Stored]:
    ids: list[SessionId] = await sessions.of_case(conn, case_id)
    return [s for i in ids if (s := await sessions.load(conn, i, lock=True))]


async def _tell(
    ctx: Context, conn: AsyncConnection, case: Case, taker: Profile, template: str
) -> None:
    """Every party, with whom to call."""
    organisation = await organisations.get(conn, case.organisation)
    phone = taker.phone or organisation.phone or ctx.settings.help_phone
    values = {"mediator": taker.name, "phone": phone}
    if template == "handed_over":
        del values["phone"]
    for party in case.present_parties:
        key = f"{template} {case.id} {taker.user} {party.id} {ctx.clock().isoformat()}"
        await notices.to_party(ctx, conn, case, party.id, template, values, key)
