"""Sends what is in the outbox, and asks whether it arrived. Each is later work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from server import metrics
from server.domain.notice import Channel, NoticeState, Reason
from server.domain.organisation import Organisation
from server.services import inviting, notices, sending
from server.services.context import Context
from server.services.later import NotNow
from server.services.sending import NotSent, mail, sms
from server.store import audit, due, organisations
from server.store import notices as stored
from server.store.due import Due
from server.store.notices import Notice

RECEIPT = "notice_receipt"
CLOCK = "clock"
"""The actor in the audit when nobody did it."""

CHINA = ZoneInfo("Asia/Shanghai")
FIRST_ASKED = timedelta(seconds=30)
ASKED_FOR = timedelta(hours=72)
"""For how long a provider is asked whether a message arrived."""

log = structlog.get_logger()


async def send(ctx: Context, job: Due) -> None:
    """One notice, if it still waits. Raises what makes it be tried again."""
    async with ctx.store.read() as conn:
        notice = await stored.find(conn, job.thing)
        if notice is None or notice.state is not NoticeState.WAITING:
            return
        organisation = await organisations.get(conn, notice.organisation)
        body = notices.unseal(ctx, notice, "notice")
        called_off = await _called_off(ctx, conn, notice, body)
    if called_off:
        await _settle(ctx, notice, NoticeState.FAILED, Reason.CALLED_OFF)
        return
    at = notices.not_before(ctx, notice, organisation)
    if at > ctx.clock():
        raise NotNow(at)
    address = notices.unseal(ctx, notice, "address")
    if not body or not address:
        await _settle(ctx, notice, NoticeState.FAILED, Reason.UNREADABLE)
        return
    if not sending.ready(ctx.settings, notice.channel, body["template"]):
        await _settle(ctx, notice, NoticeState.NO_PROVIDER)
        return
    try:
        provider_id = await _send(ctx, notice, organisation, address, body)
    except Exception as wrong:
        again, reason = True, Reason.NOT_REACHED
        if isinstance(wrong, NotSent):
            again, reason = wrong.again, wrong.reason
        if again and not job.last_try:
            raise
        log.warning("notice not sent", kind=notice.template, reason=reason)
        await _settle(ctx, notice, NoticeState.FAILED, reason)
        return
    await _settle(ctx, notice, NoticeState.SENT, provider_id=provider_id)


async def _called_off(
    ctx: Context, conn: AsyncConnection, notice: Notice, body: dict[str, Any] | None
) -> bool:
    """An invitation that waited for the morning, to a meeting that was cancelled at night."""
    given = (body or {}).get("given", {})
    return await inviting.called_off(ctx, conn, notice.template, given)


async def _send(
    ctx: Context, notice: Notice, organisation: Organisation, address: str, body: dict[str, Any]
) -> str:
    if notice.channel is Channel.SMS:
        provider = sms.provider(ctx.settings, ctx.clock)
        return await provider.send(address, body["template"], body["values"], notice.id)
    about = (organisation.zone, organisation.name, address)
    written = mail.Mail(
        id=notice.id,
        to=address,
        sender=organisation.name,
        subject=body["subject"],
        text=body["text"],
        language=notice.language,
        at=ctx.clock(),
        calendar=inviting.entry(ctx, notice, body["given"], body["text"], about),
    )
    return await mail.send(ctx.settings, written)


async def _settle(
    ctx: Context,
    notice: Notice,
    state: NoticeState,
    error: Reason | None = None,
    provider_id: str = "",
) -> None:
    now = ctx.clock()
    how: dict[str, Any] = {"state": state, "error": error or ""}
    if state is NoticeState.SENT:
        how |= {"sent_at": now, "provider_id": provider_id[:128]}
    else:
        how["settled_at"] = now
    async with ctx.store.write() as conn:
        if not await stored.settle(conn, notice.id, notice.state, **how):
            return
        metrics.NOTICES.labels(notice.channel, state).inc()
        if state is NoticeState.SENT and notice.channel is Channel.SMS and provider_id:
            at, key = now + FIRST_ASKED, f"{RECEIPT}:{notice.id}"
            await due.add(conn, at=at, kind=RECEIPT, thing=notice.id, key=key)
        if notice.case and state in (NoticeState.SENT, NoticeState.FAILED):
            verb = f"case.notice_{state}"
            said = {"template": notice.template, "channel": notice.channel, "to": notice.to_id}
            chain = f"case:{notice.case}"
            await audit.append(conn, chain, verb, now, CLOCK, notice.id, said)


async def receipt(ctx: Context, job: Due) -> None:
    """Ask once; again later, and less and less often, while the provider does not know."""
    async with ctx.store.read() as conn:
        notice = await stored.find(conn, job.thing)
    if notice is None or notice.state is not NoticeState.SENT or notice.sent_at is None:
        return
    address, now = notices.unseal(ctx, notice, "address"), ctx.clock()
    if not address or not sending.configured(ctx.settings):
        return
    on = notice.sent_at.astimezone(CHINA).date()
    provider = sms.provider(ctx.settings, ctx.clock)
    arrived = await provider.arrived(address, notice.provider_id, on)
    if arrived is None:
        if now - notice.sent_at > ASKED_FOR:
            return
        # As long again as has passed already.
        raise NotNow(now + max(FIRST_ASKED, now - notice.sent_at))
    if arrived:
        await _settle(ctx, notice, NoticeState.ARRIVED)
    else:
        await _settle(ctx, notice, NoticeState.FAILED, Reason.NOT_DELIVERED)
