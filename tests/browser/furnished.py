"""A demo reached past its pages: what stands in its addresses, cookies of whoever is somebody, and
made at once what would take many forms.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from bench.demo import Demo
from server.domain.application import Application, Helper, Somebody, Step
from server.domain.case import DisputeType
from server.domain.document import DocumentKind
from server.domain.ids import CaseId, OrganisationId, PartyId, SeatId, SessionId, UserId
from server.domain.importing import ImportKind
from server.domain.note import NoteKind, Readers
from server.domain.party import Details, RepresentativeKind
from server.domain.quality import Carried, Cause, Grade, Judgement, Minute
from server.domain.screening import Screening, Told
from server.domain.seat import Role
from server.domain.user import User
from server.http.cookies import APPLICATION, SEAT, STAFF, STATUS
from server.http.pages.apply import TITLE
from server.security import tokens
from server.security.keys import KeyStore
from server.services import (
    applications,
    arrivals,
    documents,
    extensions,
    helping,
    imports,
    invitations,
    later,
    looking,
    notes,
    quality,
    screenings,
    speakers,
    status,
)
from server.services.context import Context
from server.services.demo import matters
from server.services.jobs import JOBS
from server.services.parties import Typed
from server.services.quality import Kept
from server.services.speakers import TypedSpeaker
from server.settings import Settings
from server.store import (
    accounts,
    cases,
    offers,
    organisations,
    parties,
    recordings,
    sessions,
    sign_ins,
    tables,
    users,
)
from server.store.store import Store
from tests.http import recorded

ELSEWHERE = "192.0.2.1"
CASES = {
    "today": matters.TODAY,
    "applied": matters.APPLIED,
    "reported": matters.REPORTED,
    "refused": matters.REFUSED,
    "referred": matters.REFERRED,
    "agreed": matters.AGREED,
    "failed": matters.FAILED,
    "advised": matters.CONSULTATION,
}


@asynccontextmanager
async def inside(heyi: Demo) -> AsyncIterator[Context]:
    """The database and the keys of a running demo."""
    settings = Settings(data_dir=heyi.data, public_url=heyi.url)
    store = Store(settings.database)
    try:
        yield Context(store=store, settings=settings, keys=KeyStore(heyi.data / "keys"))
    finally:
        await store.close()


@dataclass
class Furnished:
    """`things`: what stands in addresses, by a word of ours. `cookies`: of guests, by who."""

    ctx: Context
    heyi: Demo
    things: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    async def staff(self, login: str) -> User:
        async with self.ctx.store.read() as conn:
            known = await accounts.password_of(conn, login)
            user = await users.find(conn, known[0]) if known else None
        assert user is not None
        return user

    async def cookies_of(self, who: str) -> dict[str, str]:
        """Of a guest, or of a member of staff by login, who is signed in with that."""
        if who in self.cookies:
            return self.cookies[who]
        token, now, user = tokens.new_secret(), self.ctx.clock(), await self.staff(who)
        async with self.ctx.store.write() as conn:
            ends = now + timedelta(hours=1)
            await sign_ins.open_one(conn, tokens.secret_hash(token), user.id, now, ends)
        return {STAFF: token}

    async def everything(self) -> None:
        await self._found()
        await self._living()
        await self._seats()
        await self._recorded()
        await self._people()
        await self._applicants()
        await self._table()

    async def _found(self) -> None:
        async with self.ctx.store.read() as conn:
            rows = await conn.execute(select(tables.case.c.title, tables.case.c.id))
            by_title = {row.title: row.id for row in rows}
            self.things |= {word: by_title[matter.title] for word, matter in CASES.items()}
            asked = await offers.of_case(conn, self._case("referred"))
            people = await parties.of_cases(conn, [self._case("today")])
        self.things["offer"] = asked[0].id
        self.things["party"] = people[self._case("today")][0].id

    def _case(self, word: str) -> CaseId:
        return CaseId(self.things[word])

    async def _living(self) -> None:
        """What happens in a case: told, asked for, handed in, looked at."""
        ctx, mediator, case = self.ctx, await self.staff("mediator"), self._case("today")
        party = PartyId(self.things["party"])
        for kind, words in ((NoteKind.CALL, "周六有空。"), (NoteKind.NOTE, "记错了。")):
            note = await notes.write(ctx, mediator, case, kind, Readers.CASE, words, words)
        await notes.strike(ctx, mediator, case, note)
        until = (ctx.clock() + timedelta(days=60)).date()
        await extensions.ask(ctx, mediator, case, until, "等鉴定结果。", "extension")
        paper = _once(b"%PDF-1.7")
        await documents.add(ctx, case, DocumentKind.EVIDENCE, "照片.pdf", "", paper, mediator.id)
        speaker = TypedSpeaker(Typed("程律师", {"phone": "13900000001"}), "lawyer", "general")
        await speakers.add(ctx, mediator, case, party, speaker, "speaker")
        await looking.full(ctx, mediator, case, party, "other", "核对送达地址")
        told = Screening(violence=Told.YES, threats=Told.UNSURE, nearby="儿子", interpreter=True)
        await screenings.keep(ctx, mediator, case, "A", told, "screening")

    async def _seats(self) -> None:
        ctx = self.ctx
        async with ctx.store.read() as conn:
            session = await sessions.load(conn, SessionId(self.heyi.session))
        assert session is not None
        seat = self.heyi.parties[0].link.partition("#")[0].rpartition("/")[2]
        token = helping.helper_link(ctx, session.seats[SeatId(seat)]).partition("#")[2]
        cookie = await helping.exchange(ctx, SeatId(seat), token, ELSEWHERE)
        self.things |= {"session": session.id, "seat": seat}
        self.cookies["helper"] = {f"heyi_helper_{seat}": cookie}
        lossy = Judgement(Grade.AUDIO_ONLY, Cause.UP_LOSS)
        now = ctx.clock()
        minutes = [
            Kept(one, now - timedelta(minutes=n), Minute(Carried()), lossy)
            for one in session.seats
            for n in range(3)
        ]
        await quality.keep(ctx, minutes)

    async def _recorded(self) -> None:
        """A moment of the meeting, of its host and a party, who comes back to hear it."""
        ctx, seat = self.ctx, SeatId(self.things["seat"])
        async with ctx.store.write() as conn:
            session = await sessions.load(conn, SessionId(self.heyi.session))
            assert session is not None
            host = next(one.id for one in session.seats.values() if one.role is Role.HOST)
            found = await recorded.put(conn, session.id, host)
            await recorded.consents(conn, session.id, found, host, seat)
            case = await cases.load(conn, session.case)
            assert case is not None
            unit = await organisations.find(conn, case.organisation)
            assert unit is not None
        ctx.keys.data.make(f"recording:{found.id}", unit.tenant)
        folder = ctx.settings.data_dir / "recordings"
        head = await asyncio.to_thread(recorded.write, ctx.keys, folder, found, host, seat)
        async with ctx.store.write() as conn:
            await recordings.change(conn, found.id, head=head)
        token = self.heyi.parties[0].link.partition("#")[2]
        came = await arrivals.exchange(ctx, seat, token, None, ELSEWHERE, "zh")
        assert came.cookie is not None
        self.things["recording"] = found.id
        self.cookies["party"] = {SEAT + seat: came.cookie}

    async def _people(self) -> None:
        administrator, person = await self.staff("administrator"), await self.staff("clerk2")
        link = (await invitations.invite(self.ctx, administrator, person.id)).link
        self.things |= {"secret": link.rpartition("/")[2], "unit": person.organisation}
        self.things["person"] = (await self.staff("mediator")).id

    async def _applicants(self) -> None:
        """Two have answered everything; one of them has sent it and holds the matter's code."""
        ctx = self.ctx
        begun, sent = [await self._applied(name) for name in ("冯春", "冯秋")]
        await applications.send(ctx, sent, TITLE, "邻里", "zh")
        draft = await applications.of(ctx, sent)
        assert draft is not None
        code = (await applications.receipt(ctx, draft)).code
        seen = await status.enter(ctx, code, ELSEWHERE)
        self.cookies["visitor"] = {}
        self.cookies["applying"] = {APPLICATION: begun}
        self.cookies["applied"] = {APPLICATION: sent, STATUS: seen}

    async def _applied(self, name: str) -> str:
        ctx, mediator = self.ctx, await self.staff("mediator")
        answers = Application(
            dispute_type=DisputeType.NEIGHBOURS,
            organisation=OrganisationId(mediator.organisation),
            facts="楼上的水管漏了。",
            request="修好它。",
            you=Somebody(name, details=Details(phone="13800000101", address="西街5号")),
            others=(Somebody("孙伯"), Somebody("孙婶", details=Details(phone="13800000102"))),
            wish=UserId(mediator.id),
            helper=Helper("冯夏", "13800000103", RepresentativeKind.RELATIVE),
            answered=frozenset(Step),
        )
        secret = await applications.begin(ctx, ELSEWHERE)
        await applications.save(ctx, secret, lambda _: answers)
        draft = await applications.of(ctx, secret)
        assert draft is not None
        await applications.add_file(ctx, draft, "墙.pdf", "", _once(b"%PDF-1.7"))
        return secret

    async def _table(self) -> None:
        """Of three cases to be imported, with a bad one among them."""
        ctx, clerk = self.ctx, await self.staff("clerk")
        rows = _once("title,dispute_type,a_name\n墙,neighbours,钱大\n,,\n".encode())
        job = await imports.make(ctx, clerk, ImportKind.CASES, rows, "table")
        await later.do_all(ctx, JOBS)
        self.things["job"] = job


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
