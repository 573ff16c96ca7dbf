"""A form sent twice, even at the same moment, makes one thing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import UserId
from server.services.context import Context
from server.store import forms
from server.store.store import again

KEY_LENGTH = 64


async def once(
    ctx: Context, user: UserId, key: str, make: Callable[[AsyncConnection], Awaitable[str]]
) -> str:
    """What `make` made in one transaction, or made before for the same key. Returns its id."""
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise Refused("bad_request")

    async def first() -> str:
        async with ctx.store.write() as conn:
            if before := await forms.made(conn, user, key):
                return before
            made = await make(conn)
            await forms.remember(conn, user, key, made)
            return made

    try:
        return await again(first)
    except (IntegrityError, Refused):
        # The same form was being sent by another request, which has won by now: what it did
        # may be the very reason why there is nothing left to do.
        async with ctx.store.read() as conn:
            if before := await forms.made(conn, user, key):
                return before
        raise
