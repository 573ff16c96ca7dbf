from __future__ import annotations

from dataclasses import replace

from server.domain.attendance import Attendance
from server.domain.ids import DeviceId, SpaceId
from server.domain.space import SpaceKind
from server.security.ids import new_id, new_secret_id
from server.store import attendance, devices
from server.store.store import Store
from tests.store.world import MINUTE, NOON, World

DEVICE = DeviceId(new_secret_id())
LOBBY, JOINT = SpaceId(new_secret_id()), SpaceId(new_secret_id())


async def test_stays_one_after_the_other(store: Store, world: World) -> None:
    alice, one, two = world.alice, NOON + MINUTE, NOON + 2 * MINUTE
    first = Attendance(alice, LOBBY, SpaceKind.LOBBY, DEVICE, NOON)
    other = Attendance(world.bob, JOINT, SpaceKind.JOINT, None, NOON)
    second = Attendance(alice, JOINT, SpaceKind.JOINT, DEVICE, one)
    elsewhere = Attendance(world.charlie, JOINT, SpaceKind.JOINT, None, NOON)
    async with store.write() as conn:
        await attendance.enter(conn, world.session.id, [first, other])
        await attendance.enter(conn, world.other_session.id, [elsewhere])
        await attendance.exit(conn, {alice: LOBBY, world.bob: LOBBY}, one)
        await attendance.enter(conn, world.session.id, [second])
        await attendance.exit(conn, {alice: LOBBY}, two)
    async with store.read() as conn:
        assert await attendance.of_session(conn, world.session.id) == [
            replace(first, left_at=one),
            other,
            second,
        ]


async def test_a_device_is_found_as_it_was_kept(store: Store, world: World) -> None:
    async with store.write() as conn:
        await devices.insert(
            conn,
            DEVICE,
            seat=world.alice,
            secret_hash="sha256:00",
            link_version=3,
            at=NOON,
            expires_at=NOON + MINUTE,
        )
    async with store.read() as conn:
        found = await devices.find(conn, DEVICE)
        assert await devices.find(conn, DeviceId(new_id())) is None
    last = NOON + MINUTE
    assert found == devices.Device(DEVICE, world.alice, world.session.id, "sha256:00", 3, last)
