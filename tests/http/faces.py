"""A mediator who shows their face on the public list."""

from __future__ import annotations

from collections.abc import AsyncIterator

from server.domain.ids import UserId
from server.services import profiles
from server.services.context import Context
from server.store import profiles as kept
from server.store import users
from tests.security.test_files import png


async def show_face(ctx: Context, person: UserId) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield png()

    async with ctx.store.read() as conn:
        user = await users.find(conn, person)
    assert user is not None
    await profiles.set_photo(ctx, user, chunks())
    async with ctx.store.write() as conn:
        await kept.set_fields(conn, person, {"listed": True})
