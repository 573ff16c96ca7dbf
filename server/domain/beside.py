"""Who else is at a device, or near enough to hear.

Both sides are asked, before anybody is let in and whenever something changes. Who is there says
their name, consents like everybody, and stays only if everybody agrees. Everyone who shares a space
with them is asked, and each answers for themselves; a host may also ask aloud and note that all
agree. Nobody is sent out by it: until all agree, the host's card says who has not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.domain import claims
from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.party import NAME_LENGTH
from server.domain.seat import Seat
from server.domain.session import Session
from server.domain.text import checked_text

MOST = 5
"""People beside one seat: more belong at a device of their own."""


def checked(names: Sequence[str]) -> tuple[str, ...]:
    """Tidied, each once. Raises Refused: name_missing, name_unusable, too_many_beside."""
    tidy = [checked_text(n, NAME_LENGTH, "name_missing", "name_unusable") for n in names]
    if len(tidy) > MOST:
        raise Refused("too_many_beside")
    return tuple(dict.fromkeys(tidy))


def tell(session: Session, seat_id: SeatId, names: Sequence[str], now: datetime) -> None:
    """Who is beside, as the person at this seat says; an empty list says that nobody is.

    Who has gone has consented to nothing any more; who came has not been agreed to yet.
    """
    seat = claims.decided(session.connected(seat_id))
    found = checked(names)
    if seat.beside_told and found == seat.beside:
        return
    came = set(found) - set(seat.beside) if seat.beside_told else set(found)
    seat.beside, seat.beside_told = found, True
    if came or not found:
        forget(seat)
    for consent in session.consents:
        gone = consent.person and consent.person not in found
        if consent.seat == seat.id and consent.live and gone:
            consent.withdrawn_at = now
    session.note("beside_told", now, by=seat, seat=seat, detail=str(len(found)))


def forget(seat: Seat) -> None:
    """What was agreed to is not so any more: others are there, or nobody is."""
    seat.beside_agreed, seat.beside_answers = False, {}


def answer(
    session: Session,
    by: SeatId,
    seat_id: SeatId,
    names: Sequence[str],
    agrees: bool,
    now: datetime,
) -> None:
    """Somebody in the same space says whether these may stay; one may think again.

    `names` are those who were on the screen: who has come since then is another question.
    """
    person, _ = session.inside(by)
    seat = session.seat(seat_id)
    together = seat.admitted and seat.space == person.space and seat is not person
    if not (together and seat.beside_told and seat.beside) or tuple(names) != seat.beside:
        raise Refused("not_asked")
    if seat.beside_answers.get(by) is agrees:
        return
    seat.beside_answers = {**seat.beside_answers, by: agrees}
    detail = "yes" if agrees else "no"
    session.note("beside_answered", now, by=person, seat=seat, detail=detail)


def unanswered(session: Session, seat: Seat) -> tuple[SeatId, ...]:
    """Who is with them now and has still to say. Hosts are not asked: they see to it."""
    told = seat.beside and seat.beside_told and seat.admitted and seat.present
    if not told or seat.beside_agreed or seat.space is None:
        return ()
    done = {seat.id, *seat.beside_answers}
    here = (s for s in session.members(seat.space) if s.admitted and s.present and not s.hosting)
    return tuple(s.id for s in here if s.id not in done)


def asked(session: Session, seat: Seat) -> tuple[SeatId, ...]:
    """At whose devices there is somebody about whom this seat is asked now."""
    return tuple(s.id for s in session.seats.values() if seat.id in unanswered(session, s))


def agreed(session: Session, seat: Seat) -> bool:
    """Whether they may stay: a host has noted it, or everybody who was asked has said yes."""
    answers = seat.beside_answers.values()
    everybody = bool(answers) and all(answers) and not unanswered(session, seat)
    return seat.beside_agreed or everybody


def agree(session: Session, by: SeatId, seat_id: SeatId, now: datetime) -> None:
    """A host has asked everybody, and everybody agrees that they stay."""
    host, seat = session.host(by), session.seat(seat_id)
    if not seat.beside or not seat.beside_told:
        raise Refused("nobody_beside")
    if not seat.beside_agreed:
        seat.beside_agreed = True
        session.note("beside_agreed", now, by=host, seat=seat, detail=str(len(seat.beside)))
