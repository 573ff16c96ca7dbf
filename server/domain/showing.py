"""What everybody in a space looks at: an exhibit's page, or somebody's screen."""

from __future__ import annotations

from datetime import datetime

from server.domain.errors import Refused
from server.domain.ids import ExhibitId, SeatId
from server.domain.seat import Role, Seat
from server.domain.session import Session
from server.domain.space import Space

_LEAD = frozenset({Role.HOST, Role.CO_MEDIATOR, Role.CLERK})


def may_lead(seat: Seat, space: Space) -> bool:
    """Whether this seat chooses what is shown here: with a host there it is for those who conduct
    the meeting; in a room of a side for anybody in it."""
    return not space.hosted or seat.hosting or seat.role in _LEAD


def show(session: Session, by: SeatId, exhibit: ExhibitId | None, page: int, now: datetime) -> None:
    """Put this page of this exhibit before everybody here; None puts it away.

    That the exhibit is here to be read by all, and has such a page, is the caller's to know.
    """
    seat, space = session.inside(by)
    if exhibit is None and space.exhibit is None:
        return
    if not may_lead(seat, space):
        raise Refused("not_leading")
    if page < 1:
        raise Refused("page_missing")
    if exhibit != space.exhibit:
        space.exhibit = exhibit
        verb = "shown" if exhibit else "put_away"
        session.note(verb, now, by=seat, space=space.id, detail=exhibit or "")
    elif page != space.page:
        session.note("turned", now, by=seat, space=space.id, detail=f"{exhibit}:{page}")
    space.page, space.shown_by = page, seat.id if exhibit else None


def screen(session: Session, by: SeatId, on: bool, now: datetime) -> None:
    """Share one's own screen with those in the space, or stop. One at a time."""
    seat, space = session.inside(by)
    if on == (space.screen == seat.id):
        return
    if on and space.screen is not None:
        raise Refused("screen_taken")
    space.screen = seat.id if on else None
    session.note("screen_on" if on else "screen_off", now, by=seat, seat=seat, space=space.id)


def stop_screen(session: Session, by: SeatId, now: datetime) -> None:
    """A host ends whatever screen is shared in their space."""
    host = session.host(by)
    _, space = session.inside(by)
    if space.screen is not None:
        seat = session.seats[space.screen]
        space.screen = None
        session.note("screen_off", now, by=host, seat=seat, space=space.id)
