"""What a case wants done next, with all that the case's page needs to say so."""

from __future__ import annotations

from server.domain.next_step import NextStep, next_step
from server.services.cases import CasePage
from server.services.context import Context
from server.store import offers, screenings


async def of_page(ctx: Context, page: CasePage) -> NextStep:
    """Whether somebody was asked, and whether every side was spoken with: that, and no more."""
    async with ctx.store.read() as conn:
        asked = await offers.of_case(conn, page.case.id)
        spoken = {kept.side for kept in await screenings.of_case(conn, page.case.id)}
    return next_step(
        page.case,
        page.sessions,
        offered=any(offer.answer is None for offer in asked),
        screened={party.side for party in page.case.present_parties} <= spoken,
    )
