"""Recording 录音录像, as it is kept: which moment, asked for in which words, how ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.consent import Purpose, Text
from server.domain.ids import RecordingId, SeatId, SpaceId


class Ended(StrEnum):
    """Why it is over. Never by whom: nobody has to give a reason."""

    STOPPED = "stopped"
    DECLINED = "declined"
    """Somebody said no before anything was recorded, or on coming in."""
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    """Nobody is in that space any more, or no host."""
    OVER = "over"
    """The meeting is."""
    FAILED = "failed"


class Trouble(StrEnum):
    """What the recorder has to say while it goes on."""

    SLOW = "slow"
    FULL = "full"
    LOST = "lost"
    """The disk refuses, or the recorder is not there: nothing is kept just now."""


LONGEST = 240
"""Minutes that may be asked for."""


@dataclass(slots=True)
class Recording:
    """Of one space, for one purpose, asked for in these texts, one a language.

    `minutes`: about how long it was said to take. `began_at`: when everybody had agreed for the
    first time. `writing`: whether it was going on after the last command.
    """

    id: RecordingId
    space: SpaceId
    purpose: Purpose
    texts: tuple[Text, ...]
    minutes: int
    by: SeatId
    asked_at: datetime
    began_at: datetime | None = None
    writing: bool = False
    trouble: Trouble | None = None
    ended_at: datetime | None = None
    ended: Ended | None = None

    def is_text(self, text_hash: str) -> bool:
        return any(text.hash == text_hash for text in self.texts)


@dataclass(frozen=True, slots=True)
class Taping:
    """What is recorded now: of whom, in which space."""

    recording: RecordingId
    space: SpaceId
    seats: frozenset[SeatId]
