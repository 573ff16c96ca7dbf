"""Recording a moment of a meeting: asked for, answered, stopped. The rule is `domain.recording`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import recording
from server.domain.case import CaseKind
from server.domain.consent import RECORDED, Purpose, Text
from server.domain.errors import Refused
from server.domain.ids import RecordingId, SeatId, SpaceId
from server.domain.recorded import Recording
from server.domain.session import Session
from server.security.ids import new_id
from server.security.keys import recording_key
from server.services import texts
from server.services.context import Context
from server.services.live import Also
from server.services.sessions import Caller, command, weighed
from server.services.sitting import sitting
from server.store import cases, organisations

USUAL_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """What a host is shown before everybody is asked. `hours`: for how long there is room."""

    purposes: tuple[Purpose, ...]
    minutes: int
    text: str
    hash: str
    hours: float


@dataclass(frozen=True, slots=True)
class Question:
    """What everybody in the space is asked, in their language."""

    recording: RecordingId
    purpose: Purpose
    text: str
    hash: str


async def offer(
    ctx: Context, seat: SeatId, cookie: str | None, purpose: str, minutes: int, language: str
) -> Offer:
    """Raises Refused: not_host, never_recorded, recording_absent, minutes_unusable."""
    async with ctx.store.read() as conn:
        here = await sitting(ctx, conn, seat, cookie)
        here.session.host(here.seat.id)
        may = await _purposes(conn, here.session)
        chosen = next((p for p in may if p == purpose), may[0])
        asked = await _asked(ctx, conn, here.session, chosen, minutes)
    _, space = here.session.inside(here.seat.id)
    if not recording.recordable(here.session, space):
        raise Refused("never_recorded")
    text = _in(asked.texts, language)
    hours = ctx.recorder.hours(len(here.session.members(space.id)))
    return Offer(may, minutes, text.body, text.hash, round(hours, 1))


async def question(
    ctx: Context, seat: SeatId, cookie: str | None, language: str
) -> Question | None:
    """None where nothing is asked in the space one is in."""
    async with ctx.store.read() as conn:
        here = await sitting(ctx, conn, seat, cookie)
    found = recording.live(here.session)
    if found is None or not here.seat.admitted or found.space != here.seat.space:
        return None
    text = _in(found.texts, language)
    return Question(found.id, found.purpose, text.body, text.hash)


async def start(ctx: Context, by: Caller, purpose: Purpose, minutes: int, text_hash: str) -> None:
    """A host asks everybody, in the words that were on their screen. The recorder begins when the
    last one has agreed.

    Raises Refused: not_host, never_recorded, recording_already, recording_absent, unknown_text,
    minutes_unusable, purpose_unusable.
    """

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also | None:
        session.host(by.seat)
        if purpose not in await _purposes(conn, session):
            raise Refused("purpose_unusable")
        asked = await _asked(ctx, conn, session, purpose, minutes)
        recording.start(session, by.seat, asked, text_hash, now)
        unit = await organisations.get(conn, session.organisation)
        # Before the commit: a key without a recording harms nobody.
        await asyncio.to_thread(ctx.keys.data.make, recording_key(asked.id), unit.tenant)
        return None

    await weighed(ctx, by, weigh)


async def answer(
    ctx: Context, by: Caller, asked: RecordingId, text_hash: str, person: str, yes: bool
) -> None:
    await command(
        ctx,
        by,
        lambda s, now: recording.answer(s, by.seat, asked, text_hash, person, yes, now),
    )


async def stop(ctx: Context, by: Caller) -> None:
    await command(ctx, by, lambda s, now: recording.stop(s, by.seat, now))


async def _purposes(conn: AsyncConnection, session: Session) -> tuple[Purpose, ...]:
    """Which moments there are in such a case."""
    case = await cases.load(conn, session.case)
    consultation = case is not None and case.kind is CaseKind.CONSULTATION
    return tuple(p for p in RECORDED if (p is Purpose.RECORD_CONSULTATION) == consultation)


async def _asked(
    ctx: Context, conn: AsyncConnection, session: Session, purpose: Purpose, minutes: int
) -> Recording:
    if not ctx.recorder.able:
        raise Refused("recording_absent")
    unit = await organisations.get(conn, session.organisation)
    named = {
        "minutes": _alike(str(minutes)),
        "organisation": _alike(unit.name),
        "kept": _lasting(ctx.settings.recording_days),
    }
    words = texts.recording(purpose, **named)
    host = session.main_host.id
    new = RecordingId(new_id())
    return Recording(new, SpaceId(""), purpose, words, minutes, host, ctx.clock())


def _in(found: tuple[Text, ...], language: str) -> Text:
    return next((text for text in found if text.language == language), found[0])


def _alike(text: str) -> Mapping[str, str]:
    return {"zh": text, "en": text}


def _lasting(days: int) -> Mapping[str, str]:
    """In whole years where it is so many."""
    years, rest = divmod(days, 365)
    if rest or not years:
        return {"zh": f"{days}天", "en": f"{days} day{'s' if days != 1 else ''}"}
    return {"zh": f"{years}年", "en": f"{years} year{'s' if years != 1 else ''}"}
