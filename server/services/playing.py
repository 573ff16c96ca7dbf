"""What was recorded, as staff have it: listed, looked at, given out as evidence.

Each look and each bundle is asked for with a reason, and is in the audit before anything is shown.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.consent import Consent
from server.domain.errors import Refused
from server.domain.ids import CaseId, RecordingId, SeatId, SessionId
from server.domain.organisation import Organisation
from server.domain.party import checked_why
from server.domain.rights import Thing, Verb, may
from server.domain.seat import Role
from server.domain.session import Session
from server.domain.user import User
from server.services import sealed
from server.services.cases import allowed, require
from server.services.context import Context
from server.services.library import Agreed, Evidence, Film, Timeline, Unreadable
from server.store import attendance, audit, cases, checkpoints, organisations, recordings, sessions
from server.store.recordings import Kept

PLAYED, GIVEN = "recording.played", "recording.given"
TICKET_H = 12
"""For how long one look lasts."""


@dataclass(frozen=True, slots=True)
class Person:
    seat: SeatId
    name: str
    role: Role
    side: str | None


@dataclass(frozen=True, slots=True)
class Lines:
    """`may_play`, `may_export`, `may_decide`: what this user may do with them."""

    kept: tuple[Kept, ...]
    may_play: bool
    may_export: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class OnePage:
    kept: Kept
    case: Case
    organisation: Organisation
    may: Lines


@dataclass(frozen=True, slots=True)
class Said:
    """A yes to being recorded, and whether it was taken back."""

    name: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Playing:
    """`ticket` opens the films of this one look."""

    kept: Kept
    timeline: Timeline
    people: tuple[Person, ...]
    consents: tuple[Said, ...]
    ticket: str


async def of_case(ctx: Context, user: User, case: CaseId) -> Lines:
    async with ctx.store.read() as conn:
        thing = await require(conn, user, Verb.READ_CASE, case)
        return _lines(user, thing, await recordings.of_case(conn, case))


async def of_session(ctx: Context, user: User, session: SessionId) -> Lines:
    async with ctx.store.read() as conn:
        thing = allowed(user, Verb.READ_CASE, await sessions.thing(conn, session))
        return _lines(user, thing, await recordings.of_session(conn, session))


def _lines(user: User, thing: Thing, kept: list[Kept]) -> Lines:
    verbs = (Verb.SEE_SEALED, Verb.EXPORT, Verb.DECIDE)
    return Lines(tuple(kept), *(may(user, verb, thing) for verb in verbs))


async def found(
    conn: AsyncConnection, user: User, verb: Verb, case: CaseId, recording: RecordingId
) -> Kept:
    """Raises Refused: not_found, not_allowed."""
    await require(conn, user, verb, case)
    kept = await recordings.get(conn, recording)
    if kept is None or kept.file is None or kept.case != case:
        raise Refused("not_found")
    return kept


async def one(ctx: Context, user: User, case: CaseId, recording: RecordingId) -> OnePage:
    """For the page from which it is looked at, held and destroyed."""
    async with ctx.store.read() as conn:
        kept = await found(conn, user, Verb.READ_CASE, case, recording)
        thing = await require(conn, user, Verb.READ_CASE, case)
        of = await cases.load(conn, case)
        assert of is not None
        unit = await organisations.get(conn, of.organisation)
    return OnePage(kept, of, unit, _lines(user, thing, [kept]))


async def play(
    ctx: Context, user: User, case: CaseId, recording: RecordingId, why: str, words: str
) -> Playing:
    """Audited with the reason first. Raises Refused: reason_missing, recording_gone, …"""
    kept, session = await _asked(
        ctx, user, Verb.SEE_SEALED, (case, recording), (why, words), PLAYED
    )
    try:
        timeline = await ctx.library.timeline(recording)
    except Unreadable:
        raise Refused("recording_gone") from None
    until = ctx.clock() + timedelta(hours=TICKET_H)
    return Playing(
        kept,
        timeline,
        tuple(_person(session, seat) for seat in timeline.people),
        tuple(
            Said(_name(session, c), c.given_at, c.withdrawn_at) for c in _consents(session, kept)
        ),
        _ticket(ctx, user, recording, until),
    )


async def film(
    ctx: Context,
    user: User,
    case: CaseId,
    recording: RecordingId,
    person: SeatId,
    kind: str,
    ticket: str,
) -> Film:
    """A part of a look that is under way. Raises Refused: not_found, look_over."""
    async with ctx.store.read() as conn:
        await found(conn, user, Verb.SEE_SEALED, case, recording)
    if not _holds(ctx, user, recording, ticket):
        raise Refused("look_over")
    try:
        return await ctx.library.film(recording, person, kind)
    except Unreadable:
        raise Refused("recording_gone") from None


async def bundle(
    ctx: Context, user: User, case: CaseId, recording: RecordingId, why: str, words: str
) -> Path:
    """The evidence of it as a zip, in a file that is the caller's to delete. Audited first."""
    kept, session = await _asked(ctx, user, Verb.EXPORT, (case, recording), (why, words), GIVEN)
    async with ctx.store.write() as conn:
        # So that the newest entries are under a signature, too.
        await checkpoints.add(conn, ctx.clock(), ctx.keys.sign)
    async with ctx.store.read() as conn:
        evidence = await _evidence(conn, kept, session)
    folder = ctx.settings.data_dir / "given"
    await asyncio.to_thread(folder.mkdir, mode=0o700, exist_ok=True)
    to = folder / f"{recording}-{secrets.token_hex(4)}.zip"
    try:
        await ctx.library.bundle(recording, to, evidence, ctx.clock())
    except Unreadable:
        raise Refused("recording_gone") from None
    return to


async def _asked(
    ctx: Context,
    user: User,
    verb: Verb,
    of: tuple[CaseId, RecordingId],
    why: tuple[str, str],
    what: str,
) -> tuple[Kept, Session]:
    async with ctx.store.write() as conn:
        kept = await found(conn, user, verb, *of)
        recording, (reason, said) = kept.recording.id, checked_why(*why)
        hidden = sealed.seal(ctx, kept.case, what, said) if said else ""
        body = {"recording": recording, "why": reason, "words": hidden}
        chain = f"case:{kept.case}"
        await audit.append(conn, chain, what, ctx.clock(), user.id, kept.session, body)
        session = await sessions.load(conn, kept.session)
        assert session is not None
    return kept, session


async def _evidence(conn: AsyncConnection, kept: Kept, session: Session) -> Evidence:
    case = await cases.load(conn, kept.case)
    unit = await organisations.get(conn, session.organisation)
    chain = f"case:{kept.case}"
    entries = await audit.part(conn, chain, [session.id])
    ends = (entries[0]["n"], entries[-1]["n"]) if entries else (0, 0)
    stays = await attendance.of_session(conn, session.id)
    rows = [
        {
            "seat": stay.seat,
            "space": stay.space,
            "kind": stay.kind.value,
            "entered_at": stay.entered_at.isoformat(),
            "left_at": stay.left_at.isoformat() if stay.left_at else None,
        }
        for stay in stays
    ]
    return Evidence(
        about={
            "organisation": unit.name,
            "case": (case.number or case.title) if case else "",
            "purpose": kept.recording.purpose.value,
            "people": {seat.id: seat.name for seat in session.seats.values()},
        },
        consents=[_agreed(kept, c) for c in _consents(session, kept)],
        attendance=[row for row in rows if row["space"] == kept.recording.space],
        spaces=rows,
        audit=entries,
        checkpoints=await checkpoints.over(conn, chain, *ends),
    )


def _consents(session: Session, kept: Kept) -> list[Consent]:
    asked = kept.recording
    until = asked.ended_at
    return [
        c
        for c in session.consents
        if c.purpose is asked.purpose
        and asked.is_text(c.text_hash)
        and asked.asked_at <= c.given_at
        and (until is None or c.given_at <= until)
    ]


def _agreed(kept: Kept, consent: Consent) -> Agreed:
    text = next(t for t in kept.recording.texts if t.hash == consent.text_hash)
    gone = consent.withdrawn_at
    person = f"{consent.seat}: {consent.person}" if consent.person else consent.seat
    return Agreed(
        person,
        consent.purpose.value,
        text.version,
        text.language,
        text.body,
        consent.given_at.isoformat(),
        gone.isoformat() if gone else None,
    )


def _person(session: Session, seat_id: SeatId) -> Person:
    seat = session.seats.get(seat_id)
    if seat is None:
        return Person(seat_id, "", Role.OBSERVER, None)
    return Person(seat_id, seat.name, seat.role, seat.side)


def _name(session: Session, consent: Consent) -> str:
    return consent.person or _person(session, consent.seat).name


def _ticket(ctx: Context, user: User, recording: RecordingId, until: datetime) -> str:
    stamp = str(int(until.timestamp()))
    return f"{stamp}.{ctx.keys.sign(_claim(user, recording, stamp))}"


def _holds(ctx: Context, user: User, recording: RecordingId, ticket: str) -> bool:
    stamp, _, signature = ticket.partition(".")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    fresh = int(stamp) >= ctx.clock().timestamp()
    return fresh and ctx.keys.signed(_claim(user, recording, stamp), signature)


def _claim(user: User, recording: RecordingId, stamp: str) -> bytes:
    return f"heyi look\n{user.id}\n{recording}\n{stamp}".encode()
