"""What breaks on our side: a clear answer with a code, nothing lost, nobody else disturbed."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import structlog

from server import logs
from server.services import sessions
from signaling.media.plane import BadSignal
from tests.gateway.cast import card, three
from tests.gateway.house import House, Page, on_sqlite, rows, until

pytestmark = on_sqlite
SECRET = "Geheimnis-7731"
ID = "01a20000-0000-7000-8000-000000000001"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that a server would write to its log."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    logs.setup("debug", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_a_failing_commit_restores_the_routes_and_is_answered(
    house: House, logged: io.StringIO
) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        assert (await alice.command("microphone", on=True))["ok"]
        places, before = dict(house.plane.places), await rows(house)
        told = [len(page.views) for page in (host, alice, opponent)]
        with house.store.failing(OSError(f"no space left for {SECRET}")):
            answer = await host.command("move", ID, seats=[alice.seat], to="caucus")
            assert answer["code"] == "unknown"
            assert answer["text"].startswith("Something went wrong on our side")
            assert house.plane.places == places
            assert house.plane.microphones[alice.seat]
            assert (await alice.command("microphone", on=False))["code"] == "unknown"
            assert house.plane.microphones[alice.seat], "as the database says"
            assert (await alice.command("say_name", name=SECRET))["code"] == "unknown"
        assert await rows(house) == before
        assert [len(page.views) for page in (host, alice, opponent)] == told
        assert await host.command("move", ID, seats=[alice.seat], to="caucus") == {"ok": True}
    assert "event_failed" in logged.getvalue()
    for secret in (SECRET, "Alice", house.token(house.world.alice)):
        assert secret not in logged.getvalue()


async def test_a_commit_whose_answer_was_lost_stands(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        with house.store.failing(OSError(), kept=True):
            assert await host.command("move", ID, seats=[alice.seat], to="caucus") == {"ok": True}
        await alice.sees(lambda view: view["place"] == "caucus")
        await opponent.sees(lambda view: view["place"] == "side")
        stored = await sessions.state(house.ctx, house.world.session.id)
        assert house.plane.places == stored.forwarded()
        assert house.plane.places[alice.seat] == house.plane.places[host.seat]
        version = stored.version
        assert await host.command("move", ID, seats=[alice.seat], to="caucus") == {"ok": True}
        assert (await sessions.state(house.ctx, house.world.session.id)).version == version


@pytest.mark.parametrize("kept", [False, True])
async def test_a_commit_of_which_nothing_can_be_known_leaves_silence(
    house: House, kept: bool
) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        told = [len(page.views) for page in (host, alice, opponent)]
        with house.store.failing(OSError(), kept=kept, blind=True):
            answer = await host.command("move", seats=[alice.seat], to="caucus")
        assert answer["code"] == "unknown"
        assert house.plane.places == {}, "nobody is heard where they may not be"
        assert [len(page.views) for page in (host, alice, opponent)] == told
        assert await host.command("move", seats=[opponent.seat], to="caucus") == {"ok": True}
        stored = await sessions.state(house.ctx, house.world.session.id)
        assert house.plane.places == stored.forwarded()
        assert set(house.plane.places) == {host.seat, alice.seat, opponent.seat}
        await opponent.sees(lambda view: view["place"] == "caucus")
        await alice.sees(lambda view: view["place"] == "side")


async def test_a_gate_that_cannot_stop_lets_nothing_happen(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        places, before = dict(house.plane.places), await rows(house)
        for broken in ("leave", ("leave", alice.seat)):
            house.plane.broken = {broken}
            answer = await host.command("move", seats=[alice.seat], to="caucus")
            assert answer["code"] == "unknown"
            assert house.plane.places == places
            assert await rows(house) == before


async def test_a_gate_that_cannot_start_leaves_what_is_committed(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        house.plane.broken = {"enter"}
        assert await host.command("move", seats=[alice.seat], to="caucus") == {"ok": True}
        await alice.sees(lambda view: view["place"] == "caucus")
        await opponent.sees(lambda view: view["place"] == "side")
        stored = await sessions.state(house.ctx, house.world.session.id)
        assert house.plane.places == stored.forwarded()


async def test_without_a_port_left_one_is_told_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise BadSignal("no_ports")

    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        with monkeypatch.context() as patch:
            patch.setattr(house.plane, "open", full)
            answer = await alice.send("rebuild", {})
            assert answer["code"] == "no_ports"
            assert answer["text"].startswith("The server has no room for another call")
            bob = await stack.enter_async_context(house.page(house.world.bob))
            assert (await bob.is_told("cut"))["code"] == "no_ports"
            await host.sees(lambda view: not card(view, bob.seat)["present"])
        assert await alice.send("rebuild", {}) == {"ok": True}
        bob.told.clear()
        await bob.connect()
        await bob.is_told("links")


async def test_nothing_is_committed_or_told_before_the_media_has_stopped(house: House) -> None:
    """Rule 8; and a meeting that waits for its media keeps no other one waiting."""
    other_host = next(iter(house.world.other_session.seats))
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        elsewhere = await stack.enter_async_context(house.page(other_host))
        before, told = await rows(house), len(alice.views)
        house.plane.free.clear()
        stack.callback(house.plane.free.set)
        move = asyncio.create_task(host.command("move", seats=[alice.seat], to="caucus"))
        await until(lambda: ("leave", alice.seat) in house.plane.log)
        camera = asyncio.create_task(alice.command("camera", on=True))
        assert await elsewhere.command("camera", on=True) == {"ok": True}
        assert not move.done()
        assert not camera.done(), "one after the other"
        after = await rows(house)
        ours = house.world.session.id
        assert [r for r in after["session"] if r[0] == ours] == [
            r for r in before["session"] if r[0] == ours
        ]
        assert len(alice.views) == told
        house.plane.free.set()
        assert await move == await camera == {"ok": True}


async def test_a_connection_lost_during_its_command_does_not_stop_it(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        house.plane.free.clear()
        move = {"id": ID, "seats": [alice.seat], "to": "caucus"}
        await host.socket.emit("move", move, namespace="/seat")
        await until(lambda: ("leave", alice.seat) in house.plane.log)
        await host.socket.disconnect()
        await until(lambda: house.gateway.presence.of(host.seat) is None)
        house.plane.free.set()
        view = await alice.sees(
            lambda view: view["place"] == "caucus" and view["host_state"] == "lost"
        )
        assert not view["silenced"]


async def test_a_newer_tab_whose_arrival_fails_leaves_nobody_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older one was cut already: the seat is lost, and is not shown as present for ever."""
    monkeypatch.setattr("signaling.gateway.AGAIN_S", 0.01)
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        with house.store.failing(OSError(f"no space left for {SECRET}")):
            tab = await stack.enter_async_context(alice.another_tab())
            assert (await tab.is_told("cut"))["code"] == "unknown"
            await until(lambda: not alice.socket.connected and not tab.socket.connected)
        await host.sees(lambda view: not card(view, alice.seat)["present"])


async def test_a_loss_that_could_not_be_written_is_written_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.gateway.AGAIN_S", 0.01)
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        with house.store.failing(OSError(f"no space left for {SECRET}")):
            await alice.socket.disconnect()
            await until(lambda: house.gateway.presence.of(alice.seat) is None)
        await host.sees(lambda view: not card(view, alice.seat)["present"])


async def test_who_goes_while_arriving_is_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    arriving, go_on = asyncio.Event(), asyncio.Event()
    connect = sessions.connect

    async def slowly(*args: Any) -> Any:
        arriving.set()
        await go_on.wait()
        return await connect(*args)

    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(house.page(house.world.host))
        await host.sees(lambda view: view["hosting"])
        monkeypatch.setattr(sessions, "connect", slowly)
        async with Page.opened(house, house.world.alice) as page:
            await page.connect()
            await arriving.wait()
            transports = house.gateway.server.eio.sockets
            mine = list(transports.values())[-1]
            await mine.close(wait=False, abort=True)
            go_on.set()
            await host.sees(lambda view: card(view, page.seat)["since"] is not None)
            await host.sees(lambda view: not card(view, page.seat)["present"])
        assert house.gateway.presence.of(house.world.alice) is None
