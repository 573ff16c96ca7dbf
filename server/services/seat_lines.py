"""The seats of a meeting as staff see them: who is there, who waits, what their links said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.domain.consent import asked
from server.domain.ids import PartyId, SeatId
from server.domain.notice import Channel
from server.domain.progress import Progress
from server.domain.seat import Role, Seat
from server.domain.session import Session
from server.domain.space import SpaceKind
from server.services import guests, helping
from server.services.context import Context
from server.services.seat_links import seat_link


@dataclass(frozen=True, slots=True)
class SeatLine:
    """`link` and `helper` are None for who may not see them, when the session is over, and when
    the link was taken away (`revoked`).

    `waiting_since`: how long somebody at this seat, or claiming it, has been in a lobby.
    `reach`: how this person is sent what concerns the meeting; None: by hand. `tried`: what the
    page of the link said of itself, before the day and on it. `agreed`: whether they have agreed to
    what everybody is asked; None: nothing is asked of them. `guest`: known by this seat only;
    `contact`: their telephone and address, masked.
    """

    id: SeatId
    role: Role
    side: str | None
    name: str
    present: bool
    admitted: bool
    waiting_since: datetime | None
    agreed: bool | None
    link: str | None
    helper: str | None = None
    revoked: bool = False
    signs: bool = False
    language: str = ""
    beside: tuple[str, ...] = ()
    party: PartyId | None = None
    reach: Channel | None = None
    tried: tuple[Progress, ...] = ()
    guest: bool = False
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    seat: SeatId
    name: str
    side: str | None
    since: datetime


def waiting(session: Session) -> list[Waiting]:
    """Whoever is in a lobby, the longest waiting first; a claim waits for the seat it wants."""
    found = [
        Waiting(seat.claim_of or seat.id, seat.name, seat.side, seat.since)
        for seat in session.seats.values()
        if seat.present and seat.since and session.kind_of(seat) is SpaceKind.LOBBY
    ]
    return sorted(found, key=lambda one: one.since)


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reader of the lines may see of them."""

    links: bool
    hosts: bool
    """Also those links that open the chair."""

    def sees_link(self, seat: Seat) -> bool:
        # Whoever opens the host's link is the host, also after stepping down for a while.
        chairs = seat.chair or seat.role is Role.HOST
        return self.links and (self.hosts or not chairs) and not seat.revoked


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the seats besides the session itself."""

    reach: Mapping[SeatId, Channel] = field(default_factory=dict)
    tried: Mapping[SeatId, tuple[Progress, ...]] = field(default_factory=dict)
    staff: Collection[SeatId] = ()
    contacts: Mapping[SeatId, tuple[str, ...]] = field(default_factory=dict)


def seat_lines(
    ctx: Context, session: Session, reader: Reader, known: Known
) -> tuple[SeatLine, ...]:
    """Of every booked seat, the host's first."""
    since = {one.seat: one.since for one in reversed(waiting(session))}
    booked = [seat for seat in session.seats.values() if not seat.claim_of]
    return tuple(
        SeatLine(
            id=seat.id,
            role=seat.role,
            side=seat.side,
            name=seat.name,
            present=seat.present,
            admitted=seat.admitted,
            waiting_since=since.get(seat.id),
            agreed=_agreed(session, seat),
            link=seat_link(ctx, seat) if reader.sees_link(seat) else None,
            helper=_helper(ctx, seat, reader),
            revoked=seat.revoked,
            signs=seat.signs,
            language=seat.language,
            beside=seat.beside,
            party=seat.party,
            reach=known.reach.get(seat.id),
            tried=known.tried.get(seat.id, ()),
            guest=guests.is_guest(seat) and seat.id not in known.staff,
            contact=known.contacts.get(seat.id, ()),
        )
        for seat in booked
    )


def _agreed(session: Session, seat: Seat) -> bool | None:
    if not asked(seat.role):
        return None
    return not session.consents_missing(seat) and not session.beside_missing(seat)


def _helper(ctx: Context, seat: Seat, reader: Reader) -> str | None:
    if seat.role is Role.HOST or not reader.sees_link(seat):
        return None
    return helping.helper_link(ctx, seat)
