"""Who may send what: every event of the socket by every kind of person, against the declared table.

What is refused changes nothing at all in the database; what is allowed is done.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from server.domain.consent import Purpose
from server.domain.document import DocumentKind, FileType
from server.domain.exhibit import Exhibit
from server.domain.ids import DocumentId, ExhibitId, SeatId
from server.domain.seat import BOOKABLE, Role
from server.security.ids import new_id
from server.services import documents, sealed, sessions, texts
from server.store import exhibits
from signaling import gateway
from signaling.gateway import Gateway
from signaling.pace import HOSTING
from signaling.protocol import WHO, Who
from tests.gateway.cast import Cast, a_cast, admitted
from tests.gateway.house import House, Page, on_sqlite, rows, until

ORDER = [
    *("say_name", "tell_beside", "consent", "camera", "away", "ask", "microphone", "signal"),
    *(
        "rebuild",
        "pin",
        "tiles",
        "playback",
        "point",
        "draw",
        "wipe",
        "bring_paper",
        "keep_exhibit",
        "remove_exhibit",
    ),
    *("ask_recording", "answer_recording", "stop_recording"),
    *("answer_beside", "admit", "agree_beside", "mute", "answer", "lock", "quiet", "share_screen"),
    "let_through",
    *("show", "stop_screen", "give_chair", "step_down", "move", "pause", "promise", "knock"),
    *("say", "note", "strike_note", "write_agenda", "write_minutes"),
    *("answer_knock", "ask_release", "answer_release"),
    *("remove", "take_chair", "withdraw", "end", "leave"),
]
"""The least harmful first, so that each finds what it needs."""

MAY: dict[str, set[Who]] = {
    "lobby": {Who.CONNECTED, Who.DECIDED},
    "claim": {Who.CONNECTED},
    "party": {Who.CONNECTED, Who.DECIDED, Who.ADMITTED, Who.SIDE},
    "lawyer": {Who.CONNECTED, Who.DECIDED, Who.ADMITTED, Who.SIDE},
    "co_mediator": {Who.CONNECTED, Who.DECIDED, Who.ADMITTED, Who.CO_MEDIATOR},
    "host": {Who.CONNECTED, Who.DECIDED, Who.ADMITTED, Who.HOST, Who.WRITER},
}
OTHERS = sorted(BOOKABLE - {Role.PARTY, Role.LAWYER, Role.CO_MEDIATOR})
"""May all do what those do who are in; some of them a little more."""

MAY |= {role: {Who.CONNECTED, Who.DECIDED, Who.ADMITTED} for role in OTHERS}
MAY["representative"] |= {Who.SIDE}
MAY["clerk"] |= {Who.WRITER}
CODES = {
    Who.DECIDED: "claim_undecided",
    Who.HOST: "not_host",
    Who.ADMITTED: "not_admitted",
    Who.CO_MEDIATOR: "chair_taken",
    Who.WRITER: "not_writer",
    Who.SIDE: "not_yours_to_answer",
}
OWN = {
    "note",
    "answer_release",
    "answer_beside",
    "draw",
    "wipe",
    "remove_exhibit",
    "answer_recording",
}
"""Of another case they reach nobody here, and not even one's own without more."""


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here everybody sends every command there is, faster than people tap."""
    monkeypatch.setattr(gateway, "WAITING", HOSTING)
    monkeypatch.setattr(gateway, "INSIDE", HOSTING)


def test_every_event_is_declared_and_has_a_handler() -> None:
    handlers = {name.removeprefix("on_") for name in dir(Gateway) if name.startswith("on_")}
    assert set(WHO) == set(Gateway.inputs) == handlers == set(ORDER)


@dataclass
class Meeting:
    """Alice, her lawyer and the co-mediator are in; Dora waits in the lobby, ready; Emil's seat
    is held by Emil, in, and claimed by another device."""

    house: House
    cast: Cast
    host: Page
    people: dict[str, Page]
    note: str = field(default_factory=new_id)
    """The newest of the host's."""
    exhibit: ExhibitId = field(init=False)
    """Shown in the joint space."""
    paper: DocumentId = field(init=False)
    """Of the case."""
    spaces: dict[SeatId, str] = field(default_factory=dict)
    asked: tuple[str, str] = field(default_factory=lambda: (new_id(), ""))
    """The recording that is asked for, and the hash of its text."""

    async def prepare(self, event: str, by: Page) -> None:
        """What has to be there for this event to be done."""
        if event == "take_chair":
            await self.host.socket.disconnect()
            await by.sees(lambda view: view["may_take_chair"])
        if event == "answer_beside":
            assert (await self._beside(by).command("tell_beside", names=["A son"]))["ok"]
        if event in ("ask_recording", "answer_recording"):
            await self._ask_recording(event == "answer_recording")
        if event == "remove_exhibit":
            await self.bring_exhibit(SeatId(by.seat))
        if event in ("ask_release", "answer_release"):
            guest = self.people["party"] if by is self.host else by
            await self.host.command("move", seats=[guest.seat], to="caucus")
            await self.host.sees(lambda view: view["place"] == "caucus")
        if event in ("strike_note", "ask_release", "answer_release"):
            await self._look()
            assert (await self.host.send("note", self.payload("note", self.host)))["ok"]
            self.note = (await rows(self.house))["room_note"][-1][0]
        if event == "answer_release":
            asking = self.payload("ask_release", self.host)
            assert await self.host.send("ask_release", asking) == {"ok": True}
        await self._look()

    async def _ask_recording(self, asked: bool) -> None:
        """Look at the text as a host does; and ask everybody, unless that was done."""
        offer = f"/j/{self.host.seat}/room/recording/offer?purpose=record_reading&minutes=5"
        async with self.host.http.get(offer) as answer:
            self.asked = (self.asked[0], (await answer.json())["hash"])
        if not asked:
            return
        if self.host.views[-1]["recording"] is None:
            payload = self.payload("ask_recording", self.host)
            assert await self.host.send("ask_recording", payload) == {"ok": True}
        view = await self.host.sees(lambda view: view["recording"] is not None)
        self.asked = (view["recording"]["id"], self.asked[1])

    async def bring_exhibit(self, by: SeatId) -> None:
        ctx, case = self.house.ctx, self.house.world.case
        self.exhibit = ExhibitId(new_id())
        name = sealed.seal(ctx, case.id, f"exhibit:{self.exhibit}", "a.pdf")
        state = await sessions.state(ctx, self.cast.session)
        assert state.joint is not None
        brought = Exhibit(
            id=self.exhibit,
            session=state.id,
            space=state.joint.id,
            scope="",
            by=by,
            name=name,
            type=FileType.PDF,
            size=1,
            sha256="",
            blob=new_id(),
            pdf=None,
            pages=3,
            at=ctx.clock(),
        )
        async with ctx.store.write() as conn:
            await exhibits.insert(conn, brought)
        showing = {"exhibit": self.exhibit, "page": 1}
        assert (await self.host.command("show", **showing))["ok"]

    async def _look(self) -> None:
        """Where everybody is: an answer may come before the news of what it did."""
        state = await sessions.state(self.house.ctx, self.cast.session)
        self.spaces = {seat.id: seat.space or "" for seat in state.seats.values()}

    def _beside(self, by: Page) -> Page:
        """Somebody who sits with them, and not alone."""
        return self.people["party" if by is not self.people["party"] else "lawyer"]

    def _space_of(self, by: Page) -> str:
        view = by.views[-1]
        return str(self.spaces.get(view["seat"], view["space"]))

    def payload(self, event: str, by: Page) -> dict[str, Any]:
        agreed = texts.current(Purpose.ONLINE_MEDIATION, "en").hash
        aimed = {"admit": self.cast.dora, "remove": self.cast.dora}
        payloads: dict[str, dict[str, Any]] = {
            "say_name": {"name": "Somebody"},
            "consent": {"purpose": "online_mediation", "hash": agreed},
            "withdraw": {"purpose": "online_mediation"},
            "microphone": {"on": True},
            "camera": {"on": True},
            "ask": {"ask": "help", "on": True},
            "answer": {"seat": self.cast.alice, "ask": "help"},
            "tell_beside": {"names": []},
            "answer_beside": {"seat": self._beside(by).seat, "names": ["A son"], "yes": False},
            "lock": {"on": True},
            "quiet": {"on": True},
            "away": {"on": True},
            "share_screen": {"on": True},
            "show": {"exhibit": None, "page": 1},
            "stop_screen": {},
            "give_chair": {"seat": self.cast.co},
            "step_down": {},
            "move": {"seats": [self.cast.alice], "to": "caucus"},
            "pause": {"minutes": 5},
            "promise": {"seats": [self.cast.alice], "minutes": 5},
            "answer_knock": {"on": False},
            "say": {"text": "Words.", "space": self._space_of(by)},
            "note": {"text": "A note.", "space": self._space_of(by)},
            "strike_note": {"note": self.note},
            "ask_release": {"kind": "note", "thing": self.note},
            "answer_release": {"kind": "note", "thing": self.note, "yes": True},
            "write_agenda": {"version": 0, "items": []},
            "point": {"x": 1, "y": 2},
            "draw": {"points": [1, 2, 3, 4], "colour": "red", "width": 2},
            "wipe": {"what": "own"},
            "bring_paper": {"document": self.paper},
            "write_minutes": {"version": 0, "text": "Minutes."},
            "end": {"result": "agreed", "reason": "Paid."},
            "ask_recording": {"purpose": "record_reading", "minutes": 5, "hash": self.asked[1]},
            "answer_recording": {"recording": self.asked[0], "hash": self.asked[1], "yes": True},
            "stop_recording": {},
            "take_chair": {},
            "leave": {},
        }
        if event == "signal":
            links = self.house.plane.links[SeatId(by.views[-1]["seat"])]
            return {"link": links.up, "kind": "offer", "sdp": "v=0"}
        if event == "rebuild":
            return {}
        if event == "pin":
            return {"seats": [self.cast.alice]}
        if event == "tiles":
            return {"sizes": {self.cast.alice: 180}}
        if event == "playback":
            told = ("freezes", "frozen_ms", "concealed_ms", "dropped", "starved_s")
            return dict.fromkeys(told, 1)
        if event == "knock":
            return {"id": new_id(), "space": self._space_of_alice()}
        if event == "point":
            return {"exhibit": self.exhibit, "page": 1, **payloads[event]}
        if event in ("draw", "wipe"):
            payloads[event] |= {"exhibit": self.exhibit, "page": 1}
        if event in ("remove_exhibit", "keep_exhibit"):
            payloads[event] = {"exhibit": self.exhibit}
        on_seat = {"seat": aimed.get(event, self.cast.alice)}
        return {"id": new_id(), **payloads.get(event, on_seat)}

    def _space_of_alice(self) -> str:
        board = self.host.views[-1]["board"] or self.people["co_mediator"].views[-1]["board"]
        return str(next(card["space"] for card in board if card["seat"] == self.cast.alice))


async def a_meeting(house: House, stack: AsyncExitStack, *more: Role) -> Meeting:
    """`more` are in, too."""
    cast = await a_cast(house.ctx.store, house.world.case, *more)
    guests = (cast.co, cast.alice, cast.lawyer, cast.emil, *cast.others.values())
    host, co, alice, lawyer, _, *others = await admitted(house, stack, cast.host, *guests)
    assert (await alice.command("tell_beside", names=["Somebody"]))["ok"]
    dora = await stack.enter_async_context(house.page(cast.dora))
    await dora.ready()
    claim = await stack.enter_async_context(house.page(cast.emil))
    await claim.sees(lambda view: view["claim"])
    people = {"party": alice, "lawyer": lawyer, "co_mediator": co, "host": host}
    people |= {"lobby": dora, "claim": claim}
    people |= {str(role): page for role, page in zip(cast.others, others, strict=True)}
    meeting = Meeting(house, cast, host, people)
    await meeting.bring_exhibit(cast.alice)
    case, kind = house.world.case.id, DocumentKind.OTHER
    meeting.paper = await documents.add(house.ctx, case, kind, "a.mp3", "", _sound(), None)
    return meeting


async def _sound() -> AsyncIterator[bytes]:
    """It can be kept, and has no pages to be drawn."""
    yield b"ID3"


@on_sqlite
@pytest.mark.parametrize("who", MAY)
async def test_refused_events_change_nothing_and_allowed_ones_are_done(
    house: House, who: str
) -> None:
    async with AsyncExitStack() as stack:
        meeting = await a_meeting(house, stack, *(role for role in OTHERS if role == who))
        page = meeting.people[who]
        before = await rows(house)
        for event in ORDER:
            if WHO[event] not in MAY[who] or event == "take_chair":
                answer = await page.send(event, meeting.payload(event, page))
                assert not answer["ok"], event
                assert answer["code"] == CODES[WHO[event]], event
                assert answer["text"]
        assert await rows(house) == before
        for event in ORDER:
            if WHO[event] not in MAY[who]:
                continue
            await meeting.prepare(event, page)
            answer = await page.send(event, meeting.payload(event, page))
            assert answer == {"ok": True}, event
            if event == "step_down":
                co, back = meeting.people["co_mediator"], {"seat": meeting.cast.host}
                assert await co.send("give_chair", {"id": new_id(), **back}) == {"ok": True}


@on_sqlite
async def test_a_host_of_another_case_reaches_nobody_here(house: House) -> None:
    async with AsyncExitStack() as stack:
        meeting = await a_meeting(house, stack)
        other_host = next(iter(house.world.other_session.seats))
        stranger = await stack.enter_async_context(house.page(other_host))
        await stranger.sees(lambda view: view["hosting"])
        await meeting.prepare("strike_note", stranger)
        before = await rows(house)
        links = house.plane.links[meeting.cast.alice]
        for event in (e for e in ORDER if WHO[e] is Who.HOST and e not in OWN):
            payload = meeting.payload(event, stranger)
            if payload.keys() & {"seat", "seats", "space"}:
                answer = await stranger.send(event, payload)
                unknown = "no_such_room" if "space" in payload else "unknown_seat"
                assert answer["code"] == unknown, event
        await _papers_are_out_of_reach(meeting, stranger)
        for event, code in (("keep_exhibit", "exhibit_missing"), ("bring_paper", "not_found")):
            answer = await stranger.send(event, meeting.payload(event, stranger))
            assert answer["code"] == code
        foreign = {"kind": "note", "thing": meeting.note}
        answer = await stranger.command("ask_release", **foreign)
        assert answer["code"] == "nothing_to_release"
        assert (await stranger.command("strike_note", note=meeting.note))["code"] == "no_such_note"
        for link in (links.up, links.down):
            signal = {"link": link, "kind": "candidate", "sdp": "v=0"}
            assert (await stranger.send("signal", signal))["code"] == "not_your_link"
        assert await rows(house) == before
        ending = meeting.payload("end", stranger)
        assert await stranger.send("end", ending) == {"ok": True}
        after = await rows(house)
        ours = [row for row in before["session"] if row[0] == meeting.cast.session]
        assert [row for row in after["session"] if row[0] == meeting.cast.session] == ours


@on_sqlite
async def test_a_party_of_another_case_reaches_nobody_here(house: House) -> None:
    async with AsyncExitStack() as stack:
        meeting = await a_meeting(house, stack)
        other_host = next(iter(house.world.other_session.seats))
        _, stranger = await admitted(house, stack, other_host, house.world.charlie)
        before, marks = await rows(house), [len(p.views) for p in meeting.people.values()]
        await _papers_are_out_of_reach(meeting, stranger)
        for event in (e for e in ORDER if WHO[e] is Who.HOST):
            answer = await stranger.send(event, meeting.payload(event, stranger))
            assert answer["code"] == "not_host", event
        links = house.plane.links[meeting.cast.alice]
        for link in (links.up, links.down):
            signal = {"link": link, "kind": "candidate", "sdp": "v=0"}
            assert (await stranger.send("signal", signal))["code"] == "not_your_link"
        assert await rows(house) == before
        ours = meeting.cast.session
        for event in (e for e in ORDER if WHO[e] in MAY["party"] and e not in OWN):
            answer = await stranger.send(event, meeting.payload(event, stranger))
            assert answer == {"ok": True}, event
        after = await rows(house)
        for table in ("session", "seat"):
            assert [row for row in after[table] if ours in row] == [
                row for row in before[table] if ours in row
            ]
        assert [len(page.views) for page in meeting.people.values()] == marks


async def _papers_are_out_of_reach(meeting: Meeting, stranger: Page) -> None:
    codes = {
        "draw": "not_shown_here",
        "wipe": "not_shown_here",
        "remove_exhibit": "exhibit_missing",
    }
    for event, code in codes.items():
        answer = await stranger.send(event, meeting.payload(event, stranger))
        assert answer["code"] == code, event


@on_sqlite
@pytest.mark.parametrize("cookie", ["none", "of another seat", "of a claim's wish", "forged"])
async def test_without_the_cookie_of_a_seat_nothing_is_heard_or_done(
    house: House, cookie: str
) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(house.page(world.host))
        seen = await host.sees(lambda view: view["hosting"])
        page = await stack.enter_async_context(Page.opened(house, world.opponent))
        value = next(c.value for c in page.http.cookie_jar)
        aimed = world.alice
        page.http.cookie_jar.clear()
        if cookie == "of another seat":
            page.http.cookie_jar.update_cookies({f"heyi_seat_{world.opponent}": value})
        elif cookie == "of a claim's wish":
            page.http.cookie_jar.update_cookies({f"heyi_seat_{aimed}": value})
        elif cookie == "forged":
            device = value.partition(".")[0]
            page.http.cookie_jar.update_cookies({f"heyi_seat_{world.opponent}": f"{device}.guess"})
            aimed = world.opponent
        before = await rows(house)
        page.seat = aimed
        await page.connect()
        cut = await page.is_told("cut")
        assert cut["code"] == "no_seat"
        await until(lambda: not page.socket.connected)
        assert [event for event, _ in page.told] == ["cut"]
        assert await rows(house) == before
        assert host.views[-1] == seen
