"""Who hears and sees whom, with real media: a tone per person, looked for at every receiver."""

from __future__ import annotations

import asyncio

import pytest

from server.domain.ids import SpaceId
from signaling.media.embedded import EmbeddedPlane
from signaling.media.plane import SLOTS, BadSignal, Slots
from tests.media.peer import Peer, Room, blind, hears, moved, sees, silent


def pairs(*peers: Peer) -> list[tuple[Peer, Peer]]:
    return [(x, y) for x in peers for y in peers if x is not y]


async def test_people_in_one_space_hear_and_see_each_other(room: Room) -> None:
    a, b, c = await room.join("a", "b", "c", shades=True)
    for peer in (a, b, c):
        await peer.enter("joint")
    everybody = pairs(a, b, c)
    await room.until(lambda: all(hears(x, y) and sees(x, y) for x, y in everybody))
    assert await room.plane.routes(SpaceId("joint")) == {(y.seat, x.seat) for x, y in everybody}
    assert a.heard_by == {b.seat, c.seat}


async def test_in_no_space_nothing_is_forwarded(room: Room) -> None:
    a, b = await room.join("a", "b")
    await room.until(lambda: a.sent > 20 and b.sent > 20)
    [stats] = await room.plane.stats()
    assert stats.packets_in > 20
    assert stats.packets_out == 0
    assert a.received == b.received == 0
    assert not [e for e in room.log if isinstance(e, Slots)]


async def test_in_a_caucus_nobody_outside_hears_or_sees(room: Room) -> None:
    a, b, c = await room.join("a", "b", "c", shades=True)
    for peer in (a, b, c):
        await peer.enter("joint")
    await room.until(lambda: all(hears(x, y) and sees(x, y) for x, y in pairs(a, b, c)))

    for peer in (a, b):
        await peer.leave("joint")
        await peer.enter("caucus")
    before = await room.forwarded()
    await room.until(lambda: all(hears(x, y) and sees(x, y) for x, y in pairs(a, b)))
    apart = [(a, c), (b, c), (c, a), (c, b)]
    await room.until(lambda: all(silent(x, y) and blind(x, y) for x, y in apart))
    after = await room.forwarded()
    assert moved(before, after) == {("a", "b"), ("b", "a")}
    assert c.slots == (None,) * SLOTS
    assert c.heard_by == frozenset()


async def test_a_move_is_confirmed_when_the_last_packet_was_sent(room: Room) -> None:
    a, b = await room.join("a", "b", shades=True)
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: all(hears(x, y) and sees(x, y) for x, y in pairs(a, b)))
    await b.leave("joint")
    at_confirmation = await room.forwarded()
    [stats] = await room.plane.stats()
    sent, pictures = b.sent, b.sent_pictures
    await room.until(lambda: b.sent > sent + 10 and b.sent_pictures > pictures + 3)
    assert await room.forwarded() == at_confirmation
    assert (await room.plane.stats())[0].packets_out == stats.packets_out


async def test_a_late_comer_gets_the_picture_at_once(room: Room) -> None:
    a, b = await room.join("a", "b", shades=True)
    await a.enter("joint")
    await room.until(lambda: a.sent_pictures > 20)  # Its first keyframe was long ago.
    await b.enter("joint")
    assert await room.until(lambda: sees(b, a)) < 1.0


async def test_a_closed_microphone_is_not_forwarded_whatever_the_browser_sends(room: Room) -> None:
    a, b = await room.join("a", "b", shades=True)
    await a.enter("joint", microphone=False)
    await b.enter("joint")
    await room.until(lambda: sees(b, a) and hears(a, b))
    assert silent(b, a)

    await room.plane.microphone(a.seat, True)
    await room.until(lambda: hears(b, a))
    await room.plane.microphone(a.seat, False)
    await room.until(lambda: silent(b, a))
    shown = b.ears[b.slots.index(a.seat)].picture_frames
    await room.until(lambda: b.ears[b.slots.index(a.seat)].picture_frames > shown + 3)
    assert silent(b, a)
    await room.until(lambda: hears(a, b))


async def test_entering_before_the_links_are_up_connects_later(room: Room) -> None:
    for seat in ("a", "b"):
        await room.plane.enter(SpaceId("joint"), room.seat(seat), microphone=True)
    a, b = await room.join("a", "b")
    await room.until(lambda: hears(a, b) and hears(b, a))


async def test_opening_again_replaces_the_links_and_keeps_the_space(room: Room) -> None:
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: hears(a, b) and hears(b, a))
    first = a.links
    await room.reload(a)
    assert a.links != first
    await room.until(lambda: hears(a, b) and hears(b, a))


async def test_closing_takes_the_links_away(room: Room) -> None:
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: hears(a, b))
    await room.plane.close(b.seat)
    assert await room.plane.routes(SpaceId("joint")) == set()
    await room.until(lambda: a.hears == set() and silent(a, b))
    await room.plane.close(b.seat)


async def test_a_second_space_without_leaving_the_first_is_an_error(room: Room) -> None:
    [a] = await room.join("a")
    await a.enter("joint")
    await a.enter("joint")
    with pytest.raises(RuntimeError):
        await a.enter("caucus")
    await a.leave("caucus")  # Not there: nothing happens.
    assert await room.plane.routes(SpaceId("joint")) == set()


async def test_a_departed_browser_is_told_as_lost(room: Room) -> None:
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: hears(a, b))
    assert b.links is not None
    links = b.links
    await b.close()  # Says goodbye on both links, as a browser does that closes the page.
    await room.until(lambda: b.states[links.up] == b.states[links.down] == "lost")
    await room.until(lambda: a.hears == set())
    assert await room.plane.routes(SpaceId("joint")) == set()


async def test_only_ports_of_the_setting_are_used() -> None:
    plane = EmbeddedPlane(addresses=["127.0.0.1"], ports=(20310, 20313))
    await plane.start()
    room = Room(plane)
    try:
        a, b = await room.join("a", "b")
        ports = {port for peer in (a, b) for port in peer.server_ports()}
        assert ports == {20310, 20311, 20312, 20313}
        with pytest.raises(BadSignal) as caught:
            await room.join("c")
        assert caught.value.code == "no_ports"
        await plane.close(b.seat)
        await asyncio.wait_for(room.join("c"), 5)
    finally:
        await room.end()
        await plane.stop()
