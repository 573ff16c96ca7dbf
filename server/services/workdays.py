"""The working days of a country: what is published, and what people have entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import chinese_calendar  # type: ignore[import-untyped]
from babel.core import get_global
from chinese_calendar import constants as published
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.organisation import Organisation
from server.domain.rights import Thing, Verb, may, scope
from server.domain.user import User
from server.domain.workdays import Calendar, always_off
from server.security.ids import new_id
from server.services.context import Context
from server.store import audit, due, organisations, workdays

COUNT_ANEW = "deadlines_anew"
"""The later work that counts all open limits anew."""

CHINA = "CN"
"""The only country here whose weekends are moved from year to year by decree."""

_PUBLISHED = frozenset(day.year for day in published.holidays)
_COMING = range(max(_PUBLISHED) + 1, max(_PUBLISHED) + 4)
"""Years into which a limit may reach before anybody knows their holidays."""
_DECREED_FROM = 11
"""The month in which the holidays of the next year are decreed."""


@dataclass(frozen=True, slots=True)
class Year:
    """`days`: date, whether it is worked, why; `entered` by people, else as published.

    `known`: False when nobody knows its holidays yet.
    """

    country: str
    year: int
    days: tuple[tuple[date, bool, str], ...]
    entered: bool
    known: bool
    may_enter: bool


def country_of(organisation: Organisation) -> str:
    """Two letters; empty where the time zone is no country's."""
    return str(get_global("zone_territories").get(organisation.time_zone, ""))


async def calendar(ctx: Context, conn: AsyncConnection, organisation: Organisation) -> Calendar:
    """What has been entered for a year stands for what is published of it."""
    country = country_of(organisation)
    entered = await workdays.of(conn, country)
    years = frozenset(special.on.year for special in entered)
    exceptions = {special.on: special.works for special in entered}
    if country != CHINA:
        return Calendar(country, exceptions)
    for year in _PUBLISHED - years:
        exceptions |= {day: works for day, works, _ in _published(year)}
    for year in frozenset(_COMING) - years:
        exceptions |= dict.fromkeys(always_off(year, _qingming(year)), False)
    return Calendar(country, exceptions, _PUBLISHED | years)


async def year(ctx: Context, user: User, wanted: int) -> Year:
    """Of the country where this administrator works. Raises Refused."""
    if not scope(user, Verb.MANAGE):
        raise Refused("not_allowed")
    async with ctx.store.read() as conn:
        country = country_of(await organisations.get(conn, user.organisation))
        entered = [x for x in await workdays.of(conn, country) if x.on.year == wanted]
    if entered or country != CHINA:
        days = tuple((x.on, x.works, x.why) for x in entered)
        return Year(country, wanted, days, bool(entered), True, _may_enter(user))
    known = wanted in _PUBLISHED
    return Year(country, wanted, _published(wanted), False, known, _may_enter(user))


async def unknown_year(ctx: Context, user: User, today: date) -> int | None:
    """The year whose holidays this administrator should enter now, because limits reach into it and
    nobody knows them; None where there is none, or it isn't theirs to do."""
    wanted = today.year + (today.month >= _DECREED_FROM)
    if not _may_enter(user) or wanted in _PUBLISHED:
        return None
    return None if (await year(ctx, user, wanted)).known else wanted


async def enter(ctx: Context, user: User, wanted: int, days: dict[date, tuple[bool, str]]) -> str:
    """Put these in place of what was entered for the year; none: as published again.

    They count for everybody in the country, so only who manages a whole tenant may. Returns the
    country. Raises Refused.
    """
    if not _may_enter(user):
        raise Refused("not_allowed")
    async with ctx.store.write() as conn:
        home = await organisations.get(conn, user.organisation)
        country = country_of(home)
        await workdays.replace_year(conn, country, wanted, days)
        body = {"country": country, "year": wanted, "days": len(days)}
        chain = f"org:{home.tenant}"
        now = ctx.clock()
        await audit.append(conn, chain, "workdays.entered", now, user.id, home.tenant, body)
        await due.add(conn, at=now, kind=COUNT_ANEW, thing=home.tenant, key=new_id())
    return country


def _may_enter(user: User) -> bool:
    tenant, slash, _ = user.path.partition("/")
    return may(user, Verb.MANAGE, Thing(tenant + slash))


def _qingming(year: int) -> date:
    terms: list[tuple[date, str]]
    terms = chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 10))
    return next(day for day, name in terms if name == "清明")


def _published(wanted: int) -> tuple[tuple[date, bool, str], ...]:
    off = [(day, False, why) for day, why in published.holidays.items() if day.weekday() < 5]
    on = [(day, True, why) for day, why in published.workdays.items()]
    return tuple(sorted(x for x in off + on if x[0].year == wanted))
