"""Screenings: what a side has told its mediator alone. Nobody else reads them, whoever they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.assignment import MEDIATING
from server.domain.case import OVER, Case
from server.domain.errors import Refused
from server.domain.ids import CaseId, SessionId, UserId
from server.domain.organisation import Organisation
from server.domain.party import checked_side
from server.domain.rights import Verb
from server.domain.screening import Screening, checked, read
from server.domain.seating import SessionState
from server.domain.session import Session
from server.domain.user import User
from server.security.ids import new_id
from server.services import cases as case_pages
from server.services import forms, sealed
from server.services.context import Context
from server.services.live import Origin, carry_out
from server.store import audit, cases, due, organisations, screenings, sessions, users
from server.store.due import Due
from server.store.screenings import Kept

FOLLOW = "shuttle_follow"
"""Later work: meetings that have not yet heard whether their sides are kept apart."""


@dataclass(frozen=True, slots=True)
class Entry:
    screening: Screening
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class SidePage:
    """`entries`: the newest first."""

    case: Case
    organisation: Organisation
    side: str
    names: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SideLine:
    """`at`: when this side was last asked; None: not yet."""

    side: str
    names: tuple[str, ...]
    at: datetime | None


async def overview(ctx: Context, user: User, case: Case) -> list[SideLine]:
    """Which sides were asked; nothing for who does not mediate this case."""
    async with ctx.store.read() as conn:
        if not await _mediates(conn, user, case.id):
            return []
        kept = await screenings.of_case(conn, case.id)
    newest = {x.side: x.at for x in reversed(kept)}
    return [SideLine(side, _names(case, side), newest.get(side)) for side in _sides(case, kept)]


async def page(ctx: Context, user: User, case_id: CaseId, side: str) -> SidePage:
    """All that was kept of one side. That it was read is kept as well. Raises Refused."""
    async with ctx.store.write() as conn:
        case = await _required(conn, user, case_id, side)
        kept = [x for x in await screenings.of_case(conn, case_id) if x.side == side]
        names = await users.names(conn, {x.by for x in kept})
        organisation = await organisations.get(conn, case.organisation)
        if kept:
            now, body = ctx.clock(), {"side": side}
            chain = f"case:{case_id}"
            await audit.append(conn, chain, "case.screening_read", now, user.id, case_id, body)
    found = [(x, sealed.unseal(ctx, case_id, f"screening:{x.id}", x.body)) for x in kept]
    entries = tuple(Entry(read(told), x.at, names.get(x.by, "")) for x, told in found if told)
    return SidePage(case, organisation, side, _names(case, side), entries)


async def keep(
    ctx: Context, user: User, case_id: CaseId, side: str, screening: Screening, key: str
) -> None:
    """Adds what was learnt. Where any side needs it, the case and its meetings are shuttle-only
    at once, an open one too; no longer, when no side's newest screening asks for it.

    Raises Refused.
    """
    told = checked(screening)

    async def make(conn: AsyncConnection) -> str:
        case = await _required(conn, user, case_id, side, lock=True)
        if case.status in OVER:
            raise Refused("status_changed")
        now, only = ctx.clock(), told.shuttle_only
        screening_id = await _insert(ctx, conn, case_id, side, asdict(told), only, user.id, now)
        chain, said = f"case:{case_id}", {"side": side}
        await audit.append(conn, chain, "case.screened", now, user.id, screening_id, said)
        await _keep_apart(conn, case, screening_id, now)
        return screening_id

    await forms.once(ctx, user.id, key, make)
    await meetings_follow(ctx, case_id, user.id)


async def carry(
    ctx: Context,
    conn: AsyncConnection,
    source: Case,
    target: Case,
    sides: Mapping[str, str],
    by: UserId,
) -> None:
    """What these sides of one case have told goes along into another, sealed under its key, and
    they are kept apart there too until somebody who mediates there says otherwise.

    `sides`: which side of `target` each of them is; not empty. Call `meetings_follow` after the
    transaction.
    """
    kept = await screenings.of_case(conn, source.id)
    decides = _deciding(kept).values()
    apart = False
    for old in reversed(kept):
        told = sealed.unseal(ctx, source.id, f"screening:{old.id}", old.body)
        if told and old.side in sides:
            only = True if old in decides and old.shuttle_only else None
            apart = apart or only is True
            await _insert(ctx, conn, target.id, sides[old.side], told, only, old.by, old.at)
    now = ctx.clock()
    if source.shuttle_only and not apart:
        # Whoever asked for it stays behind, and what they said; that it was asked for does not.
        told, side = asdict(Screening(shuttle_only=True)), min(sides.values())
        await _insert(ctx, conn, target.id, side, told, True, by, now)
    await _keep_apart(conn, target, new_id(), now)


async def _insert(
    ctx: Context,
    conn: AsyncConnection,
    case_id: CaseId,
    side: str,
    told: Mapping[str, object],
    shuttle_only: bool | None,
    by: UserId,
    at: datetime,
) -> str:
    screening_id = new_id()
    body = sealed.seal(ctx, case_id, f"screening:{screening_id}", told)
    await screenings.insert(conn, case_id, Kept(screening_id, side, body, shuttle_only, by, at))
    return screening_id


async def follow(ctx: Context, work: Due) -> None:
    """Should the server have died between the two: the meetings are as their case is."""
    await meetings_follow(ctx, CaseId(work.thing), None)


async def _keep_apart(conn: AsyncConnection, case: Case, because: str, now: datetime) -> None:
    """The case is shuttle-only as long as any side's newest screening says so."""
    kept = await screenings.of_case(conn, case.id)
    only = any(x.shuttle_only for x in _deciding(kept).values())
    if only != case.shuttle_only:
        await cases.set_fields(conn, case.id, shuttle_only=only)
        await due.add(conn, at=now, kind=FOLLOW, thing=case.id, key=f"{FOLLOW} {because}")


def _deciding(kept: Iterable[Kept]) -> dict[str, Kept]:
    """Of each side the one that says whether it is kept apart: the last that came into the case,
    as their ids have it. One that was kept before another came from elsewhere knew nothing of it.
    """
    said = (x for x in kept if x.shuttle_only is not None)
    return {x.side: x for x in sorted(said, key=lambda x: x.id)}


async def meetings_follow(ctx: Context, case_id: CaseId, by: UserId | None) -> None:
    """Every meeting that is not over is as the case is now; sent again, this is done again."""
    async with ctx.store.read() as conn:
        case = await cases.load(conn, case_id)
        assert case is not None
        held = [await sessions.load(conn, i) for i in await sessions.of_case(conn, case_id)]
    for session in held:
        live = session is not None and session.state in (SessionState.PLANNED, SessionState.OPEN)
        if session is not None and live and session.shuttle_only != case.shuttle_only:
            await _follow(ctx, by, session.id, case.shuttle_only)


async def _follow(ctx: Context, by: UserId | None, session: SessionId, only: bool) -> None:
    def decide(session: Session, now: datetime) -> None:
        session.shuttle(only, now)

    await carry_out(ctx, session, decide, Origin(user=by))


async def _required(
    conn: AsyncConnection, user: User, case_id: CaseId, side: str, *, lock: bool = False
) -> Case:
    """Raises Refused: not_found, and not_allowed for who reads the case and doesn't mediate it."""
    await case_pages.require(conn, user, Verb.READ_CASE, case_id)
    if not await _mediates(conn, user, case_id):
        raise Refused("not_allowed")
    case = await cases.load(conn, case_id, lock=lock)
    assert case is not None
    if checked_side(side) not in _sides(case, await screenings.of_case(conn, case_id)):
        raise Refused("not_found")
    return case


async def _mediates(conn: AsyncConnection, user: User, case_id: CaseId) -> bool:
    return any(
        who == user.id and role in MEDIATING for who, role in await cases.handlers(conn, case_id)
    )


def _sides(case: Case, kept: Iterable[Kept]) -> list[str]:
    """Also one that nobody is on any more: what it told stays, and what follows from it."""
    return sorted({party.side for party in case.present_parties} | {x.side for x in kept})


def _names(case: Case, side: str) -> tuple[str, ...]:
    return tuple(party.name for party in case.present_parties if party.side == side)
