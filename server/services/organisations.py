"""Organisations, as the operator makes them."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.domain.errors import Refused
from server.domain.ids import OrganisationId
from server.domain.organisation import (
    DEFAULT_ZONE,
    Organisation,
    OrganisationKind,
    path_under,
)
from server.domain.text import checked_text
from server.security.ids import new_id
from server.services.context import Context
from server.store import audit, organisations

NAME_LENGTH = 200
OPERATOR = "operator"
"""The actor in the audit for what was done on the command line."""


async def add(
    ctx: Context,
    name: str,
    kind: OrganisationKind,
    parent: Organisation | None = None,
    time_zone: str = "",
    phone: str = "",
) -> Organisation:
    """A unit below `parent`, or a new root (tenant). Its time zone is the parent's, if not given.

    Raises Refused: name_missing, organisation_name_unusable, time_zone_unknown.
    """
    name = checked_text(name, NAME_LENGTH, "name_missing", "organisation_name_unusable")
    zone = time_zone or (parent.time_zone if parent else DEFAULT_ZONE)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("time_zone_unknown") from None
    made_id = OrganisationId(new_id())
    made = Organisation(made_id, path_under(parent, made_id), kind, name, zone, phone.strip())
    async with ctx.store.write() as conn:
        await organisations.insert(conn, made, parent.id if parent else None)
        body = {"parent": parent.id if parent else None, "kind": kind}
        chain = f"org:{made.id}"
        await audit.append(conn, chain, "organisation.added", ctx.clock(), OPERATOR, made.id, body)
    return made


async def named(ctx: Context, name_or_id: str) -> Organisation:
    """The one with this id or exactly this name. Raises Refused: unknown or ambiguous."""
    async with ctx.store.read() as conn:
        found = await organisations.named(conn, name_or_id)
    if not found:
        raise Refused("organisation_unknown")
    if len(found) > 1:
        raise Refused("organisation_ambiguous")
    return found[0]
