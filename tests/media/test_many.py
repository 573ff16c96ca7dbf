"""More people in a space than a down link has slots: whoever speaks is heard."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from server.domain.ids import SpaceId
from signaling.media.plane import MOST_PINNED, SLOTS
from tests.media.peer import Peer, Room, hears, silent
from tests.media.test_worker import limit

NAMES = [f"p{number:02}" for number in range(1, 13)]


async def gather(room: Room, *names: str) -> list[Peer]:
    """All in one space, in this order, nobody speaking."""
    people = await room.join(*names, quiet=True)
    for peer in people:
        await peer.enter("joint")
    others = len(people) - 1
    await room.until(lambda: all(len(p.hears) == min(SLOTS, others) for p in people))
    return people


async def test_the_twelfth_is_heard_within_a_second_of_speaking(
    room: Room, record_property: Callable[[str, object], None]
) -> None:
    people = await gather(room, *NAMES)
    first, second, twelfth = people[0], people[1], people[-1]
    listeners = people[:-1]
    assert not any(twelfth.seat in p.hears for p in listeners)
    assert twelfth.heard_by == frozenset()
    first.speak()
    await room.until(lambda: all(hears(p, first) for p in people[1:]))

    before = {p.seat: p.slots for p in people}
    twelfth.speak()
    took = await room.until(lambda: all(hears(p, twelfth) for p in listeners))
    assert took < limit(1.0, record_property)
    assert twelfth.heard_by == {p.seat for p in listeners}
    for peer in people[1:]:
        # Who speaks keeps his slot; nobody else moves but the one who was silent longest.
        assert hears(peer, first)
        changed = [i for i, who in enumerate(peer.slots) if who != before[peer.seat][i]]
        assert len(changed) <= 1
    assert second.slots.index(first.seat) == before[second.seat].index(first.seat)
    assert await room.plane.routes(SpaceId("joint")) == {
        (who, p.seat) for p in people for who in p.hears
    }

    # Nobody outside hears it, wherever the slots go.
    twelfth.rest()
    await twelfth.leave("joint")
    await twelfth.enter("caucus")
    twelfth.speak()
    await room.until(lambda: twelfth.speakers == (twelfth.seat,))
    await room.until(lambda: all(silent(p, twelfth) for p in listeners))


async def test_who_is_pinned_or_speaks_keeps_the_slot_and_who_is_pinned_gets_one(
    room: Room,
) -> None:
    people = await gather(room, *NAMES[:11])
    me, tenth, eleventh = people[0], people[9], people[10]
    assert me.slots == tuple(p.seat for p in people[1:9])
    await room.plane.pin(me.seat, [people[1].seat, people[3].seat, tenth.seat])
    await room.until(lambda: tenth.seat in me.hears)
    gone = [p for p in people[1:9] if p.seat not in me.hears]
    assert [p.seat for p in gone] == [people[2].seat]  # The first who came, and is not pinned.
    await room.plane.pin(me.seat, [people[1].seat, people[3].seat, tenth.seat])

    kept = people[4:9]
    for peer in kept:
        peer.speak()
    await room.until(lambda: set(me.speakers) == {p.seat for p in kept})
    eleventh.speak()
    await room.until(lambda: eleventh.seat in me.speakers)
    await room.until(lambda: eleventh.seat in people[1].hears)
    assert me.hears == {p.seat for p in (people[1], people[3], tenth, *kept)}
    kept[0].rest()  # Now there is one who is silent and not pinned.
    await room.until(lambda: eleventh.seat in me.hears)
    assert kept[0].seat not in me.hears

    os.kill(room.plane.worker_pids[0], signal.SIGKILL)
    await room.until(lambda: not me.hears)
    pinned = {people[1].seat, people[3].seat, tenth.seat}
    await room.until(lambda: pinned <= me.hears)  # Remembered, whoever is connected first.


async def test_no_more_may_be_pinned_than_leave_room_for_speakers(room: Room) -> None:
    [me] = await room.join("me")
    with pytest.raises(ValueError, match=f"{MOST_PINNED}"):
        await room.plane.pin(me.seat, [room.seat(name) for name in NAMES[: MOST_PINNED + 1]])
    await room.plane.pin(room.seat("nobody"), [me.seat])  # Not there: nothing happens.
