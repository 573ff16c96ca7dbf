"""Rule 3, on the wire: every byte that a page receives, against everyone it is not with."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from typing import Any

from server.domain.ids import SeatId
from server.domain.session import Session
from server.services import sessions
from server.store import told
from tests.gateway.cast import NAMES, Cast, a_cast, admitted
from tests.gateway.house import House, Page, on_sqlite, until


class Watch:
    """Does one thing after the other, and looks at what each page was sent meanwhile."""

    def __init__(self, house: House, cast: Cast, pages: list[Page]) -> None:
        self.house, self.cast, self.pages = house, cast, pages
        self.bytes = 0

    async def during(self, act: Awaitable[Any]) -> Any:
        before = await sessions.state(self.house.ctx, self.cast.session)
        marks = [len(page.told) for page in self.pages]
        answer = await act
        await until(self.house.plane._events.empty)
        after = await sessions.state(self.house.ctx, self.cast.session)
        for page, mark in zip(self.pages, marks, strict=True):
            if not page.views:
                continue
            seat = SeatId(page.views[-1]["seat"])
            if page.socket.connected and seat in after.seats:
                async with self.house.ctx.store.read() as conn:
                    newest = await told.last(conn, seat)
                await page.is_told("changed", n=newest)
            text = json.dumps(page.told[mark:], ensure_ascii=False)
            self.bytes += len(text)
            for word in forbidden(before, seat) & forbidden(after, seat):
                assert word not in text, (seat, word)
        return answer


def forbidden(session: Session, seat_id: SeatId) -> set[str]:
    """Ids, names and spaces of all who are not with this seat; for a host, nothing."""
    seat = session.seats.get(seat_id)
    if seat is None or seat.hosting:
        return set()
    words, known = {"漏水", "13800000000"}, {session.main_host.name}
    for other in session.seats.values():
        if other.admitted and seat.admitted and other.space == seat.space:
            known.add(other.name)
        elif other.id != seat_id:
            words |= {other.id, other.name}
            if other.space and other.space != seat.space:
                words.add(other.space)
    return words - known


@on_sqlite
async def test_nobody_is_sent_a_byte_about_those_who_are_elsewhere(house: House) -> None:
    async with AsyncExitStack() as stack:
        cast = await a_cast(house.ctx.store, house.world.case)
        guests = (cast.co, cast.alice, cast.lawyer, cast.dora)
        host, co, alice, lawyer, dora = pages = await admitted(house, stack, cast.host, *guests)
        emil = await stack.enter_async_context(house.page(cast.emil))
        await emil.ready()
        stranger = await stack.enter_async_context(house.page(cast.dora))
        await stranger.sees(lambda view: view["claim"])
        assert (await stranger.command("say_name", name="Somebody"))["ok"]
        watch = Watch(house, cast, [*pages, emil, stranger])
        forbidden_names = {f"Booked-{name}" for name in NAMES.values()} - {"Booked-Hui"}
        for page in (emil, stranger):
            assert not [name for name in forbidden_names if name in str(page.told)]
            text = json.dumps(await page._welcome(), ensure_ascii=False)
            assert not [name for name in forbidden_names if name in text]

        async def do(page: Page, event: str, **payload: Any) -> None:
            assert await watch.during(page.command(event, **payload)) == {"ok": True}, event

        await do(host, "move", seats=[alice.seat, lawyer.seat], to="caucus")
        await do(alice, "microphone", on=True)
        await do(alice, "camera", on=True)
        await do(dora, "camera", on=True)
        await do(co, "ask", ask="private_word", on=True)
        await do(dora, "ask", ask="help", on=True)
        await do(lawyer, "say_name", name="Said-anew")
        await do(host, "mute", seat=alice.seat)
        await do(host, "admit", seat=emil.seat)
        await do(host, "move", seats=[dora.seat], to="caucus")
        await do(alice, "microphone", on=True)
        await do(host, "move", seats=[emil.seat], to="joint")
        await do(host, "remove", seat=lawyer.seat)
        await do(host, "move", seats=[], to="joint")
        await do(host, "move", seats=[alice.seat], to="side")
        await do(alice, "withdraw", purpose="online_mediation")
        await do(co, "leave")
        await watch.during(dora.socket.disconnect())
        dora.told.clear()
        await dora.connect(last=1)  # and is told again what she was told before
        await dora.is_told("links")
        await do(host, "admit", seat=stranger.views[-1]["seat"])
        await until(lambda: not stranger.socket.connected)
        stranger.told.clear()
        await watch.during(stranger.connect(last=1))
        view = await stranger.sees(lambda view: view["place"] == "lobby")
        assert (view["seat"], view["members"]) == (cast.dora, [])
        assert "Booked-Alia" not in str(stranger.told)
        await stranger.ready()
        await do(host, "admit", seat=cast.dora)
        await stranger.sees(lambda view: view["place"] == "joint")
        assert "Booked-Alia" not in str(stranger.told)
        await do(host, "end", result="agreed", reason="A reason for the file.")
        for page in watch.pages:
            assert page is host or "A reason for the file." not in str(page.told)
        assert watch.bytes > 10_000
