"""What one seat may see of its session: the only thing about a session that it is ever told.

A view is a pure function of the session and the seat, so what leaks is a matter of this file
alone. A party sees the people of its own space; in a lobby nobody but the host's name; only those
who host see the board.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from server.domain import beside, door, recording, showing
from server.domain.consent import Purpose, asked
from server.domain.ids import ExhibitId, RecordingId, SeatId, SpaceId
from server.domain.recorded import Ended, Trouble
from server.domain.result import ResultKind
from server.domain.seat import HOSTS, Ask, Role, Seat
from server.domain.seating import SessionPurpose, SessionState
from server.domain.session import Session
from server.domain.space import Space, SpaceKind

HostState = Literal["here", "elsewhere", "lost", "not_here_yet"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the same space, oneself included."""

    seat: SeatId
    name: str
    role: Role
    side: str | None
    chair: bool
    present: bool
    microphone: bool
    camera: bool
    away: bool
    signs: bool
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A person on the host's board. `ready`: has said a name and given the consents."""

    seat: SeatId
    name: str
    said_name: str | None
    role: Role
    side: str | None
    signs: bool
    claim: bool
    admitted: bool
    present: bool
    ready: bool
    place: SpaceKind | None
    space: SpaceId | None
    since: datetime | None
    microphone: bool
    camera: bool
    asks: tuple[Ask, ...]
    chair: bool
    away: bool
    sent_out: bool
    let_through: bool
    beside: tuple[str, ...]
    beside_told: bool
    beside_agreed: bool
    beside_yes: tuple[SeatId, ...]
    """Who has said that those beside may stay, who would rather not, and who is still asked."""
    beside_no: tuple[SeatId, ...]
    beside_open: tuple[SeatId, ...]
    expected_at: datetime | None
    knocked: bool
    """A host stands at the door of the room this person is in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is before everybody in one's space. `may_lead`: may show, put away and turn pages."""

    exhibit: ExhibitId | None
    page: int
    by: SeatId | None
    screen: SeatId | None
    may_lead: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has not agreed yet: at which seat, and who of those beside it."""

    seat: SeatId
    name: str
    person: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorder's seat in one's space: it writes, or waits for these. `began`: has written.
    `agreed`: somebody at one's own seat has agreed, and may take it back."""

    id: RecordingId
    purpose: Purpose
    writing: bool
    began: bool
    trouble: Trouble | None
    waits_for: tuple[Waiting, ...]
    agreed: bool


@dataclass(frozen=True, slots=True)
class Ending:
    kind: ResultKind
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True)
class View:
    """`place` is None when the session isn't open to this seat any more (ended, cancelled)."""

    seat: SeatId
    state: SessionState
    place: SpaceKind | None
    space: SpaceId | None
    hosting: bool
    may_take_chair: bool
    admitted: bool
    claim: bool
    sent_out: bool
    said_name: str | None
    consents_needed: tuple[Purpose, ...]
    host_name: str
    host_state: HostState
    silenced: bool
    microphone: bool
    camera: bool
    asks: tuple[Ask, ...]
    members: tuple[Member, ...]
    board: tuple[Card, ...] | None
    ending: Ending | None
    shuttle_only: bool
    """Told to those who host, and to nobody else."""
    purpose: SessionPurpose
    locked: bool
    """Told to those who host."""
    quiet: bool
    break_until: datetime | None
    expected_at: datetime | None
    """When a host has promised to come to one's lobby or room."""
    knocking: str | None
    """The name of the host at the door, told to those who may let them in."""
    beside: tuple[str, ...]
    beside_told: bool
    beside_needed: tuple[str, ...]
    """Who of those beside has still to consent."""
    asked_beside: tuple[SeatId, ...]
    """In one's own space: at whose devices somebody is, about whom one is asked."""
    shown: Shown
    recording: Recorded | None
    """Of the space one is in: everybody there sees it."""
    recorded: Ended | None
    """How the last recording in one's space ended, by nobody's name."""
    may_record: bool
    may_give_chair: tuple[SeatId, ...]
    """To whom one may give it."""
    may_step_down: bool


def view(session: Session, seat_id: SeatId) -> View:
    seat = session.seats[seat_id]
    space = session.space_of(seat)
    over = session.over
    hosting = seat.hosting
    return View(
        seat=seat.id,
        state=session.state,
        place=None if over or space is None else space.kind,
        space=None if over or space is None else space.id,
        hosting=hosting,
        may_take_chair=session.may_take_chair(seat),
        admitted=seat.admitted,
        claim=seat.claim_of is not None,
        sent_out=seat.sent_out,
        said_name=seat.said_name,
        consents_needed=tuple(p for p in asked(seat.role) if p in session.consents_missing(seat)),
        host_name=session.main_host.name,
        host_state=_host_state(session, seat),
        silenced=space is not None and space.silenced,
        microphone=seat.microphone,
        camera=seat.camera,
        asks=tuple(sorted(seat.asks)),
        members=() if over or space is None else _members(session, seat),
        board=_board(session, seat) if hosting and not over else None,
        ending=_ending(session, seat) if over else None,
        shuttle_only=hosting and session.shuttle_only,
        purpose=session.purpose,
        locked=hosting and session.locked,
        quiet=space is not None and space.quiet,
        break_until=session.break_until if seat.admitted and not over else None,
        expected_at=space.expected_at if space and not over else None,
        knocking=_knocking(session, seat, space),
        beside=seat.beside if seat.beside_told else (),
        beside_told=seat.beside_told,
        beside_needed=session.beside_missing(seat),
        asked_beside=() if over else beside.asked(session, seat),
        shown=_shown(seat, space),
        recording=_recorded(session, seat, space),
        recorded=space.recorded if space and seat.admitted and not over else None,
        may_record=hosting and not over and _may_record(session, space),
        may_give_chair=_heirs(session) if hosting and not over else (),
        may_step_down=hosting and len(_present_hosts(session)) > 1,
    )


def _present_hosts(session: Session) -> list[Seat]:
    return [s for s in session.seats.values() if s.hosting and s.present]


def _heirs(session: Session) -> tuple[SeatId, ...]:
    return tuple(
        s.id
        for s in session.seats.values()
        if s.role in HOSTS and not s.claim_of and s.admitted and s.present and not s.chair
    )


def _knocking(session: Session, seat: Seat, space: Space | None) -> str | None:
    if space is None or not seat.admitted or not door.may_answer(seat, space):
        return None
    return session.seats[space.knock].name if space.knock else None


def _recorded(session: Session, seat: Seat, space: Space | None) -> Recorded | None:
    asked = recording.live(session)
    if asked is None or space is None or space.id != asked.space or not seat.admitted:
        return None
    waits = recording.waits_for(session, asked)
    return Recorded(
        asked.id,
        asked.purpose,
        asked.writing,
        asked.began_at is not None,
        asked.trouble,
        tuple(Waiting(s, session.seats[s].name, person) for s, person in waits),
        recording.agreed_at(session, asked, seat),
    )


def _may_record(session: Session, space: Space | None) -> bool:
    return space is not None and recording.recordable(session, space)


def _shown(seat: Seat, space: Space | None) -> Shown:
    if space is None or not seat.admitted:
        return Shown(None, 1, None, None, False)
    lead = showing.may_lead(seat, space)
    return Shown(space.exhibit, space.page, space.shown_by, space.screen, lead)


def _host_state(session: Session, seat: Seat) -> HostState:
    hosts = [s for s in session.seats.values() if s.hosting]
    if any(h.present and h.space == seat.space for h in hosts):
        return "here"
    if any(h.present for h in hosts):
        return "elsewhere"
    return "lost" if any(h.lost_at for h in hosts) else "not_here_yet"


def _members(session: Session, seat: Seat) -> tuple[Member, ...]:
    """Nobody in a lobby: not even one's own booked name, which a stolen link must not tell."""
    if not seat.admitted:
        return ()
    return tuple(
        Member(
            s.id,
            s.name,
            s.role,
            s.side,
            s.chair,
            s.present,
            s.microphone,
            s.camera,
            s.away,
            s.signs,
            s.beside if s.beside_told else (),
        )
        for s in session.seats.values()
        if s.admitted and s.space == seat.space
    )


def _board(session: Session, seat: Seat) -> tuple[Card, ...]:
    return tuple(
        Card(
            seat=s.id,
            name=s.name,
            said_name=s.said_name,
            role=s.role,
            side=s.side,
            signs=s.signs,
            claim=s.claim_of is not None,
            admitted=s.admitted,
            present=s.present,
            ready=session.ready(s),
            place=session.kind_of(s),
            space=s.space if s.space in session.spaces else None,
            since=s.since,
            microphone=s.microphone,
            camera=s.camera,
            asks=tuple(sorted(s.asks)),
            chair=s.chair,
            away=s.away,
            sent_out=s.sent_out,
            let_through=s.let_through,
            beside=s.beside,
            beside_told=s.beside_told,
            beside_agreed=beside.agreed(session, s),
            beside_yes=tuple(by for by, yes in s.beside_answers.items() if yes),
            beside_no=tuple(by for by, yes in s.beside_answers.items() if not yes),
            beside_open=beside.unanswered(session, s),
            expected_at=_space(session, s).expected_at,
            knocked=_space(session, s).knock is not None,
        )
        for s in session.seats.values()
        if s.id != seat.id
    )


def _space(session: Session, seat: Seat) -> Space:
    """Where it is; a place without anything in it for who is nowhere."""
    found = session.space_of(seat)
    return found or Space(SpaceId(""), SpaceKind.LOBBY, None, session.starts_at)


def _ending(session: Session, seat: Seat) -> Ending | None:
    result = session.result
    if result is None or not seat.admitted:
        return None
    return Ending(result.kind, result.reason if seat.chair else "", result.until)
