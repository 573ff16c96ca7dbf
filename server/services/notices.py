"""What parties and staff are told, written in the transaction of what it tells and sent later.

Nothing here fails for want of an address or a provider: it is in the log then, with words to copy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.deadlines import DeadlineKind
from server.domain.ids import CaseId, NoticeId, PartyId, RepresentativeId, SeatId, UserId
from server.domain.notice import (
    Channel,
    NoticeName,
    NoticeState,
    Reason,
    ToKind,
    Wording,
    email,
    filled,
    mobile,
    moment,
    places,
    spoken,
)
from server.domain.organisation import Organisation
from server.domain.party import Details
from server.domain.quiet import QuietHours
from server.domain.refusal import from_kept
from server.security import sealing
from server.security.ids import new_id
from server.sentences.living import DEADLINES
from server.services import notice_texts, refusing, sealed, sending
from server.services.context import Context
from server.services.refusing import in_language
from server.store import due, notices, organisations, parties, profiles
from server.store.notices import Notice
from server.words import gettext

SEND = "notice_send"
"""The kind of later work that sends one."""


@dataclass(frozen=True, slots=True)
class _To:
    """Whom to tell. `channels` are the ways to them, the best first."""

    kind: ToKind
    id: str
    name: str
    language: str
    channels: tuple[tuple[Channel, str], ...]


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody with a seat in a meeting who is no party and speaks for none."""

    seat: SeatId
    name: str
    details: Details


async def to_party(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    party: PartyId,
    template: str,
    values: Mapping[str, str],
    key: str,
) -> None:
    """`template`: a NoticeName. With a `key` that was used for this party before, nothing is sent.

    Values are plain words; ISO dates and moments are written in the party's language.
    """
    to = await _party(ctx, conn, case, party)
    organisation = await organisations.get(conn, case.organisation)
    await _write(ctx, conn, to, organisation, case.id, NoticeName(template), values, key)


async def to_speaker(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    speaker: RepresentativeId,
    template: str,
    values: Mapping[str, str],
    key: str,
) -> None:
    """The same for who speaks for a party of the case; nothing when their power has ended."""
    to = await _speaker(ctx, conn, case, speaker)
    if to is not None:
        organisation = await organisations.get(conn, case.organisation)
        await _write(ctx, conn, to, organisation, case.id, NoticeName(template), values, key)


async def to_guest(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    guest: Guest,
    template: str,
    values: Mapping[str, str],
    key: str,
) -> None:
    """The same for somebody who is in the meeting only."""
    organisation = await organisations.get(conn, case.organisation)
    to = _guest(ctx, guest)
    await _write(ctx, conn, to, organisation, case.id, NoticeName(template), values, key)


async def way_to(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    party: PartyId,
    speaker: RepresentativeId | None,
    name: NoticeName,
) -> Channel | None:
    """How this notice would be sent to a party, or to who speaks for it; None: not at all."""
    if speaker is None:
        to: _To | None = await _party(ctx, conn, case, party)
    else:
        to = await _speaker(ctx, conn, case, speaker)
    return None if to is None else await _way_of(ctx, conn, case, to, name)


async def way_to_guest(
    ctx: Context, conn: AsyncConnection, case: Case, guest: Guest, name: NoticeName
) -> Channel | None:
    return await _way_of(ctx, conn, case, _guest(ctx, guest), name)


async def _way_of(
    ctx: Context, conn: AsyncConnection, case: Case, to: _To, name: NoticeName
) -> Channel | None:
    organisation = await organisations.get(conn, case.organisation)
    words = await notice_texts.wording(conn, organisation.path, name, to.language)
    channel, _, state = _way(ctx, to, words)
    return channel if state is NoticeState.WAITING else None


def _guest(ctx: Context, guest: Guest) -> _To:
    language = ctx.settings.default_language
    return _To(ToKind.GUEST, guest.seat, guest.name, language, _ways(guest.details))


async def _party(ctx: Context, conn: AsyncConnection, case: Case, party: PartyId) -> _To:
    name = next((p.name for p in case.parties if p.id == party), "")
    hidden = (await parties.sealed(conn, case.id)).get(party, "")
    details = sealed.details(ctx, case.id, party, hidden)
    language = await _language(ctx, conn, party)
    return _To(ToKind.PARTY, party, name, language, _ways(details))


async def _speaker(
    ctx: Context, conn: AsyncConnection, case: Case, speaker: RepresentativeId
) -> _To | None:
    for one, hidden in await parties.representatives(conn, case.id):
        if one.id == speaker and one.speaks(ctx.clock()):
            details = sealed.details(ctx, case.id, speaker, hidden)
            # They are written to like those for whom they speak.
            language = await _language(ctx, conn, one.party)
            return _To(ToKind.REPRESENTATIVE, speaker, one.name, language, _ways(details))
    return None


async def _language(ctx: Context, conn: AsyncConnection, party: PartyId) -> str:
    chosen = (await notices.languages(conn, [party])).get(party)
    return chosen or ctx.settings.default_language


def _ways(details: Details) -> tuple[tuple[Channel, str], ...]:
    return ((Channel.SMS, mobile(details.phone)), (Channel.EMAIL, email(details.email)))


async def to_staff(
    ctx: Context,
    conn: AsyncConnection,
    user: UserId,
    template: str,
    values: Mapping[str, str],
    key: str,
    case: Case | None = None,
) -> None:
    """The same for a member of staff; nothing for somebody who isn't there."""
    profile = await profiles.get(conn, user)
    if profile is None:
        return
    ways = ((Channel.EMAIL, email(profile.email)), (Channel.SMS, mobile(profile.phone)))
    to = _To(ToKind.STAFF, user, profile.name, ctx.settings.default_language, ways)
    where = case.organisation if case else profile.organisation
    organisation = await organisations.get(conn, where)
    about = case.id if case else None
    await _write(ctx, conn, to, organisation, about, NoticeName(template), values, key)


async def _write(
    ctx: Context,
    conn: AsyncConnection,
    to: _To,
    organisation: Organisation,
    case: CaseId | None,
    name: NoticeName,
    values: Mapping[str, str],
    key: str,
) -> None:
    words = await notice_texts.wording(conn, organisation.path, name, to.language)
    channel, address, state = _way(ctx, to, words)
    body = content(ctx, organisation, to.name, to.language, words, values)
    notice_id, now = NoticeId(new_id()), ctx.clock()
    error = None
    try:
        hidden = seal(ctx, case, f"notice:{notice_id}", body)
        hidden_address = seal(ctx, case, f"address:{notice_id}", address)
    except LookupError:
        # The case's data was destroyed: there is nobody left to tell, and nothing to tell them.
        hidden, hidden_address = "", ""
        state, error = NoticeState.FAILED, Reason.UNREADABLE
    notice = Notice(
        id=notice_id,
        case=case,
        organisation=organisation.id,
        to_kind=to.kind,
        to_id=to.id,
        channel=channel,
        address=hidden_address,
        template=name,
        version=words.version,
        language=to.language,
        body=hidden,
        urgent=_urgent(name, values, now, organisation),
        state=state,
        error=error,
        created_at=now,
    )
    once = hashlib.sha256(f"{name}\n{to.id}\n{key}".encode()).hexdigest()
    written = await notices.insert(conn, notice, once)
    if written and state is NoticeState.WAITING:
        at = not_before(ctx, notice, organisation)
        await due.add(conn, at=at, kind=SEND, thing=notice_id, key=f"{SEND}:{notice_id}")


def _way(ctx: Context, to: _To, words: Wording) -> tuple[Channel, str, NoticeState]:
    """The best one that we can go; else the one we could go with a provider."""
    known = [(channel, address) for channel, address in to.channels if address]
    for channel, address in known:
        if sending.ready(ctx.settings, channel, words.provider_template):
            return channel, address, NoticeState.WAITING
    if known:
        return *known[0], NoticeState.NO_PROVIDER
    return Channel.COPY, "", NoticeState.NO_ADDRESS


def content(
    ctx: Context,
    organisation: Organisation,
    name: str,
    language: str,
    words: Wording,
    given: Mapping[str, str],
) -> dict[str, Any]:
    """`{"subject", "text", "values", "template", "given"}`: the words as they are sent, what an
    SMS provider puts into the text it knows as `template`, and what all of it was made of.
    """
    common = {
        "name": name,
        "organisation": organisation.name,
        "telephone": organisation.phone or ctx.settings.help_phone,
        "address": ctx.settings.origin,
    }
    with in_language(language):
        known = common | {place: value for place, value in _in_words(given).items() if value}
    zone = organisation.zone
    values = {place: spoken(str(value), language, zone) for place, value in known.items()}
    return {
        "subject": filled(words.subject, values),
        "text": filled(words.body, values),
        "values": {place: values.get(place, "") for place in places(words.body)},
        "template": words.provider_template,
        "given": dict(given),
    }


def _in_words(given: Mapping[str, str]) -> dict[str, str]:
    """What is chosen and not typed is given by its name, and told in the language being spoken."""
    told = dict(given)
    if told.get("what") in set(DeadlineKind):
        told["what"] = gettext(DEADLINES[DeadlineKind(told["what"])])
    if ground := told.pop("ground", ""):
        where = told["elsewhere"].split()
        why = from_kept({"ground": ground, "words": told["reason"], "elsewhere": where})
        told |= {"reason": refusing.reason(why), "elsewhere": refusing.remedies(why)}
    return told


# ---- at night ---------------------------------------------------------------------------------


def not_before(ctx: Context, notice: Notice, organisation: Organisation) -> datetime:
    """When it may go: now, or in the morning. Staff are written to at any hour."""
    now, quiet = ctx.clock(), QuietHours.read(ctx.settings.quiet_hours)
    if quiet is None or notice.urgent or notice.to_kind is ToKind.STAFF:
        return now
    return quiet.over(now, organisation.zone)


def _urgent(
    name: NoticeName, values: Mapping[str, str], now: datetime, organisation: Organisation
) -> bool:
    """A meeting of this very day: tomorrow morning would be too late."""
    if name not in _ABOUT_MEETINGS:
        return False
    today = now.astimezone(organisation.zone).date()
    times = [moment(str(values.get(which, "")), organisation.zone) for which in ("at", "was")]
    return any(isinstance(at, datetime) and at.date() == today for at in times)


_ABOUT_MEETINGS = frozenset(
    {
        NoticeName.SESSION_BOOKED,
        NoticeName.SESSION_PREPARATION,
        NoticeName.SESSION_MOVED,
        NoticeName.SESSION_CANCELLED,
    }
)
"""Not their reminders: nobody is woken for those."""


# ---- sealed -----------------------------------------------------------------------------------


def seal(ctx: Context, case: CaseId | None, field: str, something: Any) -> str:
    """Under the case's key; what is about no case under the server's own."""
    if case is not None:
        return sealed.seal(ctx, case, field, something)
    return sealing.seal(ctx.keys.own_key, field, json.dumps(something, ensure_ascii=False))


def unseal(ctx: Context, notice: Notice, field: str) -> Any:
    """`notice` or `address`; None when it was destroyed."""
    hidden = notice.body if field == "notice" else notice.address
    name = f"{field}:{notice.id}"
    if notice.case is not None:
        return sealed.unseal(ctx, notice.case, name, hidden)
    return json.loads(sealing.unseal(ctx.keys.own_key, name, hidden))
