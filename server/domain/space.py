"""Space 会场: who can hear whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.ids import ExhibitId, SeatId, SpaceId
from server.domain.recorded import Ended


class SpaceKind(StrEnum):
    LOBBY = "lobby"
    SIDE = "side"
    JOINT = "joint"
    CAUCUS = "caucus"


@dataclass(slots=True)
class Space:
    """One space of a session, with a fresh random id on which everything confidential hangs.

    `side` is set for side rooms (None: the neutral one). `unattended_since` is when the last
    host's connection in it was lost; `silenced` then says that nothing is forwarded any more.
    `quiet`: only hosts may open their microphones. `expected_at`: when a host has promised to come.
    `knock`: the host who stands at the door. `exhibit`, `page`, `shown_by`: what everybody here
    looks at, and who turns its pages. `screen`: whose screen is shared. `scope`: of a caucus, the
    sides for which it was opened, as "A" or "A,B"; it stays theirs when they have gone. `recorded`:
    how the last recording here ended, for everybody to be told.
    """

    id: SpaceId
    kind: SpaceKind
    side: str | None
    opened_at: datetime
    closed_at: datetime | None = None
    unattended_since: datetime | None = None
    silenced: bool = False
    quiet: bool = False
    expected_at: datetime | None = None
    knock: SeatId | None = None
    exhibit: ExhibitId | None = None
    page: int = 1
    shown_by: SeatId | None = None
    screen: SeatId | None = None
    scope: str = ""
    recorded: Ended | None = None

    @property
    def hosted(self) -> bool:
        """Only there with a host: rule 7 applies."""
        return self.kind in (SpaceKind.JOINT, SpaceKind.CAUCUS)
