"""What is due in a case, and by when."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.services.context import Context


async def refresh(ctx: Context, conn: AsyncConnection, case: Case) -> None:
    """After anything that sets, meets or drops a deadline, in the same transaction."""
