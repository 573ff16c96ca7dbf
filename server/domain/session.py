"""Session 调解会: one meeting of a case, and every command that changes it.

The eight rules of spaces are kept here. A command either raises `Refused` with nothing changed
that matters (the caller works on a copy and drops it) or changes the session and notes in
`happened` what is to be remembered. Times and ids are passed in; nothing here waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.domain import claims, hosting, moves, recording
from server.domain.consent import RECORDED, Consent, Purpose, Text
from server.domain.errors import Refused
from server.domain.ids import DeviceId, SeatId
from server.domain.party import NAME_LENGTH
from server.domain.result import Result, ResultKind
from server.domain.seat import Ask, Role, Seat, hushed
from server.domain.seating import Seating, SessionPurpose, SessionState
from server.domain.text import visible


class Destination(StrEnum):
    """Where a host may move people."""

    JOINT = "joint"
    CAUCUS = "caucus"
    SIDE = "side"


@dataclass(slots=True)
class Session(Seating):
    # ---- arriving and going -------------------------------------------------------------------

    def connect(self, seat_id: SeatId, device: DeviceId, now: datetime) -> Seat:
        """A device arrives with this seat's cookie. Returns the seat it got, maybe a claim.

        The holder comes back silently. A free seat is taken, in a lobby. A held one is claimed.
        """
        seat = self.seat(seat_id)
        if seat.claim_of is not None:
            raise Refused("unknown_seat")
        if self.over:
            raise Refused("session_over")
        if claims.shut_out(self, seat, device):
            raise Refused("session_locked")
        if seat.device != device:
            claim = claims.by(self, seat_id, device)
            if claim is None:
                # One device was meant: the next one finds the door locked again.
                seat.let_through = False
            if claim is not None or self.held(seat, now):
                seat = claim or claims.new(self, seat, device)
            else:
                claims.take(self, seat, device, now)
        self._arrive(seat, now)
        return seat

    def hand_over(self, seat_id: SeatId, device: DeviceId, now: datetime) -> None:
        """The person who has this seat goes on at another device, having proved who they are.

        For staff who signed in; the seat stays where it is, and the older device is cut off.
        """
        seat = self.seat(seat_id)
        if self.over:
            raise Refused("session_over")
        claim = claims.by(self, seat_id, device)
        if claim is not None:
            claims.drop(self, claim, now, "come_back")
        if seat.present:
            self.cut[seat.id] = "seat_taken"
            self.lost(seat_id, now)
        seat.device, seat.sent_out = device, False
        seat.chair = seat.chair or not seat.admitted
        seat.microphone = seat.camera = False
        self.note("handed_over", now, seat=seat)

    def lost(self, seat_id: SeatId, now: datetime) -> None:
        """The connection is gone: the seat stays where it is, and is waited for."""
        seat = self.seat(seat_id)
        if not seat.present:
            return
        seat.present, seat.lost_at = False, now
        self.note("lost", now, seat=seat, space=seat.space)
        hosting.settle(self, now)

    def restart(self, now: datetime) -> None:
        """The server has started: nobody is connected, and the clocks of rule 7 begin."""
        for seat in list(self.seats.values()):
            self.lost(seat.id, now)

    def leave(self, seat_id: SeatId, now: datetime) -> None:
        """Somebody leaves on purpose: who comes back waits in the lobby again, and agrees anew."""
        seat = self.seat(seat_id)
        if seat.claim_of is not None:
            claims.drop(self, seat, now)
            return
        self.note("left", now, by=seat, seat=seat, space=seat.space)
        for purpose in Purpose:
            if purpose not in RECORDED and self.consents_to(seat, purpose):
                self.note("withdrew", now, by=seat, seat=seat, detail=purpose)
        claims.leave(self, seat, now)
        hosting.settle(self, now)

    def say_name(self, seat_id: SeatId, name: str, now: datetime) -> None:
        name = " ".join(name.split())
        if not name:
            raise Refused("name_missing")
        if len(name) > NAME_LENGTH or not visible(name):
            raise Refused("name_unusable")
        seat = self.connected(seat_id)
        seat.said_name = name
        self.note("named", now, by=seat, seat=seat)

    def consent(self, seat_id: SeatId, text: Text, now: datetime, person: str = "") -> None:
        """Somebody at this seat agrees to exactly this text. Twice is once."""
        seat = claims.decided(self.connected(seat_id))
        if person and not (seat.beside_told and person in seat.beside):
            raise Refused("unknown_person")
        if self.consents_to(seat, text.purpose, person):
            return
        given = Consent(seat.id, text.purpose, text.version, text.hash, now, person=person)
        self.consents.append(given)
        self.note("consented", now, by=seat, seat=seat, detail=f"{text.purpose} {text.hash}")

    def withdraw(self, seat_id: SeatId, purpose: Purpose, now: datetime) -> None:
        """A consent is taken back at once. Without a required one the seat waits in a lobby."""
        seat = self.connected(seat_id)
        if purpose in RECORDED:
            recording.withdraw(self, seat_id, purpose, now)
            return
        if not self.consents_to(seat, purpose):
            return
        self.void_consents(seat, now, {purpose})
        self.note("withdrew", now, by=seat, seat=seat, detail=purpose)
        if seat.admitted and purpose in self.consents_missing(seat):
            moves.to_lobby(self, seat, now)
            hosting.settle(self, now)

    # ---- what a person does for themselves ----------------------------------------------------

    def microphone(self, seat_id: SeatId, on: bool) -> None:
        seat = self.connected(seat_id)
        if on and not seat.admitted:
            raise Refused("not_admitted")
        space = self.space_of(seat)
        if on and space is not None and space.quiet and hushed(seat):
            raise Refused("quiet_now")
        seat.microphone = on

    def camera(self, seat_id: SeatId, on: bool) -> None:
        self.connected(seat_id).camera = on

    def away(self, seat_id: SeatId, on: bool) -> None:
        """The page went into the background, or is in front again."""
        self.connected(seat_id).away = on

    def ask(self, seat_id: SeatId, ask: Ask, on: bool, now: datetime) -> None:
        """Ask the host for a private word or for help, or take that back."""
        seat = self.connected(seat_id)
        if ask is not Ask.HELP and on and not seat.admitted:
            raise Refused("not_admitted")
        if on == (ask in seat.asks):
            return
        seat.asks = seat.asks | {ask} if on else seat.asks - {ask}
        self.note("asked" if on else "unasked", now, by=seat, seat=seat, detail=ask)

    # ---- what a host does ---------------------------------------------------------------------

    def answer(self, by: SeatId, seat_id: SeatId, ask: Ask, now: datetime) -> None:
        """The host has seen to it."""
        host, seat = self.host(by), self.seat(seat_id)
        if ask in seat.asks:
            seat.asks = seat.asks - {ask}
            self.note("answered", now, by=host, seat=seat, detail=ask)

    def admit(self, by: SeatId, seat_id: SeatId, now: datetime) -> None:
        """Out of the lobby: into the joint space if a host is there, else to the own side's room.

        Admitting a claim gives it the seat; whoever held it is cut off. What the new person has
        still to agree to is asked then, in a lobby, and they are admitted after it.
        """
        host, seat = self.host(by), self.seat(seat_id)
        if seat.admitted:
            raise Refused("already_admitted")
        if not seat.present:
            raise Refused("not_here")
        if seat.said_name is None:
            raise Refused("name_missing")
        if self.consents_missing(seat) or self.beside_missing(seat):
            raise Refused("consent_missing")
        if seat.claim_of is not None:
            seat = claims.admit(self, seat, now)
            if self.consents_missing(seat):
                hosting.settle(self, now)
                return
        self.close_lobby(seat, now)
        seat.space = None
        seat.admitted, seat.chair = True, seat.chair or seat.role is Role.HOST
        seat.sent_out = False
        self.note("admitted", now, by=host, seat=seat)
        joint = None if self.break_until else self.joint
        if joint and hosting.attended(self, joint) and not self.kept_apart(seat, joint):
            self.put(seat, joint, now)
        else:
            moves.place(self, seat, now)
        hosting.settle(self, now)

    def move(self, by: SeatId, seat_ids: Iterable[SeatId], to: Destination, now: datetime) -> None:
        """Move people at one stroke; an empty list with JOINT brings everyone admitted back."""
        host = self.host(by)
        seats = [self.seat(s) for s in dict.fromkeys(seat_ids)]
        if any(not s.admitted for s in seats):
            raise Refused("not_admitted")
        if to is Destination.JOINT:
            if not seats:
                self.break_until = None
            moves.to_joint(self, host, seats, now)
        elif to is Destination.CAUCUS:
            moves.to_caucus(self, host, seats, now)
        else:
            moves.to_sides(self, seats, now)
        self.note("moved", now, by=host, space=host.space, detail=to)
        hosting.settle(self, now)

    def mute(self, by: SeatId, seat_id: SeatId, now: datetime) -> None:
        """Anyone may open their own microphone again; nobody else may."""
        host, seat = self.host(by), self.seat(seat_id)
        if seat.microphone:
            seat.microphone = False
            self.note("muted", now, by=host, seat=seat)

    def remove(self, by: SeatId, seat_id: SeatId, now: datetime) -> None:
        """Out of the meeting into a lobby; out of a lobby altogether."""
        host, seat = self.host(by), self.seat(seat_id)
        if seat.id == host.id:
            raise Refused("not_oneself")
        self.note("removed", now, by=host, seat=seat, space=seat.space)
        if seat.claim_of is not None:
            claims.drop(self, seat, now, "removed")
        elif seat.admitted and seat.present:
            moves.to_lobby(self, seat, now)
            seat.sent_out = True
        else:
            claims.vacate(self, seat, now, "removed")
        hosting.settle(self, now)

    def take_chair(self, seat_id: SeatId, now: datetime) -> None:
        """A co-mediator becomes a host when no host is connected (rule 7)."""
        seat = self.connected(seat_id)
        if not self.may_take_chair(seat):
            raise Refused("chair_taken")
        seat.chair = True
        self.note("took_chair", now, by=seat, seat=seat)
        if seat.space not in self.spaces or not self.spaces[seat.space].hosted:
            self.put(seat, self.open_joint(now), now)
        hosting.settle(self, now)

    def end(self, by: SeatId, result: Result, now: datetime) -> None:
        host = self.host(by)
        if (result.kind is ResultKind.PREPARED) != (self.purpose is SessionPurpose.PREPARATION):
            raise Refused("result_unusable")
        self.state, self.result = SessionState.ENDED, result
        self.note("ended", now, by=host, detail=result.kind)
        self.close_all(now)

    # ---- what staff do from a case's page -----------------------------------------------------

    def cancel(self, now: datetime) -> None:
        if self.state is not SessionState.PLANNED:
            raise Refused("session_not_planned")
        self.state = SessionState.CANCELLED
        self.edition += 1
        self.note("cancelled", now)
        self.close_all(now)

    def reschedule(self, starts_at: datetime, length: timedelta, now: datetime) -> bool:
        """Another time; the links stay good. Returns whether it is one."""
        if self.state is not SessionState.PLANNED:
            raise Refused("session_not_planned")
        if (starts_at, length) == (self.starts_at, self.length):
            return False
        self.starts_at, self.length = starts_at, length
        self.edition += 1
        self.note("rescheduled", now)
        return True

    def add_seat(self, seat: Seat, now: datetime) -> None:
        """One more person, also while the others are already talking."""
        if self.over:
            raise Refused("session_over")
        self.seats[seat.id] = seat
        self.note("seat_added", now, seat=seat, detail=seat.role)

    def revoke(self, seat_id: SeatId, now: datetime) -> None:
        """The link is void, and there is no new one until it is issued."""
        if self.seat(seat_id).role is Role.HOST:
            raise Refused("host_stays")
        self.reissue(seat_id, now)
        self.seat(seat_id).revoked = True
        self.note("revoked", now, seat=self.seat(seat_id))

    def shuttle(self, only: bool, now: datetime) -> None:
        """Whether the sides may share a space from now on. If not, they are parted at once."""
        if self.over or only == self.shuttle_only:
            return
        self.shuttle_only = only
        self.note("shuttle_only" if only else "shuttle_over", now)
        if only:
            moves.part(self, now)
            hosting.settle(self, now)

    def new_host(self, name: str, now: datetime) -> None:
        """Another mediator hosts a meeting that has not begun; the link of the first is void."""
        if self.state is not SessionState.PLANNED:
            raise Refused("session_not_planned")
        seat = self.main_host
        seat.name = name
        self.reissue(seat.id, now)

    def reissue(self, seat_id: SeatId, now: datetime) -> None:
        """A new link: the old one is void, and whoever came with it is cut off at once."""
        seat = self.seat(seat_id)
        if self.over:
            raise Refused("session_over")
        if seat.claim_of is not None:
            raise Refused("unknown_seat")
        seat.link_version += 1
        seat.sent_out = seat.revoked = False
        for claim in [s for s in self.seats.values() if s.claim_of == seat.id]:
            claims.drop(self, claim, now, "revoked")
        self.note("reissued", now, seat=seat, space=seat.space)
        claims.vacate(self, seat, now, "revoked")
        seat.chair = seat.role is Role.HOST
        hosting.settle(self, now)

    def tick(self, now: datetime) -> None:
        """Do what is due: silence, and then disperse, spaces whose host is lost."""
        hosting.tick(self, now)

    def due(self) -> datetime | None:
        """When `tick` has something to do next."""
        return hosting.due(self)

    def _arrive(self, seat: Seat, now: datetime) -> None:
        if seat.present:
            return
        seat.present, seat.lost_at, seat.since = True, None, seat.since or now
        seat.away = False
        if seat.role is Role.HOST:
            seat.said_name = seat.said_name or seat.name
            free = not (seat.claim_of or seat.sent_out or seat.admitted)
            if free and (seat.chair or not self.hosted):
                self.close_lobby(seat, now)
                seat.admitted = seat.chair = True
        if seat.space not in self.spaces:
            moves.place(self, seat, now)
        self.note("came", now, seat=seat, space=seat.space)
        hosting.settle(self, now)
        if not seat.hosting:
            hosting.silence(self, seat.space)
