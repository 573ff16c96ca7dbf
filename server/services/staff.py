"""Staff sign in with login and password, and are known by a cookie from then on."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.user import User
from server.security import passwords, tokens
from server.services import second_factor
from server.services.context import Context
from server.services.users import LOGIN
from server.store import accounts, audit, sign_ins, users
from server.store.sign_ins import SignIn

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when somebody was last seen."""

CONFIRMED_FOR = timedelta(minutes=15)
"""How long the password that was shown counts for what asks for it anew."""

DEVICE_LENGTH = 80


class CodeNeeded(Exception):
    """The password was right, and a second factor is on: `half` goes into `sign_in_with_code`."""

    def __init__(self, half: str) -> None:
        super().__init__()
        self.half = half


async def sign_in(ctx: Context, login: str, password: str, address: str, device: str = "") -> str:
    """Returns the token for the cookie.

    Raises CodeNeeded, or Refused: `too_many` tries from this address or failures for this login;
    `sign_in_failed`, with the same answer after the same time whether the login or the password
    is wrong.
    """
    if not ctx.limiter.allowed(ctx.settings.sign_in_limit, "sign in from", address):
        raise Refused("too_many")
    user_id, hashed = await _known(ctx, login.strip().lower(), password)
    if passwords.outdated(hashed):
        better = await passwords.hash_password(password)
        async with ctx.store.write() as conn:
            await accounts.set_password(conn, user_id, better)
        hashed = better
    async with ctx.store.read() as conn:
        account = await accounts.find(conn, user_id)
    if account is not None and account.second_factor:
        raise CodeNeeded(second_factor.half(ctx, user_id, hashed))
    async with ctx.store.write() as conn:
        return await _open(ctx, conn, user_id, address, device)


async def sign_in_with_code(
    ctx: Context, half: str, code: str, address: str, device: str = ""
) -> str:
    """The second step. Returns the token for the cookie.

    Raises Refused: `half_over` when the first step is too long ago, `code_wrong`, `too_many`.
    """
    user_id = await second_factor.whose_half(ctx, half)
    second_factor.limit(ctx, user_id)
    async with ctx.store.write() as conn:
        await second_factor.use(ctx, conn, user_id, code)
        token = await _open(ctx, conn, user_id, address, device)
    second_factor.forgive(ctx, user_id)
    return token


async def check_password(ctx: Context, user_id: UserId, password: str) -> None:
    """Of somebody signed in. Raises Refused: `password_wrong`, `too_many`."""
    async with ctx.store.read() as conn:
        account = await accounts.find(conn, user_id)
    if account is None:
        raise Refused("password_wrong")
    try:
        await _known(ctx, account.login, password)
    except Refused as refused:
        wrong = refused.code == "sign_in_failed"
        raise Refused("password_wrong" if wrong else refused.code) from None


async def who(ctx: Context, token: str | None) -> User | None:
    """Whose token this is; None when it is unknown, was signed out, unused too long or is old."""
    now = ctx.clock()
    async with ctx.store.read() as conn:
        found = await _alive(ctx, conn, token)
        user = await users.find(conn, found.user) if found else None
    if found is None or user is None or user.left:
        return None
    if now >= found.seen_at + SEEN_EVERY:
        async with ctx.store.write() as conn:
            await sign_ins.seen(conn, tokens.secret_hash(token or ""), now)
    return user


async def confirmed(ctx: Context, token: str | None) -> bool:
    """Whether the password was shown in this sign-in a short time ago."""
    async with ctx.store.read() as conn:
        found = await _alive(ctx, conn, token)
    return found is not None and ctx.clock() < found.confirmed_at + CONFIRMED_FOR


async def confirm(ctx: Context, token: str, user: User, password: str) -> None:
    """Raises Refused: `password_wrong`, `too_many`."""
    await check_password(ctx, user.id, password)
    async with ctx.store.write() as conn:
        await sign_ins.confirm(conn, tokens.secret_hash(token), ctx.clock())


async def sign_out(ctx: Context, token: str | None) -> None:
    """The token is worth nothing from now on. Twice is once."""
    if not token:
        return
    hashed = tokens.secret_hash(token)
    async with ctx.store.write() as conn:
        found = await sign_ins.find(conn, hashed)
        user = await users.find(conn, found.user) if found else None
        await sign_ins.close(conn, hashed)
        if user:
            chain = f"org:{user.organisation}"
            await audit.append(conn, chain, "staff.signed_out", ctx.clock(), user.id, user.id, {})


async def _known(ctx: Context, login: str, password: str) -> tuple[UserId, str]:
    """Whose login and password these are. Only failures count against the login."""
    limit = ctx.settings.sign_in_limit
    if not ctx.limiter.allowed(limit, "sign in as", login):
        raise Refused("too_many")
    async with ctx.store.read() as conn:
        known = await accounts.password_of(conn, login) if LOGIN.fullmatch(login) else None
    user_id, hashed = known or (None, None)
    if not await passwords.matches(password, hashed) or user_id is None or hashed is None:
        raise Refused("sign_in_failed")
    ctx.limiter.forgive(limit, "sign in as", login)
    return user_id, hashed


async def _open(
    ctx: Context, conn: AsyncConnection, user_id: UserId, address: str, device: str
) -> str:
    token, now = tokens.new_secret(), ctx.clock()
    user = await users.find(conn, user_id)
    if user is None or user.left:
        raise Refused("sign_in_failed")
    await sign_ins.sweep(conn, now)
    ends_at = now + timedelta(hours=ctx.settings.staff_session_max_h)
    hashed = tokens.secret_hash(token)
    seen = (device[:DEVICE_LENGTH], address[:DEVICE_LENGTH])
    await sign_ins.open_one(conn, hashed, user_id, now, ends_at, *seen)
    chain = f"org:{user.organisation}"
    await audit.append(conn, chain, "staff.signed_in", now, user_id, user_id, {})
    return token


async def _alive(ctx: Context, conn: AsyncConnection, token: str | None) -> SignIn | None:
    if not token:
        return None
    found = await sign_ins.find(conn, tokens.secret_hash(token))
    if found is None or ctx.clock() >= found.ends_at or found.seen_at <= idle_since(ctx):
        return None
    return found


def idle_since(ctx: Context) -> datetime:
    """Sign-ins that were last used then or before are over."""
    return ctx.clock() - timedelta(minutes=ctx.settings.staff_session_idle_min)
