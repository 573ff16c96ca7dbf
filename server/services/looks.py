"""Who looked at what is sealed, in which unit and why: for those who oversee it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.export import ExportWhy
from server.domain.ids import CaseId
from server.domain.look import LookKind, Period, period
from server.domain.party import Why
from server.domain.rights import Verb, scope
from server.domain.user import User
from server.services import calling, exports, looking, sealed
from server.services.context import Context
from server.store import looks, notices, organisations
from server.store.looks import Seen, Within

A_PAGE = 50
VERBS = {
    looking.SEEN: LookKind.PARTY,
    exports.EXPORTED: LookKind.EXPORT,
    calling.SEEN: LookKind.NUMBER,
}


@dataclass(frozen=True, slots=True)
class Look:
    """`title`, `party` and `words` (what was said of the reason) for who may read the case, else
    None or empty. `cases`: how many were seen at once.
    """

    at: datetime
    zone: ZoneInfo
    who: str
    kind: LookKind
    unit: str
    why: Why | ExportWhy | None
    cases: int
    case: CaseId
    title: str | None
    party: str
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """`older`: the mark from which the next page goes on; empty at the end."""

    period: Period
    looks: tuple[Look, ...]
    older: str


async def listing(
    ctx: Context, user: User, first: str, last: str, name: str, after: str = ""
) -> Page:
    """Within these days (ISO, the usual ones where they are none), by whose name has `name` in it.

    Raises Refused("bad_request") for a mark that is none of ours.
    """
    async with ctx.store.read() as conn:
        home = await organisations.get(conn, user.organisation)
        asked = period(first, last, _today(ctx, home.zone))
        since, until = asked.within(home.zone)
        wanted = Within(since, until, tuple(VERBS), name.strip(), _mark(after))
        found = await looks.listing(conn, scope(user, Verb.READ_AUDIT), wanted, A_PAGE + 1)
        shown = found[:A_PAGE]
        lines = await _lines(ctx, conn, user, shown)
    older = "~".join(shown[-1].mark) if len(found) > A_PAGE else ""
    return Page(asked, tuple(lines), older)


async def _lines(ctx: Context, conn: AsyncConnection, user: User, found: list[Seen]) -> list[Look]:
    names = await looks.names(conn, {one.actor for one in found})
    mine = scope(user, Verb.READ_CASE)
    titles = await looks.readable(conn, mine, [one.case for one in found])
    parties = await notices.party_names(conn, {one.thing for one in found})
    return [_look(ctx, one, names, titles, parties) for one in found]


def _look(
    ctx: Context,
    one: Seen,
    names: dict[str, str],
    titles: dict[CaseId, str],
    parties: dict[str, str],
) -> Look:
    kind, body, reads = VERBS[one.verb], json.loads(one.body), one.case in titles
    hidden = body.get("words", "") if reads else ""
    return Look(
        at=one.at,
        zone=ZoneInfo(one.time_zone),
        who=names.get(one.actor, ""),
        kind=kind,
        unit=one.unit,
        why=_why(kind, body),
        cases=one.cases,
        case=one.case,
        title=titles.get(one.case),
        party=parties.get(one.thing, "") if reads else "",
        words=sealed.unseal(ctx, one.case, looking.SEEN, hidden) or "",
    )


def _why(kind: LookKind, body: dict[str, Any]) -> Why | ExportWhy | None:
    """Who hosts a meeting isn't asked for a reason."""
    if kind is LookKind.NUMBER:
        return None
    return Why(body["why"]) if kind is LookKind.PARTY else ExportWhy(body["why"])


def _today(ctx: Context, zone: ZoneInfo) -> date:
    return ctx.clock().astimezone(zone).date()


def _mark(typed: str) -> tuple[str, ...]:
    if not typed:
        return ()
    mark = tuple(typed.split("~"))
    try:
        aware = len(mark) == 4 and datetime.fromisoformat(mark[0]).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise Refused("bad_request")
    return mark
