"""Each receiver gets the layer its page and its network have room for, without a visible break."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from server.domain.ids import SeatId
from signaling.media.ladder import Rung
from signaling.media.plane import MOST_TILES
from signaling.media.source import Picture
from signaling.media.tile import STILL_S, Tile
from tests.media.peer import Peer, Room, hears, sees, sees_small
from tests.media.wire import Wire, picture, picture_id, vp8_payload


def frame(source: Picture, number: int, at: float, *, key: bool = False) -> None:
    """One picture of one packet."""
    payload = vp8_payload(number & 0x7FFF, key=key, tl0=number & 0xFF)
    source.take(0x80, number & 0xFFFF, int(at * 90000) & 0xFFFFFFFF, payload, at)


def layers(asked: list[int] | None = None) -> tuple[Picture, Picture]:
    return picture(asked), picture(asked, ssrc=9)


def test_the_old_layer_goes_on_until_the_new_one_can_begin() -> None:
    wire, asked = Wire(), list[int]()
    lane, (large, small) = wire.lane(90000), layers(asked)
    lane.attach(large, 1.0)
    frame(large, 100, 1.0, key=True)
    lane.attach(small, 1.1)
    assert asked == [8, 9]
    frame(small, 7000, 1.1)
    frame(large, 101, 1.2)
    assert len(wire.packets) == 2  # The large one, still.
    frame(small, 7001, 1.3, key=True)
    frame(large, 102, 1.35)
    frame(small, 7002, 1.4)
    assert len(wire.packets) == 4

    assert {b.seq - a.seq & 0xFFFF for a, b in pairwise(wire.packets)} == {1}
    numbers = [picture_id(p.payload) for p in wire.packets]
    assert {b - a & 0x7FFF for a, b in pairwise(numbers)} == {1}
    stamps = [p.stamp - wire.packets[0].stamp & 0xFFFFFFFF for p in wire.packets]
    assert stamps == pytest.approx([0, 18000, 27000, 36000], abs=2)
    assert not large.lanes
    assert not large.waiting


def test_who_changes_his_mind_stays_where_he_is() -> None:
    wire = Wire()
    lane, (large, small) = wire.lane(90000), layers()
    lane.attach(large, 1.0)
    frame(large, 1, 1.0, key=True)
    lane.attach(small, 1.1)
    lane.attach(large, 1.2)
    frame(small, 50, 1.3, key=True)
    frame(large, 2, 1.3)
    assert len(wire.packets) == 2
    assert not small.lanes
    assert not small.waiting


def test_somebody_else_never_waits_behind_who_was_there() -> None:
    """Only of the same person may the old picture go on."""
    wire = Wire()
    lane, (large, small) = wire.lane(90000), layers()
    other = picture(ssrc=11)
    other.seat = "b"
    lane.attach(large, 1.0)
    frame(large, 1, 1.0, key=True)
    lane.attach(small, 1.1)
    lane.attach(other, 1.2)
    frame(large, 2, 1.2)
    frame(small, 60, 1.2, key=True)
    assert len(wire.packets) == 1
    lane.detach()
    frame(other, 5, 1.3, key=True)
    assert len(wire.packets) == 1


def test_a_still_every_few_seconds_from_one_keyframe_for_all() -> None:
    wire, asked = Wire(), list[int]()
    tiles, (large, small) = [Tile(wire.lane(90000)) for _ in range(2)], layers(asked)
    for tile in tiles:
        tile.fill((large, small))
        tile.take(Rung.STILL, 100.0)
    wanted = sent = 0
    for tenth in range(int(10 * 3 * STILL_S)):
        now = 100.0 + tenth / 10
        for tile in tiles:
            tile.every_tenth(now)
        if asked:  # The camera's browser obeys.
            wanted += 1
            assert set(asked) == {9}
            asked.clear()
        keyed = bool(small.waiting)
        frame(small, tenth, now, key=keyed)
        sent += 1
    assert wanted == 3
    mine = [p for p in wire.packets if p.ssrc == tiles[0].lane.ssrc]
    assert 3 <= len(mine) <= 9 < sent
    assert len(wire.packets) == 2 * len(mine)
    tiles[0].empty()
    assert tiles[0].lane.source is None


def test_what_nobody_sees_is_not_sent_and_comes_back() -> None:
    wire = Wire()
    tile, (large, small) = Tile(wire.lane(90000)), layers()
    tile.fill((large, small))
    tile.take(Rung.LARGE, 1.0)
    frame(large, 1, 1.0, key=True)
    tile.take(Rung.NONE, 1.1)
    frame(large, 2, 1.1)
    frame(large, 3, 1.2, key=True)
    assert len(wire.packets) == 1
    tile.take(Rung.LARGE, 1.3)
    frame(large, 4, 1.3, key=True)
    assert len(wire.packets) == 2


def test_a_layer_that_stopped_coming_is_not_counted_on() -> None:
    wire = Wire()
    tile, (large, small) = Tile(wire.lane(90000)), layers()
    tile.fill((large, small))
    assert tile.asks(10.0).large == 0.0
    frame(small, 1, 10.0, key=True)
    assert (tile.asks(10.1).large, tile.asks(10.1).small) == (None, 0.0)
    frame(large, 1, 10.2, key=True)
    assert tile.asks(10.3).large is not None
    assert tile.asks(12.15).small is None


async def test_the_page_and_the_network_choose_the_layer(room: Room) -> None:
    a, b = await room.join("a", "b", layers=True)
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: sees(b, a) and sees(a, b))

    await room.plane.tiles(b.seat, {a.seat: 180})
    await room.until(lambda: sees_small(b, a))
    assert sees(a, b)  # Everybody by himself.
    await room.plane.tiles(b.seat, {})
    await room.until(lambda: stands(b))
    assert hears(b, a)
    await room.plane.tiles(b.seat, {a.seat: 500})
    await room.until(lambda: sees(b, a))
    assert b.how == "full"

    b.narrow(17_000)
    await room.until(lambda: b.how == "small")
    await room.until(lambda: hears(b, a))
    assert a.how == "full"
    b.narrow(1e9)
    # A limit grows slowly, so that nothing goes up and down.
    await room.until(lambda: b.how == "full", 90)


def stands(viewer: Peer) -> bool:
    """No picture came for three of its frames."""
    since = asyncio.get_running_loop().time() - 0.3
    return all(at < since for ear in viewer.ears for at in ear.shades.values())


async def test_a_page_shows_so_many_at_most(room: Room) -> None:
    [me] = await room.join("me")
    many = {SeatId(str(n)): 100 for n in range(MOST_TILES + 1)}
    with pytest.raises(ValueError, match=f"{MOST_TILES}"):
        await room.plane.tiles(me.seat, many)
    await room.plane.tiles(room.seat("nobody"), {me.seat: 100})  # Not there: nothing happens.
