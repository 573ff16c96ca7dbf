"""Random sequences of commands, crashes, duplicates and reorderings, for the rules to be held to.

Three sides, two hosts, a co-mediator, and a stranger with a stolen link.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from server.domain import recording
from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.result import Result, ResultKind
from server.domain.seat import HOSTS as MEDIATORS
from server.domain.seat import Ask, Role, opposing
from server.domain.seating import SessionState
from server.domain.session import Destination, Session
from server.domain.space import SpaceKind
from tests.domain.people import (
    CHARLIE,
    CO,
    EVERYONE,
    HOST,
    PARTIES,
    SECOND,
    START,
    a_session,
    agree,
    device,
    hosts_in,
    routes,
)

SEATS = st.sampled_from(EVERYONE)
PEOPLE = st.sampled_from(PARTIES)
LONG = 25
"""Commands after which a session may end: most of a run is to be spent in the middle of one."""
HOSTS = st.sampled_from((HOST, SECOND, CO))
Command = Callable[[Session, datetime], Any]


class Commands(RuleBasedStateMachine):
    """What is committed survives; a command works on a copy, as the service does."""

    def __init__(self) -> None:
        super().__init__()
        self.session = a_session()
        self.now = START
        self.held_back: list[Command] = []
        self.last: Command | None = None
        self.commands = self.commands_done = 0

    def carry_out(self, command: Command) -> None:
        self.commands += 1
        working = copy.deepcopy(self.session)
        working.happened, working.cut = [], {}
        try:
            command(working, self.now)
        except Refused:
            return
        recording.settle(working, self.now)
        self.last = command
        self.no_new_route_between_sides_without_host(working)
        self.one_enters_the_joint_space_muted(working)
        self.session = working
        self.commands_done += 1

    def no_new_route_between_sides_without_host(self, after: Session) -> None:
        """Rule 7, for what begins: only a present host's space ever connects two sides anew."""
        for a, b in routes(after) - routes(self.session):
            if opposing(after.seats[a], after.seats[b]):
                assert hosts_in(after, a), f"{a} → {b} began without a host"

    def one_enters_the_joint_space_muted(self, after: Session) -> None:
        for seat in after.seats.values():
            before = self.session.seats.get(seat.id)
            if before and before.space != seat.space and after.kind_of(seat) is SpaceKind.JOINT:
                assert not seat.microphone

    # ---- people ----

    @rule(seat=SEATS)
    def comes(self, seat: SeatId) -> None:
        def command(s: Session, now: datetime) -> None:
            got = s.connect(seat, device(seat), now).id
            s.say_name(got, "Somebody", now)
            if s.seats[got].claim_of is None:
                for person in ("", *s.seats[got].beside):
                    agree(s, got, now, person)

        self.carry_out(command)

    @rule()
    def everybody_is_there(self) -> None:
        """The usual beginning, so that most of a run is spent in the middle of a mediation."""
        for seat in EVERYONE:
            self.comes(seat)
        for seat in EVERYONE:
            self.carry_out(lambda s, now, seat=seat: s.admit(HOST, seat, now))  # type: ignore[misc]

    @rule(seat=SEATS)
    def stranger_uses_link(self, seat: SeatId) -> None:
        def command(s: Session, now: datetime) -> None:
            got = s.connect(seat, CHARLIE, now).id
            s.say_name(got, "Charlie", now)
            if s.seats[got].claim_of is None:
                agree(s, got, now)

        before = copy.deepcopy(self.session.seats[seat])
        held = before.device != CHARLIE and self.session.held(before, self.now)
        known = CHARLIE in {s.device for s in self.session.seats.values()}
        locked = self.session.locked and before.role not in MEDIATORS and not known
        locked = locked and not before.let_through
        self.carry_out(command)
        if locked:
            assert CHARLIE not in {s.device for s in self.session.seats.values()}
        if held:
            assert self.session.seats[seat] == before, "a held seat was disturbed"
        elif self.session.state is not SessionState.ENDED and before.role is not Role.HOST:
            got = self.session.seats[seat]
            assert not got.admitted or before.device == CHARLIE, "a link let somebody in"

    @rule(seat=SEATS)
    def connection_is_lost(self, seat: SeatId) -> None:
        self.carry_out(lambda s, now: s.lost(seat, now))

    @rule(host=st.sampled_from((HOST, SECOND)))
    def host_signs_in_elsewhere(self, host: SeatId) -> None:
        self.carry_out(lambda s, now: s.hand_over(host, device(host), now))
        self.carry_out(lambda s, now: s.connect(host, device(host), now))

    @rule()
    def every_host_is_lost(self) -> None:
        for seat in (HOST, SECOND, CO):
            self.connection_is_lost(seat)

    @rule(seat=PEOPLE)
    def connection_flickers(self, seat: SeatId) -> None:
        self.connection_is_lost(seat)
        self.carry_out(lambda s, now: s.connect(seat, device(seat), now))

    @rule(seat=SEATS)
    def leaves(self, seat: SeatId) -> None:
        self.carry_out(lambda s, now: s.leave(seat, now))

    @rule(seat=SEATS, purpose=st.sampled_from(Purpose))
    def withdraws(self, seat: SeatId, purpose: Purpose) -> None:
        self.carry_out(lambda s, now: s.withdraw(seat, purpose, now))

    @rule(seat=SEATS, on=st.booleans())
    def speaks(self, seat: SeatId, on: bool) -> None:
        self.carry_out(lambda s, now: s.microphone(seat, on))

    @rule()
    def everyone_speaks(self) -> None:
        for seat in EVERYONE:
            self.speaks(seat, True)

    @rule(seat=SEATS, ask=st.sampled_from(Ask), on=st.booleans())
    def asks(self, seat: SeatId, ask: Ask, on: bool) -> None:
        self.carry_out(lambda s, now: s.ask(seat, ask, on, now))

    # ---- hosts ----

    @rule(host=HOSTS, seat=SEATS)
    def admits(self, host: SeatId, seat: SeatId) -> None:
        self.carry_out(lambda s, now: s.admit(host, seat, now))

    @rule(host=HOSTS)
    def admits_a_claim(self, host: SeatId) -> None:
        def command(s: Session, now: datetime) -> None:
            claim = next((c for c in s.seats.values() if c.claim_of), None)
            if claim is not None:
                s.admit(host, claim.id, now)

        self.carry_out(command)

    @rule(host=HOSTS, seats=st.lists(PEOPLE, min_size=1, max_size=3, unique=True))
    def takes_into_caucus(self, host: SeatId, seats: list[SeatId]) -> None:
        self.carry_out(lambda s, now: s.move(host, seats, Destination.CAUCUS, now))

    @rule(host=HOSTS, seats=st.lists(SEATS, max_size=2, unique=True))
    def back_to_joint(self, host: SeatId, seats: list[SeatId]) -> None:
        self.carry_out(lambda s, now: s.move(host, seats, Destination.JOINT, now))

    @rule(host=HOSTS, seats=st.lists(SEATS, max_size=3, unique=True))
    def sends_to_side_rooms(self, host: SeatId, seats: list[SeatId]) -> None:
        self.carry_out(lambda s, now: s.move(host, seats, Destination.SIDE, now))

    @rule(host=HOSTS, seat=SEATS)
    def removes(self, host: SeatId, seat: SeatId) -> None:
        self.carry_out(lambda s, now: s.remove(host, seat, now))

    @rule(host=HOSTS, seat=SEATS)
    def mutes(self, host: SeatId, seat: SeatId) -> None:
        self.carry_out(lambda s, now: s.mute(host, seat, now))

    @rule(seat=SEATS)
    def takes_the_chair(self, seat: SeatId) -> None:
        self.carry_out(lambda s, now: s.take_chair(seat, now))

    @rule(seat=SEATS)
    def link_is_reissued(self, seat: SeatId) -> None:
        self.carry_out(lambda s, now: s.reissue(seat, now))

    @precondition(lambda self: self.commands > LONG)
    @rule(host=HOSTS)
    def ends(self, host: SeatId) -> None:
        result = Result(ResultKind.NOT_AGREED, "too far apart")
        self.carry_out(lambda s, now: s.end(host, result, now))

    @precondition(lambda self: self.commands < 3)
    @rule()
    def is_cancelled(self) -> None:
        self.carry_out(Session.cancel)

    @rule(only=st.booleans())
    def is_made_shuttle_only_or_not(self, only: bool) -> None:
        self.carry_out(lambda s, now: s.shuttle(only, now))

    @rule(people=st.permutations(PARTIES))
    def two_caucuses_at_once(self, people: list[SeatId]) -> None:
        self.takes_into_caucus(HOST, people[:2])
        self.takes_into_caucus(SECOND, people[2:4])

    @rule(host=HOSTS, what=st.sampled_from(["leave", "lost", "removed", "withdraws", "speaks"]))
    def a_claim_changes(self, host: SeatId, what: str) -> None:
        def command(s: Session, now: datetime) -> None:
            claim = next((c.id for c in s.seats.values() if c.claim_of), None)
            if claim is None:
                return
            match what:
                case "leave":
                    s.leave(claim, now)
                case "lost":
                    s.lost(claim, now)
                case "removed":
                    s.remove(host, claim, now)
                case "withdraws":
                    s.withdraw(claim, Purpose.ONLINE_MEDIATION, now)
                case "speaks":
                    s.microphone(claim, True)

        self.carry_out(command)

    # ---- faults ----

    @rule(seconds=st.sampled_from([0.2, 1, 4, 5, 6, 26, 31]))
    def time_passes(self, seconds: float) -> None:
        """Clocks ring when they are due, not merely when somebody does something next."""
        until = self.now + timedelta(seconds=seconds)
        while (due := self.session.due()) is not None and due <= until:
            self.now = max(self.now, due)
            self.carry_out(Session.tick)
        self.now = until

    @rule()
    def server_is_killed(self) -> None:
        self.carry_out(Session.restart)

    @precondition(lambda self: self.last is not None)
    @rule()
    def last_command_comes_twice(self) -> None:
        assert self.last is not None
        self.carry_out(self.last)

    @rule(host=HOSTS, seats=st.lists(PEOPLE, min_size=1, max_size=2, unique=True))
    def a_command_is_delayed(self, host: SeatId, seats: list[SeatId]) -> None:
        self.held_back.append(lambda s, now: s.move(host, seats, Destination.CAUCUS, now))

    @precondition(lambda self: self.held_back)
    @rule(data=st.data())
    def a_delayed_command_arrives(self, data: st.DataObject) -> None:
        which = data.draw(st.integers(0, len(self.held_back) - 1))
        self.carry_out(self.held_back.pop(which))
