"""What a command did: the material of audit, time line and attendance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.domain.ids import SeatId, SpaceId


@dataclass(frozen=True, slots=True)
class Happened:
    """What a command did, for audit, time line and attendance. Never anybody's words or names."""

    verb: str
    at: datetime
    by: SeatId | None = None
    seat: SeatId | None = None
    space: SpaceId | None = None
    detail: str = ""
