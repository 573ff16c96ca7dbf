"""Staff sign in with login and password, and are known by a cookie from then on."""

from __future__ import annotations

from datetime import timedelta

from server.domain.errors import Refused
from server.domain.user import User
from server.security import passwords, tokens
from server.services.context import Context
from server.services.users import LOGIN
from server.store import audit, users

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when somebody was last seen."""


async def sign_in(ctx: Context, login: str, password: str, address: str) -> str:
    """Returns the token for the cookie.

    Raises Refused: `too_many` tries from this address or for this login; `sign_in_failed`, with
    the same answer after the same time whether the login or the password is wrong.
    """
    login = login.strip().lower()
    limit = ctx.settings.sign_in_limit
    if not ctx.limiter.allowed(limit, "sign in from", address):
        raise Refused("too_many")
    if not ctx.limiter.allowed(limit, "sign in as", login):
        raise Refused("too_many")
    async with ctx.store.read() as conn:
        known = await users.password_of(conn, login) if LOGIN.fullmatch(login) else None
    user_id, hashed = known or (None, None)
    if not await passwords.matches(password, hashed) or user_id is None or hashed is None:
        raise Refused("sign_in_failed")
    better = await passwords.hash_password(password) if passwords.outdated(hashed) else None
    token, now = tokens.new_secret(), ctx.clock()
    ends_at = now + timedelta(hours=ctx.settings.staff_session_max_h)
    async with ctx.store.write() as conn:
        user = await users.find(conn, user_id)
        if user is None:
            raise Refused("sign_in_failed")
        if better:
            await users.set_password(conn, user_id, better)
        await users.sweep_sign_ins(conn, now)
        await users.open_sign_in(conn, tokens.secret_hash(token), user_id, now, ends_at)
        chain = f"org:{user.organisation}"
        await audit.append(conn, chain, "staff.signed_in", now, user_id, user_id, {})
    return token


async def who(ctx: Context, token: str | None) -> User | None:
    """Whose token this is; None when it is unknown, was signed out, unused too long or is old."""
    if not token:
        return None
    hashed, now = tokens.secret_hash(token), ctx.clock()
    async with ctx.store.read() as conn:
        sign_in = await users.find_sign_in(conn, hashed)
        if sign_in is None:
            return None
        idle = timedelta(minutes=ctx.settings.staff_session_idle_min)
        if now >= sign_in.ends_at or now >= sign_in.seen_at + idle:
            return None
        user = await users.find(conn, sign_in.user)
    if now >= sign_in.seen_at + SEEN_EVERY:
        async with ctx.store.write() as conn:
            await users.seen(conn, hashed, now)
    return user


async def sign_out(ctx: Context, token: str | None) -> None:
    """The token is worth nothing from now on. Twice is once."""
    if not token:
        return
    hashed = tokens.secret_hash(token)
    async with ctx.store.write() as conn:
        sign_in = await users.find_sign_in(conn, hashed)
        user = await users.find(conn, sign_in.user) if sign_in else None
        await users.close_sign_in(conn, hashed)
        if user:
            chain = f"org:{user.organisation}"
            await audit.append(conn, chain, "staff.signed_out", ctx.clock(), user.id, user.id, {})
