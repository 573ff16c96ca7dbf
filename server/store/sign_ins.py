"""Sign-ins of staff: known by a secret's hash, listed and ended by an id of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import UserId
from server.security.ids import new_id
from server.store import tables

_sign_in = tables.staff_session


@dataclass(frozen=True, slots=True)
class SignIn:
    """`device` in words; `confirmed_at`: when the password was last shown in it."""

    id: str
    user: UserId
    device: str
    address: str
    since: datetime
    seen_at: datetime
    confirmed_at: datetime
    ends_at: datetime


async def open_one(
    conn: AsyncConnection,
    secret_hash: str,
    user_id: UserId,
    at: datetime,
    ends_at: datetime,
    device: str = "",
    address: str = "",
) -> None:
    row = {"id": new_id(), "secret_hash": secret_hash, "user": user_id, "device": device}
    times = {"seen_at": at, "confirmed_at": at, "created_at": at, "ends_at": ends_at}
    await conn.execute(insert_into(_sign_in).values(**row, address=address, **times))


async def find(conn: AsyncConnection, secret_hash: str) -> SignIn | None:
    found = select(_sign_in).where(_sign_in.c.secret_hash == secret_hash)
    row = (await conn.execute(found)).mappings().first()
    return None if row is None else _to_sign_in(dict(row))


async def of_user(conn: AsyncConnection, user_id: UserId, now: datetime) -> list[SignIn]:
    """Those that are not over, the one used last first."""
    alive = select(_sign_in).where(_sign_in.c.user == user_id, _sign_in.c.ends_at > now)
    rows = await conn.execute(alive.order_by(_sign_in.c.seen_at.desc(), _sign_in.c.secret_hash))
    return [_to_sign_in(dict(row)) for row in rows.mappings()]


async def seen(conn: AsyncConnection, secret_hash: str, at: datetime) -> None:
    where = _sign_in.c.secret_hash == secret_hash
    await conn.execute(update(_sign_in).where(where).values(seen_at=at))


async def confirm(conn: AsyncConnection, secret_hash: str, at: datetime) -> None:
    where = _sign_in.c.secret_hash == secret_hash
    await conn.execute(update(_sign_in).where(where).values(confirmed_at=at))


async def close(conn: AsyncConnection, secret_hash: str) -> None:
    await conn.execute(delete(_sign_in).where(_sign_in.c.secret_hash == secret_hash))


async def close_one(conn: AsyncConnection, user_id: UserId, sign_in_id: str) -> bool:
    """Whether there was one of theirs with this id."""
    theirs = delete(_sign_in).where(_sign_in.c.user == user_id, _sign_in.c.id == sign_in_id)
    return (await conn.execute(theirs)).rowcount == 1


async def close_all(conn: AsyncConnection, user_id: UserId, but: str = "") -> int:
    """All of theirs but the one with this secret's hash. Returns how many."""
    others = delete(_sign_in).where(_sign_in.c.user == user_id, _sign_in.c.secret_hash != but)
    return (await conn.execute(others)).rowcount


async def sweep(conn: AsyncConnection, now: datetime) -> None:
    """Those that are over are kept for nothing."""
    await conn.execute(delete(_sign_in).where(_sign_in.c.ends_at < now))


def _to_sign_in(row: dict[str, object]) -> SignIn:
    # Those of before an upgrade have neither an id nor a moment of confirmation.
    return SignIn(
        id=str(row["id"] or ""),
        user=UserId(str(row["user"])),
        device=str(row["device"]),
        address=str(row["address"]),
        since=_moment(row["created_at"]),
        seen_at=_moment(row["seen_at"]),
        confirmed_at=_moment(row["confirmed_at"] or row["created_at"]),
        ends_at=_moment(row["ends_at"]),
    )


def _moment(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value
