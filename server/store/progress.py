"""How far people have come on the way to their seats: a row for the day, one for the rehearsal."""

from __future__ import annotations

from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SeatId, SessionId
from server.domain.progress import Fault, Network, Progress, Step, Transport
from server.store import tables

_progress, _seat = tables.progress, tables.seat


async def of_seat(conn: AsyncConnection, seat: SeatId) -> tuple[Progress, ...]:
    """The rehearsal first."""
    rows = select(_progress).where(_progress.c.seat == seat)
    found = (await conn.execute(rows.order_by(_progress.c.rehearsal.desc()))).mappings()
    return tuple(_to_progress(row) for row in found)


async def of_session(
    conn: AsyncConnection, session: SessionId
) -> dict[SeatId, tuple[Progress, ...]]:
    """By seat, only those who have opened their link; the rehearsal first."""
    rows = select(_progress).join(_seat, _seat.c.id == _progress.c.seat)
    rows = rows.where(_seat.c.session == session).order_by(_progress.c.rehearsal.desc())
    found: dict[SeatId, tuple[Progress, ...]] = {}
    for row in (await conn.execute(rows)).mappings():
        seat = SeatId(row["seat"])
        found[seat] = (*found.get(seat, ()), _to_progress(row))
    return found


async def keep(conn: AsyncConnection, seat: SeatId, said: Progress) -> None:
    """In place of what was said before, if anything was."""
    here = (_progress.c.seat == seat) & (_progress.c.rehearsal == said.rehearsal)
    await conn.execute(delete(_progress).where(here))
    await conn.execute(
        insert(_progress).values(
            seat=seat,
            rehearsal=said.rehearsal,
            step=said.step,
            fault=said.fault,
            browser=said.browser,
            microphone=said.microphone,
            camera=said.camera,
            speaker=said.speaker,
            transport=said.network.transport,
            rtt_ms=said.network.rtt_ms,
            loss=said.network.loss,
            at=said.at,
        )
    )


def _to_progress(row: RowMapping) -> Progress:
    return Progress(
        step=Step(row["step"]),
        rehearsal=row["rehearsal"],
        at=row["at"],
        fault=Fault(row["fault"]) if row["fault"] else None,
        browser=row["browser"],
        microphone=row["microphone"],
        camera=row["camera"],
        speaker=row["speaker"],
        network=Network(
            Transport(row["transport"]) if row["transport"] else None, row["rtt_ms"], row["loss"]
        ),
    )
