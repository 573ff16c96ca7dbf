"""Papers: taken away, brought from the case, kept in it; pointed at and drawn on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.domain.stroke import FINEST, MOST_POINTS, Colour, Wipe
from signaling.payloads.base import Command, Id, Payload

Spot = Annotated[int, Field(ge=0, le=FINEST)]
"""How far across or down a page: 0 to 10,000."""
PageNumber = Annotated[int, Field(ge=1, le=10_000)]


class OnExhibit(Command):
    exhibit: Id


class BringPaper(Command):
    """One of the case's papers, into the space one is in."""

    document: Id


class Point(Payload):
    """Where one points at just now, on the page that is shown; nobody keeps it."""

    exhibit: Id
    page: PageNumber
    x: Spot
    y: Spot


class Pointed(Point):
    """Somebody in the same space points there."""

    seat: str


class Draw(Command):
    """`points`: x and y in turn."""

    exhibit: Id
    page: PageNumber
    points: Annotated[list[Spot], Field(min_length=4, max_length=2 * MOST_POINTS)]
    colour: Colour
    width: Annotated[int, Field(ge=1, le=3)]


class Wiping(Command):
    exhibit: Id
    page: PageNumber
    what: Wipe
