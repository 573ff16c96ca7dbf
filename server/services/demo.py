"""A bureau to click through: invented people and matters, and a mediation due now.

Every step is done once however often it is asked for, so a seeding that was cut short goes on
where it stopped, and starting again changes nothing but what is over.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from server.domain.case import CaseKind, DisputeType
from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import CaseId, DeviceId, SessionId, UserId
from server.domain.organisation import Organisation, OrganisationKind
from server.domain.result import Result, ResultKind
from server.domain.seat import Role
from server.domain.seating import SessionState
from server.domain.session import Session
from server.domain.user import StaffRole, User
from server.security.ids import new_secret_id
from server.services import bookings, cases, organisations, texts, users
from server.services.bookings import NewSeat
from server.services.context import Context, NoGate, NoPublish
from server.services.live import carry_out
from server.services.opening import NewParty
from server.store import sessions
from server.store import users as stored_users

UNITS = (
    ("云溪县司法局", OrganisationKind.BUREAU),
    ("云溪县柳河镇司法所", OrganisationKind.STATION),
    ("柳河镇人民调解委员会", OrganisationKind.COMMITTEE),
)
"""Each below the one before."""


class Colleague(NamedTuple):
    role: StaffRole
    name: str
    unit: int


STAFF = (
    Colleague(StaffRole.MEDIATOR, "王敏", 2),
    Colleague(StaffRole.CLERK, "陈静", 1),
    Colleague(StaffRole.SUPERVISOR, "刘建国", 0),
    Colleague(StaffRole.ADMINISTRATOR, "赵磊", 0),
)
"""The login of each is the name of the role."""


class Matter(NamedTuple):
    title: str
    kind: CaseKind
    dispute_type: DisputeType
    parties: tuple[tuple[str, str], ...]
    days_ago: int


TODAY = Matter(
    "楼上漏水损坏家具赔偿",
    CaseKind.MEDIATION,
    DisputeType.NEIGHBOURS,
    (("周丽华", "A"), ("孙国强", "B")),
    6,
)
OTHERS = (
    Matter(
        "商铺租赁押金返还",
        CaseKind.MEDIATION,
        DisputeType.CONTRACT,
        (("何秀英", "A"), ("云溪县顺达商贸有限公司", "B")),
        30,
    ),
    Matter(
        "赡养费分担",
        CaseKind.MEDIATION,
        DisputeType.FAMILY,
        (("郑桂兰", "A"), ("郑海", "B"), ("郑燕", "C")),
        12,
    ),
    Matter(
        "小区电梯停运期间物业费",
        CaseKind.MEDIATION,
        DisputeType.PROPERTY,
        (("冯志明", "A"), ("云溪县安居物业服务有限公司", "B")),
        9,
    ),
    Matter(
        "拖欠加班工资咨询",
        CaseKind.CONSULTATION,
        DisputeType.LABOUR,
        (("蒋涛", "A"),),
        2,
    ),
)


async def seed(ctx: Context) -> dict[str, Any]:
    """What `run.py demo` prints: `{"url", "staff", "session"}`. Makes only what is missing."""
    passwords = _passwords(ctx.settings.data_dir / "demo.json")
    units = await _units(ctx)
    people = {c.role: await _colleague(ctx, c, units, passwords) for c in STAFF}
    mediator = people[StaffRole.MEDIATOR]
    await _history(ctx, mediator)
    session = await _due_now(ctx, mediator)
    return {
        "url": ctx.settings.origin,
        "staff": [
            {"role": c.role.value, "login": c.role.value, "password": passwords[c.role]}
            for c in STAFF
        ],
        "session": {
            "id": session.id,
            "host_link": bookings.seat_link(ctx, session.main_host),
            "party_links": [
                {"name": seat.name, "side": seat.side, "url": bookings.seat_link(ctx, seat)}
                for seat in session.seats.values()
                if seat.role is Role.PARTY and not seat.claim_of
            ],
        },
    }


def _passwords(file: Path) -> dict[str, str]:
    """Made at random once, and kept where only this account may read them."""
    if not file.exists():
        made = {colleague.role.value: secrets.token_urlsafe(9) for colleague in STAFF}
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(made, out, indent=1)
        draft.replace(file)
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found


async def _units(ctx: Context) -> list[Organisation]:
    units: list[Organisation] = []
    for name, kind in UNITS:
        parent = units[-1] if units else None
        try:
            unit = await organisations.named(ctx, name)
        except Refused:
            unit = await organisations.add(ctx, name, kind, parent, phone="12348")
        units.append(unit)
    return units


async def _colleague(
    ctx: Context, colleague: Colleague, units: list[Organisation], passwords: dict[str, str]
) -> User:
    login, unit = colleague.role.value, units[colleague.unit]
    async with ctx.store.read() as conn:
        known = await stored_users.password_of(conn, login)
    user_id: UserId = (
        known[0]
        if known
        else await users.add(ctx, login, colleague.name, passwords[login], unit, [colleague.role])
    )
    async with ctx.store.read() as conn:
        user = await stored_users.find(conn, user_id)
    assert user is not None
    return user


# ---- matters ----------------------------------------------------------------------------------


async def _case(ctx: Context, user: User, matter: Matter) -> CaseId:
    then = _at(ctx, ctx.clock() - timedelta(days=matter.days_ago))
    parties = [NewParty(name, side) for name, side in matter.parties]
    return await cases.create(
        then,
        user,
        matter.title,
        matter.kind,
        matter.dispute_type,
        parties,
        key=f"demo {matter.title}",
    )


async def _meeting(
    ctx: Context, user: User, matter: Matter, starts_at: datetime, number: int = 1
) -> SessionId:
    seats = [NewSeat(Role.PARTY, side, name) for name, side in matter.parties]
    case = await _case(ctx, user, matter)
    key = f"demo {matter.title} {number}"
    return await bookings.book(ctx, user, case, starts_at, seats, key)


async def _due_now(ctx: Context, user: User) -> Session:
    """The mediation of the day; a new one when the last is over or its links have expired."""
    number = 0
    while True:
        number += 1
        session = await _load(ctx, await _meeting(ctx, user, TODAY, ctx.clock(), number))
        good_until = session.starts_at + timedelta(days=ctx.settings.link_ttl_days)
        live = session.state in (SessionState.PLANNED, SessionState.OPEN)
        if live and ctx.clock() < good_until:
            return session


async def _history(ctx: Context, user: User) -> None:
    """One agreed, one adjourned, one to come, one without a meeting yet."""
    agreed, adjourned, coming, waiting = OTHERS
    now = ctx.clock()
    await _held(
        _at(ctx, now - timedelta(days=20)),
        user,
        agreed,
        Result(ResultKind.AGREED, "押金退还八成,十日内付清。"),
    )
    until = (now + timedelta(days=5)).date()
    await _held(
        _at(ctx, now - timedelta(days=4)),
        user,
        adjourned,
        Result(ResultKind.ADJOURNED, "长子需与家人商量,下次再谈。", until),
    )
    await _meeting(ctx, user, coming, now + timedelta(days=1))
    await _case(ctx, user, waiting)


async def _held(ctx: Context, user: User, matter: Matter, result: Result) -> None:
    """A meeting that took place at the moment of `ctx`, by the same rules as any other."""
    start = ctx.clock()
    session_id = await _meeting(ctx, user, matter, start)
    text = texts.current(Purpose.ONLINE_MEDIATION, "zh")

    def begin(session: Session, now: datetime) -> None:
        host = session.main_host.id
        for seat in list(session.seats.values()):
            session.connect(seat.id, DeviceId(new_secret_id()), now)
            if seat.id != host:
                session.say_name(seat.id, seat.name, now)
                session.consent(seat.id, text, now)
                session.admit(host, seat.id, now)

    def end(session: Session, now: datetime) -> None:
        host = session.main_host
        session.connect(host.id, host.device or DeviceId(new_secret_id()), now)
        session.end(host.id, result, now)

    if (await _load(ctx, session_id)).state is SessionState.PLANNED:
        await carry_out(ctx, session_id, begin)
    if (await _load(ctx, session_id)).state is SessionState.OPEN:
        await carry_out(_at(ctx, start + timedelta(minutes=50)), session_id, end)


def _at(ctx: Context, moment: datetime) -> Context:
    """The same server at another moment, with nobody connected."""
    return replace(ctx, clock=lambda: moment, gate=NoGate(), publish=NoPublish())


async def _load(ctx: Context, session_id: SessionId) -> Session:
    async with ctx.store.read() as conn:
        session = await sessions.load(conn, session_id)
    assert session is not None
    return session
