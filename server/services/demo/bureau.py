"""The demo's units and who works in them, all invented."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from server.domain.case import DisputeType
from server.domain.errors import Refused
from server.domain.organisation import Organisation, OrganisationKind, Particulars
from server.domain.user import StaffRole, User
from server.services import organisations, profiles, users
from server.services.context import Context
from server.services.profiles import Said
from server.store import accounts
from server.store import profiles as stored_profiles
from server.store import users as stored_users

BUREAU, LIUHE, LIUHE_COMMITTEE, QINGSHAN, QINGSHAN_COMMITTEE, LAW_FIRM = range(6)
HOURS = "周一至周五 8:30–12:00，14:00–17:30"


class Unit(NamedTuple):
    name: str
    kind: OrganisationKind
    above: int | None
    short: str
    address: str


UNITS = (
    Unit("云溪县司法局", OrganisationKind.BUREAU, None, "云", "云溪县城关镇府前路1号"),
    Unit("云溪县柳河镇司法所", OrganisationKind.STATION, BUREAU, "柳司", "柳河镇东街12号"),
    Unit("柳河镇人民调解委员会", OrganisationKind.COMMITTEE, LIUHE, "柳", "柳河镇东街12号一楼"),
    Unit("云溪县青山镇司法所", OrganisationKind.STATION, BUREAU, "青司", "青山镇幸福路8号"),
    Unit("青山镇人民调解委员会", OrganisationKind.COMMITTEE, QINGSHAN, "青", "青山镇幸福路8号"),
    Unit("云溪正道律师事务所", OrganisationKind.LAW_FIRM, BUREAU, "正", "城关镇文化路20号"),
)


class Colleague(NamedTuple):
    """`expertise`, `languages` and `introduction`: of those whom visitors may choose."""

    login: str
    role: StaffRole
    name: str
    unit: int
    expertise: tuple[DisputeType, ...] = ()
    languages: tuple[str, ...] = ()
    introduction: str = ""


STAFF = (
    Colleague(
        "mediator",
        StaffRole.MEDIATOR,
        "王敏",
        LIUHE_COMMITTEE,
        (DisputeType.NEIGHBOURS, DisputeType.FAMILY, DisputeType.CONTRACT),
        ("普通话", "云溪话"),
        "做了十九年调解，邻里和家事最多。先听完，再说话。",
    ),
    Colleague(
        "mediator2",
        StaffRole.MEDIATOR,
        "林芳",
        LIUHE_COMMITTEE,
        (DisputeType.LABOUR, DisputeType.PROPERTY, DisputeType.CONSUMER),
        ("普通话", "手语"),
        "原劳动监察员，会手语。",
    ),
    Colleague(
        "mediator3",
        StaffRole.MEDIATOR,
        "周强",
        QINGSHAN_COMMITTEE,
        (DisputeType.LAND, DisputeType.HOUSING, DisputeType.EXPROPRIATION),
        ("普通话", "青山话"),
        "青山本地人，熟悉山林和宅基地的来龙去脉。",
    ),
    Colleague("clerk", StaffRole.CLERK, "陈静", LIUHE),
    Colleague("clerk2", StaffRole.CLERK, "何丽", QINGSHAN),
    Colleague(
        "lawyer",
        StaffRole.LAWYER,
        "沈洁",
        LAW_FIRM,
        (DisputeType.LABOUR, DisputeType.BUSINESS),
        ("普通话", "English"),
        "执业十二年，企业法律顾问。",
    ),
    Colleague("supervisor", StaffRole.SUPERVISOR, "刘建国", BUREAU),
    Colleague("administrator", StaffRole.ADMINISTRATOR, "赵磊", BUREAU),
    Colleague("grid_worker", StaffRole.GRID_WORKER, "吴小军", LIUHE_COMMITTEE),
)
"""The first of each role has the role's name as login."""


class Bureau(NamedTuple):
    units: list[Organisation]
    people: dict[str, User]
    """By login."""


async def bureau(ctx: Context, passwords: dict[str, str]) -> Bureau:
    units = await _units(ctx)
    people = {c.login: await _colleague(ctx, c, units, passwords[c.login]) for c in STAFF}
    units = [
        await _described(ctx, people["administrator"], unit, made)
        for unit, made in zip(UNITS, units, strict=True)
    ]
    for colleague in STAFF:
        await _introduced(ctx, people[colleague.login], colleague)
    return Bureau(units, people)


async def _units(ctx: Context) -> list[Organisation]:
    units: list[Organisation] = []
    for name, kind, above, *_ in UNITS:
        parent = None if above is None else units[above]
        try:
            unit = await organisations.named(ctx, name)
        except Refused:
            unit = await organisations.add(ctx, name, kind, parent, phone="12348")
        units.append(unit)
    return units


async def _described(
    ctx: Context, administrator: User, unit: Unit, made: Organisation
) -> Organisation:
    if made.address:
        return made
    particulars = Particulars(
        name=unit.name,
        kind=unit.kind,
        phone=made.phone,
        address=unit.address,
        hours=HOURS,
        short=unit.short,
    )
    await organisations.change(ctx, administrator, made.id, particulars)
    return replace(made, address=unit.address, hours=HOURS, short=unit.short)


async def _colleague(
    ctx: Context, colleague: Colleague, units: list[Organisation], password: str
) -> User:
    async with ctx.store.read() as conn:
        known = await accounts.password_of(conn, colleague.login)
    where = units[colleague.unit]
    user_id = (
        known[0]
        if known
        else await users.add(
            ctx, colleague.login, colleague.name, password, where, [colleague.role]
        )
    )
    async with ctx.store.read() as conn:
        user = await stored_users.find(conn, user_id)
    assert user is not None
    return user


async def _introduced(ctx: Context, user: User, colleague: Colleague) -> None:
    async with ctx.store.read() as conn:
        profile = await stored_profiles.get(conn, user.id)
    if not colleague.introduction or (profile and profile.introduction):
        return
    said = Said(
        name=colleague.name,
        phone="",
        email="",
        expertise=colleague.expertise,
        languages=colleague.languages,
        licence="",
        introduction=colleague.introduction,
        listed=True,
    )
    await profiles.change(ctx, user, said)
