"""From links to a result, over real sockets, on both databases."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.domain.ids import SeatId, SpaceId
from server.services import sessions
from server.store import attendance
from tests.gateway.cast import three
from tests.gateway.house import House, Page, a_house


async def test_the_story(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        assert len(set(house.plane.places.values())) == 1

        answer = await host.command("move", seats=[alice.seat], to="caucus")
        assert answer == {"ok": True}
        private = await alice.sees(lambda view: view["place"] == "caucus")
        assert {m["name"] for m in private["members"]} == {"王敏", "Alice"}
        alone = await opponent.sees(lambda view: view["place"] == "side")
        assert [m["name"] for m in alone["members"]] == ["Opponent"]
        assert alone["host_state"] == "elsewhere"
        assert house.plane.places[host.seat] == house.plane.places[alice.seat]
        assert house.plane.places[opponent.seat] != house.plane.places[alice.seat]

        await host.command("move", seats=[], to="joint")
        back = await opponent.sees(lambda view: view["place"] == "joint")
        assert {m["name"] for m in back["members"]} == {"王敏", "Alice", "Opponent"}

        assert (await host.command("end", result="agreed", reason="Paid."))["ok"]
        over = await alice.sees(lambda view: view["state"] == "ended")
        assert over["ending"]["kind"] == "agreed"
        assert house.plane.places == {}

    ended = await sessions.state(house.ctx, house.world.session.id)
    assert ended.result is not None
    assert ended.result.reason == "Paid."
    async with house.ctx.store.read() as conn:
        rows = await attendance.of_session(conn, house.world.session.id)
    assert {row.seat for row in rows} == {host.seat, alice.seat, opponent.seat}
    assert all(row.left_at is not None for row in rows if row.kind != "lobby")


async def test_in_the_lobby_one_learns_the_hosts_name_and_no_other(house: House) -> None:
    async with house.page(house.world.host), house.page(house.world.alice) as alice:
        view = await alice.sees(lambda view: view["host_state"] != "not_here_yet")
        assert view["place"] == "lobby"
        assert view["members"] == []
        assert view["board"] is None
        text = str(alice.told)
        assert "王敏" in text
        assert "Alice" not in text
        assert "Opponent" not in text
        assert "漏水" not in text


async def test_nobody_is_admitted_before_consent(house: House) -> None:
    async with house.page(house.world.host) as host, house.page(house.world.alice) as alice:
        await alice.command("say_name", name="Alice")
        answer = await host.command("admit", seat=alice.seat)
        assert answer["code"] == "consent_missing"
        assert answer["text"].startswith("Somebody there has not yet agreed")


async def test_media_stops_before_the_move_is_committed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 8: leave, then everything else; and a failed commit puts the routes back."""
    leave = house.plane.leave
    seen = []

    async def looking(space: SpaceId, seat: SeatId) -> None:
        await leave(space, seat)
        seen.append((await sessions.state(house.ctx, house.world.session.id)).version)

    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        monkeypatch.setattr(house.plane, "leave", looking)
        before = await sessions.state(house.ctx, house.world.session.id)
        with house.store.failing(OSError()):
            answer = await host.command("move", seats=[alice.seat], to="caucus")
        assert answer["code"] == "unknown"
        assert house.plane.places == before.forwarded()
        house.plane.log.clear()
        assert await host.command("move", seats=[alice.seat], to="caucus") == {"ok": True}
        assert seen == [before.version] * 6, "three left, twice"
        kinds = [kind for kind, _ in house.plane.log]
        assert kinds == sorted(kinds, key=["leave", "enter"].index)
        assert {seat for kind, seat in house.plane.log if kind == "leave"} == {
            host.seat,
            alice.seat,
            opponent.seat,
        }


async def test_a_command_sent_twice_is_done_once(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        same = "01a20000-0000-7000-8000-000000000001"
        first = await host.command("move", same, seats=[alice.seat], to="caucus")
        space = house.plane.places[alice.seat]
        again = await host.command("move", same, seats=[alice.seat], to="caucus")
        assert first == again == {"ok": True}
        assert house.plane.places[alice.seat] == space


async def test_a_killed_server_brings_everyone_back(database_url: str, tmp_path: Path) -> None:
    """The second house is the first one started again, on the same database."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(a_house(database_url, tmp_path))
        host, alice, opponent = await three(house, stack)
        await host.command("move", seats=[alice.seat], to="caucus")
        await alice.sees(lambda view: view["place"] == "caucus")
        spaces, last = dict(house.plane.places), alice.numbers[-1]
        cookies = {page.seat: page.http for page in (host, alice, opponent)}
        async with a_house(database_url, tmp_path, house.world) as again:
            back = {}
            for seat in (alice.seat, opponent.seat, host.seat):
                page = back[seat] = Page(again, seat, cookies[seat])
                stack.push_async_callback(page.socket.disconnect)
                await page.connect(last=last if seat == alice.seat else 0)
            await back[opponent.seat].sees(lambda view: view["place"] == "side")
            await back[alice.seat].sees(
                lambda view: view["place"] == "caucus" and not view["silenced"]
            )
            assert again.plane.places == spaces
            assert min(back[alice.seat].numbers) == last + 1
