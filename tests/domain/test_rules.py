"""The eight rules of spaces over random sequences of commands, crashes, duplicates, reorderings.

After every step the rules are checked from the outside, by their own words, not by the code that
keeps them.
"""

from __future__ import annotations

import json

from hypothesis.stateful import invariant
from pydantic import TypeAdapter

from server.domain import recording
from server.domain.consent import Purpose
from server.domain.seat import Role, opposing
from server.domain.seating import SessionState
from server.domain.space import SpaceKind
from server.domain.view import View, view
from tests.domain.machine_recording import RecordingCommands
from tests.domain.people import HOST, hosts_in, routes

CONSENTED = {Role.INTERPRETER: Purpose.INTERPRETING, Role.CO_MEDIATOR: Purpose.ASSISTING}
VIEW = TypeAdapter(View)


class Meeting(RecordingCommands):
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
                # Who stands at the door says who they are.
                known = (seat.name, seen.host_name, seen.knocking)
                assert f'"Name-{other.id}"' not in text or other.name in known
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
        taping = recording.taping(self.session)
        asked = recording.live(self.session)
        assert (asked is not None and asked.writing) == (taping is not None)
        if taping is None:
            self.who_agreed_is_recorded()
            return
        assert asked is not None
        space = self.session.spaces[taping.space]
        assert space.kind is SpaceKind.JOINT
        assert not space.silenced
        present = {s.id for s in self.session.members(space.id) if s.present}
        assert taping.seats == present
        people = {(s, "") for s in present}
        people |= {(s, name) for s in present for name in self.session.seats[s].beside}
        assert people <= self.agreed

    def who_agreed_is_recorded(self) -> None:
        asked = recording.live(self.session)
        space = self.session.spaces.get(asked.space) if asked else None
        if space is None or space.silenced:
            return
        present = {s.id for s in self.session.members(space.id) if s.present}
        people = {(s, "") for s in present}
        people |= {(s, name) for s in present for name in self.session.seats[s].beside}
        assert not present or not people <= self.agreed

    @invariant()
    def a_recording_has_somebody_to_record(self) -> None:
        asked = recording.live(self.session)
        if asked is not None:
            assert hosts_in(self.session, HOST) or any(
                s.present and s.space == asked.space for s in self.session.seats.values()
            )

    @invariant()
    def nobody_takes_part_without_consent(self) -> None:
        live = {(c.seat, c.purpose) for c in self.session.consents if c.live and not c.person}
        for seat in self.session.seats.values():
            if seat.admitted and seat.present and seat.role is not Role.HOST:
                assert (seat.id, CONSENTED.get(seat.role, Purpose.ONLINE_MEDIATION)) in live

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

    @invariant()
    def in_a_quiet_space_only_hosts_and_interpreters_speak(self) -> None:
        for seat in self.session.seats.values():
            space = self.session.space_of(seat)
            if space is None or not space.quiet or seat.hosting:
                continue
            assert not seat.microphone or seat.role is Role.INTERPRETER

    @invariant()
    def what_is_shown_is_shown_by_somebody_there(self) -> None:
        for space in self.session.spaces.values():
            here = {s.id for s in self.session.members(space.id) if s.present}
            assert space.screen is None or space.screen in here
            assert space.shown_by is None or space.shown_by in here
            if space.kind is SpaceKind.LOBBY:
                assert (space.screen, space.exhibit) == (None, None)

    @invariant()
    def a_host_stands_before_every_door_that_is_knocked_at(self) -> None:
        for space in self.session.spaces.values():
            if space.knock is None:
                continue
            host = self.session.seats[space.knock]
            assert host.hosting
            assert host.present
            assert host.space != space.id
            assert any(s.present for s in self.session.members(space.id))


class Apart(Meeting):
    """A mediation in which the sides are kept apart from the beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.session.shuttle_only = True


TestMeeting = Meeting.TestCase
TestApart = Apart.TestCase
