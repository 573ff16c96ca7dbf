from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.organisation import Organisation
from server.domain.rights import Verb, scope
from server.domain.user import StaffRole, User
from server.security import passwords
from server.services import audit, invitations, organisations, users
from server.services.context import Context
from server.services.staff import sign_in, who
from server.services.users import Known, NewPerson
from server.store import accounts, tables
from server.store import audit as chains
from server.store import users as stored
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store import world as worlds
from tests.store.world import World

PASSWORD = "a long password"
ADDRESS = "192.0.2.1"


async def member(ctx: Context, where: Organisation, role: StaffRole, login: str) -> User:
    async with ctx.store.write() as conn:
        found = await stored.find(conn, await worlds.member(conn, where, role, login, login))
    assert found is not None
    return found


async def user(ctx: Context, user_id: UserId) -> User:
    async with ctx.store.read() as conn:
        found = await stored.find(conn, user_id)
    assert found is not None
    return found


@pytest.fixture
async def local(ctx: Context, world: World) -> User:
    """An administrator of the station only."""
    return await member(ctx, world.station, StaffRole.ADMINISTRATOR, "local")


@pytest.fixture
async def made(ctx: Context, world: World, local: User) -> UserId:
    """Somebody whom the station's administrator has made a clerk, not invited yet."""
    new = NewPerson("eve", "夏娃", world.station.id, (StaffRole.CLERK,), email="eve@example.org")
    return await users.make(ctx, local, new, "key")


# ---- accounts -----------------------------------------------------------------------------------


async def test_an_account_is_made_once_and_opens_nothing_yet(
    ctx: Context, world: World, local: User, made: UserId
) -> None:
    new = NewPerson("eve", "夏娃", world.station.id, (StaffRole.CLERK,))
    assert await users.make(ctx, local, new, "key") == made
    with refused("login_taken"):
        await users.make(ctx, local, new, "another key")
    for password in ("", "nobody has this password"):
        with refused("sign_in_failed"):
            await sign_in(ctx, "eve", password, ADDRESS)
    page = await users.page(ctx, local, made)
    assert page.invited
    assert [role.role for role in page.roles] == [StaffRole.CLERK]


async def test_nobody_makes_accounts_elsewhere(ctx: Context, world: World, local: User) -> None:
    for where in (world.elsewhere, world.bureau):
        with refused("not_found"):
            new = NewPerson("eve", "夏娃", where.id, (StaffRole.CLERK,))
            await users.make(ctx, local, new, "key")


async def test_people_are_listed_found_and_filtered(
    ctx: Context, world: World, local: User, staff: Staff
) -> None:
    lines, more = await users.listing(ctx, local)
    names = {line.member.name for line in lines}
    assert {"王敏", "李强", "local"} <= names
    assert not names & {"赵云", "administrator"}
    assert not more
    found, _ = await users.listing(ctx, staff.administrator, "WANG")
    assert [line.member.name for line in found] == ["王敏"]
    found, _ = await users.listing(ctx, staff.administrator, "敏")
    assert [line.member.login for line in found] == ["wang"]
    assert (await users.listing(ctx, staff.administrator, "%"))[0] == []
    found, _ = await users.listing(ctx, staff.administrator, role=StaffRole.CLERK)
    assert {line.member.name for line in found} == {"clerk", "far_clerk"}
    assert (await users.listing(ctx, staff.clerk)) == ([], False)


async def test_who_has_a_role_here_is_seen_here(
    ctx: Context, world: World, local: User, staff: Staff
) -> None:
    """A lawyer of another organisation with a role at the station: it can be taken away here."""
    given = (staff.zhao.id, StaffRole.LAWYER, world.station.id)
    await users.give(ctx, staff.administrator, *given)
    page = await users.page(ctx, local, staff.zhao.id)
    assert [(role.role, role.name) for role in page.roles] == [(StaffRole.LAWYER, "河东所")]
    assert not page.may_manage
    with refused("not_allowed"):
        await invitations.invite(ctx, local, staff.zhao.id)
    await users.revoke(ctx, local, *given)
    with refused("not_found"):
        await users.page(ctx, local, staff.zhao.id)


async def test_a_person_is_renamed_and_moves_to_another_unit(
    ctx: Context, world: World, staff: Staff
) -> None:
    known = Known("王敏敏", world.elsewhere.id, "13900000009", "wang@example.com")
    await users.change(ctx, staff.administrator, staff.wang.id, known)
    await users.change(ctx, staff.administrator, staff.wang.id, known)
    after = await user(ctx, staff.wang.id)
    assert (after.name, after.organisation) == ("王敏敏", world.elsewhere.id)
    assert after.grants == staff.wang.grants
    page = await users.page(ctx, staff.administrator, staff.wang.id)
    assert (page.phone, page.email) == ("13900000009", "wang@example.com")
    async with ctx.store.read() as conn:
        chain = await chains.of_chain(conn, f"org:{world.elsewhere.id}")
    (entry,) = [e for e in chain if e.verb == "user.changed"]
    assert entry.body["fields"] == ["name", "phone", "email"]
    assert "13900000009" not in str(entry.body)


# ---- roles --------------------------------------------------------------------------------------


async def test_roles_are_given_and_taken(ctx: Context, world: World, staff: Staff) -> None:
    given = (staff.wang.id, StaffRole.SUPERVISOR, world.elsewhere.id)
    await users.give(ctx, staff.administrator, *given)
    await users.give(ctx, staff.administrator, *given)
    assert scope(await user(ctx, staff.wang.id), Verb.READ_AUDIT)
    await users.revoke(ctx, staff.administrator, *given)
    await users.revoke(ctx, staff.administrator, *given)
    assert not scope(await user(ctx, staff.wang.id), Verb.READ_AUDIT)
    assert await audit.verify(ctx) == []


async def test_nobody_gives_a_role_outside_their_own(
    ctx: Context, world: World, local: User, staff: Staff
) -> None:
    for where in (world.bureau, world.elsewhere):
        for role in StaffRole:
            with refused("not_found"):
                await users.give(ctx, local, staff.wang.id, role, where.id)
            with refused("not_found"):
                await users.give(ctx, local, local.id, role, where.id)
    with refused("not_found"):
        await users.give(ctx, local, staff.zhao.id, StaffRole.CLERK, world.station.id)
    for other in (staff.clerk, staff.supervisor, staff.wang):
        with refused("not_found"):
            await users.give(ctx, other, other.id, StaffRole.CLERK, world.station.id)


async def test_an_administrator_gives_themself_nothing(
    ctx: Context, world: World, local: User, staff: Staff
) -> None:
    """Else whoever looks after accounts reads every case by one more role."""
    for role in StaffRole:
        with refused("not_yourself"):
            await users.give(ctx, local, local.id, role, world.station.id)
    await users.give(ctx, staff.administrator, local.id, StaffRole.CLERK, world.station.id)


async def test_the_last_administrator_stays(
    ctx: Context, world: World, local: User, staff: Staff
) -> None:
    own = (staff.administrator.id, StaffRole.ADMINISTRATOR, world.bureau.id)
    async with ctx.store.write() as conn:
        await accounts.set_password(conn, staff.administrator.id, "")
        await accounts.set_password(conn, staff.administrator.id, "some hash")
    with refused("last_administrator"):
        await users.revoke(ctx, staff.administrator, *own)
    # Of the station there is another: the bureau's.
    await users.revoke(
        ctx, staff.administrator, local.id, StaffRole.ADMINISTRATOR, world.station.id
    )
    # Who can't sign in yet doesn't count.
    new = NewPerson("eve", "夏娃", world.bureau.id, (StaffRole.ADMINISTRATOR,))
    invited = await users.make(ctx, staff.administrator, new, "key")
    with refused("last_administrator"):
        await users.revoke(ctx, staff.administrator, *own)
    async with ctx.store.write() as conn:
        await accounts.set_password(conn, invited, "some hash")
    await users.revoke(ctx, staff.administrator, *own)
    assert not scope(await user(ctx, staff.administrator.id), Verb.MANAGE)


async def test_two_administrators_taking_each_others_role_at_once(
    ctx: Context, world: World, staff: Staff
) -> None:
    other = await member(ctx, world.bureau, StaffRole.ADMINISTRATOR, "other")
    role = (StaffRole.ADMINISTRATOR, world.bureau.id)
    done = await asyncio.gather(
        users.revoke(ctx, other, staff.administrator.id, *role),
        users.revoke(ctx, staff.administrator, other.id, *role),
        return_exceptions=True,
    )
    assert [one.code for one in done if isinstance(one, Refused)] == ["last_administrator"]


# ---- invitations --------------------------------------------------------------------------------


def secret_of(sent: invitations.Sent) -> str:
    return sent.link.rpartition("/")[2]


async def test_by_the_link_one_chooses_a_password_once(
    ctx: Context, local: User, made: UserId
) -> None:
    sent = await invitations.invite(ctx, local, made)
    assert sent.link.startswith("https://heyi.example/invite/")
    assert "#" not in sent.link
    assert sent.emailed
    opened = await invitations.opened(ctx, secret_of(sent), ADDRESS)
    assert (opened.name, opened.login, opened.organisation) == ("夏娃", "eve", "河东所")
    with refused("password_too_short"):
        await invitations.accept(ctx, secret_of(sent), "short", ADDRESS)
    await invitations.accept(ctx, secret_of(sent), PASSWORD, ADDRESS)
    assert await sign_in(ctx, "eve", PASSWORD, ADDRESS)
    with refused("invitation_void"):
        await invitations.accept(ctx, secret_of(sent), "another password", ADDRESS)


async def test_a_link_accepted_twice_at_once_is_accepted_once(
    ctx: Context, local: User, made: UserId
) -> None:
    secret = secret_of(await invitations.invite(ctx, local, made))
    words = ("a first password", "a second password")
    done = await asyncio.gather(
        *(invitations.accept(ctx, secret, word, ADDRESS) for word in words),
        return_exceptions=True,
    )
    assert [one.code for one in done if isinstance(one, Refused)] == ["invitation_void"]


async def test_a_new_link_makes_the_old_one_void(ctx: Context, local: User, made: UserId) -> None:
    first, second = [await invitations.invite(ctx, local, made) for _ in range(2)]
    with refused("invitation_void"):
        await invitations.opened(ctx, secret_of(first), ADDRESS)
    await invitations.accept(ctx, secret_of(second), PASSWORD, ADDRESS)


async def test_a_link_is_good_for_a_week(
    ctx: Context, clock: Clock, local: User, made: UserId
) -> None:
    secret = secret_of(await invitations.invite(ctx, local, made))
    clock.now += timedelta(days=7, seconds=-1)
    assert await invitations.opened(ctx, secret, ADDRESS)
    clock.forward(seconds=1)
    with refused("invitation_void"):
        await invitations.accept(ctx, secret, PASSWORD, ADDRESS)


async def test_only_a_hash_of_it_is_kept_and_the_notice_is_sealed(
    ctx: Context, local: User, made: UserId
) -> None:
    secret = secret_of(await invitations.invite(ctx, local, made))
    async with ctx.store.read() as conn:
        for table in (tables.invitation, tables.notice, tables.audit_entry, tables.due):
            assert secret not in str((await conn.execute(table.select())).all())
        rows = (await conn.execute(tables.notice.select())).all()
    assert [row.template for row in rows] == ["staff_invited"]


async def test_a_new_link_is_also_a_new_password_and_ends_sign_ins(
    ctx: Context, local: User, made: UserId
) -> None:
    await invitations.accept(
        ctx, secret_of(await invitations.invite(ctx, local, made)), PASSWORD, ADDRESS
    )
    token = await sign_in(ctx, "eve", PASSWORD, ADDRESS)
    secret = secret_of(await invitations.invite(ctx, local, made))
    assert await who(ctx, token)
    await invitations.accept(ctx, secret, "another password", ADDRESS)
    assert await who(ctx, token) is None
    with refused("sign_in_failed"):
        await sign_in(ctx, "eve", PASSWORD, ADDRESS)


async def test_nobody_takes_the_account_of_who_is_more(
    ctx: Context, world: World, local: User, staff: Staff, made: UserId
) -> None:
    """Neither at once, nor by a link kept from before they were."""
    secret = secret_of(await invitations.invite(ctx, local, made))
    await users.give(ctx, staff.administrator, made, StaffRole.ADMINISTRATOR, world.bureau.id)
    with refused("invitation_void"):
        await invitations.accept(ctx, secret, PASSWORD, ADDRESS)
    with refused("not_allowed"):
        await invitations.invite(ctx, local, made)
    with refused("not_allowed"):
        await users.reset_second_factor(ctx, local, made)
    with refused("not_allowed"):
        await users.change(ctx, local, made, Known("夏娃", world.station.id, "", ""))


async def test_links_are_limited_by_address(ctx: Context, local: User, made: UserId) -> None:
    ctx.settings = ctx.settings.model_copy(update={"join_limit": "2/minute"})
    for _ in range(2):
        with refused("invitation_void"):
            await invitations.opened(ctx, "x" * 43, ADDRESS)
    with refused("too_many"):
        await invitations.opened(ctx, "x" * 43, ADDRESS)


async def test_the_operators_accounts_work_as_before(ctx: Context, world: World) -> None:
    where = await organisations.named(ctx, "河东所")
    await users.add(ctx, "Op", "王一", PASSWORD, where, [StaffRole.CLERK])
    assert await sign_in(ctx, "op", PASSWORD, ADDRESS)
    assert not await passwords.matches("", "")
