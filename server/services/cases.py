"""Cases: opened, listed, and read with all that happened in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import (
    BOOKABLE,
    Case,
    HandlerRole,
)
from server.domain.errors import Refused
from server.domain.ids import CaseId, SessionId, UserId
from server.domain.organisation import Organisation
from server.domain.result import Result
from server.domain.rights import Thing, Verb, may
from server.domain.seating import SessionPurpose, SessionState
from server.domain.session import Session
from server.domain.user import StaffRole, User
from server.services.context import Context
from server.store import cases, organisations, sessions, users

HANDLERS = (StaffRole.MEDIATOR, StaffRole.LAWYER)
"""Whose cases are their own."""

SHOWN = frozenset(
    {
        "case.withdrawn",
        "case.code_told",
        "case.code_renewed",
        "case.created",
        "case.party_added",
        "case.party_changed",
        "case.party_moved",
        "case.party_left",
        "case.party_back",
        "case.speaker_added",
        "case.speaker_changed",
        "case.speaker_ended",
        "case.changed",
        "case.sealed_seen",
        "case.accepted",
        "case.assigned",
        "case.classified",
        "case.exported",
        "case.offered",
        "case.offer_declined",
        "case.offer_disclosed",
        "case.offer_taken_back",
        "case.handed_over",
        "case.handler_added",
        "case.handler_ended",
        "case.wished",
        "case.screened",
        "session.host_changed",
        "case.extension_asked",
        "case.extension_answered",
        "case.extension_granted",
        "case.extension_refused",
        "case.extension_taken_back",
        "case.confirmation_taken_back",
        "case.joined",
        "case.split",
        "case.split_from",
        "session.booked",
        "session.cancelled",
        "session.reissued",
        "session.rescheduled",
        "session.seat_added",
        "session.revoked",
        "session.opened",
        "session.consented",
        "session.withdrew",
        "session.took_chair",
        "session.chair_given",
        "session.break",
        "session.ended",
        "session.exhibit_kept",
        "session.number_seen",
        "session.contact_changed",
        "case.imported",
        "case.reported",
        "document.added",
        "document.removed",
        "document.put_back",
        "case.notice_sent",
        "case.notice_failed",
        "case.notice_again",
        "case.notice_told",
    }
)
"""What the time line shows of the audit.

Who spoke with whom in private is nobody's business here: comings, moves and the rest of a
meeting's inside stay out.
"""


@dataclass(frozen=True, slots=True)
class SessionLine:
    id: SessionId
    starts_at: datetime
    purpose: SessionPurpose
    state: SessionState
    result: Result | None
    host_name: str
    seats: int


@dataclass(frozen=True, slots=True)
class Handling:
    """Who works on a case, and as what."""

    user: UserId
    name: str
    role: HandlerRole


@dataclass(frozen=True, slots=True)
class CasePage:
    """`thing` is what `may` is asked about it; `sessions` are by their start."""

    case: Case
    organisation: Organisation
    handlers: tuple[Handling, ...]
    sessions: tuple[SessionLine, ...]
    thing: Thing
    may_book: bool
    may_work: bool


async def page(ctx: Context, user: User, case_id: CaseId) -> CasePage:
    """Raises Refused("not_found") for a case that isn't there or that this user may not read."""
    async with ctx.store.read() as conn:
        thing = await require(conn, user, Verb.READ_CASE, case_id)
        case = await cases.load(conn, case_id)
        assert case is not None
        organisation = await organisations.get(conn, case.organisation)
        ids = await sessions.of_case(conn, case_id)
        held = [s for i in ids if (s := await sessions.load(conn, i))]
        roles = await cases.handlers(conn, case_id)
        names = await users.names(conn, [u for u, _ in roles])
    return CasePage(
        case=case,
        organisation=organisation,
        handlers=tuple(Handling(u, names[u], role) for u, role in roles),
        sessions=tuple(_line(session) for session in held),
        thing=thing,
        may_book=may(user, Verb.BOOK, thing) and case.status in BOOKABLE,
        may_work=may(user, Verb.WORK, thing),
    )


async def working_page(ctx: Context, user: User, case_id: CaseId) -> CasePage:
    """The same for who works on it. Raises Refused: not_found, not_allowed."""
    found = await page(ctx, user, case_id)
    if not found.may_work:
        raise Refused("not_allowed")
    return found


async def require(conn: AsyncConnection, user: User, verb: Verb, case_id: CaseId) -> Thing:
    """Raises Refused: `not_found` for what one may not even read, else `not_allowed`."""
    thing = await cases.thing(conn, case_id)
    return allowed(user, verb, thing)


def allowed(user: User, verb: Verb, thing: Thing | None) -> Thing:
    if thing is None:
        raise Refused("not_found")
    if not may(user, verb, thing):
        raise Refused("not_allowed" if may(user, Verb.READ_CASE, thing) else "not_found")
    return thing


def _line(session: Session) -> SessionLine:
    return SessionLine(
        id=session.id,
        starts_at=session.starts_at,
        purpose=session.purpose,
        state=session.state,
        result=session.result,
        host_name=session.main_host.name,
        seats=sum(1 for seat in session.seats.values() if not seat.claim_of),
    )
