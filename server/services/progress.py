"""What a link's page reports on the way to the seat: for the mediator, and for who helps there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import claims
from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.domain.progress import BROWSER_LENGTH, Fault, Network, Progress, Step, Transport
from server.domain.session import Session
from server.domain.text import visible
from server.services import arrivals
from server.services.context import Context
from server.services.sitting import sitting
from server.store import outside
from server.store import progress as kept

LIMIT = "60/minute"
"""Reports of one seat; a page sends one a step and one a fault."""
ADDRESS_LIMIT = "600/minute"
"""Reports from one address: a hall full of phones has one."""
MOST_MS = 60_000


class _Network(BaseModel):
    model_config = ConfigDict(extra="forbid")

    transport: Transport | None = None
    rtt_ms: int | None = Field(default=None, ge=0, le=MOST_MS)
    loss: float | None = Field(default=None, ge=0, le=1)


class _Report(BaseModel):
    model_config = ConfigDict(extra="forbid")

    step: Step
    fault: Fault | None = None
    browser: str = Field(default="", max_length=BROWSER_LENGTH)
    microphone: bool | None = None
    camera: bool | None = None
    speaker: bool | None = None
    network: _Network = _Network()
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """`second`: of another device than the one that has the seat."""

    seat: SeatId
    progress: Progress
    second: bool = False


async def report(
    ctx: Context, seat_id: SeatId, cookie: str | None, address: str, said: dict[str, Any]
) -> None:
    """Keep what the page of this seat's link says of itself, and tell the hosts who are there.

    A second device with the same link says nothing while the first one is connected, but that it
    stands before the locked door.
    Raises Refused: no_seat, link_invalid, too_many, report_unusable.
    """
    if not ctx.limiter.allowed(ADDRESS_LIMIT, "progress from", address):
        raise Refused("too_many")
    # Without the cookie nobody uses up what the seat may send, nor keeps others from writing.
    async with ctx.store.read() as conn:
        session, device = await arrivals.known(ctx, conn, seat_id, cookie)
    if not ctx.limiter.allowed(LIMIT, "progress", seat_id):
        raise Refused("too_many")
    found, seat = _checked(said, ctx.clock()), session.seats[seat_id]
    if seat.present and seat.device != device.id:
        shut_out = found.step is Step.DOOR and claims.shut_out(session, seat, device.id)
        await _second(ctx, session, seat_id, found.at if shut_out else None)
        return
    async with ctx.store.write() as conn:
        before = {one.rehearsal: one for one in await kept.of_seat(conn, seat_id)}
        await kept.keep(conn, seat_id, found)
        known = before.get(found.rehearsal)
    # Who stands outside says it again and again: a host sees for how long it is true.
    if known is None or replace(known, at=found.at) != found or found.step is Step.DOOR:
        _tell_hosts(ctx, session)


async def _second(ctx: Context, session: Session, seat_id: SeatId, at: datetime | None) -> None:
    """`at`: when it stood outside; None: it does not."""
    async with ctx.store.write() as conn:
        changed = await outside.keep(conn, seat_id, at)
    if changed:
        _tell_hosts(ctx, session)


async def seen_by(ctx: Context, seat_id: SeatId, cookie: str | None) -> list[Line]:
    """Everybody's, for those who host. Raises Refused: no_seat, not_host."""
    async with ctx.store.read() as conn:
        here = await sitting(ctx, conn, seat_id, cookie)
        here.session.host(here.seat.id)
        found = await of_session(ctx, conn, here.session.id)
        others = await outside.of_session(conn, here.session.id)
    lines = [Line(seat, one) for seat, several in found.items() for one in several]
    door = [Line(seat, Progress(Step.DOOR, False, at), True) for seat, at in others.items()]
    return lines + door


async def of_session(
    ctx: Context, conn: AsyncConnection, session_id: SessionId
) -> dict[SeatId, tuple[Progress, ...]]:
    """By seat, of those who have opened their link: the rehearsal first, then the day's."""
    return await kept.of_session(conn, session_id)


def _tell_hosts(ctx: Context, session: Session) -> None:
    for seat in session.seats.values():
        if seat.hosting and seat.present:
            ctx.publish.news(seat.id, "progress")


def _checked(said: dict[str, Any], now: datetime) -> Progress:
    try:
        report = _Report.model_validate(said)
    except ValidationError:
        raise Refused("report_unusable") from None
    if report.browser and not visible(report.browser):
        raise Refused("report_unusable")
    network = report.network
    return Progress(
        step=report.step,
        rehearsal=report.rehearsal,
        at=now,
        fault=report.fault,
        browser=report.browser,
        microphone=report.microphone,
        camera=report.camera,
        speaker=report.speaker,
        network=Network(network.transport, network.rtt_ms, network.loss),
    )
