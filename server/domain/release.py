"""Release: what was said in private leaves it only by that side's own yes, to the exact words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.seat import Role
from server.domain.session import Session
from server.domain.space import Space, SpaceKind


class Release(StrEnum):
    KEEP = "keep"
    ASKED = "asked"
    RELEASED = "released"
    REFUSED = "refused"


class ReleaseKind(StrEnum):
    """What a side can be asked for."""

    NOTE = "note"
    EXHIBIT = "exhibit"


@dataclass(frozen=True, slots=True)
class Releasable:
    """A note or an exhibit, as far as its release goes. `words`: what it says, or a paper's name;
    sealed where it is kept. `gone`: struck out, or taken away."""

    kind: ReleaseKind
    id: str
    scope: str
    words: str
    release: Release
    at: datetime
    answered_at: datetime | None = None
    gone: bool = False


ANSWER = frozenset({Role.PARTY, Role.REPRESENTATIVE, Role.LAWYER})
"""Who may say yes or no for a side."""


def scope(session: Session, space: Space) -> str:
    """Whose privacy what is kept here belongs to: "" for the joint space, else the sides in it, as
    "A" or "A,B"; "-" where there is nobody of any side. A caucus is of those for whom it was
    opened, also when they have just gone."""
    if space.kind is SpaceKind.JOINT:
        return ""
    if space.kind is SpaceKind.CAUCUS:
        return space.scope or "-"
    sides = {s.side for s in session.members(space.id) if s.side is not None}
    if space.side is not None:
        sides.add(space.side)
    return ",".join(sorted(sides)) or "-"


def may_answer(session: Session, by: SeatId, of: str) -> bool:
    """Whether this seat says yes or no for what belongs to that scope: it is of that one side."""
    seat = session.seats.get(by)
    if seat is None or not (seat.present and seat.admitted) or seat.role not in ANSWER:
        return False
    return seat.side is not None and seat.side == of


def speaker(session: Session, by: SeatId) -> None:
    """Raises Refused unless this seat speaks for a side."""
    if not may_answer(session, by, session.connected(by).side or ""):
        raise Refused("not_yours_to_answer")


def ask(session: Session, by: SeatId, of: str, state: Release) -> None:
    """A host may ask a side that is with them now. Raises Refused."""
    host, space = session.host(by), session.inside(by)[1]
    if asked_here(session, host.id) != of:
        raise Refused("not_with_them")
    if state is Release.RELEASED:
        raise Refused("released_already")
    if not any(may_answer(session, s.id, of) for s in session.members(space.id)):
        raise Refused("nobody_to_ask")


def answer(session: Session, by: SeatId, of: str, state: Release, yes: bool) -> Release:
    """What it is after this answer: anybody's no is the side's, and a yes may be taken back.

    Only while alone with the mediator: elsewhere others look on, or people of one's own side who
    were not there when it was said. Raises Refused.
    """
    if not may_answer(session, by, of):
        raise Refused("not_yours_to_answer")
    if asked_here(session, by) != of:
        raise Refused("not_in_private")
    wanted = Release.RELEASED if yes else Release.REFUSED
    if state is wanted:
        return state
    if state is not Release.ASKED and (yes or state is not Release.RELEASED):
        raise Refused("not_asked")
    return wanted


def asked_here(session: Session, seat_id: SeatId) -> str | None:
    """The scope of the private talk this seat is in; None where nobody is asked anything."""
    seat = session.seats[seat_id]
    space = session.space_of(seat)
    if space is None or not seat.admitted or space.kind is not SpaceKind.CAUCUS:
        return None
    return scope(session, space)
