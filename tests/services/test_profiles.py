from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from server.domain import profile as rules
from server.domain.case import DisputeType
from server.domain.document import FileType
from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.user import StaffRole
from server.services import organisations, profiles, users
from server.services.context import Context
from server.services.profiles import Said
from server.services.staff import CONFIRMED_FOR, confirm, confirmed, sign_in, who
from server.store import profiles as stored
from server.store import tables
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.services.test_users import ADDRESS, PASSWORD, user
from tests.store.world import World

WANG = Said(
    name="王敏",
    phone="13800000001",
    email="wang@example.org",
    expertise=(DisputeType.FAMILY, DisputeType.LAND),
    languages=("普通话", "吴语"),
    licence="A-1",
    introduction="二十年",
    listed=True,
)


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65536):
        yield content[start : start + 65536]


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


JPEG = (
    b"\xff\xd8"
    + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    + segment(0xE1, b"Exif\0\0 taken at the river")
    + segment(0xDA, b"\x01\x01\0\0\x3f\0")
    + b"picture\xff\xd9"
)


async def test_ones_roles_say_since_when_and_by_whom(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    where = world.station
    new = users.NewPerson("eve", "夏娃", where.id, (StaffRole.CLERK, StaffRole.LAWYER))
    made, first = await users.make(ctx, staff.administrator, new, "key"), clock.now
    clock.forward(minutes=5)
    await users.revoke(ctx, staff.administrator, made, StaffRole.LAWYER, where.id)
    clock.forward(minutes=5)
    for role in (StaffRole.LAWYER, StaffRole.SUPERVISOR):
        await users.give(ctx, staff.administrator, made, role, where.id)
    own = await profiles.own(ctx, await user(ctx, made), "")
    by = staff.administrator.name
    assert {(r.given.role, r.given.name, r.since, r.by) for r in own.roles} == {
        (StaffRole.CLERK, where.name, first, by),
        (StaffRole.LAWYER, where.name, clock.now, by),
        (StaffRole.SUPERVISOR, where.name, clock.now, by),
    }
    # Who has theirs from before there was a record sees that they have them.
    (old,) = (await profiles.own(ctx, staff.wang, "")).roles
    assert (old.given.role, old.since, old.by) == (StaffRole.MEDIATOR, None, "")


@pytest.fixture
async def eve(ctx: Context, world: World) -> UserId:
    where = await organisations.named(ctx, "河东所")
    return await users.add(ctx, "eve", "夏娃", PASSWORD, where, [StaffRole.CLERK])


async def test_what_one_says_of_oneself(ctx: Context, staff: Staff) -> None:
    await profiles.change(ctx, staff.wang, WANG)
    own = (await profiles.own(ctx, staff.wang, "")).profile
    assert (own.phone, own.languages, own.licence) == ("13800000001", ("普通话", "吴语"), "A-1")
    assert own.expertise == {DisputeType.FAMILY, DisputeType.LAND}
    await profiles.change(ctx, staff.wang, WANG)
    async with ctx.store.read() as conn:
        rows = (await conn.execute(tables.audit_entry.select())).all()
    told = [row.body for row in rows if row.verb == "user.profile"]
    assert len(told) == 1
    assert "13800000001" not in told[0]


async def test_colleagues_and_visitors_see_those_who_are_there(
    ctx: Context, world: World, staff: Staff
) -> None:
    await profiles.change(ctx, staff.wang, WANG)
    await profiles.change(ctx, staff.clerk, WANG)
    async with ctx.store.read() as conn:
        listed = await stored.listed(conn, world.bureau.id)
        elsewhere = await stored.listed(conn, world.elsewhere.id)
        below = await stored.below(conn, world.station.path, [StaffRole.MEDIATOR])
        nobody = await stored.get(conn, UserId("nobody"))
    # A clerk is nobody's mediator, whatever they wish.
    assert [one.user for one in listed] == [staff.wang.id]
    assert elsewhere == []
    assert {one.name for one in below} == {"王敏", "李强"}
    assert nobody is None


async def test_the_public_list_is_filtered(ctx: Context, staff: Staff) -> None:
    await profiles.change(ctx, staff.wang, WANG)
    found = await profiles.listed(ctx)
    assert [one.name for one in found.people] == ["王敏"]
    assert found.languages == ("吴语", "普通话")
    assert (await profiles.listed(ctx, DisputeType.LAND, "吴语")).people == found.people
    assert (await profiles.listed(ctx, DisputeType.LABOUR)).people == ()
    assert (await profiles.listed(ctx, language="粤语")).people == ()


async def test_a_photo_tells_nothing_but_a_face(ctx: Context, staff: Staff) -> None:
    await profiles.set_photo(ctx, staff.wang, chunks(JPEG))
    found = await profiles.photo(ctx, staff.li, staff.wang.id)
    assert found.type is FileType.JPEG
    assert found.content.endswith(b"picture\xff\xd9")
    assert b"river" not in found.content
    with refused("not_found"):
        await profiles.photo(ctx, None, staff.wang.id)
    await profiles.change(ctx, staff.wang, WANG)
    assert await profiles.photo(ctx, None, staff.wang.id) == found
    await profiles.remove_photo(ctx, staff.wang)
    with refused("not_found"):
        await profiles.photo(ctx, staff.li, staff.wang.id)
    assert list((ctx.settings.data_dir / "files").glob("??/*")) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_unusable"),
        (b"<svg onload=alert(1)>", "photo_unusable"),
        (b"%PDF-1.7", "photo_unusable"),
        (b"\xff\xd8\xff not a picture", "photo_unusable"),
        (JPEG + b"x" * rules.LARGEST_PHOTO, "photo_too_large"),
    ],
)
async def test_what_is_no_photo(ctx: Context, staff: Staff, content: bytes, code: str) -> None:
    with refused(code):
        await profiles.set_photo(ctx, staff.wang, chunks(content))
    with refused("not_found"):
        await profiles.photo(ctx, staff.wang, staff.wang.id)


async def test_a_new_password_ends_all_other_sign_ins(ctx: Context, eve: UserId) -> None:
    here, there = [await sign_in(ctx, "eve", PASSWORD, ADDRESS) for _ in range(2)]
    one = await user(ctx, eve)
    with refused("password_wrong"):
        await profiles.change_password(ctx, one, here, "wrong", "another password")
    with refused("password_too_short"):
        await profiles.change_password(ctx, one, here, PASSWORD, "short")
    assert await who(ctx, there)
    await profiles.change_password(ctx, one, here, PASSWORD, "another password")
    assert await who(ctx, here)
    assert await who(ctx, there) is None
    assert await sign_in(ctx, "eve", "another password", ADDRESS)


async def test_sign_ins_are_listed_and_ended_by_their_owner(
    ctx: Context, clock: Clock, eve: UserId, staff: Staff
) -> None:
    old = await sign_in(ctx, "eve", PASSWORD, "192.0.2.8", "Firefox · Linux")
    clock.forward(minutes=1)
    here = await sign_in(ctx, "eve", PASSWORD, "192.0.2.9", "WeChat · Android")
    one = await user(ctx, eve)
    page = await profiles.own(ctx, one, here)
    shown = [(it.device, it.address, it.id == page.here) for it in page.sign_ins]
    assert shown == [
        ("WeChat · Android", "192.0.2.9", True),
        ("Firefox · Linux", "192.0.2.8", False),
    ]
    await profiles.end_sign_in(ctx, staff.wang, page.sign_ins[1].id)
    assert await who(ctx, old)
    await profiles.end_sign_in(ctx, one, page.sign_ins[1].id)
    assert await who(ctx, old) is None
    third = await sign_in(ctx, "eve", PASSWORD, ADDRESS)
    await profiles.end_other_sign_ins(ctx, one, here)
    assert await who(ctx, third) is None
    assert await who(ctx, here)


async def test_a_password_counts_for_a_quarter_of_an_hour(
    ctx: Context, clock: Clock, eve: UserId
) -> None:
    token = await sign_in(ctx, "eve", PASSWORD, ADDRESS)
    one = await user(ctx, eve)
    clock.now += CONFIRMED_FOR - timedelta(seconds=1)
    assert await confirmed(ctx, token)
    clock.forward(seconds=1)
    assert not await confirmed(ctx, token)
    with refused("password_wrong"):
        await confirm(ctx, token, one, "wrong")
    assert not await confirmed(ctx, token)
    await confirm(ctx, token, one, PASSWORD)
    assert await confirmed(ctx, token)
    assert not await confirmed(ctx, None)
    assert not await confirmed(ctx, "x" * 43)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("普通话、吴语，  粤语;普通话\nEnglish", ("普通话", "吴语", "粤语", "English")),
        ("", ()),
        (" 、，,", ()),
    ],
)
def test_languages_are_words_of_ones_own(typed: str, found: tuple[str, ...]) -> None:
    assert rules.checked_languages(typed) == found


@pytest.mark.parametrize("typed", ["x" * 31, "、".join(map(str, range(11))), "a\x07"])
def test_but_not_any_words(typed: str) -> None:
    with pytest.raises(Refused):
        rules.checked_languages(typed)


def test_expertise_is_of_the_15_types() -> None:
    assert rules.checked_expertise(["land", "family", "land"]) == (
        DisputeType.FAMILY,
        DisputeType.LAND,
    )
    with pytest.raises(Refused):
        rules.checked_expertise(["witchcraft"])
