"""Report 主动发现: what a grid worker tells of a dispute found on the spot."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.domain.errors import Refused
from server.domain.statement import PLACE_LENGTH
from server.domain.text import checked_text

_POSITION = re.compile(r"(-?\d{1,2}(?:\.\d{1,7})?)\s*[,，]\s*(-?\d{1,3}(?:\.\d{1,7})?)")


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees north and east (WGS 84)."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        return f"{self.latitude:.5f}, {self.longitude:.5f}"


def checked_position(typed: str) -> Position | None:
    """None: nothing given. Raises Refused("position_unusable")."""
    if not typed.strip():
        return None
    found = _POSITION.fullmatch(typed.strip())
    if found is None:
        raise Refused("position_unusable")
    position = Position(float(found[1]), float(found[2]))
    if abs(position.latitude) > 90 or abs(position.longitude) > 180:
        raise Refused("position_unusable")
    return position


def checked_place(typed: str, position: Position | None) -> str:
    """The place in words, with the position behind it if there is one; either will do.

    Raises Refused: report_place_missing, place_unusable.
    """
    where = f"({position})" if position else ""
    if not typed.strip() and position:
        return str(position)
    longest = PLACE_LENGTH - len(where) - 1
    place = checked_text(typed, longest, "report_place_missing", "place_unusable")
    return f"{place} {where}".strip()
