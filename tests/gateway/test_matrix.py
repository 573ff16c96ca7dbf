"""Who may send what: every event of the socket by every kind of person, against the declared table.

What is refused changes nothing at all in the database; what is allowed is done.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from server.domain.consent import Purpose
from server.domain.ids import SeatId
from server.domain.seat import BOOKABLE, Role
from server.security.ids import new_id
from server.services import texts
from signaling.gateway import Gateway
from signaling.protocol import WHO, Who
from tests.gateway.cast import Cast, a_cast, admitted
from tests.gateway.house import House, Page, on_sqlite, rows, until

ORDER = [
    *("say_name", "nearby", "consent", "camera", "away", "ask", "microphone", "signal", "rebuild"),
    *("admit", "agree_beside", "mute", "answer", "lock", "quiet", "share_screen", "show"),
    *("stop_screen", "give_chair", "step_down", "move", "pause", "promise", "knock"),
    *("answer_knock", "remove", "take_chair", "withdraw", "end", "leave"),
]
"""The least harmful first, so that each finds what it needs."""

MAY: dict[str, set[Who]] = {
    "lobby": {Who.CONNECTED},
    "claim": {Who.CONNECTED},
    "party": {Who.CONNECTED, Who.ADMITTED},
    "lawyer": {Who.CONNECTED, Who.ADMITTED},
    "co_mediator": {Who.CONNECTED, Who.ADMITTED, Who.CO_MEDIATOR},
    "host": {Who.CONNECTED, Who.ADMITTED, Who.HOST},
}
OTHERS = sorted(BOOKABLE - {Role.PARTY, Role.LAWYER, Role.CO_MEDIATOR})
"""May all do what a party may."""

MAY |= dict.fromkeys(OTHERS, MAY["party"])
CODES = {Who.HOST: "not_host", Who.ADMITTED: "not_admitted", Who.CO_MEDIATOR: "chair_taken"}


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
            "nearby": {"names": []},
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
            "end": {"result": "agreed", "reason": "Paid."},
            "take_chair": {},
            "leave": {},
        }
        if event == "signal":
            links = self.house.plane.links[SeatId(by.views[-1]["seat"])]
            return {"link": links.up, "kind": "offer", "sdp": "v=0"}
        if event == "rebuild":
            return {}
        if event == "knock":
            return {"id": new_id(), "space": self._space_of_alice()}
        on_seat = {"seat": aimed.get(event, self.cast.alice)}
        return {"id": new_id(), **payloads.get(event, on_seat)}


    def _space_of_alice(self) -> str:
        board = self.host.views[-1]["board"] or self.people["co_mediator"].views[-1]["board"]
        return next(card["space"] for card in board if card["seat"] == self.cast.alice)


async def a_meeting(house: House, stack: AsyncExitStack, *more: Role) -> Meeting:
    """`more` are in, too."""
    cast = await a_cast(house.ctx.store, house.world.case, *more)
    guests = (cast.co, cast.alice, cast.lawyer, cast.emil, *cast.others.values())
    host, co, alice, lawyer, _, *others = await admitted(house, stack, cast.host, *guests)
    assert (await alice.command("nearby", names=["Somebody"]))["ok"]
    dora = await stack.enter_async_context(house.page(cast.dora))
    await dora.ready()
    claim = await stack.enter_async_context(house.page(cast.emil))
    await claim.sees(lambda view: view["claim"])
    people = {"party": alice, "lawyer": lawyer, "co_mediator": co, "host": host}
    people |= {"lobby": dora, "claim": claim}
    people |= {str(role): page for role, page in zip(cast.others, others, strict=True)}
    return Meeting(house, cast, host, people)


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
            if event == "take_chair":
                await meeting.host.socket.disconnect()
                await page.sees(lambda view: view["may_take_chair"])
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
        before = await rows(house)
        links = house.plane.links[meeting.cast.alice]
        for event in (e for e in ORDER if WHO[e] is Who.HOST):
            payload = meeting.payload(event, stranger)
            if payload.keys() & {"seat", "seats", "space"}:
                answer = await stranger.send(event, payload)
                unknown = "no_such_room" if "space" in payload else "unknown_seat"
                assert answer["code"] == unknown, event
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
        for event in (e for e in ORDER if WHO[e] is Who.HOST):
            answer = await stranger.send(event, meeting.payload(event, stranger))
            assert answer["code"] == "not_host", event
        links = house.plane.links[meeting.cast.alice]
        for link in (links.up, links.down):
            signal = {"link": link, "kind": "candidate", "sdp": "v=0"}
            assert (await stranger.send("signal", signal))["code"] == "not_your_link"
        assert await rows(house) == before
        ours = meeting.cast.session
        for event in (e for e in ORDER if WHO[e] in MAY["party"]):
            answer = await stranger.send(event, meeting.payload(event, stranger))
            assert answer == {"ok": True}, event
        after = await rows(house)
        for table in ("session", "seat"):
            assert [row for row in after[table] if ours in row] == [
                row for row in before[table] if ours in row
            ]
        assert [len(page.views) for page in meeting.people.values()] == marks


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
