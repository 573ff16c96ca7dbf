"""Notices: the outbox and the log of what was sent to whom, and whether it arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, NoticeId, OrganisationId, PartyId
from server.domain.notice import Channel, Filter, NoticeName, NoticeState, Reason, ToKind
from server.domain.rights import Scope
from server.store import cases, tables

_notice, _party = tables.notice, tables.party
_case, _organisation = tables.case, tables.organisation


@dataclass(frozen=True, slots=True)
class Notice:
    """`address` and `body` are sealed."""

    id: NoticeId
    case: CaseId | None
    organisation: OrganisationId
    to_kind: ToKind
    to_id: str
    channel: Channel
    address: str
    template: NoticeName
    version: int
    language: str
    body: str
    urgent: bool
    state: NoticeState
    created_at: datetime
    error: Reason | None = None
    provider_id: str = ""
    sent_at: datetime | None = None
    settled_at: datetime | None = None


async def insert(conn: AsyncConnection, notice: Notice, key: str) -> bool:
    """False: there is one with this key already."""
    row = {name: getattr(notice, name) for name in Notice.__slots__ if name != "error"}
    engine = postgresql if conn.dialect.name == "postgresql" else sqlite
    added = engine.insert(_notice).values(**row, error=notice.error or "", key=key)
    done = await conn.execute(added.on_conflict_do_nothing(index_elements=[_notice.c.key]))
    return done.rowcount == 1


async def find(conn: AsyncConnection, notice_id: str) -> Notice | None:
    found = select(_notice).where(_notice.c.id == notice_id)
    row = (await conn.execute(found)).mappings().first()
    return None if row is None else _to_notice(row)


async def settle(
    conn: AsyncConnection, notice_id: NoticeId, before: NoticeState, **values: Any
) -> bool:
    """Say how it went, `state` and what belongs to it. False: that was said already."""
    mine = and_(_notice.c.id == notice_id, _notice.c.state == before)
    return (await conn.execute(update(_notice).where(mine).values(**values))).rowcount == 1


async def of_case(conn: AsyncConnection, case_id: CaseId, limit: int = 100) -> list[Notice]:
    """The newest first."""
    found = select(_notice).where(_notice.c.case == case_id).order_by(_notice.c.id.desc())
    return [_to_notice(row) for row in (await conn.execute(found.limit(limit))).mappings()]


async def listing(
    conn: AsyncConnection, scope: Scope, wanted: Filter, before: str = "", limit: int = 50
) -> list[Notice]:
    """The newest about cases in scope, older than `before`."""
    found = (
        select(_notice)
        .join(_case, _notice.c.case == _case.c.id)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(cases.in_scope(scope))
        .order_by(_notice.c.id.desc())
        .limit(limit)
    )
    for column in ("state", "channel", "template"):
        value = getattr(wanted, column)
        if value is not None:
            found = found.where(_notice.c[column] == value)
    if before:
        found = found.where(_notice.c.id < before)
    return [_to_notice(row) for row in (await conn.execute(found)).mappings()]


# ---- how sending goes -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Health:
    waiting: int
    last_sent: datetime | None
    last_failed: datetime | None
    last_reason: Reason | None


async def health(conn: AsyncConnection, channel: Channel) -> Health:
    mine = _notice.c.channel == channel
    waiting = select(func.count()).where(mine, _notice.c.state == NoticeState.WAITING)
    sent = select(func.max(_notice.c.sent_at)).where(mine)
    failed = (
        select(_notice.c.settled_at, _notice.c.error)
        .where(mine, _notice.c.state == NoticeState.FAILED)
        .order_by(_notice.c.settled_at.desc())
        .limit(1)
    )
    last = (await conn.execute(failed)).first()
    return Health(
        waiting=int(await conn.scalar(waiting) or 0),
        last_sent=await conn.scalar(sent),
        last_failed=last.settled_at if last else None,
        last_reason=Reason(last.error) if last and last.error else None,
    )


@dataclass(frozen=True, slots=True)
class About:
    """The case of a notice, as its log names it."""

    number: str
    title: str
    time_zone: str


async def about(conn: AsyncConnection, case_ids: Iterable[CaseId]) -> dict[CaseId, About]:
    found = (
        select(_case.c.id, _case.c.number, _case.c.title, _organisation.c.time_zone)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(_case.c.id.in_(list(case_ids)))
    )
    rows = await conn.execute(found)
    return {CaseId(row.id): About(row.number, row.title, row.time_zone) for row in rows}


async def party_names(conn: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    """Of parties, of those who speak for them, and of guests of meetings."""
    wanted = list(ids)
    names: dict[str, str] = {}
    for table in (_party, tables.representative, tables.seat):
        found = select(table.c.id, table.c.name).where(table.c.id.in_(wanted))
        names |= {row.id: row.name for row in await conn.execute(found)}
    return names


# ---- in which language parties are written to -------------------------------------------------


async def languages(conn: AsyncConnection, parties: Iterable[PartyId]) -> dict[PartyId, str]:
    """Of those who have chosen one."""
    mine = and_(_party.c.id.in_(list(parties)), _party.c.language != "")
    found = select(_party.c.id, _party.c.language).where(mine)
    return {PartyId(row.id): row.language for row in await conn.execute(found)}


async def set_language(conn: AsyncConnection, party: PartyId, language: str) -> None:
    await conn.execute(update(_party).where(_party.c.id == party).values(language=language))


def _to_notice(row: RowMapping) -> Notice:
    return Notice(
        id=NoticeId(row["id"]),
        case=CaseId(row["case"]) if row["case"] else None,
        organisation=OrganisationId(row["organisation"]),
        to_kind=ToKind(row["to_kind"]),
        to_id=row["to_id"],
        channel=Channel(row["channel"]),
        address=row["address"],
        template=NoticeName(row["template"]),
        version=row["version"],
        language=row["language"],
        body=row["body"],
        urgent=row["urgent"],
        state=NoticeState(row["state"]),
        created_at=row["created_at"],
        error=Reason(row["error"]) if row["error"] else None,
        provider_id=row["provider_id"],
        sent_at=row["sent_at"],
        settled_at=row["settled_at"],
    )
