from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from server.domain.ids import UserId
from server.domain.user import StaffRole, User
from server.security.keys import KeyStore
from server.services.context import Context
from server.settings import Settings
from server.store import users
from server.store.store import Store
from tests.store import world as worlds
from tests.store.world import NOON, World


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Staff:
    """Wang handles the case; Li is her colleague; Zhao is elsewhere; the rest at the bureau."""

    wang: User
    li: User
    zhao: User
    clerk: User
    far_clerk: User
    lawyer: User
    supervisor: User
    administrator: User


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ctx(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Context]:
    settings = Settings(data_dir=tmp_path, public_url="https://heyi.example")
    store = Store(database_url)
    yield Context(store=store, settings=settings, keys=KeyStore(tmp_path / "keys"), clock=clock)
    await store.close()


@pytest.fixture
async def world(ctx: Context) -> World:
    async with ctx.store.write() as conn:
        return await worlds.make(conn)


@pytest.fixture
async def staff(ctx: Context, world: World) -> Staff:
    async with ctx.store.write() as conn:

        async def user(user_id: UserId) -> User:
            found = await users.find(conn, user_id)
            assert found is not None
            return found

        async def member(role: StaffRole, where: object = None, login: str = "") -> User:
            place = world.elsewhere if where else world.station
            if role in (StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR):
                place = world.bureau
            return await user(await worlds.member(conn, place, role, login or role, role))

        return Staff(
            wang=await user(world.wang),
            li=await user(world.li),
            zhao=await user(world.zhao),
            clerk=await member(StaffRole.CLERK),
            far_clerk=await member(StaffRole.CLERK, world.elsewhere, "far_clerk"),
            lawyer=await member(StaffRole.LAWYER),
            supervisor=await member(StaffRole.SUPERVISOR),
            administrator=await member(StaffRole.ADMINISTRATOR),
        )
