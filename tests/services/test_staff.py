from __future__ import annotations

import asyncio

import pytest

from server.domain.errors import Refused
from server.domain.organisation import OrganisationKind
from server.domain.user import StaffRole
from server.security import passwords
from server.services import audit, organisations, staff, users
from server.services.context import Context
from server.store import tables
from tests.services.conftest import Clock
from tests.services.refusing import refused

PASSWORD = "a long password"
ADDRESS = "192.0.2.1"


@pytest.fixture
async def wang(ctx: Context) -> str:
    station = await organisations.add(ctx, "河东所", OrganisationKind.STATION)
    return await users.add(ctx, "Wang", "王敏", PASSWORD, station, [StaffRole.MEDIATOR])


async def test_who_signs_in_is_known_by_the_token(ctx: Context, wang: str) -> None:
    token = await staff.sign_in(ctx, " WANG ", PASSWORD, ADDRESS)
    user = await staff.who(ctx, token)
    assert user is not None
    assert (user.id, user.name) == (wang, "王敏")
    assert [grant.role for grant in user.grants] == [StaffRole.MEDIATOR]


@pytest.mark.parametrize("token", [None, "", "x" * 43, "\udcff"])
async def test_nobody_is_known_by_another_token(ctx: Context, wang: str, token: str) -> None:
    await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    assert await staff.who(ctx, token) is None
    await staff.sign_out(ctx, token)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("wang", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("wang", ""),
        ("' or 1=1", "\0"),
        ("\0\udcff", "\udcff"),
    ],
)
async def test_the_answer_to_a_wrong_login_and_to_a_wrong_password_is_one(
    ctx: Context, wang: str, login: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One refusal, after one verification of a password."""
    verified = []
    verify = passwords._verify

    def counting(given: str, hashed: str | None) -> bool:
        verified.append(hashed)
        return verify(given, hashed)

    monkeypatch.setattr(passwords, "_verify", counting)
    with refused("sign_in_failed"):
        await staff.sign_in(ctx, login, password, ADDRESS)
    assert len(verified) == 1


async def test_signing_out_ends_it(ctx: Context, wang: str) -> None:
    token, other = [await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS) for _ in range(2)]
    await staff.sign_out(ctx, token)
    await staff.sign_out(ctx, token)
    assert await staff.who(ctx, token) is None
    assert await staff.who(ctx, other) is not None


async def test_unused_it_ends_by_itself(ctx: Context, wang: str, clock: Clock) -> None:
    token = await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    for _ in range(3):
        clock.forward(minutes=ctx.settings.staff_session_idle_min - 1)
        assert await staff.who(ctx, token) is not None
    clock.forward(minutes=ctx.settings.staff_session_idle_min)
    assert await staff.who(ctx, token) is None


async def test_it_ends_however_much_it_is_used(ctx: Context, wang: str, clock: Clock) -> None:
    token = await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    for _ in range(ctx.settings.staff_session_max_h * 2 - 1):
        clock.forward(minutes=30)
        assert await staff.who(ctx, token) is not None
    clock.forward(minutes=30)
    assert await staff.who(ctx, token) is None


async def test_a_login_is_limited_from_wherever_it_is_tried(ctx: Context, wang: str) -> None:
    for n in range(10):
        with refused("sign_in_failed"):
            await staff.sign_in(ctx, "wang", "wrong", f"192.0.2.{n}")
    with refused("too_many"):
        await staff.sign_in(ctx, "WANG", PASSWORD, "192.0.2.200")


async def test_only_failures_count_against_a_login(ctx: Context, wang: str) -> None:
    for n in range(30):
        assert await staff.sign_in(ctx, "wang", PASSWORD, f"192.0.2.{n}")
    for n in range(9):
        with refused("sign_in_failed"):
            await staff.sign_in(ctx, "wang", "wrong", f"192.0.2.{n}")
    assert await staff.sign_in(ctx, "wang", PASSWORD, "192.0.2.200")


async def test_guesses_sent_all_at_once_count_too(ctx: Context, wang: str) -> None:
    done = await asyncio.gather(
        *(staff.sign_in(ctx, "wang", f"guess {n}", f"192.0.2.{n}") for n in range(30)),
        return_exceptions=True,
    )
    codes = [one.code for one in done if isinstance(one, Refused)]
    assert codes.count("sign_in_failed") == 10
    assert codes.count("too_many") == 20


async def test_every_try_counts_against_an_address(ctx: Context, wang: str) -> None:
    for _ in range(10):
        assert await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    with refused("too_many"):
        await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)


async def test_an_address_is_limited_whatever_it_tries(ctx: Context, wang: str) -> None:
    for n in range(10):
        with refused("sign_in_failed"):
            await staff.sign_in(ctx, f"guess{n}", "wrong", ADDRESS)
    with refused("too_many"):
        await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    assert await staff.sign_in(ctx, "wang", PASSWORD, "192.0.2.2")


async def test_no_token_is_in_the_database(ctx: Context, wang: str) -> None:
    token = await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    async with ctx.store.read() as conn:
        rows = (await conn.execute(tables.staff_session.select())).all()
    assert len(rows) == 1
    assert token not in str(rows)


async def test_signing_in_and_out_is_audited(ctx: Context, wang: str) -> None:
    await staff.sign_out(ctx, await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS))
    async with ctx.store.read() as conn:
        verbs = [row.verb for row in await conn.execute(tables.audit_entry.select())]
    assert {"staff.signed_in", "staff.signed_out"} <= set(verbs)
    assert await audit.verify(ctx) == []


async def test_old_sign_ins_are_swept(ctx: Context, wang: str, clock: Clock) -> None:
    await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    clock.forward(hours=ctx.settings.staff_session_max_h, minutes=1)
    await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    async with ctx.store.read() as conn:
        assert len((await conn.execute(tables.staff_session.select())).all()) == 1


async def test_a_weak_hash_is_made_anew(
    ctx: Context, wang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "outdated", lambda hashed: True)
    async with ctx.store.read() as conn:
        before = (await conn.execute(tables.user.select())).one().password_hash
    await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)
    async with ctx.store.read() as conn:
        after = (await conn.execute(tables.user.select())).one().password_hash
    assert before != after
    assert await staff.sign_in(ctx, "wang", PASSWORD, ADDRESS)


@pytest.mark.parametrize(
    ("login", "name", "password", "roles", "code"),
    [
        ("wang", "王二", PASSWORD, [StaffRole.CLERK], "login_taken"),
        ("WANG", "王二", PASSWORD, [StaffRole.CLERK], "login_taken"),
        ("王", "王二", PASSWORD, [StaffRole.CLERK], "login_unusable"),
        ("a b", "王二", PASSWORD, [StaffRole.CLERK], "login_unusable"),
        ("x" * 65, "王二", PASSWORD, [StaffRole.CLERK], "login_unusable"),
        ("wang2", " ", PASSWORD, [StaffRole.CLERK], "name_missing"),
        ("wang2", "\x07", PASSWORD, [StaffRole.CLERK], "name_unusable"),
        ("wang2", "王二", "short", [StaffRole.CLERK], "password_too_short"),
        ("wang2", "王二", PASSWORD, [], "roles_missing"),
    ],
)
async def test_an_account_that_cannot_be(
    ctx: Context,
    wang: str,
    login: str,
    name: str,
    password: str,
    roles: list[StaffRole],
    code: str,
) -> None:
    station = await organisations.named(ctx, "河东所")
    with refused(code):
        await users.add(ctx, login, name, password, station, roles)


async def test_organisations_are_found_by_id_or_name(ctx: Context, wang: str) -> None:
    station = await organisations.named(ctx, "河东所")
    assert await organisations.named(ctx, station.id) == station
    below = await organisations.add(
        ctx, "河东所", OrganisationKind.COMMITTEE, station, "Europe/London"
    )
    assert below.path == f"{station.id}/{below.id}/"
    assert (station.time_zone, below.time_zone) == ("Asia/Shanghai", "Europe/London")
    with refused("organisation_ambiguous"):
        await organisations.named(ctx, "河东所")
    with refused("organisation_unknown"):
        await organisations.named(ctx, "河西所")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "/etc/localtime", "Asia"])
async def test_a_time_zone_that_is_none(ctx: Context, zone: str) -> None:
    with refused("time_zone_unknown"):
        await organisations.add(ctx, "局", OrganisationKind.BUREAU, time_zone=zone)
