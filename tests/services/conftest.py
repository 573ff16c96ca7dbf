from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from server.domain.ids import UserId
from server.domain.organisation import Organisation
from server.domain.user import StaffRole, User
from server.security import passwords
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
    """Wang handles the case; Li is her colleague; Zhao is elsewhere."""

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
async def staff(ctx: Context, world: World) -> Staff:
    async with ctx.store.write() as conn:

        async def user(user_id: UserId) -> User:
            found = await users.find(conn, user_id)
            assert found is not None
            return found

        async def member(role: StaffRole, where: Organisation, login: str) -> User:
            return await user(await worlds.member(conn, where, role, login, login))

        return Staff(
            wang=await user(world.wang),
            li=await user(world.li),
            zhao=await user(world.zhao),
            clerk=await member(StaffRole.CLERK, world.station, "clerk"),
            far_clerk=await member(StaffRole.CLERK, world.elsewhere, "far_clerk"),
            lawyer=await member(StaffRole.LAWYER, world.station, "lawyer"),
            supervisor=await member(StaffRole.SUPERVISOR, world.bureau, "supervisor"),
            administrator=await member(StaffRole.ADMINISTRATOR, world.bureau, "administrator"),
        )


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real hashing takes a tenth of a second each time, on purpose; here it would only wait."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
