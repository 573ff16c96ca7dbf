"""Who else is at a device, or near enough to hear.

Both sides are asked, before anybody is let in and whenever something changes. Who is there says
their name, consents like everybody, and stays only if everybody agrees: a host asks them and notes
that they do; until then the host's card of that seat says what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.session import NAME_LENGTH, Session
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
    seat = session.connected(seat_id)
    found = checked(names)
    if seat.beside_told and found == seat.beside:
        return
    came = set(found) - set(seat.beside) if seat.beside_told else set(found)
    seat.beside, seat.beside_told = found, True
    seat.beside_agreed = seat.beside_agreed and not came
    for consent in session.consents:
        gone = consent.person and consent.person not in found
        if consent.seat == seat.id and consent.live and gone:
            consent.withdrawn_at = now
    session.note("beside_told", now, by=seat, seat=seat, detail=str(len(found)))


def agree(session: Session, by: SeatId, seat_id: SeatId, now: datetime) -> None:
    """A host has asked everybody, and everybody agrees that they stay."""
    host, seat = session.host(by), session.seat(seat_id)
    if not seat.beside or not seat.beside_told:
        raise Refused("nobody_beside")
    if not seat.beside_agreed:
        seat.beside_agreed = True
        session.note("beside_agreed", now, by=host, seat=seat, detail=str(len(seat.beside)))
