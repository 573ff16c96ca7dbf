"""Who sits where in one session, and the single steps by which that changes.

`Session` has the commands; `claims`, `moves` and `hosting` are what they are made of. All of them
work on this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from server.domain.consent import ASKED_BESIDE, RECORDED, Consent, Purpose, asked
from server.domain.errors import Refused
from server.domain.happened import Happened
from server.domain.ids import CaseId, OrganisationId, RecordingId, SeatId, SessionId, SpaceId
from server.domain.patience import Patience
from server.domain.recorded import Recording
from server.domain.result import Result
from server.domain.seat import HOSTS, Role, Seat, hushed, opposing
from server.domain.space import Space, SpaceKind


class SessionPurpose(StrEnum):
    """What a session is for. In a preparation the host meets one side before the meeting."""

    MEETING = "meeting"
    PREPARATION = "preparation"


class SessionState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Seating:
    id: SessionId
    case: CaseId
    organisation: OrganisationId
    starts_at: datetime
    seats: dict[SeatId, Seat]
    new_space_id: Callable[[], SpaceId]
    new_seat_id: Callable[[], SeatId]
    patience: Patience = field(default_factory=Patience)
    state: SessionState = SessionState.PLANNED
    spaces: dict[SpaceId, Space] = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)
    recordings: dict[RecordingId, Recording] = field(default_factory=dict)
    """Those that are not ended, of which there is one at most, and what has just ended."""
    result: Result | None = None
    shuttle_only: bool = False
    """The sides never share a space: nobody of a side is ever in the joint one."""
    purpose: SessionPurpose = SessionPurpose.MEETING
    length: timedelta = timedelta(minutes=60)
    """How long it is booked for."""
    locked: bool = False
    """No device that is not known yet comes in, not even into a lobby."""
    break_until: datetime | None = None
    """When a break is to end; until then everyone but the hosts is in the rooms of their sides."""
    edition: int = 0
    """Grows with what people's calendars show: another time, another length, its being off."""
    version: int = 0
    happened: list[Happened] = field(default_factory=list)
    cut: dict[SeatId, str] = field(default_factory=dict)
    """Connections this command ends, with the code their people are shown."""

    # ---- what is ------------------------------------------------------------------------------

    @property
    def main_host(self) -> Seat:
        return next(s for s in self.seats.values() if s.role is Role.HOST and not s.claim_of)

    @property
    def joint(self) -> Space | None:
        return next((s for s in self.spaces.values() if s.kind is SpaceKind.JOINT), None)

    @property
    def hosted(self) -> bool:
        """Whether somebody hosts it now."""
        return any(s.hosting and s.present for s in self.seats.values())

    @property
    def over(self) -> bool:
        return self.state in (SessionState.ENDED, SessionState.CANCELLED)

    def seat(self, seat_id: SeatId) -> Seat:
        if seat_id not in self.seats:
            raise Refused("unknown_seat")
        return self.seats[seat_id]

    def space_of(self, seat: Seat) -> Space | None:
        """Where it is, or, while its connection is lost, where it will come back to."""
        return self.spaces.get(seat.space) if seat.space else None

    def kind_of(self, seat: Seat) -> SpaceKind | None:
        space = self.space_of(seat)
        return space.kind if space else None

    def members(self, space: SpaceId) -> list[Seat]:
        """Everyone whose place this is: the connected, and the lost who will come back to it."""
        return [s for s in self.seats.values() if s.space == space]

    def forwarded(self) -> dict[SeatId, SpaceId]:
        """In which space each seat's media may flow now. Rule 4: never in a lobby."""
        if self.state is not SessionState.OPEN:
            return {}
        places = {}
        for seat in self.seats.values():
            space = self.space_of(seat)
            if not (seat.present and seat.admitted and space):
                continue
            if space.kind is not SpaceKind.LOBBY and not space.silenced:
                places[seat.id] = space.id
        return places

    def consents_missing(self, seat: Seat) -> set[Purpose]:
        """What the person of this seat has still to agree to. Of a claim nothing is asked before
        the host has decided on it."""
        if seat.claim_of is not None:
            return set()
        return {p for p in asked(seat.role) if not self.consents_to(seat, p)}

    def beside_missing(self, seat: Seat) -> tuple[str, ...]:
        """Who of the others at this device has still to agree."""
        return tuple(
            name
            for name in seat.beside
            if seat.beside_told and not all(self.consents_to(seat, p, name) for p in ASKED_BESIDE)
        )

    def ready(self, seat: Seat) -> bool:
        missing = self.consents_missing(seat) or self.beside_missing(seat)
        return bool(seat.said_name) and not missing

    def host(self, seat_id: SeatId) -> Seat:
        """This seat, if it hosts and is connected. Raises Refused."""
        seat = self.connected(seat_id)
        if not seat.hosting:
            raise Refused("not_host")
        return seat

    def connected(self, seat_id: SeatId) -> Seat:
        """This seat, if its page is connected to a session that is not over. Raises Refused."""
        seat = self.seat(seat_id)
        if self.over:
            raise Refused("session_over")
        if not seat.present:
            raise Refused("not_here")
        return seat

    def inside(self, seat_id: SeatId) -> tuple[Seat, Space]:
        """This seat and the space it is in, past the lobby. Raises Refused."""
        seat = self.connected(seat_id)
        space = self.space_of(seat)
        if not seat.admitted or space is None:
            raise Refused("not_admitted")
        return seat, space

    def held(self, seat: Seat, now: datetime) -> bool:
        """Rule 1: a lost connection keeps its seat for a while."""
        if seat.present:
            return True
        return seat.lost_at is not None and now - seat.lost_at < self.patience.seat_grace

    def may_take_chair(self, seat: Seat) -> bool:
        if seat.role not in HOSTS or seat.chair or seat.claim_of or not seat.admitted:
            return False
        return not self.hosted

    def kept_apart(self, seat: Seat, space: Space) -> bool:
        """Whether this seat must not come into that space, for it would meet another side there."""
        if not self.shuttle_only or seat.side is None:
            return False
        if space.kind is SpaceKind.JOINT:
            return True
        return any(opposing(seat, other) for other in self.members(space.id))

    # ---- steps --------------------------------------------------------------------------------

    def put(self, seat: Seat, space: Space, now: datetime) -> None:
        if seat.space == space.id:
            return
        if self.kept_apart(seat, space):
            raise Refused("sides_kept_apart")
        seat.space, seat.since = space.id, now
        if space.kind is SpaceKind.JOINT or (space.quiet and hushed(seat)):
            seat.microphone = False
        if seat.hosting:
            for door in self.spaces.values():
                # Who went elsewhere meanwhile does not stand there any more.
                door.knock = None if door.knock == seat.id else door.knock
        self.note("entered", now, seat=seat, space=space.id, detail=space.kind)

    def open(self, kind: SpaceKind, now: datetime, side: str | None = None) -> Space:
        space = Space(self.new_space_id(), kind, side, now)
        self.spaces[space.id] = space
        return space

    def open_joint(self, now: datetime) -> Space:
        if self.state is SessionState.PLANNED:
            self.state = SessionState.OPEN
            preparing = self.purpose is SessionPurpose.PREPARATION
            self.note("opened", now, detail=self.purpose if preparing else "")
        return self.joint or self.open(SpaceKind.JOINT, now)

    def close(self, space_id: SpaceId | None, now: datetime) -> None:
        space = self.spaces.pop(space_id, None) if space_id else None
        if space is not None:
            space.closed_at = now
            self.note_space("closed", space, now)

    def close_lobby(self, seat: Seat, now: datetime) -> None:
        if self.kind_of(seat) is SpaceKind.LOBBY:
            self.close(seat.space, now)

    def close_all(self, now: datetime) -> None:
        for space_id in list(self.spaces):
            self.close(space_id, now)

    def consents_to(self, seat: Seat, purpose: Purpose, person: str = "") -> bool:
        """Whether that person at this seat does: its own, or somebody beside."""
        return any(
            c.live and c.seat == seat.id and c.purpose is purpose and c.person == person
            for c in self.consents
        )

    def void_consents(self, seat: Seat, now: datetime, purposes: set[Purpose]) -> None:
        """What was agreed to for a recording that is over stays as it was."""
        for consent in self.consents:
            over = consent.purpose in RECORDED and not self._being_recorded(consent)
            theirs = consent.seat == seat.id and consent.purpose in purposes
            if theirs and consent.live and not over:
                consent.withdrawn_at = now

    def _being_recorded(self, consent: Consent) -> bool:
        return any(
            r.ended is None and r.purpose is consent.purpose and consent.given_at >= r.asked_at
            for r in self.recordings.values()
        )

    def note_space(self, verb: str, space: Space, now: datetime) -> None:
        self.note(verb, now, space=space.id, detail=space.kind)

    def note(
        self,
        verb: str,
        now: datetime,
        *,
        by: Seat | None = None,
        seat: Seat | None = None,
        space: SpaceId | None = None,
        detail: str = "",
    ) -> None:
        self.happened.append(
            Happened(
                verb, now, by.id if by else None, seat.id if seat else None, space, str(detail)
            )
        )
