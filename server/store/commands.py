"""Commands that were done, so that one sent twice is done once and answered the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SeatId
from server.store import tables

_command = tables.command


async def answer(conn: AsyncConnection, seat: SeatId, command_id: str) -> dict[str, Any] | None:
    """How this seat's command was answered; None if it was never done."""
    where = and_(_command.c.seat == seat, _command.c.id == command_id)
    return await conn.scalar(select(_command.c.answer).where(where))


async def remember(
    conn: AsyncConnection, seat: SeatId, command_id: str, answer: dict[str, Any], at: datetime
) -> None:
    row = {"seat": seat, "id": command_id, "at": at, "answer": answer}
    await conn.execute(insert(_command).values(**row))
