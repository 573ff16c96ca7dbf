"""What opens an account: login, password, second factor, invitation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import UserId
from server.security.ids import new_id
from server.store import tables

_user, _invitation, _recovery = tables.user, tables.invitation, tables.recovery_code


@dataclass(frozen=True, slots=True)
class Account:
    """`password_hash` is empty until an invitation is accepted.

    `totp_secret` is sealed; it is asked for at sign-in once it is confirmed (`second_factor`).
    """

    login: str
    password_hash: str
    email: str
    totp_secret: str | None
    second_factor: bool
    left_at: datetime | None


async def find(conn: AsyncConnection, user_id: UserId) -> Account | None:
    row = (await conn.execute(select(_user).where(_user.c.id == user_id))).mappings().first()
    if row is None:
        return None
    return Account(
        login=row["login"],
        password_hash=row["password_hash"],
        email=row["email"],
        totp_secret=row["totp_secret"],
        second_factor=row["totp_confirmed_at"] is not None,
        left_at=row["left_at"],
    )


async def password_of(conn: AsyncConnection, login: str) -> tuple[UserId, str] | None:
    """Who signs in with this login, and the hash of their password; not who has none or left."""
    found = select(_user.c.id, _user.c.password_hash).where(
        _user.c.login == login, _user.c.password_hash != "", _user.c.left_at.is_(None)
    )
    row = (await conn.execute(found)).first()
    return None if row is None else (UserId(row.id), row.password_hash)


async def set_password(conn: AsyncConnection, user_id: UserId, password_hash: str) -> None:
    """An empty one: nobody signs in with it."""
    where = _user.c.id == user_id
    await conn.execute(update(_user).where(where).values(password_hash=password_hash))


# ---- the second factor --------------------------------------------------------------------------


async def set_totp(
    conn: AsyncConnection, user_id: UserId, sealed: str | None, confirmed_at: datetime | None
) -> None:
    """Without a secret it is off, and its recovery codes are gone."""
    values = {"totp_secret": sealed, "totp_confirmed_at": confirmed_at}
    await conn.execute(update(_user).where(_user.c.id == user_id).values(**values))
    if sealed is None:
        await conn.execute(update(_user).where(_user.c.id == user_id).values(totp_step=None))
        await conn.execute(delete(_recovery).where(_recovery.c.user == user_id))


async def use_step(conn: AsyncConnection, user_id: UserId, step: int) -> bool:
    """False when a code of this time step, or of a later one, was used before."""
    newer = or_(_user.c.totp_step.is_(None), _user.c.totp_step < step)
    used = update(_user).where(_user.c.id == user_id, newer).values(totp_step=step)
    return (await conn.execute(used)).rowcount == 1


async def set_recovery_codes(conn: AsyncConnection, user_id: UserId, hashes: Iterable[str]) -> None:
    """These instead of all there were."""
    await conn.execute(delete(_recovery).where(_recovery.c.user == user_id))
    rows = [{"user": user_id, "code_hash": hashed} for hashed in hashes]
    await conn.execute(insert_into(_recovery), rows)


async def use_recovery_code(
    conn: AsyncConnection, user_id: UserId, hashed: str, at: datetime
) -> bool:
    """False when there is no such code of theirs, or it was used before."""
    unused = update(_recovery).where(
        _recovery.c.user == user_id,
        _recovery.c.code_hash == hashed,
        _recovery.c.used_at.is_(None),
    )
    return (await conn.execute(unused.values(used_at=at))).rowcount == 1


async def recovery_codes_left(conn: AsyncConnection, user_id: UserId) -> int:
    unused = select(_recovery.c.code_hash).where(
        _recovery.c.user == user_id, _recovery.c.used_at.is_(None)
    )
    return len((await conn.execute(unused)).all())


# ---- invitations --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invitation:
    """`by`: who invited, unless it was on the command line."""

    id: str
    user: UserId
    by: UserId | None
    expires_at: datetime


async def invite(
    conn: AsyncConnection, user_id: UserId, secret_hash: str, by: UserId, expires_at: datetime
) -> str:
    """A new one; those before it are void. Returns its id."""
    await conn.execute(delete(_invitation).where(_invitation.c.user == user_id))
    invitation_id = new_id()
    row = {"id": invitation_id, "user": user_id, "secret_hash": secret_hash, "by": by}
    await conn.execute(insert_into(_invitation).values(**row, expires_at=expires_at))
    return invitation_id


async def void_invitations(conn: AsyncConnection, user_id: UserId) -> None:
    await conn.execute(delete(_invitation).where(_invitation.c.user == user_id))


async def invitation(conn: AsyncConnection, secret_hash: str) -> Invitation | None:
    """One that was not used yet."""
    unused = select(_invitation).where(
        _invitation.c.secret_hash == secret_hash, _invitation.c.used_at.is_(None)
    )
    row = (await conn.execute(unused)).first()
    if row is None:
        return None
    by = UserId(row.by) if row.by else None
    return Invitation(row.id, UserId(row.user), by, row.expires_at)


async def invitation_of(conn: AsyncConnection, user_id: UserId) -> datetime | None:
    """Until when somebody's open invitation can be used; None if there is none."""
    unused = select(_invitation.c.expires_at).where(
        _invitation.c.user == user_id, _invitation.c.used_at.is_(None)
    )
    row = (await conn.execute(unused)).first()
    return None if row is None else row.expires_at


async def use_invitation(conn: AsyncConnection, invitation_id: str, at: datetime) -> bool:
    """False when somebody was quicker."""
    unused = update(_invitation).where(
        _invitation.c.id == invitation_id, _invitation.c.used_at.is_(None)
    )
    return (await conn.execute(unused.values(used_at=at))).rowcount == 1
