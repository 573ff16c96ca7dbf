"""How much of each picture a receiver is sent: the ladder from a large one down to the voice alone.

Pure decisions: what a network carries (`budget.py`) and what is to be seen come in, a rung for each
picture comes out. Voices are not on the ladder; they are sent whatever happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from signaling.media.plane import How

LARGE_FROM = 270
"""Pixels of height from which a tile is worth the large layer; the small one has 180."""
LEAST_LARGE, LEAST_SMALL = 40_000.0, 15_000.0
"""Bits a second, counted at least: a picture that stands still may begin to move."""
STILL = 10_000.0
"""A small keyframe every few seconds."""
_ROOM = 1.2
"""So much more than needed must be there to go up, so that nothing goes up and down."""


class Rung(IntEnum):
    """How much of a picture is sent."""

    NONE = 0
    STILL = 1
    SMALL = 2
    LARGE = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """What could be sent in one line, and what is."""

    wanted: Rung
    large: float | None
    """Bits a second of that layer, None where it does not come."""
    small: float | None
    rung: Rung


def wanted(height: int | None) -> Rung:
    """For a tile of so many pixels; None where the page has not said."""
    if height == 0:
        return Rung.NONE
    return Rung.SMALL if height is not None and height < LARGE_FROM else Rung.LARGE


def climb(bits: float | None, pictures: Sequence[Picture]) -> list[Rung]:
    """The rung of each picture; the most important first. `bits` a second for all of them
    together, None without a limit.

    Everybody gets a step before anybody gets the next one.
    """
    left = float("inf") if bits is None else bits
    rungs = [Rung.NONE] * len(pictures)
    spent = [0.0] * len(pictures)
    for step in (Rung.STILL, Rung.SMALL, Rung.LARGE):
        for number, picture in enumerate(pictures):
            cost = _cost(picture, step)
            if cost is None:
                continue
            more = cost - spent[number]
            if more * (1.0 if picture.rung >= step else _ROOM) <= left:
                rungs[number], spent[number] = step, cost
                left -= more
    return rungs


def told(pictures: Sequence[Picture], rungs: Sequence[Rung]) -> How:
    """What that is in a word."""
    seen = [(p, rung) for p, rung in zip(pictures, rungs, strict=True) if p.wanted]
    if all(rung >= _best(p) for p, rung in seen):
        return "full"
    highest = max(rung for _, rung in seen)
    if highest >= Rung.SMALL:
        return "small"
    return "stills" if highest == Rung.STILL else "none"


def _cost(picture: Picture, step: Rung) -> float | None:
    """Bits a second on that rung; None where it is not to be had, or not wanted."""
    if step > _best(picture):
        return None
    if step == Rung.STILL:
        return STILL
    if step == Rung.SMALL:
        return None if picture.small is None else max(picture.small, LEAST_SMALL)
    return None if picture.large is None else max(picture.large, LEAST_LARGE)


def _best(picture: Picture) -> Rung:
    """The highest that makes sense: a large layer starved by its sender shows less than a small."""
    large, small = picture.large, picture.small
    if not picture.wanted:
        return Rung.NONE
    if large is None and small is not None:
        return Rung.SMALL
    if small is None:
        return Rung.LARGE
    assert large is not None
    return picture.wanted if large >= small else Rung.SMALL
