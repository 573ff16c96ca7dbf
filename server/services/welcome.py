"""What the page of a link shows before anything is connected."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import claims, door
from server.domain.consent import ASKED_BESIDE, Text, asked
from server.domain.ids import DeviceId, SeatId
from server.domain.seat import Role
from server.domain.session import Session
from server.services import ice, profiles, texts
from server.services.context import Context
from server.store import audit, organisations, sessions


async def said(
    ctx: Context,
    conn: AsyncConnection,
    session: Session,
    seat_id: SeatId,
    device: DeviceId,
    lang: str,
) -> dict[str, Any]:
    """Nobody's name but the host's, and no title: this is shown to whoever has the link.

    The name that was said here is told only to the device on which it was said. `now` is there
    because a phone's clock may be wrong by a day. `moved`: the meeting had another time before.
    `opens_at`: when one may come and wait, None if that is now. `locked`: this device would not be
    let in now, which it learns by trying, too. `texts`: what this seat has to
    agree to; `beside_texts`: what somebody beside it has to.
    """
    seat = session.seats[seat_id]
    host = await sessions.person(conn, session.main_host.id)
    shown = host is not None and await profiles.shows_photo(conn, host)
    moves = await audit.about(conn, [f"case:{session.case}"], session.id, ["session.rescheduled"])
    opens_at = door.opens_at(session, seat)
    return {
        "seat": seat_id,
        "hosting": seat.role is Role.HOST,
        "host_name": session.main_host.name,
        "host_photo": f"/j/{seat_id}/mediator.jpg" if shown else None,
        **await meeting(ctx, conn, session),
        "opens_at": opens_at and opens_at.isoformat(),
        "locked": claims.shut_out(session, seat, device),
        "now": ctx.clock().isoformat(),
        "moved": bool(moves),
        "state": session.state,
        "said_name": seat.said_name if seat.device == device else None,
        "texts": [_text(texts.current(purpose, lang)) for purpose in asked(seat.role)],
        "beside_texts": [_text(texts.current(purpose, lang)) for purpose in ASKED_BESIDE],
        "ice_servers": ice.servers(ctx),
    }


async def meeting(ctx: Context, conn: AsyncConnection, session: Session) -> dict[str, Any]:
    """Whose meeting it is and when: what everybody who was ever invited knows anyway."""
    organisation = await organisations.get(conn, session.organisation)
    return {
        "organisation": organisation.name,
        "help_phone": organisation.phone or ctx.settings.help_phone,
        "starts_at": session.starts_at.isoformat(),
        "time_zone": organisation.time_zone,
    }


def _text(text: Text) -> dict[str, Any]:
    return {
        "purpose": text.purpose,
        "version": text.version,
        "language": text.language,
        "body": text.body,
        "hash": text.hash,
        "essentials": texts.essentials(text),
    }
