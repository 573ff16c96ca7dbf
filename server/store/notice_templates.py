"""Organisations' own wording of notices, by version. An empty body: ours again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, and_, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import OrganisationId, UserId
from server.domain.notice import NoticeName, Wording
from server.security.ids import new_id
from server.store import tables

_template, _organisation = tables.notice_template, tables.organisation

Key = tuple[NoticeName, str]
"""A notice and a language."""


@dataclass(frozen=True, slots=True)
class Own:
    """The wording of an organisation, here or above."""

    organisation: OrganisationId
    wording: Wording
    by: UserId
    at: datetime


async def insert_next(
    conn: AsyncConnection,
    organisation: OrganisationId,
    key: Key,
    wording: Wording,
    by: UserId,
    at: datetime,
) -> None:
    """`wording.version` is the next one. Raises IntegrityError when somebody was quicker."""
    name, language = key
    await conn.execute(
        insert(_template).values(
            id=new_id(),
            organisation=organisation,
            name=name,
            language=language,
            version=wording.version,
            subject=wording.subject,
            body=wording.body,
            provider_template=wording.provider_template,
            by=by,
            created_at=at,
        )
    )


async def current(conn: AsyncConnection, path: str) -> Mapping[Key, Own]:
    """For the organisation at this path: its own newest wording, else that of the nearest above.

    What is worded by none of them is left out, as is what an organisation has given back.
    """
    above = [part for part in path.split("/") if part]
    newest = (
        select(
            _template.c.organisation,
            _template.c.name,
            _template.c.language,
            func.max(_template.c.version).label("version"),
        )
        .where(_template.c.organisation.in_(above))
        .group_by(_template.c.organisation, _template.c.name, _template.c.language)
        .subquery()
    )
    same = and_(*(_template.c[column.name] == column for column in newest.c))
    rows = (await conn.execute(select(_template).join(newest, same))).mappings().all()
    found: dict[Key, Own] = {}
    for row in sorted(rows, key=lambda row: above.index(row["organisation"])):
        if row["body"] or row["provider_template"]:
            found[NoticeName(row["name"]), row["language"]] = _to_own(row)
    return found


async def history(conn: AsyncConnection, organisation: OrganisationId, key: Key) -> list[Own]:
    """Every version of this organisation's own, the newest first."""
    name, language = key
    mine = and_(
        _template.c.organisation == organisation,
        _template.c.name == name,
        _template.c.language == language,
    )
    found = select(_template).where(mine).order_by(_template.c.version.desc())
    return [_to_own(row) for row in (await conn.execute(found)).mappings()]


def _to_own(row: RowMapping) -> Own:
    wording = Wording(row["subject"], row["body"], row["version"], row["provider_template"])
    where, by = OrganisationId(row["organisation"]), UserId(row["by"])
    return Own(where, wording, by, row["created_at"])
