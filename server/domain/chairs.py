"""The chair: who hosts. A host gives it to a co-mediator, shares it, or steps down from it."""

from __future__ import annotations

from datetime import datetime

from server.domain import hosting
from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.seat import HOSTS, hushed
from server.domain.session import Session


def give(session: Session, by: SeatId, seat_id: SeatId, now: datetime) -> None:
    """A co-mediator (or the host, who had stepped down) hosts too, from now on."""
    host, seat = session.host(by), session.seat(seat_id)
    if seat.role not in HOSTS or seat.claim_of is not None:
        raise Refused("not_a_mediator")
    if not (seat.admitted and seat.present):
        raise Refused("not_here")
    if not seat.chair:
        seat.chair = True
        session.note("chair_given", now, by=host, seat=seat)
        hosting.settle(session, now)


def step_down(session: Session, by: SeatId, now: datetime) -> None:
    """Out of the chair, while another host is connected and has it."""
    host = session.host(by)
    others = [s for s in session.seats.values() if s.hosting and s.present and s.id != host.id]
    if not others:
        raise Refused("no_other_host")
    host.chair = False
    space = session.space_of(host)
    host.microphone = host.microphone and not (space and space.quiet and hushed(host))
    session.note("stepped_down", now, by=host, seat=host)
    hosting.settle(session, now)
