"""Stroke 笔画: what somebody draws on a page that is shown, for those who look at it with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import ExhibitId, SeatId, SpaceId, StrokeId

FINEST = 10_000
"""Places across a page, and down it: points are whole numbers from 0 to this."""
MOST_POINTS = 200
MOST = 500
"""Strokes on one page."""


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"
    BLACK = "black"


class Wipe(StrEnum):
    """LAST: one's own newest. OWN: all of one's own. ALL: everybody's, for who leads."""

    LAST = "last"
    OWN = "own"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Shape:
    """`points`: x and y in turn; `width`: 1 to 3, of a pen."""

    points: tuple[int, ...]
    colour: Colour
    width: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """`shape` is sealed where it is kept. It is seen in `space` and nowhere else."""

    id: StrokeId
    exhibit: ExhibitId
    page: int
    space: SpaceId
    by: SeatId
    shape: str
    at: datetime


def checked(points: Sequence[int], colour: Colour, width: int) -> Shape:
    """Raises Refused("bad_request")."""
    whole = len(points) % 2 == 0 and 4 <= len(points) <= 2 * MOST_POINTS
    if not whole or not all(0 <= p <= FINEST for p in points) or width not in (1, 2, 3):
        raise Refused("bad_request")
    return Shape(tuple(points), colour, width)


def wiped(found: Sequence[Stroke], by: SeatId, what: Wipe) -> list[StrokeId]:
    """Which of these, the oldest first, this seat rubs out."""
    gone = [stroke.id for stroke in found if what is Wipe.ALL or stroke.by == by]
    return gone[-1:] if what is Wipe.LAST else gone
