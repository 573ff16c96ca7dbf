from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest

from server.domain.errors import Refused
from server.domain.user import StaffRole, User
from server.security import totp
from server.services import audit, organisations, profiles, second_factor, users
from server.services.context import Context
from server.services.staff import CodeNeeded, sign_in, sign_in_with_code, who
from server.store import tables
from server.store import users as stored
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.services.test_users import ADDRESS, PASSWORD
from tests.store.world import World


@pytest.fixture
async def eve(ctx: Context, world: World) -> User:
    where = await organisations.named(ctx, "河东所")
    made = await users.add(ctx, "eve", "夏娃", PASSWORD, where, [StaffRole.CLERK])
    async with ctx.store.read() as conn:
        found = await stored.find(conn, made)
    assert found is not None
    return found


class Phone:
    """The authenticator app."""

    def __init__(self, clock: Clock, secret: str) -> None:
        self.clock, self.secret = clock, secret

    def code(self, early: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.clock.now + timedelta(seconds=30 * early))


@pytest.fixture
async def codes(ctx: Context, clock: Clock, eve: User) -> list[str]:
    """It is on, a minute ago; these are the recovery codes."""
    setup = await second_factor.set_up(ctx, eve)
    found = await second_factor.switch_on(ctx, eve, Phone(clock, setup.secret).code())
    clock.forward(minutes=2)
    return found


@pytest.fixture
async def phone(ctx: Context, clock: Clock, eve: User, codes: list[str]) -> Phone:
    async with ctx.store.read() as conn:
        found = tables.user.select().where(tables.user.c.id == eve.id)
        row = (await conn.execute(found)).one()
    assert row.totp_secret.startswith("aes256gcm:")
    return Phone(clock, second_factor._unsealed(ctx, eve.id, row.totp_secret))


async def half(ctx: Context) -> str:
    with pytest.raises(CodeNeeded) as needed:
        await sign_in(ctx, "eve", PASSWORD, ADDRESS)
    return needed.value.half


async def test_it_is_on_once_a_code_confirms_it(ctx: Context, clock: Clock, eve: User) -> None:
    setup = await second_factor.set_up(ctx, eve)
    assert await second_factor.set_up(ctx, eve) == setup
    assert setup.secret in setup.uri
    assert "eve" in setup.uri
    with refused("code_wrong"):
        await second_factor.switch_on(ctx, eve, "12345")
    assert await sign_in(ctx, "eve", PASSWORD, ADDRESS)
    codes = await second_factor.switch_on(ctx, eve, Phone(clock, setup.secret).code())
    assert len(set(codes)) == totp.CODES
    with refused("second_factor_on"):
        await second_factor.set_up(ctx, eve)
    await half(ctx)


async def test_the_code_that_confirmed_it_signs_nobody_in(
    ctx: Context, clock: Clock, eve: User
) -> None:
    setup = await second_factor.set_up(ctx, eve)
    code = Phone(clock, setup.secret).code()
    await second_factor.switch_on(ctx, eve, code)
    with refused("code_wrong"):
        await sign_in_with_code(ctx, await half(ctx), code, ADDRESS)


@pytest.mark.parametrize("early", [-1, 0, 1])
async def test_clocks_may_differ_by_a_step(ctx: Context, phone: Phone, early: int) -> None:
    token = await sign_in_with_code(ctx, await half(ctx), phone.code(early), ADDRESS)
    assert await who(ctx, token)


@pytest.mark.parametrize("early", [-2, 2])
async def test_but_not_by_two(ctx: Context, phone: Phone, early: int) -> None:
    with refused("code_wrong"):
        await sign_in_with_code(ctx, await half(ctx), phone.code(early), ADDRESS)


async def test_a_code_counts_once_even_at_once(ctx: Context, phone: Phone) -> None:
    first, second, code = await half(ctx), await half(ctx), phone.code()
    done = await asyncio.gather(
        sign_in_with_code(ctx, first, code, ADDRESS),
        sign_in_with_code(ctx, second, code, ADDRESS),
        return_exceptions=True,
    )
    assert [one.code for one in done if isinstance(one, Refused)] == ["code_wrong"]
    with refused("code_wrong"):
        # Nor one of before.
        await sign_in_with_code(ctx, await half(ctx), phone.code(-1), ADDRESS)


@pytest.mark.parametrize("code", ["", "abc", "١٢٣٤٥٦", "12345", "\0\udcff", "000000 000000"])
async def test_what_is_no_code(ctx: Context, phone: Phone, code: str) -> None:
    with refused("code_wrong"):
        await sign_in_with_code(ctx, await half(ctx), code, ADDRESS)


async def test_a_recovery_code_counts_once(
    ctx: Context, phone: Phone, codes: list[str], eve: User
) -> None:
    for code in (codes[0], codes[1].lower().replace("-", " ")):
        assert await sign_in_with_code(ctx, await half(ctx), code, ADDRESS)
    with refused("code_wrong"):
        await sign_in_with_code(ctx, await half(ctx), codes[0], ADDRESS)
    assert (await profiles.own(ctx, eve, "")).recovery_codes == totp.CODES - 2
    async with ctx.store.read() as conn:
        kept = str((await conn.execute(tables.recovery_code.select())).all())
    assert not any(code in kept for code in codes)


async def test_tries_are_limited_and_only_failures_count(ctx: Context, phone: Phone) -> None:
    for _ in range(4):
        with refused("code_wrong"):
            await sign_in_with_code(ctx, await half(ctx), "12345", ADDRESS)
    assert await sign_in_with_code(ctx, await half(ctx), phone.code(), ADDRESS)
    phone.clock.forward(minutes=1)
    for _ in range(5):
        with refused("code_wrong"):
            await sign_in_with_code(ctx, await half(ctx), "12345", ADDRESS)
    with refused("too_many"):
        await sign_in_with_code(ctx, await half(ctx), phone.code(), ADDRESS)


async def test_the_first_step_counts_for_five_minutes(
    ctx: Context, clock: Clock, phone: Phone, eve: User
) -> None:
    first = await half(ctx)
    clock.forward(minutes=5)
    with refused("half_over"):
        await sign_in_with_code(ctx, first, phone.code(), ADDRESS)
    for forged in ("", "aes256gcm:", "aes256gcm:AAAA", "x" * 200, "\udcff"):
        with refused("half_over"):
            await sign_in_with_code(ctx, forged, phone.code(), ADDRESS)
    second = await half(ctx)
    await profiles.change_password(ctx, eve, "", PASSWORD, "another password")
    with refused("half_over"):
        await sign_in_with_code(ctx, second, phone.code(), ADDRESS)


async def test_it_is_switched_off_with_the_password(ctx: Context, phone: Phone, eve: User) -> None:
    with refused("password_wrong"):
        await profiles.second_factor_off(ctx, eve, "wrong")
    await half(ctx)
    await profiles.second_factor_off(ctx, eve, PASSWORD)
    assert await sign_in(ctx, "eve", PASSWORD, ADDRESS)
    setup = await second_factor.set_up(ctx, eve)
    assert setup.secret != phone.secret


async def test_an_administrator_resets_it(
    ctx: Context, phone: Phone, eve: User, staff: Staff
) -> None:
    for other in (staff.clerk, staff.far_clerk, staff.supervisor):
        with refused("not_found"):
            await users.reset_second_factor(ctx, other, eve.id)
    await users.reset_second_factor(ctx, staff.administrator, eve.id)
    assert await sign_in(ctx, "eve", PASSWORD, ADDRESS)
    async with ctx.store.read() as conn:
        rows = (await conn.execute(tables.audit_entry.select())).all()
    reset = [row for row in rows if row.verb == "staff.second_factor_off"]
    assert [(row.actor, row.thing) for row in reset] == [(staff.administrator.id, eve.id)]
    assert await audit.verify(ctx) == []
