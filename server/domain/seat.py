"""Seat 席位: a place in one session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import DeviceId, PartyId, RepresentativeId, SeatId, SpaceId
from server.domain.party import SIDES


class Role(StrEnum):
    HOST = "host"
    CO_MEDIATOR = "co_mediator"
    PARTY = "party"
    REPRESENTATIVE = "representative"
    LAWYER = "lawyer"
    INTERPRETER = "interpreter"
    CLERK = "clerk"
    WITNESS = "witness"
    COMPANION = "companion"
    OBSERVER = "observer"
    RECORDER = "recorder"


BOOKABLE = frozenset(Role) - {Role.HOST, Role.RECORDER}
NEUTRAL = frozenset(Role) - {
    Role.PARTY,
    Role.REPRESENTATIVE,
    Role.LAWYER,
    Role.WITNESS,
    Role.COMPANION,
}
"""Of no side, whatever a form says."""
PARTISAN = frozenset({Role.PARTY, Role.REPRESENTATIVE})
"""Always of a side."""


HOSTS = frozenset({Role.HOST, Role.CO_MEDIATOR})
"""May have the chair."""


class Ask(StrEnum):
    """What a person may ask the host for, without words."""

    PRIVATE_WORD = "private_word"
    BREAK = "break"
    HELP = "help"


@dataclass(slots=True)
class Seat:
    """A place in one session, held by one device at a time.

    `party` is which party of the case it is for, if it is a party's, or that of who speaks for one
    (`speaker`). `language` is what an interpreter interprets, in words.
    `space` is where the seat is, or, while its connection is lost, where it will come back to.
    `revoked`: its link is void until a new one is issued. `signs`: interprets into sign language.
    `beside`: further people at this device; booked, or said in the lobby (`beside_told`: asked and
    answered, also "nobody"). They consent each for themselves, and stay only if everybody agrees:
    each of the others says so (`beside_answers`), or a host has noted it (`beside_agreed`). `away`:
    the page is not in front just now.
    `let_through`: a host lets the next device with its link come to a lobby, though the door is
    locked. `sent_out`: a host has sent this person back to a lobby. `chair` says that rule 7 counts
    this seat as a host. A *claim* is a seat of its own (`claim_of`: the seat it wants): somebody
    used the link while another device held it, and waits in a lobby until the host decides.
    """

    id: SeatId
    role: Role
    side: str | None
    name: str
    link_version: int = 1
    chair: bool = False
    claim_of: SeatId | None = None
    device: DeviceId | None = None
    said_name: str | None = None
    admitted: bool = False
    sent_out: bool = False
    let_through: bool = False
    present: bool = False
    since: datetime | None = None
    lost_at: datetime | None = None
    space: SpaceId | None = None
    microphone: bool = False
    camera: bool = False
    asks: frozenset[Ask] = frozenset()
    party: PartyId | None = None
    revoked: bool = False
    signs: bool = False
    away: bool = False
    beside: tuple[str, ...] = ()
    beside_told: bool = False
    beside_agreed: bool = False
    beside_answers: Mapping[SeatId, bool] = field(default_factory=dict)
    speaker: RepresentativeId | None = None
    language: str = ""

    @property
    def hosting(self) -> bool:
        """Counts as a host for rule 7, if it is connected."""
        return self.chair and self.admitted

    @property
    def left(self) -> bool:
        """Nobody is here, and nobody is waited for."""
        return not self.present and self.lost_at is None


def hushed(seat: Seat) -> bool:
    """Whether *Everyone quiet* holds for this seat. Who interprets the host speaks on."""
    return not seat.hosting and seat.role is not Role.INTERPRETER


def opposing(a: Seat, b: Seat) -> bool:
    """Whether these two sit on different sides of the dispute."""
    return a.side is not None and b.side is not None and a.side != b.side


def booked_side(role: Role, side: str | None) -> str | None:
    """The side of somebody booked in this role. Raises Refused for what can't be booked."""
    if role not in BOOKABLE:
        raise Refused("role_unusable")
    side = None if role in NEUTRAL else side or None
    if side is None and role in PARTISAN:
        raise Refused("side_missing")
    if side is not None and side not in SIDES:
        raise Refused("side_unknown")
    return side
