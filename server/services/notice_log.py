"""What was sent to whom, and how it went: read, sent again, copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import CaseId, PartyId, RepresentativeId, SeatId, UserId
from server.domain.notice import Channel, Filter, NoticeState, ToKind, masked
from server.domain.rights import Verb, may, scope
from server.domain.user import User
from server.services import (
    deadlines,
    forms,
    guests,
    inviting,
    notice_texts,
    notices,
    sealed,
    sending,
)
from server.services.cases import CasePage, require
from server.services.context import Context
from server.services.notices import Guest
from server.store import audit, cases, due, matter_codes, organisations, sessions, users
from server.store import notices as stored
from server.store.cases import thing as thing_of
from server.store.notices import About, Health, Notice
from server.words import LANGUAGES

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """`to`: the recipient's name; `address` is masked. `about`: the case, if it is of one."""

    notice: Notice
    to: str
    address: str
    about: About
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Page:
    """`older`: from where the next page goes on; empty at the end."""

    lines: tuple[Line, ...]
    older: str


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """`texts`: the words by language, for those who may send them."""

    line: Line
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class OfCase:
    """`languages`: those that parties have chosen."""

    notices: tuple[CaseNotice, ...]
    languages: dict[PartyId, str]
    may_send: bool


@dataclass(frozen=True, slots=True)
class Way:
    """How one way of sending does."""

    channel: Channel
    configured: bool
    health: Health


async def listing(ctx: Context, user: User, wanted: Filter, before: str = "") -> Page:
    """Notices about the cases one may read, the newest first."""
    async with ctx.store.read() as conn:
        mine = scope(user, Verb.READ_CASE)
        found = await stored.listing(conn, mine, wanted, before, A_PAGE + 1)
        lines = await _lines(ctx, conn, found[:A_PAGE])
    older = found[A_PAGE - 1].id if len(found) > A_PAGE else ""
    return Page(tuple(lines), older)


async def of_case(ctx: Context, user: User, page: CasePage) -> OfCase:
    async with ctx.store.read() as conn:
        thing = await thing_of(conn, page.case.id)
        may_send = thing is not None and may(user, Verb.WORK, thing)
        lines = await _lines(ctx, conn, await stored.of_case(conn, page.case.id))
        texts = [await _texts(ctx, conn, line) if may_send else {} for line in lines]
        languages = await stored.languages(conn, [p.id for p in page.case.parties])
    found = tuple(CaseNotice(line, words) for line, words in zip(lines, texts, strict=True))
    return OfCase(found, languages, may_send)


async def again(ctx: Context, user: User, case_id: CaseId, notice_id: str, key: str) -> None:
    """The same once more, to where they are reached today. `key` is the form's own.

    Raises Refused.
    """

    async def send(conn: AsyncConnection) -> str:
        await require(conn, user, Verb.WORK, case_id)
        notice, case = await stored.find(conn, notice_id), await cases.load(conn, case_id)
        if notice is None or case is None or notice.case != case_id:
            raise Refused("not_found")
        here = {p.id for p in case.present_parties}
        if notice.to_kind is ToKind.PARTY and PartyId(notice.to_id) not in here:
            raise Refused("party_has_left")
        body = notices.unseal(ctx, notice, "notice")
        if not body:
            raise Refused("notice_unreadable")
        name, fresh = notice.template, f"again:{key}"
        given = await _with_code(ctx, conn, notice, body["given"])
        # Its link may have been replaced since, and the meeting moved.
        as_now = await inviting.as_now(ctx, conn, name, given)
        if as_now is None:
            raise Refused("session_over")
        given = as_now
        if notice.to_kind is ToKind.REPRESENTATIVE:
            speaker = RepresentativeId(notice.to_id)
            await notices.to_speaker(ctx, conn, case, speaker, name, given, fresh)
        elif notice.to_kind is ToKind.PARTY:
            party = PartyId(notice.to_id)
            await notices.to_party(ctx, conn, case, party, name, given, fresh)
        elif notice.to_kind is ToKind.GUEST:
            guest = await _guest(ctx, conn, SeatId(notice.to_id))
            await notices.to_guest(ctx, conn, case, guest, name, given, fresh)
        else:
            await notices.to_staff(ctx, conn, UserId(notice.to_id), name, given, fresh, case)
        now, said = ctx.clock(), {"template": name, "to": notice.to_id}
        chain, verb = f"case:{case_id}", "case.notice_again"
        await audit.append(conn, chain, verb, now, user.id, notice.id, said)
        return notice.id

    await forms.once(ctx, user.id, key, send)


async def _guest(ctx: Context, conn: AsyncConnection, seat_id: SeatId) -> Guest:
    session_id = await sessions.of_seat(conn, seat_id)
    session = await sessions.load(conn, session_id) if session_id else None
    if session is None:
        raise Refused("session_over")
    details = await guests.of(ctx, conn, session, seat_id)
    return Guest(seat_id, session.seat(seat_id).name, details)


async def told(ctx: Context, user: User, case_id: CaseId, notice_id: str) -> None:
    """Somebody has told them the words by hand. Said twice, it counts once. Raises Refused."""
    async with ctx.store.write() as conn:
        await require(conn, user, Verb.WORK, case_id)
        notice = await stored.find(conn, notice_id)
        if notice is None or notice.case != case_id:
            raise Refused("not_found")
        now, by_hand = ctx.clock(), NoticeState.BY_HAND
        if notice.state is by_hand:
            return
        values = {"state": by_hand, "error": "", "sent_at": now, "settled_at": now}
        heard = not notice.state.unheard
        if heard or not await stored.settle(conn, notice.id, notice.state, **values):
            raise Refused("notice_went_out")
        said = {"template": notice.template, "to": notice.to_id}
        chain, verb = f"case:{case_id}", "case.notice_told"
        await audit.append(conn, chain, verb, now, user.id, notice.id, said)
        await deadlines.refresh_of(ctx, conn, case_id)


async def choose_language(
    ctx: Context, user: User, case_id: CaseId, party: PartyId, language: str
) -> None:
    """In which this party is written to; empty: the server's own. Raises Refused."""
    if language not in ("", *LANGUAGES):
        raise Refused("bad_request")
    async with ctx.store.write() as conn:
        await require(conn, user, Verb.WORK, case_id)
        case = await cases.load(conn, case_id)
        if case is None or party not in {p.id for p in case.parties}:
            raise Refused("not_found")
        await stored.set_language(conn, party, language)
        said, chain = {"language": language}, f"case:{case_id}"
        await audit.append(conn, chain, "case.language", ctx.clock(), user.id, party, said)


async def health(ctx: Context) -> tuple[list[Way], int]:
    """How each way of sending does, and how much later work was given up, on this server."""
    settings = ctx.settings
    ready = {
        Channel.EMAIL: sending.ready(settings, Channel.EMAIL),
        Channel.SMS: sending.configured(settings),
    }
    async with ctx.store.read() as conn:
        ways = [Way(c, ready[c], await stored.health(conn, c)) for c in ready]
        return ways, await due.given_up(conn)


async def _lines(ctx: Context, conn: AsyncConnection, found: Sequence[Notice]) -> list[Line]:
    about = await stored.about(conn, {n.case for n in found if n.case})
    staff = {UserId(n.to_id) for n in found if n.to_kind is ToKind.STAFF}
    names = await stored.party_names(conn, {n.to_id for n in found} - staff)
    names |= {str(user): name for user, name in (await users.names(conn, staff)).items()}
    lines = []
    for notice in found:
        assert notice.case is not None
        where = about[notice.case]
        address = notices.unseal(ctx, notice, "address") or ""
        shown = masked(address) if address else ""
        lines.append(
            Line(notice, names.get(notice.to_id, ""), shown, where, ZoneInfo(where.time_zone))
        )
    return lines


async def _texts(ctx: Context, conn: AsyncConnection, line: Line) -> dict[str, str]:
    """As it was sent, and the same in the other language; nothing when it was destroyed.

    With the matter code that is good today.
    """
    notice, body = line.notice, notices.unseal(ctx, line.notice, "notice")
    if not body:
        return {}
    given = await _with_code(ctx, conn, notice, body["given"])
    texts = {notice.language: str(body["text"])} if given == body["given"] else {}
    organisation = await organisations.get(conn, notice.organisation)
    for other in LANGUAGES:
        if other not in texts:
            words = await notice_texts.wording(conn, organisation.path, notice.template, other)
            said = notices.content(ctx, organisation, line.to, other, words, given)
            texts[other] = said["text"]
    return texts


async def _with_code(
    ctx: Context, conn: AsyncConnection, notice: Notice, given: dict[str, str]
) -> dict[str, str]:
    """What it tells, with the matter code as it is today: the one it told may be replaced."""
    if "code" not in given or notice.case is None:
        return given
    hidden = await matter_codes.sealed(conn, notice.case)
    return given | {"code": sealed.unseal(ctx, notice.case, "matter_code", hidden) or ""}
