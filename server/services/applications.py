"""Applications of people without an account: begun, saved as they go on, sent, or forgotten.

Who holds the secret in the cookie may read and change it; the database has only its hash.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import application as answers
from server.domain.application import Application, Helper, Step
from server.domain.case import Case, Source
from server.domain.document import DocumentKind
from server.domain.errors import Refused
from server.domain.ids import CaseId, DocumentId, OrganisationId, RepresentativeId, UserId
from server.domain.organisation import Organisation
from server.domain.party import Details, Power, Representative
from server.domain.profile import Profile
from server.domain.statement import Statement
from server.security import tokens
from server.security.ids import new_id
from server.services import documents, notices, opening, sealed, units, wishes
from server.services.context import Context
from server.services.documents import DocumentLine
from server.services.later import NotNow
from server.services.opening import NewCase, NewParty
from server.store import (
    applications,
    cases,
    due,
    matter_codes,
    organisations,
    parties,
    profiles,
    search,
)
from server.store import notices as stored_notices
from server.store.applications import Row
from server.store.due import Due

KEPT = timedelta(days=30)
EXPIRY = "application_expires"
CLOSEST = 60
"""How many mediators somebody is asked to choose among."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`id` is the case's, once it is sent; then `answers` are empty."""

    id: CaseId
    tenant: OrganisationId
    answers: Application
    saved_at: datetime
    sent: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody takes away: the code, as it is kept, and whom to call."""

    code: str
    organisation: Organisation


async def begin(ctx: Context, address: str) -> str:
    """Returns the secret for the cookie. Raises Refused: too_many, apply_nowhere."""
    if not ctx.limiter.allowed(ctx.settings.apply_limit, "apply from", address):
        raise Refused("too_many")
    async with ctx.store.read() as conn:
        tenant = await units.first_tenant(conn)
    secret, now = tokens.new_secret(), ctx.clock()
    row = Row(CaseId(new_id()), tenant, "", now, now + KEPT, None)
    await sealed.new_key(ctx, row.id, tenant)
    row = replace(row, answers=_seal(ctx, row.id, Application()))
    async with ctx.store.write() as conn:
        await applications.insert(conn, row, tokens.secret_hash(secret))
        key = f"{EXPIRY}:{row.id}"
        await due.add(conn, at=row.expires_at, kind=EXPIRY, thing=row.id, key=key)
    return secret


async def of(ctx: Context, secret: str | None) -> Draft | None:
    """What belongs to this secret; None if nothing does (any more)."""
    if not secret:
        return None
    async with ctx.store.read() as conn:
        row = await applications.find(conn, tokens.secret_hash(secret))
    return None if row is None else _draft(ctx, row)


async def save(
    ctx: Context, secret: str, change: Callable[[Application], Application]
) -> Application:
    """What `change` makes of what was answered so far, kept for another 30 days.

    Raises Refused: what `change` does; apply_gone; apply_where_missing, apply_wish_gone.
    """
    left: Row | None = None
    async with ctx.store.write() as conn:
        row = await _locked(ctx, conn, secret)
        before = _answers(ctx, row)
        after = change(before)
        if after.organisation and after.organisation != before.organisation:
            where = await units.taking(conn, after.organisation)
            if where.tenant != row.tenant:
                left, row = row, await _moved(ctx, conn, row, where.tenant, secret)
                after = replace(after.unanswered(Step.FILES, Step.WISH), wish=None)
        if after.wish and not await _may_wish(conn, row.tenant, after.wish):
            raise Refused("apply_wish_gone")
        now = ctx.clock()
        await applications.save(conn, row.id, _seal(ctx, row.id, after), now, now + KEPT)
        blobs = await applications.take_documents(conn, left.id) if left else []
    if left:
        await asyncio.to_thread(ctx.keys.data.destroy, left.id)
    for blob in blobs:
        await ctx.blobs.delete(blob)
    return after


async def forget(ctx: Context, secret: str | None) -> None:
    """Nothing that was entered can be read any more, by anybody. What was sent stays sent."""
    if secret:
        async with ctx.store.read() as conn:
            row = await applications.find(conn, tokens.secret_hash(secret))
        if row:
            await _forget(ctx, row.id)


async def expire(ctx: Context, work: Due) -> None:
    """Later work: what nobody has gone on with for so long. Raises NotNow when somebody has."""
    async with ctx.store.read() as conn:
        row = await applications.by_id(conn, work.thing)
    if row and row.expires_at > ctx.clock():
        raise NotNow(row.expires_at)
    if row:
        await _forget(ctx, row.id)


async def mediators(ctx: Context, draft: Draft) -> list[Profile]:
    """Whom they may wish for: those of the unit first, then who knows such matters."""
    async with ctx.store.read() as conn:
        found = await profiles.listed(conn, draft.tenant)
    asked = draft.answers
    return sorted(
        found,
        key=lambda p: (
            p.organisation != asked.organisation,
            asked.dispute_type not in p.expertise,
            p.name,
        ),
    )[:CLOSEST]


async def files(ctx: Context, draft: Draft) -> list[DocumentLine]:
    async with ctx.store.read() as conn:
        return await documents.of_case(ctx, conn, draft.id)


async def add_file(
    ctx: Context, draft: Draft, name: str, media_type: str, chunks: AsyncIterator[bytes]
) -> None:
    """Raises Refused: apply_gone, and what `documents.add` does."""
    if draft.sent:
        raise Refused("apply_gone")
    await documents.add(ctx, draft.id, DocumentKind.EVIDENCE, name, media_type, chunks, None)


async def remove_file(ctx: Context, draft: Draft, file: DocumentId) -> None:
    """For good, as nobody else has seen it. Twice is once."""
    async with ctx.store.write() as conn:
        row = await applications.by_id(conn, draft.id, lock=True)
        unsent = row is not None and row.sent_at is None
        blobs = await applications.take_documents(conn, draft.id, file) if unsent else []
    for blob in blobs:
        await ctx.blobs.delete(blob)


async def send(ctx: Context, secret: str, pattern: str, kind: str, language: str = "") -> None:
    """Make the case. Twice is once. `pattern` and `kind` are words for its title; the applicant is
    written to in `language`.

    Raises Refused: apply_gone, apply_unanswered, apply_where_missing.
    """
    draft = await of(ctx, secret)
    if draft is None:
        raise Refused("apply_gone")
    if draft.sent:
        return
    await sealed.new_key(ctx, draft.id, draft.tenant)
    async with ctx.store.write() as conn:
        row = await applications.find(conn, tokens.secret_hash(secret), lock=True)
        if row is None:
            raise Refused("apply_gone")
        if row.sent_at is not None:
            return
        asked = _answers(ctx, row)
        if asked.first_open is not None:
            raise Refused("apply_unanswered")
        title = answers.title(pattern, asked, kind)
        await _open(ctx, conn, row, asked, title, language)
        await applications.sent(conn, row.id, ctx.clock())


async def receipt(ctx: Context, draft: Draft) -> Receipt:
    """Of one that was sent."""
    async with ctx.store.read() as conn:
        code = sealed.unseal(
            ctx, draft.id, "matter_code", await matter_codes.sealed(conn, draft.id)
        )
        case = await cases.load(conn, draft.id)
        assert case is not None
        where = await organisations.get(conn, case.organisation)
    return Receipt(code or "", where)


# ---- inside -----------------------------------------------------------------------------------


async def _open(
    ctx: Context,
    conn: AsyncConnection,
    row: Row,
    asked: Application,
    title: str,
    language: str,
) -> None:
    assert asked.dispute_type is not None
    assert asked.organisation is not None
    where = await units.taking(conn, asked.organisation)
    people = [NewParty(asked.you.name, "A", asked.you.kind, asked.you.details)]
    people += [NewParty(one.name, "B", one.kind, one.details) for one in asked.others]
    new = NewCase(
        organisation=where,
        dispute_type=asked.dispute_type,
        title=title,
        parties=people,
        source=Source.APPLICATION,
        by=None,
        statement=Statement(asked.facts, asked.request),
        id=row.id,
    )
    case = await opening.insert(ctx, conn, new)
    if asked.helper:
        await _add_helper(ctx, conn, case, asked.helper)
    if asked.wish and await _may_wish(conn, row.tenant, asked.wish):
        await wishes.wish(ctx, conn, case.id, "A", asked.wish)
    code = sealed.unseal(ctx, case.id, "matter_code", await matter_codes.sealed(conn, case.id))
    applicant = case.parties[0].id
    await stored_notices.set_language(conn, applicant, language)
    key = f"application:{case.id}"
    await notices.to_party(ctx, conn, case, applicant, "application_received", {"code": code}, key)


async def _add_helper(ctx: Context, conn: AsyncConnection, case: Case, helper: Helper) -> None:
    """As somebody who may speak; to settle takes a written power."""
    one = Representative(
        id=RepresentativeId(new_id()),
        party=case.parties[0].id,
        name=helper.name,
        kind=helper.kind,
        power=Power.GENERAL,
        since=ctx.clock(),
    )
    hidden = sealed.seal_details(ctx, case.id, one.id, Details(phone=helper.phone))
    await parties.insert_representative(conn, one, hidden)
    await search.refresh(conn, case.id)


async def _locked(ctx: Context, conn: AsyncConnection, secret: str) -> Row:
    row = await applications.find(conn, tokens.secret_hash(secret), lock=True)
    if row is None or row.sent_at is not None or ctx.keys.data.get(row.id) is None:
        raise Refused("apply_gone")
    return row


async def _moved(
    ctx: Context, conn: AsyncConnection, row: Row, tenant: OrganisationId, secret: str
) -> Row:
    """To another tenant, under whose key its own is kept: it becomes another application."""
    new = replace(row, id=CaseId(new_id()), tenant=tenant)
    await sealed.new_key(ctx, new.id, tenant)
    await applications.remove(conn, row.id)
    await applications.insert(conn, new, tokens.secret_hash(secret))
    await due.drop(conn, row.id, EXPIRY)
    key = f"{EXPIRY}:{new.id}"
    await due.add(conn, at=new.expires_at, kind=EXPIRY, thing=new.id, key=key)
    return new


async def _may_wish(conn: AsyncConnection, tenant: OrganisationId, mediator: UserId) -> bool:
    return any(one.user == mediator for one in await profiles.listed(conn, tenant))


async def _forget(ctx: Context, application: CaseId) -> None:
    blobs: list[str] = []
    async with ctx.store.write() as conn:
        row = await applications.by_id(conn, application, lock=True)
        if row is None:
            return
        if row.sent_at is None:
            blobs = await applications.take_documents(conn, row.id)
        await applications.remove(conn, row.id)
        await due.drop(conn, row.id, EXPIRY)
        if row.sent_at is None:
            # Whatever fails after this, nothing of it can be read any more.
            await asyncio.to_thread(ctx.keys.data.destroy, row.id)
    for blob in blobs:
        await ctx.blobs.delete(blob)


def _draft(ctx: Context, row: Row) -> Draft:
    return Draft(row.id, row.tenant, _answers(ctx, row), row.saved_at, row.sent_at is not None)


def _seal(ctx: Context, application: str, asked: Application) -> str:
    return sealed.seal(ctx, application, "answers", answers.as_kept(asked))


def _answers(ctx: Context, row: Row) -> Application:
    kept = sealed.unseal(ctx, row.id, "answers", row.answers)
    return answers.from_kept(kept) if kept else Application()
