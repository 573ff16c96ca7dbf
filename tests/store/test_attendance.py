from __future__ import annotations

from server.domain.ids import DeviceId, SpaceId
from server.domain.space import SpaceKind
from server.security.ids import new_id, new_secret_id
from server.store import attendance, devices
from server.store.attendance import Attendance
from server.store.store import Store
from tests.store.world import MINUTE, NOON, World

DEVICE = DeviceId(new_secret_id())
LOBBY, JOINT = SpaceId(new_secret_id()), SpaceId(new_secret_id())


async def test_stays_one_after_the_other(store: Store, world: World) -> None:
    alice, one, two = world.alice, NOON + MINUTE, NOON + 2 * MINUTE
    async with store.write() as conn:
        await attendance.enter(conn, alice, LOBBY, SpaceKind.LOBBY, NOON, DEVICE)
        await attendance.enter(conn, world.charlie, JOINT, SpaceKind.JOINT, NOON, None)
        await attendance.exit(conn, alice, LOBBY, one)
        await attendance.enter(conn, alice, JOINT, SpaceKind.JOINT, one, DEVICE)
        await attendance.exit(conn, alice, LOBBY, two)
    async with store.read() as conn:
        assert await attendance.of_session(conn, world.session.id) == [
            Attendance(alice, LOBBY, SpaceKind.LOBBY, DEVICE, NOON, one),
            Attendance(alice, JOINT, SpaceKind.JOINT, DEVICE, one, None),
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
    assert found == devices.Device(DEVICE, world.alice, "sha256:00", 3, NOON + MINUTE)
