"""How a matter stands, for whoever has its code: never about the other side, never what it says."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER, OWN, Case, CaseStatus, HandlerRole, Outcome
from server.domain.deadlines import DeadlineKind
from server.domain.document import DocumentKind
from server.domain.errors import Refused
from server.domain.ids import CaseId
from server.domain.matter_code import normalised
from server.domain.note import NoteKind, Readers
from server.domain.organisation import Organisation
from server.domain.profile import Profile
from server.domain.rights import Verb, may
from server.domain.seating import SessionPurpose
from server.domain.text import visible
from server.domain.user import User
from server.security import sealing
from server.services import cases as matters
from server.services import documents, forms, notes, notices, opening, refusing, sealed, statuses
from server.services.context import Context
from server.services.proposals import MEDIATORS
from server.store import (
    applications,
    audit,
    cases,
    deadlines,
    matter_codes,
    mediators,
    organisations,
    profiles,
    sessions,
    users,
)
from server.words import N_, gettext

SHOWN_FOR = timedelta(minutes=30)
"""After that the code is asked for again: the device may be somebody else's."""
REASON_LENGTH = 500
MOST_CHOICE = 60
"""So many mediators are shown; of more, the telephone tells."""
TAKEN_BACK = N_("The applicant has taken the application back, by the matter code.")
WISH = N_("Somebody with the matter code asks to stop the mediation. Please speak with them.")
_ABOUT = b"heyi status"

MEDIATING = (HandlerRole.MEDIATOR, HandlerRole.CO_MEDIATOR)


class Stage(StrEnum):
    """The way of a matter, as it is drawn."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    MEDIATOR = "mediator"
    MEETING = "meeting"
    RESULT = "result"


class Ended(StrEnum):
    """How much of an outcome is told here: not who was unwilling."""

    AGREED = "agreed"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Choice:
    """The parties are to choose a mediator together: until when, and among whom. Those who do not
    wish to be seen by visitors are told of by telephone.
    """

    by: date
    people: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """`reached`: when each stage was, in the organisation's zone, as far as the matter has come.

    `refusal`: why one was declined and where else to go, in the language being spoken.
    """

    status: CaseStatus
    reached: dict[Stage, date]
    number: str
    organisation: Organisation
    mediators: tuple[str, ...]
    next_meeting: datetime | None
    ended: Ended | None
    refusal: str
    may_withdraw: bool
    may_write: bool
    """Something can still be said to the mediator and added: it isn't over."""
    choice: Choice | None = None


async def enter(ctx: Context, typed: str, address: str) -> str:
    """What the cookie says for the next half hour. A code that was never given out and one that
    can't be one are answered alike. Raises Refused: too_many, code_unknown.
    """
    limit = ctx.settings.status_limit
    if not ctx.limiter.allowed(limit, "status from", address):
        raise Refused("too_many")
    try:
        code = normalised(typed)
    except Refused:
        code = ""
    hashed = sealed.lookup(ctx, "", "matter_code", code)
    if not ctx.limiter.allowed(limit, "status of", hashed):
        raise Refused("too_many")
    async with ctx.store.read() as conn:
        case = await matter_codes.case_of(conn, hashed)
    if case is None:
        raise Refused("code_unknown")
    until = int((ctx.clock() + SHOWN_FOR).timestamp())
    # By the code and not the case: it is over as soon as the code is replaced.
    hidden = sealing.seal_bytes(ctx.keys.own_key, _ABOUT, f"{until} {hashed}".encode())
    return base64.urlsafe_b64encode(hidden).decode()


async def entered(ctx: Context, token: str | None) -> CaseId:
    """Raises Refused("status_over") when the code has to be typed (again)."""
    try:
        hidden = base64.urlsafe_b64decode((token or "").encode())
        said = sealing.unseal_bytes(ctx.keys.own_key, _ABOUT, hidden).decode()
    except (ValueError, binascii.Error, sealing.Unreadable):
        raise Refused("status_over") from None
    until, _, hashed = said.partition(" ")
    if ctx.clock().timestamp() >= int(until):
        raise Refused("status_over")
    async with ctx.store.read() as conn:
        case = await matter_codes.case_of(conn, hashed)
    if case is None:
        raise Refused("status_over")
    return case


async def standing(ctx: Context, case_id: CaseId) -> Standing:
    """Raises Refused("status_over") when the case is not there any more."""
    async with ctx.store.read() as conn:
        case = await _case(conn, case_id)
        organisation = await organisations.get(conn, case.organisation)
        working = await cases.handlers(conn, case_id)
        names = await users.names(conn, {user for user, role in working if role in MEDIATING})
        # That the mediator speaks with one side before is nobody else's to know.
        meetings = await sessions.next_of(conn, [case_id], [SessionPurpose.MEETING])
        choice = await _choice(ctx, conn, case_id, organisation)
    over = case.status in OVER
    return Standing(
        status=case.status,
        reached=_reached(case, organisation),
        number=case.number,
        organisation=organisation,
        mediators=tuple(sorted(names.values())),
        next_meeting=None if over else meetings.get(case_id),
        ended=_ended(case),
        refusal=statuses.why(ctx, case) if case.status is CaseStatus.DECLINED else "",
        may_withdraw=_own_and_new(case),
        may_write=not over,
        choice=choice,
    )


async def _choice(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, organisation: Organisation
) -> Choice | None:
    """While there is time; after that we name one."""
    today = ctx.clock().astimezone(organisation.zone).date()
    for due in await deadlines.of_case(conn, case_id):
        if due.kind is DeadlineKind.CHOOSE and due.open and due.due_on >= today:
            known = await mediators.with_roles(conn, MEDIATORS, above=organisation.path)
            people = await profiles.of(conn, [one.id for one in known])
            return Choice(due.due_on, tuple(one for one in people if one.listed)[:MOST_CHOICE])
    return None


async def withdraw(ctx: Context, case_id: CaseId, reason: str) -> bool:
    """Take it back: at once while it is new, later by a word to the mediator.

    True: it is withdrawn; False: the mediator is told. Raises Refused: status_over,
    status_changed, withdraw_reason_unusable.
    """
    reason = _one_line(reason)
    async with ctx.store.write() as conn:
        case = await _case(conn, case_id, lock=True)
        if case.status is CaseStatus.WITHDRAWN:
            return True
        if case.status in OVER:
            raise Refused("status_changed")
        at_once = _own_and_new(case)
        with refusing.in_language(ctx.settings.default_language):
            said = gettext(TAKEN_BACK if at_once else WISH)
        told = f"{said}\n{reason}".strip()
        await notes.add(ctx, conn, case_id, NoteKind.NOTE, Readers.CASE, told, None)
        if at_once:
            by = {"by": opening.APPLICANT}
            case = await statuses.change(ctx, conn, case, CaseStatus.WITHDRAWN, None, body=by)
            first, key = case.parties[0].id, f"withdrawn:{case_id}:{len(case.history)}"
            await notices.to_party(ctx, conn, case, first, "case_withdrawn", {}, key)
    return at_once


async def add_file(
    ctx: Context, case_id: CaseId, name: str, media_type: str, chunks: AsyncIterator[bytes]
) -> None:
    """One more paper for whoever handles it. Raises Refused: status_over, status_changed, and what
    `documents.add` does.
    """
    async with ctx.store.read() as conn:
        case = await _case(conn, case_id)
    if case.status in OVER:
        raise Refused("status_changed")
    await documents.add(ctx, case_id, DocumentKind.EVIDENCE, name, media_type, chunks, None)


async def may_tell(ctx: Context, user: User, case_id: CaseId) -> bool:
    async with ctx.store.read() as conn:
        thing = await cases.thing(conn, case_id)
    return thing is not None and may(user, Verb.WORK, thing)


async def code(ctx: Context, user: User, case_id: CaseId) -> str:
    """For staff, to be told to its party again; a case that has none gets one now.

    Raises Refused: not_found, not_allowed.
    """
    async with ctx.store.read() as conn:
        thing = await matters.require(conn, user, Verb.WORK, case_id)
        hidden = await matter_codes.sealed(conn, case_id)
    if not hidden:
        await sealed.new_key(ctx, case_id, thing.path.partition("/")[0])
    async with ctx.store.write() as conn:
        await matters.require(conn, user, Verb.WORK, case_id)
        if not await matter_codes.sealed(conn, case_id):
            await opening.give_code(ctx, conn, case_id)
        hidden = await matter_codes.sealed(conn, case_id)
        found = sealed.unseal(ctx, case_id, "matter_code", hidden)
        chain = f"case:{case_id}"
        await audit.append(conn, chain, "case.code_told", ctx.clock(), user.id, case_id, {})
    if not found:
        # Its key was destroyed, and all that was sealed with it.
        raise Refused("not_found")
    return str(found)


async def renew(ctx: Context, user: User, case_id: CaseId, key: str) -> None:
    """Another code, because somebody knows this one who shouldn't: it finds nothing any more, and
    wherever it was typed nothing is shown any more. `key`: sent twice, it is renewed once.

    Raises Refused: not_found, not_allowed.
    """
    async with ctx.store.read() as conn:
        thing = await matters.require(conn, user, Verb.WORK, case_id)
    await sealed.new_key(ctx, case_id, thing.path.partition("/")[0])

    async def make(conn: AsyncConnection) -> str:
        await matters.require(conn, user, Verb.WORK, case_id)
        await cases.load(conn, case_id, lock=True)
        await opening.give_code(ctx, conn, case_id)
        # The device it was applied from shows the code, whatever it is by now.
        await applications.remove(conn, case_id)
        chain = f"case:{case_id}"
        await audit.append(conn, chain, "case.code_renewed", ctx.clock(), user.id, case_id, {})
        return case_id

    await forms.once(ctx, user.id, key, make)


def _reached(case: Case, organisation: Organisation) -> dict[Stage, date]:
    """The first time of each stage; those that were taken back don't count."""
    stage_of = {
        CaseStatus.APPLIED: Stage.APPLIED,
        CaseStatus.ACCEPTED: Stage.ACCEPTED,
        CaseStatus.ASSIGNED: Stage.MEDIATOR,
        CaseStatus.MEDIATING: Stage.MEETING,
        CaseStatus.CLOSED: Stage.RESULT,
    }
    found: dict[Stage, date] = {}
    for change in case.history:
        stage = stage_of.get(change.status)
        if stage is None:
            continue
        later = list(Stage)[list(Stage).index(stage) + 1 :]
        found = {known: day for known, day in found.items() if known not in later}
        found.setdefault(stage, change.at.astimezone(organisation.zone).date())
    return found


def _ended(case: Case) -> Ended | None:
    if case.status is not CaseStatus.CLOSED:
        return None
    agreed = case.outcome in (Outcome.AGREED, Outcome.PARTLY_AGREED, Outcome.SETTLED_THEMSELVES)
    return Ended.AGREED if agreed else Ended.OTHERWISE


def _own_and_new(case: Case) -> bool:
    return case.status is CaseStatus.APPLIED and case.source in OWN


def _one_line(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > REASON_LENGTH or not visible(reason):
        raise Refused("withdraw_reason_unusable")
    return reason


async def _case(conn: AsyncConnection, case_id: CaseId, *, lock: bool = False) -> Case:
    case = await cases.load(conn, case_id, lock=lock)
    if case is None:
        raise Refused("status_over")
    return case
