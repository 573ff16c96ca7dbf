"""New links beside those that work: nothing is interrupted, and nothing of the old is left."""

from __future__ import annotations

import asyncio

import pytest

from server.domain.ids import SpaceId
from signaling.media.embedded import EmbeddedPlane
from signaling.media.plane import BadSignal, LinkState, Slots
from tests.media.peer import SESSION, Peer, Room, hears, running, sees, silent

LOUD = 0.02
"""Of full scale; a tone is sent at a quarter, and a decoder begins with less of it."""


@pytest.fixture
async def pair(room: Room) -> tuple[Peer, Peer]:
    """Two who hear and see each other; the first keeps its links while it gets others."""
    a, b = await room.join("a", "b", shades=True, screens=True)
    for peer in (a, b):
        await peer.enter("joint")
    await room.until(lambda: hears(a, b) and hears(b, a) and sees(a, b) and sees(b, a))
    a.keeps = True
    return a, b


async def rebuild(room: Room, peer: Peer) -> None:
    """As a page that fears for its links; returns when it has others."""
    before = peer.links
    await room.plane.open(SESSION, peer.seat, beside=True)
    await room.until(lambda: peer.links is not before and peer.ready)


async def test_nobody_is_interrupted_while_links_are_rebuilt(
    room: Room, pair: tuple[Peer, Peer]
) -> None:
    a, b = pair
    ear, said, before = b.ears[b.slots.index(a.seat)], len(room.log), a.links
    loudest: list[float] = []

    def listening() -> bool:
        loudest.extend(float(abs(samples).max()) / 32768 for _, samples in ear.sound)
        return True

    await room.plane.open(SESSION, a.seat, beside=True)
    await room.until(lambda: listening() and a.links is not before and a.ready)
    frames = ear.sound_frames
    await room.until(lambda: listening() and ear.sound_frames > frames + 25)
    await room.until(lambda: hears(a, b) and sees(a, b) and hears(b, a))
    assert min(loudest) > LOUD
    # The room is as it was: nobody's slot changed, not even for a moment.
    assert not [e for e in room.log[said:] if isinstance(e, Slots)]
    assert not [e for e in room.log[said:] if isinstance(e, LinkState) and e.state == "lost"]
    await a.let_go()
    await room.until(lambda: hears(a, b) and hears(b, a) and sees(b, a))


async def test_the_old_links_go_when_the_new_ones_are_connected(
    room: Room, pair: tuple[Peer, Peer]
) -> None:
    a, b = pair
    for _ in range(3):
        await rebuild(room, a)
        await room.until(lambda: all(old.connectionState == "closed" for old in a.former))
    await a.let_go()
    await room.until(lambda: hears(b, a))
    await has_links(room, 4)
    # What the old microphone says is taken from nobody any more.
    await a.leave("joint")
    await room.until(lambda: silent(b, a))
    assert await room.plane.routes(SpaceId("joint")) == set()


async def test_a_screen_goes_on_being_shown(room: Room, pair: tuple[Peer, Peer]) -> None:
    a, b = pair
    await room.plane.screen(a.seat, True)
    await room.plane.screen(b.seat, False)
    await room.until(lambda: b.shown == a.seat and b.screen.shade is not None)
    await rebuild(room, a)
    frames = b.screen.picture_frames
    await room.until(lambda: b.screen.picture_frames > frames + 3)
    await room.plane.screen(b.seat, True)
    await room.until(lambda: a.shown == b.seat and a.screen.picture_frames > 0)
    await rebuild(room, a)
    await room.until(lambda: a.screen.picture_frames > 3)
    assert a.shown == b.seat


async def test_links_that_never_connect_cost_nothing(room: Room, pair: tuple[Peer, Peer]) -> None:
    """The page asks, and then answers nothing: what it had goes on, however often it asks."""
    a, b = pair
    said = len(room.log)
    del room.peers[a.seat]
    for _ in range(4):
        await room.plane.open(SESSION, a.seat, beside=True)
    assert a.up is not None
    heard = b.ears[b.slots.index(a.seat)].sound_frames
    await room.until(lambda: b.ears[b.slots.index(a.seat)].sound_frames > heard + 50)
    await room.until(lambda: hears(a, b) and hears(b, a))
    assert not [e for e in room.log[said:] if isinstance(e, Slots)]
    # Its own two, b's two, and the last two that nobody answers.
    await has_links(room, 6)
    await a.close()


async def test_those_that_died_meanwhile_are_replaced_all_the_same(
    room: Room, pair: tuple[Peer, Peer]
) -> None:
    a, b = pair
    a.alter = _unanswered
    await room.plane.open(SESSION, a.seat, beside=True)
    await a.let_go()
    a.alter = str
    await room.until(lambda: not b.hears)  # Closing says goodbye: there is no link that works.
    await rebuild(room, a)
    await room.until(lambda: hears(a, b) and hears(b, a))
    await a.let_go()


async def test_a_page_that_was_loaded_anew_does_not_wait(
    room: Room, pair: tuple[Peer, Peer]
) -> None:
    """Another page may be another person: what the old one held ends before the new one begins."""
    a, b = pair
    del room.peers[a.seat]
    await room.plane.open(SESSION, a.seat)
    await room.until(lambda: not b.hears)
    assert await room.plane.routes(SpaceId("joint")) == set()
    await room.until(lambda: silent(b, a))
    await a.close()


async def test_without_free_ports_what_there_is_goes_on() -> None:
    plane = EmbeddedPlane(addresses=["127.0.0.1"], ports=(43_700, 43_703))
    async for room in running(plane):
        await _no_way_beside(room)


async def _no_way_beside(room: Room) -> None:
    a, b = await room.join("a", "b")
    for peer in (a, b):
        await peer.enter("joint")
    await room.until(lambda: hears(b, a))
    said = len(room.log)
    with pytest.raises(BadSignal, match="no_ports"):
        await room.plane.open(SESSION, a.seat, beside=True)
    heard = b.ears[0].sound_frames
    await room.until(lambda: b.ears[0].sound_frames > heard + 50)
    assert not [e for e in room.log[said:] if isinstance(e, Slots | LinkState)]


async def has_links(room: Room, number: int) -> None:
    """So many take memory, as soon as what was closed has been collected."""
    async with asyncio.timeout(20):
        while (await room.plane.stats())[0].links != number:
            await asyncio.sleep(0.1)


def _unanswered(text: str) -> str:
    """A description of somewhere else: nothing there answers."""
    return "\r\n".join(
        line.replace(line.split(":", 1)[1], "x" * 24) if line.startswith("a=ice-pwd:") else line
        for line in text.split("\r\n")
    )
