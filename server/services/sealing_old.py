"""Cases from before fields were sealed get at the first start what later ones have from the start:
a data key, a code to ask by, and their parties' contacts sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog

from server.domain.errors import Refused
from server.domain.identity import checked_email, checked_phone
from server.domain.ids import CaseId, OrganisationId
from server.domain.party import Details
from server.services import lookups, opening, sealed
from server.services.context import Context
from server.store import cases, matter_codes, organisations, parties

AT_ONCE = 200

log = structlog.get_logger()


async def seal_old(ctx: Context) -> int:
    """Returns how many contacts were sealed; nothing is left for a second time.

    Stopped halfway it goes on at the next start: each is moved and emptied in one transaction.
    """
    while await _some_codes(ctx):
        pass
    done = 0
    while moved := await _some_contacts(ctx):
        done += moved
    if done:
        log.info("contacts_sealed", count=done)
    return done


async def _some_codes(ctx: Context) -> int:
    async with ctx.store.read() as conn:
        found = await matter_codes.without(conn, AT_ONCE)
    await _with_keys(ctx, found)
    async with ctx.store.write() as conn:
        for case_id in found:
            await opening.give_code(ctx, conn, case_id)
    return len(found)


async def _some_contacts(ctx: Context) -> int:
    async with ctx.store.read() as conn:
        found = await parties.plain(conn, AT_ONCE)
    tenants = await _with_keys(ctx, {case_id for case_id, *_ in found})
    async with ctx.store.write() as conn:
        for case_id, party_id, contact, hidden in found:
            details = _with(sealed.details(ctx, case_id, party_id, hidden), contact)
            again = sealed.seal_details(ctx, case_id, party_id, details)
            found_by = lookups.of(ctx, tenants[case_id], details)
            await parties.seal_plain(conn, party_id, again, found_by)
    return len(found)


async def _with_keys(ctx: Context, case_ids: Iterable[CaseId]) -> dict[CaseId, OrganisationId]:
    """The tenants of these cases, which have a data key each from now on."""
    tenants: dict[CaseId, OrganisationId] = {}
    async with ctx.store.read() as conn:
        for case_id in case_ids:
            case = await cases.load(conn, case_id)
            assert case is not None
            tenants[case_id] = (await organisations.get(conn, case.organisation)).tenant
    for case_id, tenant in tenants.items():
        await sealed.new_key(ctx, case_id, tenant)
    return tenants


def _with(known: Details, contact: str) -> Details:
    """It was free text: a telephone, an address for e-mail, or what only people understand."""
    contact = contact.strip()
    name, value = "phone", contact
    try:
        value = checked_phone(contact)
    except Refused:
        with suppress(Refused):
            name, value = "email", checked_email(contact)
    before = getattr(known, name)
    if before and value and before != value:
        value = f"{before} / {value}"
    found: dict[str, Any] = {name: value or before}
    return replace(known, **found)
