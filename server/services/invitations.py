"""Invitations: a link by which somebody chooses the password of an account made for them.

It works once, for a week; the database has only its hash. A new one makes the old one void, and
is also the way out for who has forgotten their password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.rights import manages
from server.domain.user import User
from server.security import passwords, tokens
from server.services import notices
from server.services.context import Context
from server.services.users import require_managed
from server.store import accounts, audit, organisations, sign_ins, users

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sent:
    """`link` is shown this once. `emailed`: it was also sent to the address of the account."""

    link: str
    expires_at: datetime
    name: str
    login: str
    organisation: str
    emailed: bool


@dataclass(frozen=True, slots=True)
class Invited:
    user: UserId
    name: str
    login: str
    organisation: str


async def invite(ctx: Context, user: User, person_id: UserId) -> Sent:
    """Raises Refused: `not_found`, `not_allowed`, `has_left`."""
    secret, now = tokens.new_secret(), ctx.clock()
    link = f"{ctx.settings.origin}/invite/{secret}"
    expires_at = now + GOOD_FOR
    async with ctx.store.write() as conn:
        person = await require_managed(conn, user, person_id)
        if person.left:
            raise Refused("has_left")
        account = await accounts.find(conn, person_id)
        assert account is not None
        where = await organisations.get(conn, person.organisation)
        hashed = tokens.secret_hash(secret)
        made = await accounts.invite(conn, person_id, hashed, user.id, expires_at)
        await _audit(ctx, conn, person, "user.invited", user.id)
        if account.email:
            values = {"link": link, "organisation": where.name}
            await notices.to_staff(ctx, conn, person_id, "staff_invited", values, made)
    emailed = bool(account.email)
    return Sent(link, expires_at, person.name, account.login, where.name, emailed)


async def opened(ctx: Context, secret: str, address: str) -> Invited:
    """Raises Refused: `invitation_void`, `too_many`."""
    if not ctx.limiter.allowed(ctx.settings.join_limit, "invitation from", address):
        raise Refused("too_many")
    async with ctx.store.read() as conn:
        return (await _find(ctx, conn, secret))[1]


async def accept(ctx: Context, secret: str, password: str, address: str) -> Invited:
    """The password is theirs from now on; whoever was signed in with the account is not any more.

    Raises Refused: `password_too_short`, `password_too_long`, and as above.
    """
    invited = await opened(ctx, secret, address)
    hashed = await passwords.hash_password(password)
    async with ctx.store.write() as conn:
        invitation_id, invited = await _find(ctx, conn, secret)
        if not await accounts.use_invitation(conn, invitation_id, ctx.clock()):
            raise Refused("invitation_void")
        await accounts.set_password(conn, invited.user, hashed)
        await sign_ins.close_all(conn, invited.user)
        person = await users.find(conn, invited.user)
        assert person is not None
        await _audit(ctx, conn, person, "user.joined", person.id)
    return invited


async def _find(ctx: Context, conn: AsyncConnection, secret: str) -> tuple[str, Invited]:
    found = await accounts.invitation(conn, tokens.secret_hash(secret))
    if found is None or ctx.clock() >= found.expires_at:
        raise Refused("invitation_void")
    person, account = await users.find(conn, found.user), await accounts.find(conn, found.user)
    if person is None or account is None or person.left:
        raise Refused("invitation_void")
    inviter = await users.find(conn, found.by) if found.by else None
    if inviter is None or not manages(inviter, person):
        # They may have become more since: their account is not the inviter's to open any more.
        raise Refused("invitation_void")
    where = await organisations.get(conn, person.organisation)
    return found.id, Invited(person.id, person.name, account.login, where.name)


async def _audit(ctx: Context, conn: AsyncConnection, person: User, verb: str, by: UserId) -> None:
    chain = f"org:{person.organisation}"
    await audit.append(conn, chain, verb, ctx.clock(), by, person.id, {})
