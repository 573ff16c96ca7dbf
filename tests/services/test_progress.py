"""What the page of a link says on the way in: kept, told to hosts, and seen by who helps."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.domain import door
from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import DeviceId, SeatId
from server.domain.progress import Fault, Step, Transport
from server.domain.session import Session
from server.security import tokens
from server.services import arrivals, helping, progress, room, sessions, texts
from server.services.context import Context
from server.services.helping import Stand
from server.services.live import carry_out, load
from server.services.sessions import Caller
from tests.services.conftest import Clock
from tests.services.seated import Ears
from tests.store.world import World

HERE = "192.0.2.1"


async def cookie(ctx: Context, seat: SeatId, version: int = 1) -> str:
    token = tokens.link_token(ctx.keys.link_key, seat, version)
    arrival = await arrivals.exchange(ctx, seat, token, None, "127.0.0.1", "en")
    assert arrival.cookie is not None
    return arrival.cookie


async def sit(ctx: Context, seat: SeatId, shown: str) -> Caller:
    device = await arrivals.device_of(ctx, seat, shown)
    await sessions.connect(ctx, seat, device, lambda _: None)
    return Caller(seat, DeviceId(device.id), "")


def by(caller: Caller, n: int) -> Caller:
    return Caller(caller.seat, caller.device, f"command {n}")


async def test_hosts_are_told_once_of_what_is_new(ctx: Context, world: World) -> None:
    ears = ctx.publish = Ears()
    host = await sit(ctx, world.host, host_cookie := await cookie(ctx, world.host))
    alice = await cookie(ctx, world.alice)
    seen = {"browser": "WeChat · iPhone", "microphone": True, "camera": False}
    said = {"step": "devices", "fault": "camera_denied", **seen}
    await progress.report(
        ctx, world.alice, alice, HERE, {**said, "microphone": True, "camera": False}
    )
    await progress.report(
        ctx, world.alice, alice, HERE, {**said, "microphone": True, "camera": False}
    )
    assert ears.heard == [(host.seat, "progress")]

    network = {"transport": "tcp", "rtt_ms": 80, "loss": 0.01}
    await progress.report(ctx, world.alice, alice, HERE, {"step": "name", "network": network})
    await progress.report(ctx, world.alice, alice, HERE, {"step": "devices", "rehearsal": True})
    assert len(ears.heard) == 3
    lines = await progress.seen_by(ctx, world.host, host_cookie)
    assert [line.seat for line in lines] == [world.alice] * 2
    rehearsed, today = (line.progress for line in lines)
    assert (rehearsed.rehearsal, rehearsed.step) == (True, Step.DEVICES)
    assert (today.step, today.fault, today.microphone) == (Step.NAME, None, None)
    assert (today.network.transport, today.network.rtt_ms) == (Transport.TCP, 80)


async def test_who_stands_before_a_locked_door_is_seen_and_learns_when_it_opens(
    ctx: Context, world: World, clock: Clock
) -> None:
    ears = ctx.publish = Ears()
    host = await sit(ctx, world.host, host_cookie := await cookie(ctx, world.host))
    alice = await cookie(ctx, world.alice)

    async def locked(on: bool) -> None:
        await carry_out(ctx, world.session.id, lambda s, now: door.lock(s, host.seat, on, now))

    async def told_locked() -> bool:
        return bool((await arrivals.welcome(ctx, world.alice, alice, "en"))["locked"])

    await locked(True)
    with pytest.raises(Refused, match="session_locked"):
        await sit(ctx, world.alice, alice)
    assert await told_locked()
    assert not (await arrivals.welcome(ctx, world.host, host_cookie, "en"))["locked"]
    shown = await helper_cookie(ctx, world)
    ears.heard.clear()
    for _ in range(2):
        await progress.report(ctx, world.alice, alice, HERE, {"step": "door"})
        clock.forward(seconds=30)
    assert ears.heard == [(host.seat, "progress")] * 2, "told again, as long as it is so"
    (line,) = await progress.seen_by(ctx, world.host, host_cookie)
    assert (line.seat, line.progress.step) == (world.alice, Step.DOOR)
    assert (await helping.joining(ctx, world.alice, shown)).stand is Stand.DOOR
    await locked(False)
    assert not await told_locked()
    assert (await sit(ctx, world.alice, alice)).seat == world.alice


async def test_a_second_device_before_a_locked_door_is_told_to_the_host_and_can_be_let_through(
    ctx: Context, world: World
) -> None:
    ears = ctx.publish = Ears()
    host = await sit(ctx, world.host, host_cookie := await cookie(ctx, world.host))
    first, second = await cookie(ctx, world.alice), await cookie(ctx, world.alice)
    await sit(ctx, world.alice, first)
    await progress.report(ctx, world.alice, second, HERE, {"step": "door"})

    async def seconds() -> list[SeatId]:
        lines = await progress.seen_by(ctx, world.host, host_cookie)
        return [line.seat for line in lines if line.second]

    assert await seconds() == [], "the door is open: it would come in"
    await carry_out(ctx, world.session.id, lambda s, now: door.lock(s, host.seat, True, now))
    ears.heard.clear()
    await progress.report(ctx, world.alice, second, HERE, {"step": "door"})
    assert ears.heard == [(host.seat, "progress")]
    assert await seconds() == [world.alice]
    async with ctx.store.read() as conn:
        assert await progress.of_session(ctx, conn, world.session.id) == {}, (
            "the first says nothing"
        )
    await room.let_through(ctx, by(host, 1), world.alice)
    device = await arrivals.device_of(ctx, world.alice, second)
    claim = await sessions.connect(ctx, world.alice, device, lambda _: None)
    assert claim != world.alice, "it waits in a lobby until the host decides"
    await progress.report(ctx, world.alice, second, HERE, {"step": "name"})
    assert await seconds() == []


async def test_only_hosts_read_it(ctx: Context, world: World) -> None:
    with pytest.raises(Refused, match="no_seat"):
        await progress.seen_by(ctx, world.host, None)
    alice = await cookie(ctx, world.alice)
    await sit(ctx, world.alice, alice)
    with pytest.raises(Refused, match="not_host"):
        await progress.seen_by(ctx, world.alice, alice)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"step": "elsewhere"},
        {"step": "name", "fault": "tired"},
        {"step": "name", "browser": "x" * 61},
        {"step": "name", "browser": "a\u202eb"},
        {"step": "name", "network": {"loss": 2}},
        {"step": "name", "network": {"rtt_ms": float("nan")}},
        {"step": "name", "name": "Alice"},
    ],
)
async def test_what_makes_no_sense_is_not_kept(
    ctx: Context, world: World, said: dict[str, Any]
) -> None:
    alice = await cookie(ctx, world.alice)
    with pytest.raises(Refused, match="report_unusable"):
        await progress.report(ctx, world.alice, alice, HERE, said)
    async with ctx.store.read() as conn:
        assert await progress.of_session(ctx, conn, world.session.id) == {}


async def test_a_second_device_is_silent_while_the_first_is_there(
    ctx: Context, world: World
) -> None:
    first, second = await cookie(ctx, world.alice), await cookie(ctx, world.alice)
    await sit(ctx, world.alice, first)
    await progress.report(ctx, world.alice, first, HERE, {"step": "lobby"})
    await progress.report(ctx, world.alice, second, HERE, {"step": "devices", "fault": "denied"})
    assert await _said(ctx, world) == Step.LOBBY
    await sessions.lost(ctx, world.alice, lambda _: False)
    await progress.report(ctx, world.alice, second, HERE, {"step": "devices", "fault": "denied"})
    assert await _said(ctx, world) == Step.DEVICES
    bobs = await cookie(ctx, world.bob)
    with pytest.raises(Refused, match="no_seat"):
        await progress.report(ctx, world.alice, bobs, HERE, {"step": "in"})


async def test_reports_are_limited(ctx: Context, world: World) -> None:
    alice = await cookie(ctx, world.alice)
    for _ in range(60):
        await progress.report(ctx, world.alice, alice, HERE, {"step": "landing"})
    with pytest.raises(Refused, match="too_many"):
        await progress.report(ctx, world.alice, alice, HERE, {"step": "landing"})


async def test_without_the_cookie_nobody_uses_up_what_a_seat_may_send(
    ctx: Context, world: World
) -> None:
    alice = await cookie(ctx, world.alice)
    # Somebody else is writing: who is nobody does not wait for that, and holds nobody up.
    async with ctx.store.write(), asyncio.timeout(60):
        for n in range(61):
            seat, code = [(world.alice, "no_seat"), (SeatId("x"), "link_invalid")][n % 2]
            with pytest.raises(Refused, match=code):
                await progress.report(ctx, seat, None, HERE, {"step": "landing"})
    for _ in range(60):
        await progress.report(ctx, world.alice, alice, HERE, {"step": "landing"})


async def test_reports_are_limited_by_address(
    ctx: Context, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "ADDRESS_LIMIT", "2/minute")
    alice = await cookie(ctx, world.alice)
    for code in ("no_seat", "no_seat", "too_many"):
        with pytest.raises(Refused, match=code):
            await progress.report(ctx, world.alice, None, "192.0.2.66", {"step": "landing"})
    await progress.report(ctx, world.alice, alice, HERE, {"step": "landing"})


async def test_who_helps_sees_the_whole_way(ctx: Context, world: World, clock: Clock) -> None:
    shown = await helper_cookie(ctx, world)

    async def stand() -> Stand:
        return (await helping.joining(ctx, world.alice, shown)).stand

    assert await stand() is Stand.NOT_OPENED
    alice = await cookie(ctx, world.alice)
    await progress.report(ctx, world.alice, alice, HERE, {"step": "landing"})
    assert await stand() is Stand.LANDING
    said = {"step": "devices", "fault": "denied", "browser": "WeChat · iPhone"}
    await progress.report(ctx, world.alice, alice, HERE, said)
    found = await helping.joining(ctx, world.alice, shown)
    assert found.stand is Stand.DEVICES
    assert found.progress is not None
    assert (found.progress.fault, found.progress.browser) == (Fault.DENIED, "WeChat · iPhone")

    caller = await sit(ctx, world.alice, alice)
    assert await stand() is Stand.NAME
    await sessions.say_name(ctx, by(caller, 1), "Alice")
    assert await stand() is Stand.CONSENT
    text = texts.current(Purpose.ONLINE_MEDIATION, "en")
    await sessions.consent(ctx, by(caller, 2), text.purpose, text.hash)
    assert await stand() is Stand.LOBBY
    host = await sit(ctx, world.host, await cookie(ctx, world.host))
    await sessions.admit(ctx, by(host, 1), world.alice)
    assert await stand() is Stand.INSIDE
    clock.forward(minutes=1)
    await sessions.lost(ctx, world.alice, lambda _: False)
    found = await helping.joining(ctx, world.alice, shown)
    assert (found.stand, found.lost_at) == (Stand.LOST, clock())
    clock.forward(minutes=1)
    await progress.report(ctx, world.alice, alice, HERE, {"step": "devices", "fault": "busy"})
    assert await stand() is Stand.DEVICES
    await sit(ctx, world.alice, alice)
    await sessions.leave(ctx, by(caller, 3))
    clock.forward(minutes=1)
    assert await stand() is Stand.DEVICES


async def test_the_helper_link_falls_with_the_seats(ctx: Context, world: World) -> None:
    shown = await helper_cookie(ctx, world)
    seat_token = tokens.link_token(ctx.keys.link_key, world.alice, 1)
    with pytest.raises(Refused, match="link_invalid"):
        await helping.exchange(ctx, world.alice, seat_token, "127.0.0.1")
    with pytest.raises(Refused, match="link_invalid"):
        await helping.joining(ctx, world.bob, shown)
    token = _token(await _link(ctx, world))
    with pytest.raises(Refused, match="link_invalid"):
        await arrivals.exchange(ctx, world.alice, token, None, "127.0.0.1", "en")

    await carry_out(ctx, world.session.id, lambda s, now: s.reissue(world.alice, now))
    for refused in (
        helping.joining(ctx, world.alice, shown),
        helping.exchange(ctx, world.alice, token, "127.0.0.1"),
    ):
        with pytest.raises(Refused, match="link_replaced"):
            await refused
    await carry_out(ctx, world.session.id, lambda s, now: s.revoke(world.alice, now))
    with pytest.raises(Refused, match="link_revoked"):
        await helping.joining(ctx, world.alice, shown)


async def test_it_expires_as_links_do_and_says_what_is_over(
    ctx: Context, world: World, clock: Clock
) -> None:
    shown = await helper_cookie(ctx, world)
    await carry_out(ctx, world.session.id, Session.cancel)
    assert (await helping.joining(ctx, world.alice, shown)).stand is Stand.CANCELLED
    clock.forward(days=ctx.settings.link_ttl_days + 1)
    with pytest.raises(Refused, match="link_expired"):
        await helping.joining(ctx, world.alice, shown)


async def test_an_old_link_is_told_from_a_wrong_one(ctx: Context, world: World) -> None:
    key = ctx.keys.link_key

    async def refused(version: int) -> str:
        token = tokens.link_token(key, world.alice, version)
        with pytest.raises(Refused) as found:
            await arrivals.exchange(ctx, world.alice, token, None, "127.0.0.1", "en")
        return found.value.code

    assert await refused(2) == "link_invalid"
    await carry_out(ctx, world.session.id, lambda s, now: s.reissue(world.alice, now))
    assert await refused(1) == "link_replaced"
    await carry_out(ctx, world.session.id, lambda s, now: s.revoke(world.alice, now))
    assert [await refused(version) for version in (1, 2, 3)] == ["link_revoked"] * 3
    assert await refused(4) == "link_invalid"


async def helper_cookie(ctx: Context, world: World) -> str:
    return await helping.exchange(ctx, world.alice, _token(await _link(ctx, world)), "127.0.0.1")


async def _link(ctx: Context, world: World) -> str:
    async with ctx.store.read() as conn:
        session = await load(ctx, conn, world.session.id)
    return helping.helper_link(ctx, session.seats[world.alice])


def _token(link: str) -> str:
    return link.partition("#")[2]


async def _said(ctx: Context, world: World) -> Step:
    async with ctx.store.read() as conn:
        found = await progress.of_session(ctx, conn, world.session.id)
    return found[world.alice][0].step
