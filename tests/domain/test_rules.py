"""The eight rules of spaces over random sequences of commands, crashes, duplicates, reorderings.

Three sides, two hosts, a co-mediator, and a stranger with a stolen link. After every step the
rules are checked from the outside, by their own words, not by the code that keeps them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from pydantic import TypeAdapter

from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.result import Result, ResultKind
from server.domain.seat import Ask, Role, opposing
from server.domain.seating import SessionState
from server.domain.session import Destination, Session
from server.domain.space import SpaceKind
from server.domain.view import View, view
from tests.domain.people import (
    CHARLIE,
    CO,
    EVERYONE,
    HOST,
    PARTIES,
    RECORDING,
    SECOND,
    START,
    TEXT,
    a_session,
    device,
    hosts_in,
    routes,
)

SEATS = st.sampled_from(EVERYONE)
PEOPLE = st.sampled_from(PARTIES)
LONG = 25
"""Commands after which a session may end: most of a run is to be spent in the middle of one."""
HOSTS = st.sampled_from((HOST, SECOND, CO))
CONSENTED = (Purpose.ONLINE_MEDIATION,)
VIEW = TypeAdapter(View)

Command = Callable[[Session, datetime], Any]


class Meeting(RuleBasedStateMachine):
    """What is committed survives; a command works on a copy, as the service does."""

    def __init__(self) -> None:
        super().__init__()
        self.session = a_session()
        self.now = START
        self.held_back: list[Command] = []
        self.last: Command | None = None
        self.commands = 0

    def carry_out(self, command: Command) -> None:
        self.commands += 1
        working = copy.deepcopy(self.session)
        working.happened, working.cut = [], {}
        try:
            command(working, self.now)
        except Refused:
            return
        self.last = command
        self.no_new_route_between_sides_without_host(working)
        self.one_enters_the_joint_space_muted(working)
        self.session = working

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
            s.consent(got, TEXT, now)

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
            s.consent(got, TEXT, now)

        before = copy.deepcopy(self.session.seats[seat])
        held = before.device != CHARLIE and self.session.held(before, self.now)
        self.carry_out(command)
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

    @rule()
    def all_consent_to_recording(self) -> None:
        for seat in EVERYONE:
            self.carry_out(lambda s, now, seat=seat: s.consent(seat, RECORDING, now))  # type: ignore[misc]

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

    # ---- the rules, in their own words ----

    @invariant()
    def rule_1_one_holder_and_claims_wait_alone(self) -> None:
        seats = self.session.seats.values()
        for seat in seats:
            if seat.claim_of:
                assert not seat.admitted
                assert not seat.hosting
                assert self.session.kind_of(seat) in (SpaceKind.LOBBY, None)
                assert self.session.seats[seat.claim_of].device != seat.device
            if seat.present:
                assert seat.device is not None

    @invariant()
    def rule_2_a_present_seat_is_in_exactly_one_space(self) -> None:
        if self.session.state in (SessionState.ENDED, SessionState.CANCELLED):
            return
        for seat in self.session.seats.values():
            if seat.present:
                assert seat.space in self.session.spaces
                assert (self.session.kind_of(seat) is SpaceKind.LOBBY) == (not seat.admitted)

    @invariant()
    def rule_3_a_view_holds_nobody_from_elsewhere(self) -> None:
        for seat in self.session.seats.values():
            if not seat.present:
                continue
            seen = view(self.session, seat.id)
            text = json.dumps(VIEW.dump_python(seen, mode="json"))
            for other in self.session.seats.values():
                together = other.space == seat.space and seat.admitted and other.admitted
                if seat.hosting or together or other.id == seat.id:
                    continue
                if other.id != self.session.main_host.id:
                    assert f'"Name-{other.id}"' not in text or other.name == seat.name
                assert f'"seat": "{other.id}"' not in text
            if not seat.admitted:
                assert seen.members == ()
                assert seen.board is None
                assert f'"{seat.name}"' not in text or seat.role is Role.HOST

    @invariant()
    def rule_4_no_media_in_a_lobby(self) -> None:
        for seat_id, space in self.session.forwarded().items():
            assert self.session.spaces[space].kind is not SpaceKind.LOBBY
            assert self.session.seats[seat_id].admitted
            assert self.session.seats[seat_id].present
        for space_id, open_space in self.session.spaces.items():
            if open_space.kind is SpaceKind.LOBBY:
                assert len(self.session.members(space_id)) <= 1

    @invariant()
    def when_it_is_over_nothing_is_left(self) -> None:
        if self.session.state not in (SessionState.ENDED, SessionState.CANCELLED):
            return
        assert self.session.forwarded() == {}
        assert self.session.spaces == {}
        assert self.session.due() is None
        for seat in self.session.seats.values():
            if seat.present:
                seen = view(self.session, seat.id)
                assert seen.members == ()
                assert seen.board is None
                assert seen.place is None
                assert (seen.ending is None) == (self.session.result is None or not seat.admitted)

    @invariant()
    def rule_5_recording_needs_everyone_present(self) -> None:
        for space in self.session.spaces.values():
            recordable = self.session.recordable(space.id, Purpose.RECORDING)
            present = [s.id for s in self.session.members(space.id) if s.present]
            live = {
                c.seat
                for c in self.session.consents
                if c.purpose is Purpose.RECORDING and c.withdrawn_at is None
            }
            if space.kind is not SpaceKind.JOINT or not set(present) <= live:
                assert not recordable
            elif present and not space.silenced:
                assert recordable

    @invariant()
    def nobody_takes_part_without_consent(self) -> None:
        live = {c.seat for c in self.session.consents if c.purpose in {*CONSENTED} and c.live}
        for seat in self.session.seats.values():
            if seat.admitted and seat.present and seat.role is not Role.HOST:
                assert seat.id in live

    @invariant()
    def rule_7_sides_meet_only_with_a_host(self) -> None:
        for a, b in routes(self.session):
            if not opposing(self.session.seats[a], self.session.seats[b]):
                continue
            if hosts_in(self.session, a):
                continue
            space_id = self.session.seats[a].space
            assert space_id is not None
            since = self.session.spaces[space_id].unattended_since
            assert since is not None
            assert self.now - since <= self.session.patience.host_silence

    @invariant()
    def rule_7_side_rooms_hold_one_side(self) -> None:
        for space in self.session.spaces.values():
            if space.kind is SpaceKind.SIDE:
                assert {s.side for s in self.session.members(space.id)} <= {space.side}

    @invariant()
    def rule_7_joint_and_caucus_do_not_outlive_their_host(self) -> None:
        for space in self.session.spaces.values():
            others = [s for s in self.session.members(space.id) if not s.hosting]
            if space.hosted and others and not hosts_in(self.session, others[0].id):
                assert space.unattended_since is not None
                waited = self.now - space.unattended_since
                assert waited <= self.session.patience.host_grace

    @invariant()
    def shuttle_only_sides_are_never_in_one_space(self) -> None:
        """Nor does a place wait for somebody in a space where the other side is."""
        if not self.session.shuttle_only:
            return
        for space_id in self.session.spaces:
            sides = {s.side for s in self.session.members(space_id) if s.side is not None}
            assert len(sides) <= 1
        for a, b in routes(self.session):
            assert not opposing(self.session.seats[a], self.session.seats[b])


class Apart(Meeting):
    """A mediation in which the sides are kept apart from the beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.session.shuttle_only = True


TestMeeting = Meeting.TestCase
TestApart = Apart.TestCase
