"""Somebody is told something: what the tests of notices begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from server.domain.case import Case, DisputeType, Source
from server.domain.ids import CaseId, UserId
from server.domain.notice import NoticeName
from server.domain.party import Details
from server.services import cases as case_service
from server.services import (
    later,
    notice_log,
    notice_texts,
    notices,
    opening,
)
from server.services.context import Context
from server.services.jobs import JOBS
from server.services.notice_log import OfCase
from server.services.opening import NewCase, NewParty
from server.settings import load
from server.store import due, profiles
from server.store import notice_templates as templates
from server.store import notices as stored
from server.store.notices import Notice
from tests.services.conftest import Clock, Staff
from tests.services.providers import (
    APP,
    KEY_ID,
    SECRET,
    SIGN,
    Mailbox,
    SmsCentre,
    mailbox,
    sms_centre,
)
from tests.store.world import World

Providers = tuple[Context, Mailbox, SmsCentre]
"""The server, its mail server, and its provider of SMS."""

MOBILE, MAIL = "138 0000 0001", "alice@example.com"
LINK = "https://heyi.example/j/seat#secret-token"


async def case_of(ctx: Context, world: World, phone: str = "", email: str = "") -> Case:
    """Alice on side A, who can be reached like this, against Bob, who can't."""
    parties = [NewParty("Alice", "A", details=Details(phone=phone, email=email))]
    new = NewCase(
        organisation=world.station,
        dispute_type=DisputeType.NEIGHBOURS,
        title="Boundary wall",
        parties=[*parties, NewParty("Bob", "B")],
        source=Source.VISIT,
        by=world.wang,
        handlers=frozenset({world.wang}),
    )
    await opening.prepare(ctx, new)
    async with ctx.store.write() as conn:
        case = await opening.insert(ctx, conn, new)
        # Time limits write notices of their own.
        await due.drop(conn, case.id)
        return case


async def tell(
    ctx: Context, case: Case, name: str = "case_reopened", key: str = "k", **values: str
) -> None:
    async with ctx.store.write() as conn:
        await notices.to_party(ctx, conn, case, case.parties[0].id, name, values, key)


async def tell_staff(
    ctx: Context, user: UserId, name: str = "deadline_passed", case: Case | None = None
) -> None:
    async with ctx.store.write() as conn:
        await notices.to_staff(ctx, conn, user, name, {"on": "2026-11-30"}, "k", case)


async def of(ctx: Context, case: Case) -> list[Notice]:
    async with ctx.store.read() as conn:
        return await stored.of_case(conn, case.id)


async def only(ctx: Context, case: Case) -> Notice:
    found = await of(ctx, case)
    assert len(found) == 1
    return found[0]


async def working(ctx: Context) -> None:
    await later.do_all(ctx, JOBS)


async def words_for(ctx: Context, world: World, name: NoticeName, template: str) -> None:
    """The bureau tells the id under which the provider knows our words."""
    async with ctx.store.write() as conn:
        words = replace(notice_texts.ours(name, "zh"), body="", provider_template=template)
        key = (name, "zh")
        await templates.insert_next(conn, world.bureau.id, key, words, world.wang, ctx.clock())


@asynccontextmanager
async def with_providers(ctx: Context) -> AsyncIterator[Providers]:
    async with mailbox() as (box, smtp), sms_centre() as centre:
        settings = load(
            {},
            **ctx.settings.model_dump(exclude_unset=True),
            smtp_url=smtp,
            mail_from="notices@heyi.example",
            sms_provider="aliyun",
            sms_key_id=KEY_ID,
            sms_key_secret=SECRET,
            sms_sign=SIGN,
            sms_app=APP,
            sms_url=centre.url,
        )
        yield replace(ctx, settings=settings), box, centre


async def page_of(ctx: Context, staff: Staff, case: Case) -> OfCase:
    page = await case_service.page(ctx, staff.wang, CaseId(case.id))
    return await notice_log.of_case(ctx, staff.wang, page)


async def reachable(ctx: Context, user: UserId) -> None:
    async with ctx.store.write() as conn:
        await profiles.set_fields(conn, user, {"email": "wang@example.com"})


async def next_due(ctx: Context) -> Any:
    async with ctx.store.read() as conn:
        return await due.next_at(conn)


async def forward(ctx: Context, clock: Clock) -> None:
    """To when the next thing is due, and do it."""
    at = await next_due(ctx)
    assert at is not None
    clock.now = max(clock.now, at)
    await working(ctx)
