"""The second factor of staff: set up, used at sign-in, switched off, reset by an administrator."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.user import User
from server.security import sealing, tokens, totp
from server.services.context import Context
from server.store import accounts, audit, users

ISSUER = "Heyi"
CODE_LIMIT = "5/minute;50/day"
"""Failures with a code. Each tries three of a million codes, so that guessing takes decades."""

HALF_FOR = timedelta(minutes=5)
"""How long the password counts while the code is being looked up."""

_HALF = "half sign-in"


@dataclass(frozen=True, slots=True)
class SetUp:
    """What is shown to be scanned (`uri`) or typed (`secret`)."""

    uri: str
    secret: str


# ---- at sign-in ---------------------------------------------------------------------------------


def half(ctx: Context, user_id: UserId, password_hash: str) -> str:
    """Proof that the password was shown: sealed, so that nothing has to be kept for it."""
    said = {
        "user": user_id,
        "at": ctx.clock().isoformat(),
        "password": tokens.secret_hash(password_hash),
    }
    return sealing.seal(ctx.keys.own_key, _HALF, json.dumps(said))


async def whose_half(ctx: Context, sealed: str) -> UserId:
    """Raises Refused("half_over") when it is old, forged, or the password is another by now."""
    try:
        said = json.loads(sealing.unseal(ctx.keys.own_key, _HALF, sealed))
    except (sealing.Unreadable, ValueError):
        raise Refused("half_over") from None
    if ctx.clock() >= datetime.fromisoformat(said["at"]) + HALF_FOR:
        raise Refused("half_over")
    user_id = UserId(said["user"])
    async with ctx.store.read() as conn:
        account = await accounts.find(conn, user_id)
    if account is None or account.left_at or not account.second_factor:
        raise Refused("half_over")
    if not tokens.secret_matches(account.password_hash, said["password"]):
        raise Refused("half_over")
    return user_id


def limit(ctx: Context, user_id: UserId) -> None:
    """Count one try. Raises Refused("too_many")."""
    if not ctx.limiter.allowed(CODE_LIMIT, "code of", user_id):
        raise Refused("too_many")


def forgive(ctx: Context, user_id: UserId) -> None:
    """The code was right: only failures count."""
    ctx.limiter.forgive(CODE_LIMIT, "code of", user_id)


async def use(ctx: Context, conn: AsyncConnection, user_id: UserId, code: str) -> None:
    """A code of now, or a recovery code; either counts once. Raises Refused("code_wrong")."""
    account = await accounts.find(conn, user_id)
    if account is None or account.totp_secret is None:
        raise Refused("code_wrong")
    secret = _unsealed(ctx, user_id, account.totp_secret)
    step = totp.step_of(secret, code, ctx.clock())
    if step is not None:
        if not await accounts.use_step(conn, user_id, step):
            raise Refused("code_wrong")
        return
    hashed = totp.recovery_hash(ctx.keys.own_key, user_id, code)
    if not await accounts.use_recovery_code(conn, user_id, hashed, ctx.clock()):
        raise Refused("code_wrong")
    await _audit(ctx, conn, user_id, user_id, "staff.used_recovery_code")


# ---- one's own ----------------------------------------------------------------------------------


async def set_up(ctx: Context, user: User) -> SetUp:
    """A secret that isn't asked for yet: shown again until it is confirmed by a code.

    Raises Refused("second_factor_on").
    """
    async with ctx.store.write() as conn:
        account = await accounts.find(conn, user.id)
        assert account is not None
        if account.second_factor:
            raise Refused("second_factor_on")
        if account.totp_secret is None:
            secret = totp.new_secret()
            await accounts.set_totp(conn, user.id, _sealed(ctx, user.id, secret), None)
        else:
            secret = _unsealed(ctx, user.id, account.totp_secret)
    return SetUp(totp.uri(secret, account.login, ISSUER), secret)


async def switch_on(ctx: Context, user: User, code: str) -> list[str]:
    """Returns the recovery codes, to be shown this once.

    Raises Refused: `code_wrong`, `too_many`, `second_factor_on`.
    """
    limit(ctx, user.id)
    codes = totp.recovery_codes()
    async with ctx.store.write() as conn:
        account = await accounts.find(conn, user.id)
        assert account is not None
        if account.second_factor:
            raise Refused("second_factor_on")
        if account.totp_secret is None:
            raise Refused("code_wrong")
        step = totp.step_of(_unsealed(ctx, user.id, account.totp_secret), code, ctx.clock())
        if step is None:
            raise Refused("code_wrong")
        await accounts.set_totp(conn, user.id, account.totp_secret, ctx.clock())
        await accounts.use_step(conn, user.id, step)
        hashes = [totp.recovery_hash(ctx.keys.own_key, user.id, code) for code in codes]
        await accounts.set_recovery_codes(conn, user.id, hashes)
        await _audit(ctx, conn, user.id, user.id, "staff.second_factor_on")
    forgive(ctx, user.id)
    return codes


async def switch_off(ctx: Context, conn: AsyncConnection, user_id: UserId, by: UserId) -> None:
    """By oneself after the password, or by an administrator."""
    await accounts.set_totp(conn, user_id, None, None)
    await _audit(ctx, conn, user_id, by, "staff.second_factor_off")


def _sealed(ctx: Context, user_id: UserId, secret: str) -> str:
    return sealing.seal(ctx.keys.own_key, f"totp:{user_id}", secret)


def _unsealed(ctx: Context, user_id: UserId, sealed: str) -> str:
    return sealing.unseal(ctx.keys.own_key, f"totp:{user_id}", sealed)


async def _audit(
    ctx: Context, conn: AsyncConnection, user_id: UserId, by: UserId, verb: str
) -> None:
    user = await users.find(conn, user_id)
    assert user is not None
    await audit.append(conn, f"org:{user.organisation}", verb, ctx.clock(), by, user_id, {})
