"""Forms that were sent, so that one sent twice makes one thing."""

from __future__ import annotations

from sqlalchemy import and_, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import UserId
from server.store import tables

_form = tables.form


async def made(conn: AsyncConnection, user: UserId, key: str) -> str | None:
    """The id of what this user's form with this key has made; None if it is the first time."""
    where = and_(_form.c.user == user, _form.c.key == key)
    return await conn.scalar(select(_form.c.made).where(where))


async def remember(conn: AsyncConnection, user: UserId, key: str, made_id: str) -> None:
    """Raises IntegrityError when the same form is being sent by another request."""
    await conn.execute(insert(_form).values(user=user, key=key, made=made_id))
